"""Judge models: `gradewire_judges` as the grader 'judge' and as JudgingService.

Every card of the configuration is served. One whose model is not here answers FAILED_PRECONDITION and says what to do;
the rules card always works.
"""

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from google.protobuf.message import Message
from pydantic import BaseModel, ConfigDict

from gradewire.v1 import grader_pb2, judging_pb2, model_pb2
from gradewire_judges import (
    BackendFailed,
    BadRequest,
    CardError,
    Judge,
    JudgeError,
    JudgeRequest,
    JudgeVerdict,
    NotReady,
    Outcome,
    load_card,
    shipped_cards,
)
from gradewire_services import errors, tools
from gradewire_services.errors import BadSample, GraderFailed, GradewireError, Missing, StartError
from gradewire_services.grader import Grade, Graded, Grader, grader
from gradewire_services.item import Item, Sample
from gradewire_services.work import Loaded, RunBatch

VERSION = version("gradewire-judges")
_BATCH = tools.JUDGE.batch
_EXPLAINED = {
    "empty_response": "The response is empty.",
    "degenerate_response": "The response has no content that could be compared.",
    "needs_model": "No rule decides this; it takes a judge with a model.",
}
"""What rules decide, in words; what a model decides is told by its label."""
_WAY_OUT = "serve it with --card FILE --model-dir DIR, or name its model's directory in the card"


class JudgeParameters(BaseModel):
    """Which judge, and what it is shown beside question, reference and response."""

    model_config = ConfigDict(extra="forbid")

    judge: str | None = None
    """A judge's name. Not given: the only one, beside the rules."""


class Bench:
    """The judges that are served, by name; one that is not ready is kept with the reason."""

    def __init__(self, judges: Mapping[str, Judge | NotReady]) -> None:
        self.judges = judges

    def pick(self, name: str | None, path: str) -> Judge:
        """The judge of this name. Raises errors.BadRequest at `path`, or Missing when it is not ready."""
        if not name:
            others = [one for one in self.judges if one != "rules"] or ["rules"]
            if len(others) > 1:
                raise errors.BadRequest.at((path, f"is not set, and several judges are served: {self.names()}"))
            name = others[0]
        found = self.judges.get(name)
        if found is None:
            raise errors.BadRequest.at((path, f"no judge named {name!r}. Served here: {self.names()}"))
        if isinstance(found, NotReady):
            raise Missing(f"{found}; {_WAY_OUT}", reason=found.reason.upper())
        return found

    def names(self) -> str:
        """For people."""
        return ", ".join(self.judges)

    def range(self) -> tuple[float, float] | None:
        """The range of all judges' scores."""
        ranges = [judge.info().score_range for judge in self.judges.values() if isinstance(judge, Judge)]
        known = [one for one in ranges if one is not None]
        return (min(low for low, _ in known), max(high for _, high in known)) if known else (0.0, 1.0)

    def properties(self) -> dict[str, str]:
        """What is told of each."""
        return {
            f"judge.{name}": f"not ready: {judge}" if isinstance(judge, NotReady) else _told(judge)
            for name, judge in self.judges.items()
        }


def _told(judge: Judge) -> str:
    info = judge.info()
    model = f"{info.backend.model_id} ({info.backend.determinism})" if info.backend else "no model"
    return f"ready: {info.mode}, {model}, tolerance {info.tolerance:g}; {info.self_test}"


def in_our_words(error: JudgeError) -> GradewireError:
    """A judge's error as one of ours."""
    match error:
        case BadRequest():
            return BadSample.at(error.field, str(error).removeprefix(f"{error.field}: "))
        case NotReady():
            return Missing(f"{error}; {_WAY_OUT}", reason=error.reason.upper())
        case BackendFailed():
            return GraderFailed(str(error), reason=error.reason.upper())
        case _:
            return GraderFailed(str(error), reason="JUDGE_FAILED")


def served(bench: Bench) -> Grader:
    """The grader over open judges."""

    @grader(
        "judge",
        JudgeParameters,
        version=VERSION,
        description="Asks a judge model about the response, given the prompt's last user message and the reference.",
        batch=_BATCH,
        heavy=True,
        range=bench.range(),
        deterministic=False,
        properties=bench.properties(),
    )
    def grade(how: JudgeParameters, work: Sequence[tuple[Item, Sample]]) -> list[Graded]:
        judge = bench.pick(how.judge, "parameters.judge")
        graded: list[Graded] = []
        asked: list[tuple[int, JudgeRequest]] = []
        for place, (item, sample) in enumerate(work):
            try:
                asked.append((place, _request(item, sample)))
                graded.append(GraderFailed("the judge said nothing"))
            except GradewireError as error:
                graded.append(error)
        for (place, _), said in zip(asked, judge.judge([request for _, request in asked]), strict=True):
            graded[place] = in_our_words(said) if isinstance(said, JudgeError) else grade_of(said, judge)
        return graded

    return grade


