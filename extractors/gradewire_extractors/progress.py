"""How far a long job is: one line on a terminal, which is drawn over; nothing where standard error is no terminal."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_EVERY_S = 0.1
_WIDTH = 24


class Progress:
    """A line such as `  1,280 of 5,000  ██████░░░░  26%  2,310/s  2 s left  3 undecided, 1 bad`."""

    def __init__(self, total: int | None, stream: TextIO = sys.stderr) -> None:
        """`total`: how many there will be; None when nobody knows."""
        self._total, self._stream = total, stream
        self._shown = stream.isatty()
        self._began = time.monotonic()
        self._next = self._began
        self._length = 0

    def show(self, done: int, remark: str) -> None:
        """Draw the line, at most ten times a second."""
        now = time.monotonic()
        if not self._shown or now < self._next:
            return
        self._next = now + _EVERY_S
        self._draw(self.line(done, remark, now - self._began))

    def line(self, done: int, remark: str, seconds: float) -> str:
        """The line for so many done after so many seconds."""
        rate = done / seconds if seconds > 0 else 0.0
        if self._total is None:
            return f"  {done:,} rows  {rate:,.0f}/s  {remark}"
        share = done / self._total if self._total else 1.0
        bar = "█" * int(share * _WIDTH) + "░" * (_WIDTH - int(share * _WIDTH))
        left = f"{(self._total - done) / rate:.0f} s left" if rate else "starting"
        return f"  {done:,} of {self._total:,}  {bar}  {share:.0%}  {rate:,.0f}/s  {left}  {remark}"

    def clear(self) -> None:
        """Take the line away, so that something else can be printed."""
        if self._length:
            self._draw("")
            self._next = time.monotonic()

    def _draw(self, line: str) -> None:
        print(f"\r{line.ljust(self._length)}\r{line}", end="", file=self._stream, flush=True)
        self._length = len(line)
