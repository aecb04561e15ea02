"""Which of two responses is better, asked in both orders: what depends on the order is no verdict.

12.9 % of pairwise verdicts were seen to flip on a swap (lm-sys/FastChat issue 3911); Zheng et al. 2023 (arXiv
2306.05685) ask both ways and call a flip a tie. Here it is an outcome of its own, without a score.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from gradewire_judges.backend import IsCancelled
from gradewire_judges.card import Card
from gradewire_judges.engine import Engine
from gradewire_judges.errors import BackendFailed, BadRequest, JudgeError
from gradewire_judges.modes.ask import Ballot, ask_labels, usage_of
from gradewire_judges.modes.mode import Asked, flatten, of_owner, told_by_model
from gradewire_judges.request import JudgeRequest
from gradewire_judges.verdict import Flag, JudgeVerdict, Outcome, Vote


class Pairwise:
    """1 where `response` is better, 0 where `response_b` is, 0.5 where the card has a label for neither."""

    def __init__(self, card: Card) -> None:
        self._card = card

    def questions(self, request: JudgeRequest) -> tuple[JudgeRequest, ...]:
        """The pair as it was given, and swapped."""
        if request.response_b is None:
            raise BadRequest("response_b", "is missing: this judge compares two responses")
        return request, replace(request, response=request.response_b, response_b=request.response)

    def decide(
        self, engine: Engine, asked: Sequence[Asked], cancelled: IsCancelled | None
    ) -> list[JudgeVerdict | JudgeError]:
        """See `Mode.decide`."""
        prompts, owners = flatten(asked)
        answers = ask_labels(self._card, engine, prompts, of_owner(cancelled, owners))
        return [self._of_pair(engine, one, *answers[2 * place : 2 * place + 2]) for place, one in enumerate(asked)]

    def _of_pair(
        self, engine: Engine, one: Asked, given: Ballot | BackendFailed, swapped: Ballot | BackendFailed
    ) -> JudgeVerdict | JudgeError:
        if isinstance(given, BackendFailed):
            return given
        if isinstance(swapped, BackendFailed):
            return swapped
        first, second = given.vote(self._card, "given"), _turned(swapped.vote(self._card, "swapped"))
        agree = first.score == second.score
        usage, elapsed_s = usage_of([given, swapped])
        flags = [*given.flags, *swapped.flags, *([] if agree else [Flag.POSITION_INCONSISTENT])]
        probabilities = self._of_both(given, swapped) if given.told and swapped.told else {}
        return replace(
            told_by_model(one, engine, usage, elapsed_s, flags),
            outcome=Outcome.JUDGED if agree else Outcome.INCONSISTENT,
            reason="preference" if agree else "position_inconsistent",
            score=first.score if agree else None,
            label=first.label if agree else None,
            probabilities=probabilities,
            expected_score=(first.expected_score + second.expected_score) / 2,
            label_mass=min(given.reading.mass, swapped.reading.mass) if probabilities else None,
            entropy=-math.fsum(p * math.log(p) for p in probabilities.values() if p > 0) if probabilities else None,
            rationale=given.rationale,
            votes=(first, second),
            finish="label",
        )

    def _of_both(self, given: Ballot, swapped: Ballot) -> dict[str, float]:
        """Mean of both orders, by the label that is said of the order given."""
        labels = self._card.labels
        turned = {1 - label.score: p for label, p in zip(labels, swapped.reading.probabilities, strict=True)}
        return {
            label.name: (p + turned[label.score]) / 2
            for label, p in zip(labels, given.reading.probabilities, strict=True)
        }


def _turned(vote: Vote) -> Vote:
    """The vote of the swapped order, on the scale of the given one."""
    return replace(vote, score=1 - vote.score, expected_score=1 - vote.expected_score)
