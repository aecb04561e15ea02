"""How long a judge takes to be ready: from the start of a process until it can judge.

The end of the process does not count; nothing waits for it. Wall seconds are what a person waits, and depend on what
else the machine does; CPU seconds hardly do. Linux only, as CPU seconds are read from /proc.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")
_OPEN = "import sys; from gradewire_judges import Judge; Judge.open(sys.argv[1]); print('\\nREADY', flush=True)"
_END_S = 30


class Ready(NamedTuple):
    """What it took."""

    wall_s: float
    cpu_s: float
    """Of the process and its children."""

    def __str__(self) -> str:
        return f"{self.wall_s:.1f} s ({self.cpu_s:.1f} s of CPU)"


def open_judge(python: str | Path, card: Path) -> Ready:
    """From a new process to an open, self-tested judge."""
    return _until([python, "-c", _OPEN, card], "READY")


def serve(card: Path) -> Ready:
    """From `gradewire serve judging` to its line that says SERVING, with one worker."""
    command = [sys.executable, "-m", "gradewire_services.command", "judging", "--listen", "127.0.0.1:0"]
    return _until([*command, "--card", card], "judging SERVING on ")


def _until(command: Sequence[str | Path], mark: str) -> Ready:
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if line.startswith(mark):
                    return Ready(time.perf_counter() - started, cpu_s(process.pid))
            raise SystemExit(f"{' '.join(map(str, command))} ended with {process.wait(_END_S)} before it was ready")
        finally:
            process.terminate()


def cpu_s(pid: int) -> float:
    """CPU seconds of a process and its children so far, those that have ended included."""
    total = 0
    for one in (str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        total += sum(map(int, fields[11:15]))
    return total / _TICKS
