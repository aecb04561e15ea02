"""Which structural defences held for a request, read off the token ids that the model was given.

S1   no control token is in the data
S2   the data decodes to what was meant to be shown
S3   the verdict is read after trusted words, and from the model alone
S4   template syntax in the data means nothing
S5   clipping is flagged, and cuts nothing but data
S6   an empty response needs no model
S7   nor does one without content, and it is not rewarded
S8   an error has no score
S9   a missing reference is refused
S11  hidden characters are shown, and flagged
S12  reasoning tags in the data are text
S13  the data cannot close its fence
S16  invalid text is refused by its field's name, on one line

Codes that do not apply to a request are left out, and so are those of machinery that is not here: pairs,
caches, generation.
"""

import unicodedata
from collections.abc import Iterator
from itertools import groupby

from gradewire_judges import rules
from gradewire_judges.engine import Engine
from gradewire_judges.errors import BadRequest, JudgeError, one_line
from gradewire_judges.judge import Judge
from gradewire_judges.prompt import Prompt, Span, check_request
from gradewire_judges.request import JudgeRequest
from gradewire_judges.verdict import Flag, JudgeVerdict, Outcome
from gradewire_judges.visible import MARKS_IN_A_ROW

_PLAIN_RESPONSE = "a plain response"
_MARKER_BRACKETS = tuple("<>|[]{}")
_REASONING_WORDS = ("think", "reason", "answer")


def check_defences(judge: Judge, request: JudgeRequest) -> dict[str, bool]:
    """Judge the request, look at what the model was given, and say whether each defence held."""
    (result,) = judge.judge([request])
    held = {"S8": _no_score_in_error(result), "S16": _refused_by_name(request, result)}
    if "reference" in judge.card.fields() and not (request.reference or "").strip():
        held["S9"] = isinstance(result, BadRequest)
    try:
        check_request(request, judge.card.fields())
    except BadRequest:
        return dict(sorted(held.items(), key=_number))
    if not request.response.strip():
        held["S6"] = _decided_by_rule(result, "empty_response", judge.card.lowest_score())
    elif rules.decide(request) == "degenerate_response" or _lacks_content(request):
        held["S7"] = _decided_by_rule(result, "degenerate_response", judge.card.lowest_score())
    if judge.engine is not None:
        held |= _of_prompt(judge.engine, request, result)
    return dict(sorted(held.items(), key=_number))


def _of_prompt(engine: Engine, request: JudgeRequest, result: JudgeVerdict | JudgeError) -> dict[str, bool]:
    prompt = engine.builder.build(request)
    plain = engine.builder.build(
        JudgeRequest(
            id=request.id,
            response=_PLAIN_RESPONSE,
            question=request.question,
            reference=request.reference,
            fields=request.fields,
        )
    )
    encoder = engine.encoder
    data_ids = {id_ for span in _data(prompt) for id_ in prompt.ids[span.start : span.end]}
    held = {
        "S1": data_ids.isdisjoint(encoder.control_ids) and _controls(engine, prompt) == _controls(engine, plain),
        "S2": all(_gives_back(engine, prompt, span) for span in _data(prompt)) and _without_gaps(prompt),
        "S3": prompt.spans[-1].field is None and _from_model_or_rule(result),
        "S4": _skeleton(prompt) == _skeleton(plain),
        "S5": _clipped_openly(engine, prompt, plain),
        "S13": all(prompt.code not in text for text in request.texts().values()) and _fenced(prompt),
    }
    if any(_hides(request.texts()[name]) for name in engine.builder.fields):
        seen = not any(_hides(span.text) for span in _data(prompt))
        held["S11"] = seen and Flag.UNICODE_NORMALISED in prompt.flags
    reasoning = {
        id_ for id_ in encoder.control_ids if any(word in encoder.piece(id_).lower() for word in _REASONING_WORDS)
    }
    if reasoning:
        held["S12"] = data_ids.isdisjoint(reasoning)
    return held


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


def _fenced(prompt: Prompt) -> bool:
    """Whether trusted words with the code stand before and after all data."""
    around = [
        (prompt.spans[place - 1], prompt.spans[place + 1])
        for place, span in enumerate(prompt.spans)
        if span.field is not None
    ]
    return all(side.field is None and prompt.code in side.text for pair in around for side in pair)


def _hides(text: str) -> bool:
    """Whether something in the text cannot be seen; by the Unicode database, not by `visible`'s list."""
    runs = (sum(1 for _ in run) for mark, run in groupby(text, _is_mark) if mark)
    return any(map(_is_hidden, text)) or max(runs, default=0) > MARKS_IN_A_ROW


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me")


def _is_hidden(character: str) -> bool:
    if character.isascii():
        return False
    name = unicodedata.name(character, "")
    bracket = unicodedata.normalize("NFKC", character) in _MARKER_BRACKETS
    return bracket or unicodedata.category(character) == "Cf" or name.startswith("VARIATION SELECTOR")


def _from_model_or_rule(result: JudgeVerdict | JudgeError) -> bool:
    if isinstance(result, JudgeError):
        return True
    return (result.label is not None) == (result.decided_by == "model") and result.decided_by != "nobody"


def _no_score_in_error(result: JudgeVerdict | JudgeError) -> bool:
    if isinstance(result, JudgeError):
        return not hasattr(result, "score")
    return (result.score is None) == (result.outcome is Outcome.UNDECIDED)


def _refused_by_name(request: JudgeRequest, result: JudgeVerdict | JudgeError) -> bool:
    if isinstance(result, JudgeError) and str(result) != one_line(str(result)):
        return False
    broken = [name for name, text in request.texts().items() if any("\ud800" <= c <= "\udfff" for c in text)]
    return not broken or (isinstance(result, BadRequest) and result.field in broken)


def _lacks_content(request: JudgeRequest) -> bool:
    return rules.has_content(request.reference or "") and not rules.has_content(request.response)


def _decided_by_rule(result: JudgeVerdict | JudgeError, reason: str, lowest: float) -> bool:
    return (
        isinstance(result, JudgeVerdict)
        and result.decided_by == "rule"
        and (result.reason, result.score) == (reason, lowest)
        and result.outcome is Outcome.NO_ANSWER
    )


def _number(code: tuple[str, bool]) -> int:
    return int(code[0][1:])
