"""Installs torch and transformers where that is sensible, and otherwise says, loudly and once, what is missing.

The package index decides which build a plain `pip install torch` brings. On a machine without a GPU a CUDA build would
be gigabytes of libraries that nothing here can use, so the plan is looked at before anything is fetched:

    a CPU build                      installed
    a CUDA build, and a GPU is here  installed
    a CUDA build, and no GPU         not installed; judges decide by rule only
    nothing can be had               not installed, with pip's own words

GRADEWIRE_TORCH=yes installs whatever the index offers, =no installs nothing.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

CONSTRAINTS = Path(__file__).parent.parent / "constraints.txt"
WANTED = ["torch", "transformers", "tokenizers", "safetensors"]


def pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "-c", str(CONSTRAINTS), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def gpu_here() -> bool:
    return Path("/dev/nvidia0").exists()


def planned_cuda_packages() -> tuple[list[str] | None, str]:
    """Names of CUDA packages that installing torch would bring; None with pip's words if it cannot be had."""
    done = pip("--dry-run", "--report", "-", "torch")
    if done.returncode != 0:
        return None, done.stderr.strip()
    names = [item["metadata"]["name"] for item in json.loads(done.stdout)["install"]]
    return [name for name in names if name.startswith(("nvidia-", "cuda-", "triton"))], ""


def say_missing(why: str) -> None:
    bar = "!" * 100
    print(f"{bar}\ntorch is NOT installed: {why}")
    print("  What it costs: judges decide by rule only; a card that needs a model answers FAILED_PRECONDITION, the")
    print("  demo's prose prompts get no judge, and the tests of the model backend are skipped with this reason.")
    print("  What to do: point pip at an index with CPU builds (PIP_EXTRA_INDEX_URL=…) and call `make torch`,")
    print(f"  or take what the index offers: GRADEWIRE_TORCH=yes make torch\n{bar}", flush=True)


def main() -> int:
    wish = os.environ.get("GRADEWIRE_TORCH", "auto")
    if wish not in {"auto", "yes", "no"}:
        print(f"GRADEWIRE_TORCH is {wish!r}; it can be auto, yes or no.", file=sys.stderr)
        return 2
    if wish == "no":
        say_missing("GRADEWIRE_TORCH=no")
        return 0
    if wish == "auto":
        cuda, words = planned_cuda_packages()
        if cuda is None:
            say_missing(
                f"pip finds no build for this machine ({words.splitlines()[-1] if words else 'no reason given'})"
            )
            return 0
        if cuda and not gpu_here():
            say_missing(f"the index offers only a CUDA build ({len(cuda)} packages of it), and there is no GPU here")
            return 0
    done = pip(*WANTED)
    if done.returncode != 0:
        print(done.stderr, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
