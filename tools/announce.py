"""Says what `make setup` is about to install, and how large it is. Sizes were measured on x86-64 Linux with Python 3.11."""

import os
import sys
from pathlib import Path

CORE_MB = 620
"""`du -sm .venv` after the rooms and the tools, without torch."""

TORCH_CPU_MB = 950
"""What torch (CPU build) and transformers added."""


def main() -> None:
    venv = Path(sys.argv[1])
    wish = os.environ.get("GRADEWIRE_TORCH", "auto")
    print(f"Setting up Gradewire in {venv}/ (nothing outside it but the operating-system packages named below):")
    print(f"  core   five rooms, their dependencies, and the tools for tests and lint     about {CORE_MB} MB on disk")
    if wish == "no":
        print("  torch  left out, as GRADEWIRE_TORCH=no says: judges then decide by rule only")
    else:
        print(f"  torch  the model backend of the judges, CPU build where one can be had  about {TORCH_CPU_MB} MB on disk")
        print("         (GRADEWIRE_TORCH=no leaves it out; =yes takes whatever build the package index offers)")
    print("A second call installs nothing.", flush=True)


if __name__ == "__main__":
    main()
