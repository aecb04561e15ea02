"""How much may wait: a bound on the samples and bytes inside, from when a call is taken to when its results are."""

import time
from collections.abc import Callable

from gradewire_services.errors import Overloaded

_SOONEST_S, _LATEST_S = 0.05, 5.0
_MOST_BYTES = 1 << 30
"""Of the requests inside. Samples are bounded by the configuration, and their size by the limits of each."""


class Admission:
    """Counts samples in and out. A call comes in whole or not at all."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._inside = 0
        self._bytes = 0
        self._rate = 0.0
        self._since = clock()
        self._left = 0

    @property
    def inside(self) -> int:
        """Samples waiting, being worked on, or not yet taken by their client."""
        return self._inside

    def enter(self, samples: int, size: int = 0) -> None:
        """Take a call's samples in. Raises Overloaded with RetryInfo when there is no room for all."""
        if self._inside + samples > self._most:
            wait = self._wait(self._inside + samples - self._most)
            raise Overloaded(
                f"{self._inside} samples are inside and {self._most} may be; come back in {wait:.2f} s, or add workers",
                retry_after_s=wait,
            )
        if self._bytes and self._bytes + size > _MOST_BYTES:
            wait = self._wait(self._inside // 2)
            raise Overloaded(
                f"requests of {self._bytes >> 20} MiB are inside; come back in {wait:.2f} s", retry_after_s=wait
            )
        if not self._inside:  # the time before was idle, and says nothing of how fast samples leave
            self._since, self._left = self._clock(), 0
        self._inside += samples
        self._bytes += size

    def leave(self, samples: int, size: int = 0) -> None:
        """Samples have gone, one way or another, and with the last of them their request's bytes."""
        self._inside -= samples
        self._bytes -= size
        self._left += samples
        span = self._clock() - self._since
        if span > 0.5:
            self._rate = self._left / span
            self._since, self._left = self._clock(), 0

    def _wait(self, excess: int) -> float:
        if self._rate <= 0:
            return _SOONEST_S * 4
        return min(_LATEST_S, max(_SOONEST_S, excess / self._rate))
