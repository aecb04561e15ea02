"""How much may be on its way to one endpoint at a time: counted in calls, samples and bytes.

Several processes may share a service that has no room for all their windows. Who is told so halves its calls, and adds
one for each window of them that went well (as TCP does): so they find their share, and seldom send in vain.
"""

from gradewire_protos import LimitValues
from gradewire_trainer.client.call import CALL_SAMPLES, Call

WINDOW_CALLS = 16
WINDOW_BYTES = 32 * 1024 * 1024


class Window:
    """The room that is left. A single call is always let through, however large."""

    def __init__(self, limits: LimitValues) -> None:
        self._max_samples = min(WINDOW_CALLS * CALL_SAMPLES, limits.max_queued_samples)
        self._max_calls = float(WINDOW_CALLS)
        self._calls = self._samples = self._bytes = 0

    @property
    def full(self) -> bool:
        """Whether no call at all would be let through."""
        return self._calls + 1 > self._max_calls or self._samples >= self._max_samples or self._bytes >= WINDOW_BYTES

    def admits(self, call: Call) -> bool:
        """Whether this call may go now."""
        return not self._calls or (
            self._calls + 1 <= self._max_calls
            and self._samples + call.samples <= self._max_samples
            and self._bytes + call.size <= WINDOW_BYTES
        )

    def take(self, call: Call) -> None:
        """It goes."""
        self._calls += 1
        self._samples += call.samples
        self._bytes += call.size

    def give_back(self, call: Call) -> None:
        """It has ended."""
        self._calls -= 1
        self._samples -= call.samples
        self._bytes -= call.size

    def overloaded(self) -> None:
        """The service had no room."""
        self._max_calls = max(1.0, self._max_calls / 2)

    def went_well(self) -> None:
        """A call had all its results."""
        self._max_calls = min(WINDOW_CALLS, self._max_calls + 1 / self._max_calls)
