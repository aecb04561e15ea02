"""A rubric: one question a criterion, each answered by itself, and their points added up."""

from collections.abc import Sequence
from dataclasses import replace

from gradewire_judges.backend import IsCancelled
from gradewire_judges.card import Card, Criterion
from gradewire_judges.engine import Engine
from gradewire_judges.errors import BackendFailed, BadRequest, JudgeError
from gradewire_judges.modes.ask import Ballot, ask_labels, usage_of
from gradewire_judges.modes.mode import Asked, flatten, of_owner, told_by_model
from gradewire_judges.request import JudgeRequest
from gradewire_judges.rubric import parse_rubric, rubric_score
from gradewire_judges.verdict import CriterionVerdict, JudgeVerdict, Outcome


class Rubric:
    """Points met over positive points, clipped to [0, 1]. A criterion without an answer is an error of the whole."""

    def __init__(self, card: Card) -> None:
        self._card = card

    def questions(self, request: JudgeRequest) -> tuple[JudgeRequest, ...]:
        """The request with each criterion in turn, as its field `criterion`."""
        if "criterion" in request.fields:
            raise BadRequest("fields.criterion", "this name is taken: criteria come from the card or as a rubric")
        return tuple(
            replace(request, fields={**request.fields, "criterion": criterion.text})
            for criterion in self._criteria(request)
        )

    def decide(
        self, engine: Engine, asked: Sequence[Asked], cancelled: IsCancelled | None
    ) -> list[JudgeVerdict | JudgeError]:
        """See `Mode.decide`."""
        prompts, owners = flatten(asked)
        answers = ask_labels(self._card, engine, prompts, of_owner(cancelled, owners))
        results: list[JudgeVerdict | JudgeError] = []
        for place, one in enumerate(asked):
            mine = [answer for answer, owner in zip(answers, owners, strict=True) if owner == place]
            failed = next((answer for answer in mine if isinstance(answer, BackendFailed)), None)
            ballots = [answer for answer in mine if isinstance(answer, Ballot)]
            results.append(failed or self._verdict(engine, one, ballots))
        return results

    def _criteria(self, request: JudgeRequest) -> tuple[Criterion, ...]:
        name = self._card.criteria_from
        if name is None:
            return self._card.criteria
        if name not in request.fields:
            raise BadRequest(name, "is missing: this judge takes the item's rubric from it, as JSON")
        return parse_rubric(request.fields[name], name)

    def _verdict(self, engine: Engine, one: Asked, ballots: Sequence[Ballot]) -> JudgeVerdict:
        card = self._card
        yes = next(place for place, label in enumerate(card.labels) if label.score == 1)
        criteria = tuple(
            CriterionVerdict(
                name=criterion.name,
                points=criterion.points,
                met=ballot.reading.probabilities[yes],
                is_met=ballot.reading.label == yes,
            )
            for criterion, ballot in zip(self._criteria(one.request), ballots, strict=True)
        )
        points = [criterion.points for criterion in criteria]
        unclipped = rubric_score(points, [float(criterion.is_met) for criterion in criteria])
        expected = rubric_score(points, [criterion.met for criterion in criteria])
        usage, elapsed_s = usage_of(ballots)
        return replace(
            told_by_model(one, engine, usage, elapsed_s, [flag for ballot in ballots for flag in ballot.flags]),
            outcome=Outcome.JUDGED,
            reason="rubric",
            score=min(1.0, max(0.0, unclipped)),
            expected_score=min(1.0, max(0.0, expected)),
            unclipped_score=unclipped,
            label_mass=min(ballot.reading.mass for ballot in ballots) if all(b.told for b in ballots) else None,
            rationale="\n\n".join(
                f"{criterion.name}: {ballot.rationale}"
                for criterion, ballot in zip(criteria, ballots, strict=True)
                if ballot.rationale
            ),
            votes=tuple(ballot.vote(card, criterion.name) for criterion, ballot in zip(criteria, ballots, strict=True)),
            criteria=criteria,
            finish="label",
        )
