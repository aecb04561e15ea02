"""A judge's verdict on the wire: as a Grade for the grader, as a JudgeVerdict for the tool."""

import json
from importlib.metadata import version
from typing import Any

from gradewire.v1 import grader_pb2, judging_pb2, model_pb2
from gradewire_judges import Judge, JudgeError, JudgeVerdict, Outcome
from gradewire_services.grader import Grade, Graded
from gradewire_services.graders.judge_errors import in_our_words
from gradewire_services.graders.verdict_cache import Said

VERSION = version("gradewire-judges")
REUSED = "reused_verdict"
"""The flag of a grade whose exact request had been judged before."""

_EXPLAINED = {
    "empty_response": "The response is empty.",
    "empty_response_b": "The other response is empty.",
    "degenerate_response": "The response has no content that could be compared.",
    "needs_model": "No rule decides this; it takes a judge with a model.",
    "position_inconsistent": "Which of the two is better depends on which stands first.",
    "no_answer_located": "The judge found no final answer in the response.",
}
"""What rules decide, and what has no label, in words."""


def graded_of(said: Said, judge: Judge) -> Graded:
    """What a judge said of a sample as a Grade, or as an error of ours."""
    if isinstance(said.verdict, JudgeError):
        return in_our_words(said.verdict)
    verdict = said.verdict
    grade = Grade(
        score=verdict.score,
        outcome=outcome_of(verdict, judge),
        reason=verdict.reason,
        explanation=_EXPLAINED.get(verdict.reason) or _explained(verdict),
        decided_by=f"model:{verdict.model_id}" if verdict.decided_by == "model" else verdict.decided_by,
        parts={one.name: one.met for one in verdict.criteria} or verdict.probabilities,
        flags=[*(flag.value for flag in verdict.flags), *([REUSED] if said.reused else [])],
        versions={
            "gradewire-judges": VERSION,
            "card": verdict.card,
            "template": verdict.template_hash,
            "model": verdict.model_revision,
        },
        rationale=verdict.rationale,
        detail_json=json.dumps(_detail(verdict), ensure_ascii=False, allow_nan=False),
    )
    if (span := _span(verdict)) is not None:
        grade.answer.CopyFrom(span)
    if verdict.decided_by == "model":
        grade.usage.CopyFrom(usage_of(said))
    return grade


def usage_of(said: Said) -> model_pb2.Usage:
    """What a verdict cost."""
    assert isinstance(said.verdict, JudgeVerdict)
    usage = said.verdict.usage
    return model_pb2.Usage(
        prompt_tokens=usage.prompt_tokens,
        cached_tokens=usage.cached_tokens,
        output_tokens=usage.output_tokens,
        reused=said.reused,
    )


def _explained(verdict: JudgeVerdict) -> str:
    if verdict.extracted is not None:
        return "The judge located the final answer."
    if verdict.criteria:
        met = sum(one.is_met for one in verdict.criteria)
        return f"{met} of {len(verdict.criteria)} criteria are met."
    return f"The judge's label is {verdict.label}." if verdict.label else "The judge gave a score."


def _detail(verdict: JudgeVerdict) -> dict[str, Any]:
    """What a Grade has no field for; docs/graders.md says what each is. What does not apply is left out."""
    told = {
        "label": verdict.label,
        "expected_score": verdict.expected_score,
        "unclipped_score": verdict.unclipped_score,
        "label_mass": verdict.label_mass,
        "entropy": verdict.entropy,
        "isolation": verdict.isolation,
        "determinism": verdict.determinism,
        "finish": verdict.finish,
        "request_hash": verdict.request_hash,
        "clipped": {name: list(sizes) for name, sizes in verdict.clipped.items()},
        "votes": [
            {
                "name": vote.name,
                "label": vote.label,
                "score": vote.score,
                "probabilities": dict(vote.probabilities),
                "label_mass": vote.label_mass,
            }
            for vote in verdict.votes
        ],
        "criteria": [{"name": one.name, "points": one.points, "met": one.met} for one in verdict.criteria],
    }
    return {name: value for name, value in told.items() if value not in (None, "", {}, [])}


def outcome_of(verdict: JudgeVerdict, judge: Judge) -> "grader_pb2.Outcome.ValueType":
    """A verdict's outcome on the wire: what is inconsistent is undecided there."""
    if verdict.outcome in (Outcome.UNDECIDED, Outcome.INCONSISTENT) or verdict.score is None:
        return grader_pb2.OUTCOME_UNDECIDED
    if verdict.outcome is Outcome.NO_ANSWER:
        return grader_pb2.OUTCOME_NO_ANSWER
    low, high = judge.card.score_range() or (None, None)
    if verdict.score == high:
        return grader_pb2.OUTCOME_PASSED
    return grader_pb2.OUTCOME_FAILED if verdict.score == low else grader_pb2.OUTCOME_PARTIAL


def verdict_message(said: Said, judge: Judge) -> judging_pb2.JudgeVerdict:
    """What a judge said, whole."""
    assert isinstance(said.verdict, JudgeVerdict)
    verdict = said.verdict
    return judging_pb2.JudgeVerdict(
        score=verdict.score,
        label=verdict.label or "",
        probabilities=verdict.probabilities,
        label_mass=verdict.label_mass,
        decided_by=verdict.decided_by,
        reason=verdict.reason,
        flags=[*(flag.value for flag in verdict.flags), *([REUSED] if said.reused else [])],
        usage=usage_of(said),
        model=verdict.model_id,
        model_revision=verdict.model_revision,
        template_hash=verdict.template_hash,
        expected_score=verdict.expected_score,
        entropy=verdict.entropy,
        rationale=verdict.rationale,
        votes=[
            judging_pb2.JudgeVote(
                name=vote.name,
                score=vote.score,
                label=vote.label,
                probabilities=vote.probabilities,
                label_mass=vote.label_mass,
            )
            for vote in verdict.votes
        ],
        extracted=_span(verdict),
        criteria=[
            judging_pb2.CriterionVerdict(name=one.name, points=one.points, met=one.met) for one in verdict.criteria
        ],
        isolation=verdict.isolation,
        determinism=verdict.determinism,
        clipped={name: judging_pb2.Clipping(sent=sent, shown=shown) for name, (sent, shown) in verdict.clipped.items()},
        finish=verdict.finish,
        outcome=outcome_of(verdict, judge),
        request_hash=verdict.request_hash,
    )


def _span(verdict: JudgeVerdict) -> grader_pb2.Span | None:
    span = verdict.extracted
    return None if span is None else grader_pb2.Span(text=span.text, start=span.start, end=span.end, method="model")
