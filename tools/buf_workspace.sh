#!/usr/bin/env bash
# Lays out the workspace that buf reads: our protos, and Google's status.proto out of an installed package, because buf
# would otherwise ask its own registry for it. Prints the folder.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
out="$root/.cache/buf"
google=$("$root/.venv/bin/python" -c 'import google.rpc; print(next(iter(google.rpc.__path__)))')
rm -rf "$out" && mkdir -p "$out/google/google/rpc"
mkdir -p "$out/protos" && cp -r "$root/protos/gradewire" "$out/protos/"
cp "$google/status.proto" "$out/google/google/rpc/"
cp "$root/protos/buf.yaml" "$out/buf.yaml"
echo "$out"
