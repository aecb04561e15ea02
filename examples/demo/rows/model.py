"""A row of the demo's data set: a prompt, what is known about its answer, and labelled responses."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

Label = Literal[0, 1] | None
"""1: the response is right. 0: it is wrong, or has no answer. None: nobody labelled it."""


@dataclass(frozen=True)
class Response:
    """One response, as a policy could have written it."""

    text: str
    label: Label
    finish_reason: Literal["stop", "length"] | None = None


def arranged(responses: Iterable[Response], rng: random.Random) -> tuple[Response, ...]:
    """At most six of them, none twice, in random order. Raises ValueError when one text has two labels."""
    by_text: dict[str, Response] = {}
    for response in responses:
        if by_text.setdefault(response.text, response).label != response.label:
            raise ValueError(f"labelled both right and wrong: {response.text!r}")
    kept = list(by_text.values())[:6]
    rng.shuffle(kept)
    return tuple(kept)


@dataclass(frozen=True)
class Row:
    """One prompt with its responses. `reference` is for answers and prose, `tests` for code."""

    name: str
    kind: Literal["answer", "code", "prose"]
    prompt: str
    responses: tuple[Response, ...]
    reference: str | int | float | None = None
    tests: dict[str, Any] | None = None
    limits: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The row as it stands in the file; fields that it has no use for are absent."""
        row: dict[str, Any] = {"id": self.name, "kind": self.kind, "prompt": self.prompt}
        if self.reference is not None:
            row["reference"] = self.reference
        if self.tests is not None:
            row |= {"language": "python", "tests": self.tests, "limits": self.limits}
        row["responses"] = [
            {"text": response.text}
            | ({} if response.finish_reason is None else {"finish_reason": response.finish_reason})
            for response in self.responses
        ]
        row["expected"] = [response.label for response in self.responses]
        return row
