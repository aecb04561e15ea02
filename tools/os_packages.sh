#!/usr/bin/env bash
# Operating-system packages that make things better. Installed where that is possible without asking (root, with apt-get);
# else their absence is said once, with what it costs. Nothing here is needed for the core to work.
set -uo pipefail
missing=()
command -v bwrap >/dev/null || missing+=(bubblewrap)
command -v g++ >/dev/null || missing+=(g++)
[ ${#missing[@]} = 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "· operating-system packages: ${missing[*]} (apt-get)"
  if apt-get update -qq >/dev/null 2>&1 &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1; then
    exit 0
  fi
fi
echo "!! Not installed: ${missing[*]}. What it costs:"
for name in "${missing[@]}"; do
  case $name in
    bubblewrap) echo "!!   bubblewrap: benchmarks/execution.py has no peer to compare with" ;;
    g++) echo "!!   g++: programs in C and C++ are refused as an unsupported language" ;;
  esac
done
echo "!! Install them with your package manager, then: touch tools/os_packages.sh && make setup"
exit 0
