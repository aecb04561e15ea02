"""A response that is nothing but its answer; and if it is not even that, what is it?

Short, on one line (or one formula), no question, no plan, no refusal. Never 'the last number in the text'.
"""

from .body import BLANK, Body
from .braces import math_end
from .located import Located, Method, Reason, nowhere
from .offer import offer
from .tidy import tidy
from .values import has_math, is_quantity, is_value, prose_words
from .words import ASCII_NOUNS, CHOICE_NOUNS, OTHER_NOUNS, QUESTION_WORDS, REFUSALS, TELLERS, UNFINISHED

_SPOKEN_NOUNS = tuple(noun for noun in ASCII_NOUNS + OTHER_NOUNS if noun not in CHOICE_NOUNS | {"ans"})
_MAX_MATH_CHARS = 2_000
_MAX_TEXT_CHARS = 120
_MAX_WORDS = 8
_MAX_MATH_WORDS = 6


def bare(body: Body) -> Located:
    """The whole response as its answer, or the reason why it has none."""
    start, end = tidy(body.text, body.start, body.end)
    text = body.text[start:end]
    if not any(c.isalnum() or c in "∞∅∄√{}" for c in text):
        return nowhere(Reason.EMPTY)
    why_not = _why_not(body, start, end)
    if why_not is not None:
        return nowhere(why_not)
    return offer(body, (start, end), Method.BARE, Reason.SHORT_RESPONSE)


def _why_not(body: Body, start: int, end: int) -> Reason | None:
    low = body.low[max(start - 2, body.start) : min(end, start + 400)].lstrip(BLANK)
    if low.startswith(REFUSALS) or any(refusal in low for refusal in REFUSALS if refusal != "sorry, "):
        return Reason.REFUSAL
    raw = body.text[start : body.end].rstrip(BLANK + "*`\"'")
    if raw.endswith(("?", "？", "؟")) and len(raw) > 1:
        return Reason.RESTATED_QUESTION
    is_math = has_math(body.text, start, end)
    if end - start > (_MAX_MATH_CHARS if is_math else _MAX_TEXT_CHARS):
        return _unfound(body, start, end)
    words = prose_words(body.text, start, end)
    if len(words) > (_MAX_MATH_WORDS if is_math else _MAX_WORDS) or not _is_one_block(body.text, start, end):
        return _unfound(body, start, end)
    if QUESTION_WORDS.intersection(words) or (is_math and _is_told(body, start, end, words)):
        return _unfound(body, start, end)
    return None if is_value(body, start, end) else _unfound(body, start, end)


def _is_told(body: Body, start: int, end: int, words: list[str]) -> bool:
    """Whether the text is a sentence about numbers instead of a value: 'She pays $18 a day', 'not 5'."""
    low, text = body.low, body.text
    if "boxed" in low[start:end] or any(noun in low[start:end] for noun in _SPOKEN_NOUNS):
        return True
    if is_quantity(text, start, end) or text[start] in "$\\([{|":
        return False
    return bool(words) and (words[0] in TELLERS or len(words) >= 4)


def _is_one_block(text: str, start: int, end: int) -> bool:
    """One line, or one formula."""
    if "\n" not in text[start:end]:
        return True
    return (
        math_end(text, start, end) == end
        or "\\begin{" in text[start:end]
        or not text[start:end].strip("0123456789.,- \n")
    )


def _unfound(body: Body, start: int, end: int) -> Reason:
    """Why a text without an answer has none, as far as its words show."""
    words = prose_words(body.text, max(start, end - 300), end)
    raw = body.text[start : body.end].rstrip(BLANK)
    if raw[-1:].isalnum() or raw.endswith(("=", ",", "+", "-", "(", ":")):
        if words and (words[-1] in UNFINISHED or len(words) > _MAX_WORDS or raw[-1] in "=,+-(:"):
            return Reason.TRUNCATED
    if words and words[0] in QUESTION_WORDS and end - start < 400:
        return Reason.RESTATED_QUESTION
    return Reason.NO_ANSWER_FOUND
