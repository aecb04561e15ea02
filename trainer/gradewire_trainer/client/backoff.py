"""When to try a service again: soon at first, then ever later, up to a second apart."""

from random import Random

FIRST_S = 0.05
LONGEST_S = 1.0
"""gRPC reconnects at least once a second (`client_options`); asking more often learns nothing."""


class Backoff:
    """The pause of one endpoint. Failures of calls that were sent together count once."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._failures = 0
        self.not_before = 0.0
        """The loop's time before which nothing is sent."""

    def failed(self, now: float, retry_after_s: float | None) -> bool:
        """A call failed at `now`. The service's own RetryInfo is the least we wait; jitter spreads the callers.

        False: it was sent before the last failure was known, and tells nothing new.
        """
        if now < self.not_before:
            return False
        delay = min(LONGEST_S, FIRST_S * 2**self._failures)
        self._failures = min(self._failures + 1, 10)
        self.not_before = now + max(delay, retry_after_s or 0.0) * self._random.uniform(1.0, 1.5)
        return True

    def answered(self) -> None:
        """Results came: the next failure is a new one."""
        self._failures = 0
