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
def grade(how: Policy, item: Item, sample: Sample) -> Grade:
    """1 when the answer equals one of the references, 0 when it equals none or there is none."""
    references = item.prepared(how, lambda: _references(item, how))
    until = time.monotonic() + _allowed_s(sample.timeout_s)
    best: Verdict | None = None
    for reference in references:
        verdict = verify(sample.text, reference, how, deadline_s=max(1e-3, until - time.monotonic()))
        if verdict:
            return grade_of(verdict)
        if best is None or verdict.outcome is Outcome.UNDECIDED:
            best = verdict
    assert best is not None
    return grade_of(best)


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
    outcome, score = _OUTCOMES[verdict.outcome]
    grade = Grade(
        score=score,
        outcome=outcome,
        reason=verdict.reason,
        explanation=verdict.explanation,
        canonical_answer=verdict.canonical_answer or "",
        canonical_reference=verdict.canonical_reference or "",
        decided_by=verdict.tier or "",
    )
    grade.versions["gradewire-extractors"] = VERSION
    if verdict.span is not None:
        span = grade.answer
        span.text, span.method = verdict.answer or "", verdict.method or ""
        span.start, span.end = verdict.span
    if verdict.reason == "hedged":
        grade.flags.append("hedged")
    grade.detail_json = _kinds(verdict.kind_answer, verdict.kind_reference)
    return grade


@lru_cache(maxsize=1024)
def _kinds(answer: str | None, reference: str | None) -> str:
    return json.dumps({"kind_answer": answer, "kind_reference": reference}) if answer or reference else ""


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
