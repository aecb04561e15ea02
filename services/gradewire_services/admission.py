"""How much may wait: a bound on samples, tokens and bytes, from when a call is taken to when its results are."""

import time
from collections.abc import Callable

from gradewire_services.errors import Overloaded

_SOONEST_S, _LATEST_S = 0.05, 5.0
_MOST_BYTES = 1 << 30
"""Of the requests inside. Samples are bounded by the configuration, and their size by the limits of each."""


class _Gauge:
    """How much of something is inside, and how fast it has been leaving."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.inside = 0
        self._clock = clock
        self._rate = 0.0
        self._since = clock()
        self._left = 0

    def enter(self, amount: int) -> None:
        if not self.inside:  # the time before was idle, and says nothing of how fast it leaves
            self._since, self._left = self._clock(), 0
        self.inside += amount

    def leave(self, amount: int) -> None:
        self.inside -= amount
        self._left += amount
        span = self._clock() - self._since
        if span > 0.5:
            self._rate = self._left / span
            self._since, self._left = self._clock(), 0

    def wait_s(self, excess: int) -> float:
        """When so much should have left."""
        if self._rate <= 0:
            return _SOONEST_S * 4
        return min(_LATEST_S, max(_SOONEST_S, excess / self._rate))


class Admission:
    """Counts samples in and out. A call comes in whole or not at all."""

    def __init__(self, most_samples: int, most_tokens: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._most_tokens = most_samples, most_tokens
        self._samples, self._tokens = _Gauge(clock), _Gauge(clock)
        self._bytes = 0

    @property
    def inside(self) -> int:
        """Samples waiting, being worked on, or not yet taken by their client."""
        return self._samples.inside

    def enter(self, samples: int, size: int = 0, tokens: int = 0) -> None:
        """Take a call's samples in. Raises Overloaded with RetryInfo when there is no room for all.

        A call that is alone is over no bound of tokens or bytes: else it never could be taken.
        """
        if (excess := self.inside + samples - self._most) > 0:
            wait = self._samples.wait_s(excess)
            raise Overloaded(
                f"{self.inside} samples are inside and {self._most} may be; come back in {wait:.2f} s, or add workers",
                retry_after_s=wait,
            )
        queued = self._tokens.inside
        if self._most_tokens and queued and tokens and (excess := queued + tokens - self._most_tokens) > 0:
            wait = self._tokens.wait_s(excess)
            raise Overloaded(
                f"about {queued} tokens wait for a model and {self._most_tokens} may; come back in {wait:.2f} s, or "
                "raise limits.max_queued_tokens",
                retry_after_s=wait,
            )
        if self._bytes and self._bytes + size > _MOST_BYTES:
            wait = self._samples.wait_s(self.inside // 2)
            raise Overloaded(
                f"requests of {self._bytes >> 20} MiB are inside; come back in {wait:.2f} s", retry_after_s=wait
            )
        self._samples.enter(samples)
        self._tokens.enter(tokens)
        self._bytes += size

    def leave(self, samples: int, size: int = 0, tokens: int = 0) -> None:
        """Samples have gone, one way or another, and with the last of them their request's bytes."""
        self._samples.leave(samples)
        self._tokens.leave(tokens)
        self._bytes -= size
