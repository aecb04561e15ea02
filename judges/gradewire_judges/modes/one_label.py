"""One question, one label: modes `binary`, `labels` and `scale`."""

from collections.abc import Sequence
from dataclasses import replace

from gradewire_judges.backend import IsCancelled
from gradewire_judges.card import Card
from gradewire_judges.engine import Engine
from gradewire_judges.errors import JudgeError
from gradewire_judges.modes.ask import Ballot, ask_labels
from gradewire_judges.modes.mode import Asked, flatten, told_by_model
from gradewire_judges.request import JudgeRequest
from gradewire_judges.verdict import JudgeVerdict, Outcome


class OneLabel:
    """The most probable label's score; on a scale, the mean."""

    def __init__(self, card: Card) -> None:
        self._card = card

    def questions(self, request: JudgeRequest) -> tuple[JudgeRequest, ...]:
        """The request as it is."""
        return (request,)

    def decide(
        self, engine: Engine, asked: Sequence[Asked], cancelled: IsCancelled | None
    ) -> list[JudgeVerdict | JudgeError]:
        """See `Mode.decide`."""
        prompts, _ = flatten(asked)
        ballots = ask_labels(self._card, engine, prompts, cancelled)
        return [
            self._verdict(engine, one, ballot) if isinstance(ballot, Ballot) else ballot
            for one, ballot in zip(asked, ballots, strict=True)
        ]

    def _verdict(self, engine: Engine, one: Asked, ballot: Ballot) -> JudgeVerdict:
        reading = ballot.reading
        label = self._card.labels[reading.label]
        by_mean = self._card.mode == "scale"
        return replace(
            told_by_model(one, engine, ballot.usage, ballot.elapsed_s, ballot.flags),
            outcome=Outcome(label.outcome),
            reason="expectation" if by_mean else "label_probability",
            score=reading.expected_score if by_mean else label.score,
            label=label.name,
            probabilities=ballot.probabilities(self._card),
            expected_score=reading.expected_score,
            label_mass=reading.mass if ballot.told else None,
            entropy=reading.entropy if ballot.told else None,
            rationale=ballot.rationale,
            finish="label",
        )
