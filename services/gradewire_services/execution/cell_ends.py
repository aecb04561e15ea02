"""From what is seen of a session from outside to why its cell, or itself, has ended."""

import os
import signal
import threading
from dataclasses import dataclass

from .box.wire import MARK
from .cells import CellEnd, CellLimits, SessionEnd, SessionLimits
from .lane import JobEnd, Stream

MOST_ANSWER = 4 << 20
"""Bytes of what an interpreter says of a cell."""
FLOOD = 64 << 20
"""Bytes of a stream beyond which a cell is interrupted."""
STOPPED, HUNG_UP = "stopped", "hung up"
"""Why the engine has an interpreter killed: somebody asked for it; it closed its end, and lives."""
_ENDS = {
    "cpu": (SessionEnd.CPU_TIME, "the session's CPU time is used up"),
    "wall": (SessionEnd.LIFETIME, "the session's lifetime is over"),
    "cell": (SessionEnd.CELL_LIMIT, "the cell was interrupted, and went on"),
}


@dataclass(slots=True)
class RunningCell:
    """A cell that runs."""

    number: int
    limits: CellLimits
    out: Stream
    err: Stream
    unsent: memoryview
    answer: bytearray
    cancel: threading.Event
    last: float
    over: str | None = None
    cancelled: bool = False
    silent: float | None = None

    def promised(self) -> int:
        """How long the answer is to be, in bytes; more than MOST_ANSWER when it is none."""
        head = self.answer[: len(MARK) + 4]
        if not MARK.startswith(head[: len(MARK)]):
            return MOST_ANSWER + 1
        return int.from_bytes(head[len(MARK) :], "little") if len(head) == len(MARK) + 4 else 0

    def full(self) -> bytes | None:
        """The answer's bytes, once all are there."""
        start, size = len(MARK) + 4, self.promised()
        return bytes(self.answer[start : start + size]) if 0 < size <= len(self.answer) - start else None


def session_end(end: JobEnd, limits: SessionLimits, asked: SessionEnd) -> tuple[SessionEnd, str]:
    """Why a session has ended, and a sentence. asked: why somebody had it stopped, if that is what happened."""
    if end.killed == STOPPED:
        return asked, "the session was stopped"
    if end.killed == HUNG_UP:
        return SessionEnd.EXITED, "the interpreter hung up"
    if end.killed in _ENDS:
        return _ENDS[end.killed]
    code = os.waitstatus_to_exitcode(end.status)
    if end.oom_kills and code == -signal.SIGKILL:
        return SessionEnd.MEMORY_LIMIT, f"more than {limits.memory_mb} MiB of memory"
    how = f"exit status {code}" if code >= 0 else f"signal {_signal_name(-code)}"
    return SessionEnd.EXITED, f"the interpreter ended: {how}"


def cell_end(cell: RunningCell, ended: SessionEnd | None, why: str) -> tuple[CellEnd, str]:
    """How a cell ended as far as it can be seen from outside, and a sentence. ended, why: its session, if that has."""
    limits = cell.limits
    if cell.over == "output":
        return CellEnd.OUTPUT_LIMIT, f"more than {FLOOD} bytes of output"
    if cell.over is not None:
        words = f"no end after {limits.wall:g} s on the clock"
        if cell.over == "cpu":
            words = f"more than {limits.time_s:g} s of CPU time"
        return CellEnd.TIME_LIMIT, words if ended is None else f"{words}; {why}"
    if ended is not None:
        return {SessionEnd.MEMORY_LIMIT: CellEnd.MEMORY_LIMIT, SessionEnd.EXITED: CellEnd.EXITED}.get(
            ended, CellEnd.STOPPED
        ), why
    if cell.cancelled:
        return CellEnd.STOPPED, "the caller gave up, and the cell was interrupted"
    return CellEnd.COMPLETED, ""


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
