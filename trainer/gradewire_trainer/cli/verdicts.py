"""A few graded samples that show best what a run's graders do: one of each kind."""

from typing import NamedTuple

from gradewire_trainer.cli.tree import clip, number, plain
from gradewire_trainer.types import Failure, Grade, GroupRewards, Outcome, Part, Reward

AT_MOST = 10
_UNLIKE = 6
"""Beyond so many, one answer is as good a show as another, and the first is taken."""

_ORDER = ("passed", "failed", "no_answer", "partial", "undecided", "error")


class Verdict(NamedTuple):
    """One of them, for a line of a table."""

    sample: str
    reward: str
    found: str
    """The grader and its outcome."""
    why: str


class Verdicts:
    """Keeps the best of each grader and outcome: first those whose answer looks unlike what it was compared with."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], tuple[tuple[int, int, int], Verdict]] = {}

    def add(self, row: int, rewards: GroupRewards) -> None:
        """Consider the samples of a row."""
        for index, reward in enumerate(rewards.rewards):
            for part in reward.parts.values():
                if part.result is not None:
                    self._consider((row, index), reward, part, part.result.outcome)

    def best(self) -> list[Verdict]:
        """Those that passed first."""
        return [self._kept[key][1] for key in sorted(self._kept)[:AT_MOST]]

    def _consider(self, place: tuple[int, int], reward: Reward, part: Part, outcome: Grade | Failure) -> None:
        kind = outcome.outcome.value if isinstance(outcome, Grade) else "error"
        if kind == "undecided" and reward.reward is not None:
            return  # it passed on, and another decided
        rank, key = (_likeness(outcome), *place), (_ORDER.index(kind), part.grader)
        if key not in self._kept or rank < self._kept[key][0]:
            got = "none" if reward.reward is None else number(reward.reward)
            self._kept[key] = (rank, Verdict(plain(reward.sample_id), got, f"{part.grader} {kind}", _why(outcome)))


def _likeness(outcome: Grade | Failure) -> int:
    """0 or less: minus the kinds of characters that an answer has and its reference, in canonical form, has not."""
    if isinstance(outcome, Failure) or outcome.answer is None or outcome.outcome is not Outcome.PASSED:
        return 0
    return -min(_UNLIKE, len(set(outcome.answer.text) - set(outcome.canonical_reference)))


def _why(outcome: Grade | Failure) -> str:
    if isinstance(outcome, Failure):
        return f"{outcome.reason}: {outcome.message}"
    why = outcome.explanation or outcome.reason
    return f"{clip(outcome.answer.text, 24)!r}: {why}" if outcome.answer is not None else why
