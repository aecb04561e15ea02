"""The defences that are read off a prompt's token ids: S1 to S5, S11, S12 and S13.

Measured on what the model is given, and not by what the code that made it thinks of it: controls are looked up in the
tokenizer, hidden characters in the Unicode database.
"""

import unicodedata
from collections.abc import Iterator
from itertools import groupby

from gradewire_judges.engine import Engine
from gradewire_judges.prompt import Prompt, Span
from gradewire_judges.request import JudgeRequest
from gradewire_judges.verdict import Flag
from gradewire_judges.visible import MARKS_IN_A_ROW

_MARKER_BRACKETS = tuple("<>|[]{}")
_REASONING_WORDS = ("think", "reason", "answer")
_BLANK_NAMES = (
    *("VARIATION SELECTOR", "FILLER", "BRAILLE PATTERN BLANK", "COMBINING GRAPHEME JOINER"),
    "KHMER VOWEL INHERENT",
)
_IGNORED_UNASSIGNED = (range(0x2065, 0x2066), range(0xFFF0, 0xFFF9), range(0xE0000, 0xE1000))
"""Code points without a name that Unicode asks to be drawn as nothing (Default_Ignorable_Code_Point)."""


def of_prompt(engine: Engine, request: JudgeRequest, prompt: Prompt, plain: Prompt) -> dict[str, bool]:
    """What holds of a prompt.

    Args:
        engine: that it was built with.
        request: that it was built from.
        prompt: to be measured.
        plain: the same with a plain response.
    """
    encoder = engine.encoder
    data_ids = {id_ for span in _data(prompt) for id_ in prompt.ids[span.start : span.end]}
    held = {
        "S1": data_ids.isdisjoint(encoder.control_ids) and _controls(engine, prompt) == _controls(engine, plain),
        "S2": all(_gives_back(engine, prompt, span) for span in _data(prompt)) and _without_gaps(prompt),
        "S3": prompt.spans[-1].field is None,
        "S4": _skeleton(prompt) == _skeleton(plain),
        "S5": _clipped_openly(engine, prompt, plain),
        "S13": all(prompt.code not in text for text in request.texts().values()) and _bounded(engine, prompt),
    }
    if any(hides(request.texts()[name]) for name in engine.builder.fields):
        seen = not any(hides(span.text) for span in _data(prompt))
        held["S11"] = seen and Flag.UNICODE_NORMALISED in prompt.flags
    reasoning = {
        id_ for id_ in encoder.control_ids if any(word in encoder.piece(id_).lower() for word in _REASONING_WORDS)
    }
    held["S12"] = data_ids.isdisjoint(reasoning)
    return held


def hides(text: str) -> bool:
    """Whether something in the text cannot be seen; by the Unicode database, not by `visible`'s list."""
    runs = (sum(1 for _ in run) for mark, run in groupby(text, _is_mark) if mark)
    return any(map(_is_hidden, text)) or max(runs, default=0) > MARKS_IN_A_ROW


def is_drawn_as_nothing(character: str) -> bool:
    """Whether it is no control and no format character, and still leaves no trace; by its name in Unicode."""
    name = unicodedata.name(character, "")
    return any(word in name for word in _BLANK_NAMES) or any(ord(character) in some for some in _IGNORED_UNASSIGNED)


def _data(prompt: Prompt) -> Iterator[Span]:
    return (span for span in prompt.spans if span.field is not None)


def _controls(engine: Engine, prompt: Prompt) -> int:
    return sum(id_ in engine.encoder.control_ids for id_ in prompt.ids)


def _gives_back(engine: Engine, prompt: Prompt, span: Span) -> bool:
    return engine.encoder.decode(prompt.ids[span.start : span.end]) == span.text


def _without_gaps(prompt: Prompt) -> bool:
    ends = [0, *(span.end for span in prompt.spans)]
    return [span.start for span in prompt.spans] == ends[:-1] and ends[-1] == len(prompt.ids)


def _skeleton(prompt: Prompt) -> list[str]:
    """The trusted words and the slots; a clipped field, with the note in its middle, is one slot."""
    skeleton: list[str] = []
    for span in prompt.spans:
        piece = span.text.replace(prompt.code, "") if span.field is None else f"slot {span.field}"
        if len(skeleton) > 1 and piece == skeleton[-2] and span.field is not None:
            skeleton.pop()
        else:
            skeleton.append(piece)
    return skeleton


def _clipped_openly(engine: Engine, prompt: Prompt, plain: Prompt) -> bool:
    flagged = Flag.TRUNCATED in prompt.flags
    whole = prompt.ids[: prompt.shared] == engine.builder.prefix and prompt.spans[-1].text == plain.spans[-1].text
    return flagged == bool(prompt.clipped) and len(prompt.ids) <= engine.builder.max_tokens and whole


def _bounded(engine: Engine, prompt: Prompt) -> bool:
    """Whether trusted words stand round all data: with the code or, where there are no fences, with a control token."""
    sides = [
        side
        for place, span in enumerate(prompt.spans)
        if span.field is not None
        for side in (prompt.spans[place - 1], prompt.spans[place + 1])
    ]
    return all(
        side.field is None and (prompt.code in side.text or _has_control(engine, prompt, side)) for side in sides
    )


def _has_control(engine: Engine, prompt: Prompt, span: Span) -> bool:
    return not engine.builder.fenced and not engine.encoder.control_ids.isdisjoint(prompt.ids[span.start : span.end])


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me")


def _is_hidden(character: str) -> bool:
    if character in "\t\n\r":
        return False
    category = unicodedata.category(character)
    if character.isascii():
        return category == "Cc"
    bracket = unicodedata.normalize("NFKC", character) in _MARKER_BRACKETS
    return bracket or is_drawn_as_nothing(character) or category in ("Cf", "Cc", "Zl", "Zp")
