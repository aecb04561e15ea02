"""Answers by rule: the engine `gradewire_extractors` as the grader 'answer' and as ExtractionService.

The reference is a string, a number, or a list of which any one is right. Parameters are the comparison policy's fields.
"""

import json
import time
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from google.protobuf.message import Message

from gradewire.v1 import extraction_pb2, grader_pb2
from gradewire_extractors import (
    Outcome,
    Policy,
    PolicyError,
    PreparedReference,
    ReferenceError_,
    Verdict,
    cluster,
    equivalent,
    extract,
    prepare,
    verify,
)
from gradewire_services import tools
from gradewire_services.errors import BadSample, Missing, StartError
from gradewire_services.grader import Grade, grader, parse_parameters
from gradewire_services.graders.string_check import grade as string_check
from gradewire_services.item import Item, Sample, parse_json
from gradewire_services.work import Loaded
from gradewire_services.written import WrittenGrade

VERSION = version("gradewire-extractors")
_DEADLINE_S = 5.0
"""For one comparison. What is not decided by then is undecided, which costs no worker."""

_OUTCOMES = {
    Outcome.EQUAL: (grader_pb2.OUTCOME_PASSED, 1.0),
    Outcome.NOT_EQUAL: (grader_pb2.OUTCOME_FAILED, 0.0),
    Outcome.NO_ANSWER: (grader_pb2.OUTCOME_NO_ANSWER, 0.0),
    Outcome.UNDECIDED: (grader_pb2.OUTCOME_UNDECIDED, None),
}


@grader(
    "answer",
    Policy,
    version=VERSION,
    description="Is the response's final answer the reference, in whatever form it is written? By rule.",
)
def grade(how: Policy, item: Item, sample: Sample) -> WrittenGrade:
    """1 when the answer equals one of the references, 0 when it equals none or there is none."""
    references = item.prepared(how, lambda: _references(item, how))
    text, allowed_s = sample.text, _allowed_s(sample.timeout_s)
    if len(references) == 1:
        return written(verify(text, references[0], how, deadline_s=allowed_s))
    until = time.monotonic() + allowed_s
    best: Verdict | None = None
    for reference in references:
        verdict = verify(text, reference, how, deadline_s=max(1e-3, until - time.monotonic()))
        if verdict:
            return written(verdict)
        if best is None or verdict.outcome is Outcome.UNDECIDED:
            best = verdict
    assert best is not None
    return written(best)


def _allowed_s(timeout_s: float) -> float:
    return min(_DEADLINE_S, 0.9 * timeout_s)


def _references(item: Item, policy: Policy) -> list[PreparedReference]:
    """The references, read. Raises BadSample."""
    if not item.reference_json:
        raise BadSample.at("reference_json", "is not set, and an answer is compared with it")
    # Numbers as they are written: 0.10 is not 0.1, and 9007199254740993 is no double.
    value = parse_json(item.reference_json, "reference_json", numbers=str)
    texts = value if isinstance(value, list) else [value]
    if not texts:
        raise BadSample.at("reference_json", "is an empty list; give at least one right answer")
    for text in texts:
        if not isinstance(text, str):
            found = json.dumps(text)[:40]
            raise BadSample.at("reference_json", f"must be a string, a number, or a list of those, not {found}")
    try:
        return [prepare(text, policy) for text in texts]
    except ReferenceError_ as error:
        raise BadSample.at("reference_json", str(error)) from None
    except PolicyError as error:
        raise Missing(str(error), reason="UNITS_LIBRARY_MISSING") from None


def grade_of(verdict: Verdict) -> Grade:
    """A comparison's verdict as a Grade."""
    return Grade.FromString(written(verdict))


def written(verdict: Verdict) -> WrittenGrade:
    """The same, serialised: what many verdicts share is not made anew."""
    outcome, reason, explanation, answer, span, method, canonical, reference, tier, kind, of_reference, _ = verdict
    shared = _shared(outcome, reason, explanation, None if span is None else method, tier, kind, of_reference)
    own = Grade(canonical_answer=canonical or "", canonical_reference=reference or "")
    if span is not None:
        place = own.answer
        place.text = answer or ""
        place.start, place.end = span
    return WrittenGrade(shared + own.SerializeToString())


@lru_cache(maxsize=4096)
def _shared(
    outcome: Outcome,
    reason: str,
    explanation: str,
    method: str | None,
    tier: str | None,
    kind_answer: str | None,
    kind_reference: str | None,
) -> bytes:
    """The part of a Grade that does not hang on what the answer is."""
    means, score = _OUTCOMES[outcome]
    grade = Grade(score=score, outcome=means, reason=reason, explanation=explanation, decided_by=tier or "")
    grade.versions["gradewire-extractors"] = VERSION
    if method is not None:
        grade.answer.method = method
    if reason == "hedged":
        grade.flags.append("hedged")
    if kind_answer or kind_reference:
        grade.detail_json = json.dumps({"kind_answer": kind_answer, "kind_reference": kind_reference})
    return grade.SerializeToString()


@lru_cache(maxsize=64)
def _policy(text: str) -> Policy:
    policy = parse_parameters(Policy, text, "policy_json")
    assert isinstance(policy, Policy)
    return policy


def _extract(request: Any, response: str, _timeout_s: float) -> Message:
    found = extract(response, _policy(request.policy_json))
    entry = extraction_pb2.Extraction()
    if found.text is None or found.span is None:
        entry.no_answer = found.reason
    else:
        start, end = found.span
        entry.answer.span.MergeFrom(grader_pb2.Span(text=found.text, start=start, end=end, method=found.method))
        entry.answer.kind, entry.answer.canonical = found.kind or "", found.canonical or ""
        entry.answer.hedged = found.hedged
    return extraction_pb2.ExtractResponse(extractions=[entry])


def _compare(request: Any, pair: Any, timeout_s: float) -> Message:
    verdict = equivalent(pair.a, pair.b, _policy(request.policy_json), deadline_s=_allowed_s(timeout_s))
    return extraction_pb2.CompareResponse(comparisons=[extraction_pb2.Comparison(grade=grade_of(verdict))])


def _cluster(request: Any, answers: Any, timeout_s: float) -> Message:
    policy, texts = _policy(request.policy_json), list(answers)
    classes = cluster(texts, policy, deadline_s=_allowed_s(timeout_s / len(texts)))
    response = extraction_pb2.ClusterResponse()
    for members in sorted(classes, key=lambda members: (-len(members), members[0])):
        response.clusters.add(members=members, canonical=_canonical(texts[members[0]], policy))
    return response


def _canonical(text: str, policy: Policy) -> str:
    try:
        return prepare(text, policy).answer.canonical
    except ReferenceError_:
        return ""


def load(settings: dict[str, Any]) -> Loaded:
    """Open the engine, and see that it works. Raises StartError."""
    del settings  # it has none
    verdict = verify("So it is \\boxed{5 \\times 10^{-2}}.", "1/20")
    if not verdict:
        raise StartError(f"the engine says that 5e-2 is not 1/20 ({verdict.reason}); install it anew")
    return Loaded(
        service="extraction",
        graders=[grade, string_check],
        version=VERSION,
        tools={tools.EXTRACT: _extract, tools.COMPARE: _compare, tools.CLUSTER: _cluster},
    )
