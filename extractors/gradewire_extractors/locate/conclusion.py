"""A sentence as a conclusion: 'Therefore, x = 5', 'The requested sum is 434', 'In total, it takes 80 hours'.

It must conclude (a cue, or 'the … is' and a value), and hold one value that can be meant.
"""

from .body import BLANK, Body
from .braces import math_end
from .choice import choice_at
from .located import Span
from .tidy import tidy
from .values import has_math, is_numeral, is_quantity, is_value, prose_words, value_at
from .words import CHATTER, CUES, LINK_WORDS, SAYINGS, STORY_WORDS, UNFINISHED, VERBS, WANTED

_NO_SAYING = ("if ", "when ", "suppose", "does ", "is ", "yes,", "no,")
_LEAD = " *_#>-∴⇒"
_PLAIN_OPENINGS = ("the ", "it ", "there ", "this ", "we conclude", "that ")
_BEFORE_OTHERS = frozenset(
    (
        "at",
        "when",
        "for",
        "by",
        "after",
        "in",
        "than",
        "since",
        "with",
        "where",
        "from",
        "on",
        "until",
        "before",
    )
)


def is_chatter(body: Body, start: int, end: int) -> bool:
    """Whether the sentence is courtesy ('Let me know …') or holds no word at all."""
    words = body.low[start : min(end, start + 60)].lstrip(" *_#>-!,;:\n\"'✅🎉😊")
    return words.startswith(CHATTER) or not any(c.isalnum() for c in body.text[start:end])


def has_cue(body: Body, start: int, end: int) -> bool:
    """Whether the sentence says that it concludes."""
    sentence = body.low[start:end].lstrip(_LEAD)
    is_sign = body.text[start:end].lstrip(" *$").startswith(("∴", "⇒", "\\therefore"))
    return is_sign or sentence.startswith(CUES) or any(word in sentence for word in WANTED)


def tells_a_story(body: Body, start: int, end: int) -> bool:
    """Whether the sentence is a question, a condition, a plan, or was cut off."""
    if body.low[start:end].rstrip(BLANK + "*").endswith(("?", "？", "؟", ":", "：")):
        return True
    words = prose_words(body.text, start, end)
    is_cut = bool(words) and words[-1] in UNFINISHED and body.text[end - 1].isalpha()
    return is_cut or not STORY_WORDS.isdisjoint(words)


def concluded(body: Body, start: int, end: int, *, must_conclude: bool) -> Span | None:
    """The value of the sentence; with `must_conclude`, only of one that says so."""
    saying = _saying(body, start, end)
    if saying is not None or tells_a_story(body, start, end):
        return saying
    sentence = body.low[start:end].lstrip(_LEAD)
    cued = has_cue(body, start, end)
    if must_conclude and not cued and not sentence.startswith(_PLAIN_OPENINGS):
        return None
    cue = next((c for c in CUES if sentence.startswith(c)), "")
    begin = start + body.low[start:end].find(cue) + len(cue)
    span = _after_verb(body, begin, end, VERBS if cued else VERBS - {"that"})
    if span is None and (cued or not must_conclude):
        span = _after_joined_link(body, begin, end) or _only_value(body, begin, end)
    if span is None and cued:
        lo, hi = tidy(body.text, begin, end)
        span = (lo, hi) if choice_at(body.text, lo, hi) is not None else None
    return span if span is not None and (has_math(body.text, *span) or leads(body.text, span)) else None


def _saying(body: Body, start: int, end: int) -> Span | None:
    """'no real solutions' in 'Therefore, the equation has no real solutions.'"""
    lo, hi = tidy(body.text, start, end)
    saying = next((words for words in SAYINGS if body.low.endswith(words, lo, hi)), None)
    if saying is None or body.low[lo:hi].startswith(_NO_SAYING):
        return None
    begin = hi - len(saying)
    begin += len(saying) - len(saying.removeprefix("is ").removeprefix("are "))
    return begin, hi


def _after_joined_link(body: Body, start: int, end: int) -> Span | None:
    """'所以，$x$ 的值为 $5$': the value after the last copula of a language that writes no blanks."""
    if body.text.isascii():
        return None
    at, link = max(
        (body.low.rfind(link, start, end), link) for link in ("为", "為", "是", "等于", "等於", "は")
    )
    span = value_at(body.within(body.start, end), at + len(link)) if at >= 0 else None
    return span if span is not None and leads(body.text, span) else None


def _after_verb(body: Body, start: int, end: int, verbs: frozenset[str]) -> Span | None:
    """The value right after the last verb that leads to one."""
    low = body.low
    i, found = start, None
    while i < end:
        if body.text[i] in "$\\":
            closing = math_end(body.text, i, end)
            if closing > 0:
                i = closing
                continue
        if low[i].isalpha() and (i == start or not low[i - 1].isalnum()):
            stop = i
            while stop < end and low[stop].isalpha():
                stop += 1
            if low[i:stop] in LINK_WORDS or low[i:stop] in verbs:
                found = stop
            i = stop
            continue
        i += 1
    if found is None:
        return None
    span = value_at(body.within(body.start, end), found)
    if span is None or not leads(body.text, span):
        return None
    return span


def leads(text: str, span: Span) -> bool:
    """Whether the span opens with a number or a formula, so that it is the verb's object and no clause."""
    start = span[0]
    if text[start - 1 : start] == "$" or text[start - 2 : start] == "\\(":
        return True
    return is_quantity(text, *span) or text[span[0]] in "\\$([{|∞√π±" or _is_relation(text, *span)


def _is_relation(text: str, start: int, end: int) -> bool:
    return any(c in text[start:end] for c in "=<>≤≥∈") and len(prose_words(text, start, end)) <= 1


def _only_value(body: Body, start: int, end: int) -> Span | None:
    """The rest of the sentence where it is a relation ('x = 5'), else its only formula or number."""
    text = body.text
    lo, hi = tidy(text, start, end)
    if lo < hi and _is_relation(text, lo, hi) and is_value(body, lo, hi):
        return lo, hi
    starts: list[int] = []
    i = start
    while i < end:
        closing = math_end(text, i, end) if text[i] in "$\\" else -1
        is_number = is_numeral(text[i]) and not (
            i > start and text[i - 1].isascii() and text[i - 1].isalnum()
        )
        if closing > 0 or is_number:
            starts.append(i)
            while (
                closing < 0
                and i < end
                and (is_numeral(text[i]) or (text[i] in ".,/" and text[i + 1 : i + 2].isdigit()))
            ):
                i += 1
            i = max(i, closing)
        else:
            i += 1
    if len(starts) != 1 or _is_aside(body.low[start : starts[0]]):
        return None
    sign = starts[0] - 1
    begin = sign if sign >= start and text[sign] in "-−+€£¥₹" and not text[sign - 1].isalnum() else starts[0]
    return value_at(body.within(body.start, end), begin)


def _is_aside(before: str) -> bool:
    """Whether the words before a number make it a place, a time or a condition: 'attained at x = 2'."""
    words = before.replace("=", " = ").split()
    while words and (words[-1] == "=" or len(words[-1]) == 1):
        words.pop()
    return bool(words) and words[-1] in _BEFORE_OTHERS
