"""One timer for many moments: it rings at the earliest that was asked for, and whoever set it looks what is due."""

import asyncio
from collections.abc import Callable


class Alarm:
    """Belongs to the running loop. A timer for each sample would cost more than the sample."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._timer: asyncio.TimerHandle | None = None

    def set(self, when: float) -> None:
        """Ring at `when` by the loop's clock, or before, when that was asked for."""
        if self._timer is not None:
            if self._timer.when() <= when:
                return
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(when, self._now)

    def cancel(self) -> None:
        """Do not ring."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _now(self) -> None:
        self._timer = None
        self._ring()
