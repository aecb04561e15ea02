"""How soon a lost worker is replaced: at once as a rule, slower and slower when workers are lost again and again."""

import time
from collections import deque

_WINDOW_S = 10.0
_FREE = 16
"""Losses in the window that cost nothing: hostile samples are a grader's daily bread."""
_SLOWEST_S = 2.0
_BROKEN_AFTER = 3


class Restarts:
    """The account of a pool's losses."""

    def __init__(self) -> None:
        self._losses: deque[float] = deque()
        self._never_ready = 0

    @property
    def broken(self) -> bool:
        """Whether the last workers, three or more, ended before they were ready."""
        return self._never_ready >= _BROKEN_AFTER

    def worker_ready(self) -> bool:
        """A worker has loaded. True: that ends a time of being broken."""
        was_broken, self._never_ready = self.broken, 0
        return was_broken

    def worker_lost(self, was_ready: bool) -> float:
        """A worker is gone. Returns seconds to wait before the next is started."""
        now = time.monotonic()
        self._losses.append(now)
        while self._losses[0] < now - _WINDOW_S:
            self._losses.popleft()
        self._never_ready = 0 if was_ready else self._never_ready + 1
        excess = max(len(self._losses) - _FREE, 4 * self._never_ready)
        return min(_SLOWEST_S, 0.02 * 2 ** min(excess, 10)) if excess > 0 else 0.0
