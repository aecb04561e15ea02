"""How far a call of `grade` has come."""

import time
from dataclasses import dataclass

from gradewire_trainer.types import Group, GroupRewards


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of it."""

    groups: int
    """All of them, done or not."""
    groups_done: int
    samples: int
    samples_done: int
    errors: int
    """Samples of those done that have no reward."""
    elapsed_s: float

    @property
    def samples_per_s(self) -> float:
        """On the average since the start."""
        return self.samples_done / self.elapsed_s if self.elapsed_s > 0 else 0.0


class Tally:
    """Counts groups as they are done."""

    def __init__(self, groups: int, samples: int) -> None:
        self._groups, self._samples = groups, samples
        self._groups_done = self._samples_done = self._errors = 0
        self._start = time.monotonic()

    def add(self, group: Group, rewards: GroupRewards) -> Progress:
        """This one is done."""
        self._groups_done += 1
        self._samples_done += len(group.samples)
        self._errors += sum(reward.reward is None for reward in rewards.rewards)
        return Progress(
            groups=self._groups,
            groups_done=self._groups_done,
            samples=self._samples,
            samples_done=self._samples_done,
            errors=self._errors,
            elapsed_s=time.monotonic() - self._start,
        )
