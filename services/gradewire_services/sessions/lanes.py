"""Lanes for sessions, one each: a session that breaks its box out of all proportion takes no other one along.

A lane is as good after a session as it was before, like after any job, so a few are kept warm.
"""

import threading
from collections.abc import Sequence

from gradewire_services.execution import Engine, EngineConfig
from gradewire_services.execution.engine import STANDARD
from gradewire_services.execution.lane import Lane, Profile
from gradewire_services.execution.verdicts import Isolation

PROFILE = "standard"
_WARM = 8


class SessionLanes:
    """Lanes at one level. isolation: what the probes found to hold at that level."""

    def __init__(self, isolation: Isolation, packages: Sequence[str]) -> None:
        self.isolation = isolation
        self._packages = tuple(packages)
        self._free: list[Lane] = []
        self._lock = threading.Lock()
        self._closed = False

    @classmethod
    def open(cls, packages: Sequence[str] = (), levels: Sequence[str] | None = None) -> "SessionLanes":
        """At the strongest level whose box holds every escape that is tried on it. Raises IsolationUnavailable."""
        config = EngineConfig(packages=tuple(packages), warm=tuple(packages))
        if levels is not None:
            config = EngineConfig(packages=config.packages, warm=config.warm, levels=tuple(levels))
        with Engine.open(config) as engine:
            return cls(engine.isolation, packages)

    def take(self) -> Lane:
        """A lane for one session. Raises ExecutionError."""
        with self._lock:
            if self._free:
                return self._free.pop()
        return Lane(self.isolation.level, [Profile(PROFILE, STANDARD + self._packages)], self._packages)

    def give(self, lane: Lane) -> None:
        """A lane whose session has ended in good order."""
        with self._lock:
            if len(self._free) < _WARM and not self._closed:
                self._free.append(lane)
                return
        lane.close()

    def close(self) -> None:
        """End the free lanes; those that come back later end at once."""
        with self._lock:
            self._closed = True
            free, self._free = self._free, []
        for lane in free:
            lane.close()
