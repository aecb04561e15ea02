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
S10  a pair is asked in both orders, and what depends on the order is no verdict
S11  hidden characters are shown, and flagged
S12  reasoning tags in the data are text
S13  the data cannot close its fence
S14  the key of the verdict cache is exact: no other text has it
S15  what the judge writes is bounded, and what was cut off is no verdict
S16  invalid text is refused by its field's name, on one line

Codes that do not apply to a request are left out.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from gradewire_judges import rules
from gradewire_judges.defences_of_prompts import hides, is_drawn_as_nothing, of_prompt
from gradewire_judges.engine import Engine
from gradewire_judges.errors import BadRequest, JudgeError, one_line
from gradewire_judges.judge import Judge
from gradewire_judges.request import JudgeRequest
from gradewire_judges.verdict import Flag, JudgeVerdict, Outcome

_PLAIN_RESPONSE = "a plain response"
_LOOK_ALIKES = str.maketrans({"a": "\u0430", "e": "\u0435", "o": "\u043e", "c": "\u0441", "\u0441": "c", "\u0430": "a"})
"""Latin and Cyrillic letters that look the same."""


def check_defences(judge: Judge, request: JudgeRequest) -> dict[str, bool]:
    """Judge the request, look at what the model was given, and say whether each defence held."""
    (result,) = judge.judge([request])
    return measure(judge, request, result)


def measure(judge: Judge, request: JudgeRequest, result: JudgeVerdict | JudgeError) -> dict[str, bool]:
    """Whether each defence held for a request that was judged with this result."""
    held = {"S8": _no_score_in_error(result), "S16": _refused_by_name(request, result)}
    if "reference" in judge.card.fields() and not _has_reference(request):
        held["S9"] = isinstance(result, BadRequest)
    if all(isinstance(text, str) for text in request.texts().values()):
        held["S14"] = _key_is_exact(judge, request)
        try:
            judge.check(request)
        except BadRequest:
            pass
        else:
            held |= _of_request(judge, request, result)
    return dict(sorted(held.items(), key=_number))


def _of_request(judge: Judge, request: JudgeRequest, result: JudgeVerdict | JudgeError) -> dict[str, bool]:
    """What holds of a request that is in order."""
    held: dict[str, bool] = {}
    lowest = judge.card.lowest_score()
    if not any(_can_be_seen(character) for character in request.response):
        held["S6"] = _decided_by_rule(result, "empty_response", lowest)
    elif rules.decide(request) == "degenerate_response" or _lacks_content(request):
        flagged = isinstance(result, JudgeVerdict) and Flag.DEGENERATE_RESPONSE in result.flags
        held["S7"] = flagged and _decided_by_rule(result, "degenerate_response", lowest)
    if (engine := judge.engine) is None:
        return held
    try:
        questions = judge.questions(request)
        plain = judge.questions(replace(request, response=_PLAIN_RESPONSE))
        prompts, plains = engine.builder.build_all(questions), engine.builder.build_all(plain)
    except BadRequest:  # such as an item without its rubric: there is no prompt to measure
        return held
    measured = [
        of_prompt(engine, asked, prompt, other) for asked, prompt, other in zip(questions, prompts, plains, strict=True)
    ]
    for one in measured:
        held |= {code: holds and held.get(code, True) for code, holds in one.items()}
    held["S3"] = held["S3"] and _from_model_or_rule(result)
    held["S15"] = _is_bounded(judge, engine, result)
    if "S11" in held and isinstance(result, JudgeVerdict) and hides(request.response):
        held["S11"] = held["S11"] and Flag.UNICODE_NORMALISED in result.flags
    if judge.card.mode == "pairwise":
        held["S10"] = _both_orders(questions) and _order_counts_for_nothing(result)
    return held


def _key_is_exact(judge: Judge, request: JudgeRequest) -> bool:
    """Whether requests that only look like this one, or have the same texts elsewhere, have keys of their own."""
    key = judge.key(request)
    others = {judge.key(other) for other in _look_alikes(request)}
    return key == judge.key(replace(request)) and key not in others


def _look_alikes(request: JudgeRequest) -> Iterator[JudgeRequest]:
    text = request.response
    forms = {unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    forms |= {text.casefold(), text.strip(), f"{text} ", text.translate(_LOOK_ALIKES), " ".join(text.split())}
    forms.add("".join(character for character in text if unicodedata.category(character) != "Cf"))
    for form in forms - {text}:
        yield replace(request, response=form)
    yield replace(request, response=f"{text}\u200b")
    if request.question != text:
        yield replace(request, question=text, response=request.question)
    if request.reference != text:
        yield replace(request, reference=text, response=request.reference or "")
    yield replace(request, reference=None if request.reference is not None else "")


def _is_bounded(judge: Judge, engine: Engine, result: JudgeVerdict | JudgeError) -> bool:
    """Whether no more was written than the card allows, and a verdict's answer was whole."""
    if isinstance(result, JudgeError):
        return not hasattr(result, "score")
    if result.decided_by != "model":
        return result.usage.output_tokens == 0
    asked = max(1, len(result.votes))
    label = max((len(form) for forms in engine.labels for form in forms), default=0)
    thoughts = judge.card.reasoning.max_tokens if judge.card.reasoning else 0
    written = judge.card.limits.max_answer_tokens if judge.card.mode == "extract" else label + thoughts
    if judge.card.endpoint is not None:
        written = judge.card.endpoint.max_answer_tokens
    return result.finish in ("label", "stop", "reward") and result.usage.output_tokens <= asked * written


def _both_orders(questions: tuple[JudgeRequest, ...]) -> bool:
    return len(questions) == 2 and (questions[0].response, questions[0].response_b) == (
        questions[1].response_b,
        questions[1].response,
    )


def _order_counts_for_nothing(result: JudgeVerdict | JudgeError) -> bool:
    if isinstance(result, JudgeError) or result.decided_by == "rule":
        return _no_score_in_error(result)
    if [vote.name for vote in result.votes] != ["given", "swapped"]:
        return False
    agree = result.votes[0].score == result.votes[1].score
    flagged = Flag.POSITION_INCONSISTENT in result.flags
    if agree:
        return result.outcome is Outcome.JUDGED and result.score == result.votes[0].score and not flagged
    return result.outcome is Outcome.INCONSISTENT and result.score is None and flagged


def _from_model_or_rule(result: JudgeVerdict | JudgeError) -> bool:
    if isinstance(result, JudgeError):
        return True
    return bool(result.finish) == (result.decided_by == "model") and result.decided_by != "nobody"


def _no_score_in_error(result: JudgeVerdict | JudgeError) -> bool:
    if isinstance(result, JudgeError):
        return not hasattr(result, "score")
    return (result.score is None) == (result.outcome in (Outcome.UNDECIDED, Outcome.INCONSISTENT))


def _refused_by_name(request: JudgeRequest, result: JudgeVerdict | JudgeError) -> bool:
    if isinstance(result, JudgeError) and str(result) != one_line(str(result)):
        return False
    broken = [name for name, text in request.texts().items() if not isinstance(text, str) or _has_surrogate(text)]
    return not broken or (isinstance(result, BadRequest) and result.field in broken)


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _has_reference(request: JudgeRequest) -> bool:
    if not isinstance(request.reference, str | None):
        return True
    return any(map(_can_be_seen, request.reference or ""))


def _can_be_seen(character: str) -> bool:
    invisible = unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")
    return not invisible and not is_drawn_as_nothing(character)


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
