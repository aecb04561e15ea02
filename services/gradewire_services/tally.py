"""What a service has done since it began, counted by its front as calls come and go; `metrics` tells it."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Upper bounds of a call's time."""

Ending = Literal["finished", "failed", "called_off"]
"""All its results were sent; the call failed as a whole; nobody waited for the rest."""


@dataclass(slots=True)
class Times:
    """How long calls took: how many within each bound of SECONDS and beyond, and their sum."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(SECONDS) + 1))
    total_s: float = 0.0

    def add(self, seconds: float) -> None:
        """One more."""
        self.counts[bisect_left(SECONDS, seconds)] += 1
        self.total_s += seconds


@dataclass(slots=True)
class Tally:
    """The counts. Written by the event loop alone; another thread may read them."""

    samples: Counter[str] = field(default_factory=Counter)
    """By operation (a grader's name, or a tool's path): results that were handed out."""

    calls: Counter[tuple[str, Ending]] = field(default_factory=Counter)
    """By operation and how they ended."""

    times: dict[str, Times] = field(default_factory=dict)
    """By operation."""

    refused: Counter[str] = field(default_factory=Counter)
    """By reason, such as OVERLOADED: calls that were not taken."""

    lost: Counter[str] = field(default_factory=Counter)
    """By reason, such as SAMPLE_TIMEOUT or WORKER_CRASHED: samples whose worker did not give their result."""

    def call(self, operation: str, ending: Ending, seconds: float, samples: int) -> None:
        """A call has ended, after so many results."""
        self.calls[operation, ending] += 1
        self.samples[operation] += samples
        self.times.setdefault(operation, Times()).add(seconds)
