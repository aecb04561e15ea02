"""What a loader makes of a row, and what loaders share in reading one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import InvalidRequest

OURS = ("language", "limits", "checker", "checker_code", "prelude", "files", "fetch_files")
"""Fields of ours that a foreign row may have as well; they go before the loader's."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A row of ours. names: the foreign row's field for each of ours. opening: code that a response may continue."""

    row: dict[str, Any]
    names: dict[str, str] = field(default_factory=dict)
    opening: str = ""


def row_of(given: Mapping[str, Any], kind: str, tests: Any, **more: Any) -> dict[str, Any]:
    """A row of ours: what the loader found, under what `given` says itself in our words."""
    own = {name: given[name] for name in OURS if given.get(name) is not None}
    return {"id": given.get("id"), "language": "python", "kind": kind, "tests": tests, "code": given.get("code")} | {
        name: value for name, value in (more | own).items() if value is not None
    }


def read_json(value: Any, where: str) -> Any:
    """A value that data sets keep as JSON text, or as itself."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(where, f"is no JSON: {error}") from None


def text(value: Any, where: str) -> str:
    """A text, or the lines of one as APPS has them."""
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "\n".join(value)
    if not isinstance(value, str):
        raise InvalidRequest(where, f"must be text, not {type(value).__name__}")
    return value


def objects(value: Any, where: str) -> list[Mapping[str, Any]]:
    """A list of objects."""
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise InvalidRequest(where, "must be a list of objects")
    return value


def stdin_cases(inputs: Any, outputs: Any, where: str) -> list[dict[str, str]]:
    """Cases of two lists of texts."""
    pairs = paired(inputs, outputs, where)
    return [
        {"input": text(given, f"{where}.inputs[{i}]"), "output": text(expected, f"{where}.outputs[{i}]")}
        for i, (given, expected) in enumerate(pairs)
    ]


def paired(inputs: Any, outputs: Any, where: str) -> Sequence[tuple[Any, Any]]:
    """Two lists of one length, side by side."""
    if not isinstance(inputs, list) or not isinstance(outputs, list) or len(inputs) != len(outputs):
        raise InvalidRequest(where, "must have two lists of the same length, inputs and outputs")
    if not inputs:
        raise InvalidRequest(where, "has no tests")
    return list(zip(inputs, outputs, strict=True))


def json_lines(value: str, where: str) -> list[Any]:
    """Arguments that are written a line each, as JSON."""
    return [read_json(line, where) for line in value.split("\n") if line.strip()]


def whole_keys(value: Any) -> Any:
    """JSON has no integers as keys: where all keys of an object are written as integers, they are meant as such."""
    if isinstance(value, dict):
        if value and all(key.isascii() and key.lstrip("-").isdigit() and len(key) < 20 for key in value):
            return {int(key): whole_keys(one) for key, one in value.items()}
        return {key: whole_keys(one) for key, one in value.items()}
    return [whole_keys(one) for one in value] if isinstance(value, list) else value
