"""The contestants: an environment for the peers, and a process for each engine, killed when a pair takes too long."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
_ENVIRONMENT = _HERE.parents[1] / ".cache" / "bench-answers"
_REQUIREMENTS = _HERE / "peers.txt"
OURS = "gradewire"
PEERS = ("math-verify", "mathruler")
BLOCK = 200
"""Pairs that a process judges in a row: enough that its code is in the processor's caches, as in a real run."""
_PATIENCE_S = 15.0
"""For one pair, or a block of them, wall time: three times what math-verify allows itself for a step."""


@dataclass(frozen=True)
class Said:
    """What an engine said of a pair: equal, not_equal, undecided, error or timeout."""

    says: str
    cpu_us: float
    tier: str | None


def peers_python() -> str:
    """The interpreter of the peers' environment, which is made first if it is not there or has other versions."""
    python, stamp = _ENVIRONMENT / "bin" / "python", _ENVIRONMENT / "peers.txt"
    wanted = _REQUIREMENTS.read_text(encoding="utf-8")
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return str(python)
    names = ", ".join(line for line in wanted.splitlines() if not line.startswith("#"))
    print(f"installing the peers in {_ENVIRONMENT} (about 90 MB): {names}", file=sys.stderr)
    venv.create(_ENVIRONMENT, clear=True, with_pip=True)
    pip = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "-r", str(_REQUIREMENTS)], check=True)
    stamp.write_text(wanted, encoding="utf-8")
    return str(python)


class Contestant:
    """An engine in a process of its own, on one core."""

    def __init__(self, engine: str) -> None:
        self.engine = engine
        self._python = sys.executable if engine == OURS else peers_python()
        self._start()

    def _start(self) -> None:
        core = str(max(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else None
        pinned = ["taskset", "-c", core] if core is not None and shutil.which("taskset") else []
        self._process = subprocess.Popen(
            [*pinned, self._python, str(_HERE / "contestant.py"), self.engine],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._got, self._lost = b"", ""
        if self._read(120) != []:
            raise RuntimeError(
                f"{self.engine} did not start; try: {self._python} {_HERE / 'contestant.py'} {self.engine}"
            )

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Said]:
        """Pairs of response and reference, a block at a time; a block that is late is tried pair by pair."""
        said: list[Said] = []
        for first in range(0, len(pairs), BLOCK):
            block = pairs[first : first + BLOCK]
            found = self._ask(block)
            said += found if found is not None else [self._alone(pair) for pair in block]
        return said

    def _alone(self, pair: tuple[str, str]) -> Said:
        found = self._ask([pair])
        return found[0] if found is not None else Said(self._lost, _PATIENCE_S * 1e6, None)

    def _ask(self, pairs: Sequence[tuple[str, str]]) -> list[Said] | None:
        """Their verdicts; None when the process was late or died, and is then replaced."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(pairs).encode() + b"\n")
        self._process.stdin.flush()
        found = self._read(_PATIENCE_S)
        if found is not None:
            return [Said(*one) for one in found]
        self._lost = "error" if self._process.poll() is not None else "timeout"
        self.close()
        self._start()
        return None

    def _read(self, patience_s: float) -> list[tuple[str, float, str | None]] | None:
        """The next line; None when there is none in time."""
        out = self._process.stdout
        assert out is not None
        while b"\n" not in self._got:
            if not select.select([out], [], [], patience_s)[0]:
                return None
            more = os.read(out.fileno(), 1 << 16)
            if not more:
                return None
            self._got += more
        line, _, self._got = self._got.partition(b"\n")
        found: list[tuple[str, float, str | None]] = json.loads(line)
        return found

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
