"""OpenAI's grader templates as segments: `{{item.x}}` and `{{sample.output_text}}` become data, and never text.

What stands between the braces is a path of names and numbers, and nothing is evaluated. A value that is no text is
shown as JSON.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradewire_judges.card import Segment
from gradewire_judges.errors import BadRequest, CardError

_VARIABLE = re.compile(r"\{\{([^{}]*)\}\}")
_PATH = re.compile(r"(item|sample)((?:\.[\w-]+|\[\d{1,6}\])+)")
_STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]")
_TEXTS = ("input_text", "output_text", "text")
_NOT_IN_TITLES = re.compile(r"[^A-Za-z0-9_. \[\]-]")


@dataclass(frozen=True, slots=True)
class Variable:
    """A place in a template."""

    field: str
    """The request's field that has its value."""

    path: str
    """As it was written, such as `item.answer[0]`."""

    def value(self, item: Mapping[str, Any], sample: Mapping[str, Any]) -> str:
        """Its value as text. Raises BadRequest where item or sample has no such place."""
        base, steps = self.path.split(".", 1)[0].split("[", 1)[0], _STEP.findall(self.path)
        found: Any = {"item": item, "sample": sample}[base]
        for name, number in steps:
            try:
                found = found[name] if name else found[int(number)]
            except (KeyError, IndexError, TypeError):
                raise BadRequest(self.path, "there is no such place in this item or sample") from None
        return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def segments_of(messages: object) -> tuple[list[Segment], list[Variable]]:
    """The messages of a grader's `input` as segments of one user turn, and the places that they show.

    Raises:
        CardError: a message is none, or shows something else than item and sample.
    """
    if not isinstance(messages, Sequence) or isinstance(messages, str) or not messages:
        raise CardError("is no list of messages", path="input")
    variables: list[Variable] = []
    parts: list[Segment] = []
    named = len({_role(message, place) for place, message in enumerate(messages)} - {"system", "developer"}) > 1
    for place, message in enumerate(messages):
        role = _role(message, place)
        parts.append(Segment(text=f"{role}:\n" if named else ""))
        for text in _texts(message.get("content"), f"input.{place}.content"):
            parts += _split(text, variables, f"input.{place}.content")
        parts.append(Segment(text="\n\n"))
    return parts, variables


def _role(message: object, place: int) -> str:
    if not isinstance(message, Mapping) or message.get("role") not in ("system", "developer", "user", "assistant"):
        raise CardError("a message has `role` system, developer, user or assistant", path=f"input.{place}")
    return str(message["role"])


def _texts(content: object, path: str) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping) and content.get("type") in _TEXTS and isinstance(content.get("text"), str):
        yield str(content["text"])
    elif isinstance(content, Sequence):
        for one in content:
            yield from _texts(one, path)
    else:
        raise CardError("only text can be judged here: no image, no audio", path=path)


def _split(text: str, variables: list[Variable], path: str) -> Iterator[Segment]:
    at = 0
    for found in _VARIABLE.finditer(text):
        named = _PATH.fullmatch(found[1].strip())
        if named is None:
            raise CardError(f"{found[0]} is no place in `item` or `sample`", path=path)
        if found.start() > at:
            yield Segment(text=text[at : found.start()])
        at = found.end()
        variables.append(_variable(named[0], variables))
        yield Segment(data=variables[-1].field, title=_NOT_IN_TITLES.sub("_", named[0])[:64])
    if at < len(text):
        yield Segment(text=text[at:])


def _variable(path: str, earlier: Sequence[Variable]) -> Variable:
    """The first place that shows the sample is what is judged; every other one is a further field."""
    first = path.startswith("sample") and not any(variable.field == "response" for variable in earlier)
    return Variable("response" if first else f"shown_{len(earlier)}", path)
