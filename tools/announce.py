"""Says what `make setup` is about to install, and how large it is.

Sizes were measured on x86-64 Linux with Python 3.11: `du -sm .venv` before and after a step.
"""

import os
import sys

CORE_MB = 620
TORCH_CPU_MB = 950


def main() -> None:
    venv = sys.argv[1]
    print(f"Setting up Gradewire in {venv}/ (nothing outside it but operating-system packages, named when they come):")
    print(f"  core   five rooms, what they depend on, and the tools of test and lint   about {CORE_MB} MB")
    if os.environ.get("GRADEWIRE_TORCH") == "no":
        print("  torch  left out, as GRADEWIRE_TORCH=no says: judges decide by rule only")
    else:
        print(f"  torch  the judges' model backend, where a CPU build or a GPU is at hand  about {TORCH_CPU_MB} MB")
        print("         (GRADEWIRE_TORCH=no leaves it out; =yes takes whatever build the package index offers)")
    print("A second call installs nothing.", flush=True)


if __name__ == "__main__":
    main()