def _request(item: Item, sample: Sample) -> JudgeRequest:
    asked = [turn.content for turn in item.prompt if turn.role == "user"]
    reference = item.reference if item.reference_json else None
    if reference is not None and not isinstance(reference, str):
        reference = item.reference_json
    fields = {key: value for key, value in item.fields.items() if isinstance(value, str)}
    return JudgeRequest(
        id=sample.message.sample_id,
        response=sample.text,
        question=asked[-1] if asked else "",
        reference=reference,
        fields={key: value for key, value in fields.items() if key not in ("question", "reference", "response")},
    )


def grade_of(verdict: JudgeVerdict, judge: Judge) -> Grade:
    """A judge's verdict as a Grade."""
    grade = Grade(
        score=verdict.score,
        outcome=_outcome(verdict, judge),
        reason=verdict.reason,
        explanation=_EXPLAINED.get(verdict.reason) or f"The judge's label is {verdict.label}.",
        decided_by=f"model:{verdict.model_id}" if verdict.decided_by == "model" else verdict.decided_by,
        parts=verdict.probabilities,
        flags=[flag.value for flag in verdict.flags],
        versions={
            "gradewire-judges": VERSION,
            "card": verdict.card,
            "template": verdict.template_hash,
            "model": verdict.model_revision,
        },
    )
    grade.detail_json = json.dumps(
        {
            "label": verdict.label,
            "expected_score": verdict.expected_score,
            "label_mass": verdict.label_mass,
            "entropy": verdict.entropy,
            "clipped": {name: list(sizes) for name, sizes in verdict.clipped.items()},
            "prompt_tokens": verdict.usage.prompt_tokens,
            "cached_tokens": verdict.usage.cached_tokens,
        }
    )
    return grade


def _outcome(verdict: JudgeVerdict, judge: Judge) -> "grader_pb2.Outcome.ValueType":
    if verdict.outcome is Outcome.UNDECIDED or verdict.score is None:
        return grader_pb2.OUTCOME_UNDECIDED
    if verdict.outcome is Outcome.NO_ANSWER:
        return grader_pb2.OUTCOME_NO_ANSWER
    low, high = judge.info().score_range or (0.0, 1.0)
    return {high: grader_pb2.OUTCOME_PASSED, low: grader_pb2.OUTCOME_FAILED}.get(
        verdict.score, grader_pb2.OUTCOME_PARTIAL
    )


def _judge_with(bench: Bench) -> RunBatch:
    def judge(request: Any, queries: Sequence[Any], _timeout_s: float) -> list[Message | GradewireError]:
        picked = bench.pick(request.judge, "judge")
        asked = [
            JudgeRequest(
                id=query.id,
                response=query.response,
                question=query.question,
                reference=query.reference if query.HasField("reference") else None,
                fields=dict(query.fields),
            )
            for query in queries
        ]
        return [in_our_words(said) if isinstance(said, JudgeError) else _result(said) for said in picked.judge(asked)]

    return judge


def _result(verdict: JudgeVerdict) -> Message:
    result = judging_pb2.JudgeResult(
        id=verdict.id,
        verdict=judging_pb2.JudgeVerdict(
            score=verdict.score,
            label=verdict.label or "",
            probabilities=verdict.probabilities,
            label_mass=verdict.label_mass,
            decided_by=verdict.decided_by,
            reason=verdict.reason,
            flags=[flag.value for flag in verdict.flags],
            usage=model_pb2.Usage(prompt_tokens=verdict.usage.prompt_tokens, cached_tokens=verdict.usage.cached_tokens),
            model=verdict.model_id,
            model_revision=verdict.model_revision,
            template_hash=verdict.template_hash,
        ),
    )
    result.elapsed.FromNanoseconds(round(verdict.elapsed_s * 1e9))
    return judging_pb2.JudgeResponse(results=[result])


def load(settings: dict[str, Any]) -> Loaded:
    """Open every card. A model that is not there is no hindrance; a wrong card is a StartError."""
    model_dir = Path(settings["model_dir"]) if settings.get("model_dir") else None
    judges: dict[str, Judge | NotReady] = {}
    for name in settings.get("cards") or shipped_cards():
        try:
            card = load_card(name)
        except CardError as error:
            raise StartError(str(error)) from error
        if card.name in judges:
            raise StartError(f"{name}: a second card is named {card.name!r}; give each a name of its own")
        try:
            judges[card.name] = Judge.open(card, model_dir=None if card.backend == "rules" else model_dir)
        except NotReady as error:
            judges[card.name] = error
        except CardError as error:
            raise StartError(str(error)) from error
    judges.setdefault("rules", Judge.open("rules"))
    bench = Bench(judges)
    return Loaded(
        service="judging",
        graders=[served(bench)],
        version=VERSION,
        tools={tools.JUDGE: _judge_with(bench)},
        properties=bench.properties(),
    )
