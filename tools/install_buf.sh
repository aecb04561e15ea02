#!/usr/bin/env bash
# Installs buf from its npm package into .cache/npm. Without npm it tries the system's package manager, else says what to do.
set -euo pipefail
version=$1
root=$(cd "$(dirname "$0")/.." && pwd)
if ! command -v npm >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "· npm (for buf) by apt-get"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends npm >/dev/null
  else
    echo "make lint needs npm, to install buf $version. Install Node.js with npm, and call make lint again." >&2
    exit 1
  fi
fi
echo "· buf $version"
mkdir -p "$root/.cache/npm"
npm install --silent --no-fund --no-audit --prefix "$root/.cache/npm" "@bufbuild/buf@$version"
