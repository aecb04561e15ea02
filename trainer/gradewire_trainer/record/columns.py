"""The record's columns: a row a sample, with its reward and every node of the spec beside it.

Nodes are a list of structs, so that records of different specs can be read together. JSON stays JSON text.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gradewire_trainer.types import (
    ChatMessage,
    Failure,
    FinishReason,
    Grade,
    GradeResult,
    Group,
    Json,
    Outcome,
    Part,
    Reward,
    Sample,
    Span,
    StandIn,
)

NODE_COLUMNS = {
    "node": "string",
    "kind": "string",
    "grader": "string",
    "score": "double",
    "stand_in": "string",
    "outcome": "string",
    "reason": "string",
    "explanation": "string",
    "answer": "string",
    "answer_start": "int64",
    "answer_end": "int64",
    "answer_method": "string",
    "canonical_answer": "string",
    "canonical_reference": "string",
    "decided_by": "string",
    "flags_json": "string",
    "parts_json": "string",
    "detail_json": "string",
    "versions_json": "string",
    "error_reason": "string",
    "error_message": "string",
    "error_code": "string",
    "error_node": "string",
    "elapsed_s": "double",
    "version": "string",
}
"""Of a node, with the types' names in Arrow."""

COLUMNS = {
    "run": "string",
    "step": "int64",
    "spec": "string",
    "group": "string",
    "sample": "string",
    "prompt": "string",
    "prompt_messages_json": "string",
    "response": "string",
    "response_messages_json": "string",
    "reference_json": "string",
    "item_json": "string",
    "fields_json": "string",
    "finish_reason": "string",
    "response_tokens": "int64",
    "prompt_tokens": "int64",
    "reward": "double",
    "error_reason": "string",
    "error_message": "string",
    "error_code": "string",
    "error_node": "string",
    "expected": "double",
}
"""Of a sample, without `nodes`."""


def row_of(group: Group, sample: Sample, reward: Reward, expected: float | None) -> dict[str, Json]:
    """A sample as a row, without the columns that a whole part shares (`run`, `step`, `spec`)."""
    prompt, prompt_messages = _text(group.prompt)
    response, response_messages = _text(sample.response)
    return {
        "group": group.group_id,
        "sample": sample.sample_id,
        "prompt": prompt,
        "prompt_messages_json": prompt_messages,
        "response": response,
        "response_messages_json": response_messages,
        "reference_json": None if group.reference is None else _json(group.reference),
        "item_json": _json(dict(group.item)) if group.item else None,
        "fields_json": _json(dict(sample.fields)) if sample.fields else None,
        "finish_reason": sample.finish_reason,
        "response_tokens": sample.response_tokens,
        "prompt_tokens": sample.prompt_tokens,
        "reward": reward.reward,
        **_failure_columns(reward.error),
        "expected": expected,
        "nodes": [_node_row(part) for part in reward.parts.values()],
    }


def reward_of(row: Mapping[str, Any]) -> Reward:
    """The reward of a row, with its parts, as it was."""
    parts = {node["node"]: _part(node, row["sample"]) for node in row["nodes"]}
    return Reward(row["sample"], row["reward"], _failure(row), parts)


def sample_of(row: Mapping[str, Any]) -> tuple[Group, Sample]:
    """The sample of a row, and its group with it alone."""
    sample = Sample(
        row["sample"],
        _untext(row["response"], row["response_messages_json"]),
        FinishReason(row["finish_reason"]) if row["finish_reason"] else None,
        row["response_tokens"],
        row["prompt_tokens"],
        _unjson(row["fields_json"]) or {},
    )
    prompt = _untext(row["prompt"], row["prompt_messages_json"])
    item = _unjson(row["item_json"]) or {}
    return Group(row["group"], [sample], prompt, _unjson(row["reference_json"]), item), sample


def _node_row(part: Part) -> dict[str, Json]:
    told: dict[str, Json] = {
        "node": part.node,
        "kind": part.kind,
        "grader": part.grader or None,
        "score": part.score,
        "stand_in": part.stand_in,
        **_failure_columns(part.error),
    }
    if part.result is not None:
        told["elapsed_s"], told["version"] = part.result.elapsed_s, part.result.grader_version
        if isinstance(part.result.outcome, Grade):
            told |= _grade_columns(part.result.outcome)
    return told


def _grade_columns(grade: Grade) -> dict[str, Json]:
    span = grade.answer
    return {
        "outcome": grade.outcome,
        "reason": grade.reason,
        "explanation": grade.explanation,
        "answer": span.text if span else None,
        "answer_start": span.start if span else None,
        "answer_end": span.end if span else None,
        "answer_method": span.method if span else None,
        "canonical_answer": grade.canonical_answer,
        "canonical_reference": grade.canonical_reference,
        "decided_by": grade.decided_by,
        "flags_json": _json(list(grade.flags)) if grade.flags else None,
        "parts_json": _json(dict(grade.parts)) if grade.parts else None,
        "detail_json": grade.detail_json or None,
        "versions_json": _json(dict(grade.versions)) if grade.versions else None,
    }


def _part(node: Mapping[str, Any], sample_id: str) -> Part:
    error = _failure(node)
    stand_in = StandIn(node["stand_in"]) if node["stand_in"] else None
    result = None
    if node["grader"]:
        own = None if error is not None else node["score"]
        outcome = _grade(node, own) if node["outcome"] else error and replace(error, node="")
        if outcome is not None:
            result = GradeResult(sample_id, outcome, node["elapsed_s"], node["version"] or "")
    return Part(node["node"], node["kind"], node["score"], error, stand_in, node["grader"] or "", result)


def _grade(node: Mapping[str, Any], score: float | None) -> Grade:
    span = None
    if node["answer"] is not None:
        span = Span(node["answer"], node["answer_start"], node["answer_end"], node["answer_method"])
    return Grade(
        score,
        Outcome(node["outcome"]),
        node["reason"],
        node["explanation"],
        span,
        node["canonical_answer"],
        node["canonical_reference"],
        node["decided_by"],
        _unjson(node["parts_json"]) or {},
        tuple(_unjson(node["flags_json"]) or ()),
        node["detail_json"] or "",
        _unjson(node["versions_json"]) or {},
    )


def _failure_columns(failure: Failure | None) -> dict[str, Json]:
    return {
        "error_reason": failure.reason if failure else None,
        "error_message": failure.message if failure else None,
        "error_code": failure.code if failure else None,
        "error_node": failure.node if failure else None,
    }


def _failure(row: Mapping[str, Any]) -> Failure | None:
    if row["error_reason"] is None:
        return None
    return Failure(row["error_reason"], row["error_message"], row["error_code"], row["error_node"])


def _text(told: str | Any) -> tuple[str, str | None]:
    """Text for people, and the messages where it was messages."""
    if isinstance(told, str):
        return told, None
    lines = [f"{message.get('role', '')}: {message.get('content') or ''}" for message in told]
    return "\n".join(lines), _json([dict(message) for message in told])


def _untext(text: str, messages_json: str | None) -> str | list[ChatMessage]:
    return text if messages_json is None else json.loads(messages_json)


def _json(told: Json) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _unjson(text: str | None) -> Any:
    return None if text is None else json.loads(text)
