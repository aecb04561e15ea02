"""The last sentence as a conclusion: 'Therefore, x = 5', 'The requested sum is therefore 434', 'In conclusion, it takes 80 hours'.

It must conclude (a cue, or 'the … is' and a value), and hold one value that can be meant. Otherwise it says nothing.
"""

from .body import Body
from .braces import math_end
from .located import Located, Method, Reason, Span
from .offer import offer
from .sentences import last_sentences
from .tidy import tidy
from .values import has_math, is_quantity, is_value, prose_words, value_at
from .words import CHATTER, CUES, LINK_WORDS, STORY_WORDS, UNFINISHED, VERBS, WANTED

_MAX_CHATTER = 4


def conclusion(body: Body) -> Located | None:
    """The value that the last sentence concludes with."""
    sentences = last_sentences(body.text, body.start, body.end, _MAX_CHATTER)
    for start, end in sentences:
        if _is_chatter(body, start, end):
            continue
        span = concluded(body, start, end, must_conclude=True)
        return offer(body, span, Method.PHRASE, Reason.CONCLUSION) if span is not None else None
    return None


def _is_chatter(body: Body, start: int, end: int) -> bool:
    words = body.low[start : min(end, start + 60)].lstrip(" *_#>-!,;:\n\"'✅🎉😊")
    return words.startswith(CHATTER) or not any(c.isalnum() for c in body.text[start:end])


def concluded(body: Body, start: int, end: int, *, must_conclude: bool) -> Span | None:
    """The value of the sentence; with `must_conclude`, only of one that says so."""
    text, low = body.text, body.low
    if text[end - 1] in "?？؟:：" or low[start:end].rstrip(" *").endswith(("?", "？", "؟", ":", "：")):
        return None
    sentence = low[start:end].lstrip(" *_#>-∴⇒")
    words = prose_words(text, start, end)
    cue = next((c for c in CUES if sentence.startswith(c)), "")
    cued = (
        bool(cue)
        or any(w in sentence for w in WANTED)
        or text[start:end].lstrip(" *$").startswith(("∴", "⇒", "\\therefore"))
    )
    if STORY_WORDS.intersection(words) or (words and words[-1] in UNFINISHED and text[end - 1].isalpha()):
        return None
    if must_conclude and not cued and not sentence.startswith(("the ", "it ", "there ", "this ", "we ", "that ")):
        return None
    begin = start + low[start:end].find(cue) + len(cue) if cue else start
    span = _after_verb(body, begin, end) or (_only_value(body, begin, end) if cued or not must_conclude else None)
    if span is None or not has_math(text, *span):
        return None
    return span


def _after_verb(body: Body, start: int, end: int) -> Span | None:
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
            if low[i:stop] in LINK_WORDS or low[i:stop] in VERBS:
                found = stop
            i = stop
            continue
        i += 1
    if found is None:
        return None
    span = value_at(body.within(body.start, end), found)
    if span is None or not _leads(body.text, span):
        return None
    return span


def _leads(text: str, span: Span) -> bool:
    """Whether the span opens with a number or a formula, so that it is the verb's object and no clause."""
    return is_quantity(text, *span) or text[span[0]] in "\\$([{|∞√π±" or _is_relation(text, *span)


def _is_relation(text: str, start: int, end: int) -> bool:
    return any(c in text[start:end] for c in "=<>≤≥∈") and len(prose_words(text, start, end)) <= 1


def _only_value(body: Body, start: int, end: int) -> Span | None:
    """The rest of the sentence where it is a relation ('x = 5'), else its only formula or number, with its noun."""
    text = body.text
    lo, hi = tidy(text, start, end)
    if lo < hi and _is_relation(text, lo, hi) and is_value(body, lo, hi):
        return lo, hi
    starts: list[int] = []
    i = start
    while i < end:
        closing = math_end(text, i, end) if text[i] in "$\\" else -1
        is_number = text[i].isnumeric() and (i == start or not text[i - 1].isalnum())
        if closing > 0 or is_number:
            starts.append(i)
            while (
                closing < 0
                and i < end
                and (text[i].isnumeric() or (text[i] in ".,/" and text[i + 1 : i + 2].isnumeric()))
            ):
                i += 1
            i = max(i, closing)
        else:
            i += 1
    if len(starts) != 1:
        return None
    sign = starts[0] - 1
    begin = sign if sign >= start and text[sign] in "-−+€£¥₹" and not text[sign - 1].isalnum() else starts[0]
    return value_at(body.within(body.start, end), begin)
