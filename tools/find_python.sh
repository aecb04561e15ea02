#!/usr/bin/env bash
# Prints a Python of version 3.11 to 3.13 that can make virtual environments; else says what is needed, and fails.
for name in python3 python3.13 python3.12 python3.11; do
  if "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
    command -v "$name"
    exit 0
  fi
done
echo "gradewire needs Python 3.11, 3.12 or 3.13 with venv, and found none on PATH (python3 is $(python3 --version 2>&1))." >&2
echo "  Install one (Debian: apt-get install python3 python3-venv), or name one: make PYTHON=/path/to/python3.11" >&2
exit 1
