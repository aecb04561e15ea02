"""A few graded samples that show best what a run's graders do: one of each kind."""

from gradewire_trainer.cli.tree import clip, number
from gradewire_trainer.types import Failure, Grade, GroupRewards, Part, Reward

AT_MOST = 10

_ORDER = ("passed", "failed", "no_answer", "partial", "undecided", "error")


class Verdicts:
    """Keeps the best of each grader and outcome: first those whose answer looks unlike what it was compared with."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], tuple[tuple[bool, int, int], str]] = {}

    def add(self, row: int, rewards: GroupRewards) -> None:
        """Consider the samples of a row."""
        for index, reward in enumerate(rewards.rewards):
            for part in reward.parts.values():
                if part.result is not None:
                    self._consider((row, index), reward, part, part.result.outcome)

    def lines(self) -> list[str]:
        """A line each, those that passed first."""
        return [line for _, (_, line) in sorted(self._kept.items())[:AT_MOST]]

    def _consider(self, place: tuple[int, int], reward: Reward, part: Part, outcome: Grade | Failure) -> None:
        kind = outcome.outcome.value if isinstance(outcome, Grade) else "error"
        answer = outcome.answer if isinstance(outcome, Grade) else None
        dull = answer is None or (isinstance(outcome, Grade) and answer.text == outcome.canonical_reference)
        rank, key = (dull, *place), (_ORDER.index(kind), part.grader)
        if key not in self._kept or rank < self._kept[key][0]:
            self._kept[key] = (rank, _line(reward, part, kind, outcome))


def _line(reward: Reward, part: Part, kind: str, outcome: Grade | Failure) -> str:
    """Sample, reward, grader and outcome, why; at most 98 columns."""
    if isinstance(outcome, Failure):
        why = f"{outcome.reason}: {outcome.message}"
    else:
        why = outcome.explanation or outcome.reason
        if outcome.answer is not None:
            why = f"{clip(outcome.answer.text, 24)!r}: {why}"
    got = "none" if reward.reward is None else number(reward.reward)
    head = f"{clip(reward.sample_id, 16):<16} {got:>6}  {clip(f'{part.grader} {kind}', 20):<20}  "
    return head + clip(why, 98 - len(head))
