"""Anchored phrases: 'the final answer is 5', 'Answer: 5', '答案是 5', 'La respuesta es 5', '**Final Answer**' and a line below.

A noun names the answer, a link leads to the value. The last claim counts unless it is denied, asked or taken back.
"""

from .body import BLANK, Body
from .located import Located, Method, Reason, Span, nowhere
from .offer import offer
from .values import has_math, is_quantity, value_at
from .words import (
    ASCII_NOUNS,
    BLOCKERS,
    CORRECTIONS,
    JOINED_LINKS,
    LINK_SYMBOLS,
    LINK_WORDS,
    OTHER_NOUNS,
    RETRACTIONS,
)

_MAX_ANCHORS = 48
_MAX_CLAIMS = 4
_MAX_BETWEEN = 90
_CHOICE_NOUNS = ("option", "choice")
_INVERTED = (
    "is",
    "is the",
    "is our",
    "ist das",
    "ist die",
    "lautet die",
    "lautet das",
    "es la",
    "es el",
    "est la",
    "est le",
)


def phrase(body: Body) -> Located | None:
    """The last claim made in words; hedged where neighbouring claims differ without a correction."""
    claims: list[tuple[int, Span]] = []
    tried = 0
    for at, noun in _anchors(body):
        tried += 1
        if tried > _MAX_ANCHORS or len(claims) >= _MAX_CLAIMS:
            break
        span = _claim(body, at, noun)
        if span is None or (claims and span[1] > claims[-1][0]):
            continue
        if not claims and _is_retracted(body, span[1]):
            return nowhere(Reason.RETRACTED)
        claims.append((at, span))
    if not claims:
        return None
    others = _rivals(body, claims)
    return offer(body, claims[0][1], Method.PHRASE, Reason.ANSWER_PHRASE, rivals=others)


def _anchors(body: Body) -> "list[tuple[int, str]]":
    """Positions of answer nouns, last first: a bounded number of each."""
    low = body.low
    nouns = ASCII_NOUNS if body.text.isascii() else ASCII_NOUNS + OTHER_NOUNS
    found: list[tuple[int, str]] = []
    for noun in nouns:
        at = low.rfind(noun, body.start, body.end)
        for _ in range(_MAX_ANCHORS):
            if at < 0:
                break
            found.append((at, noun))
            at = low.rfind(noun, body.start, at)
    found.sort(reverse=True)
    return found


def _claim(body: Body, at: int, noun: str) -> Span | None:
    """The value that the noun at `at` announces."""
    low, end = body.low, body.end
    if noun.isascii() and at > body.start and low[at - 1].isalpha():
        return None
    if _is_denied(body, at):
        return None
    i = at + len(noun)
    if noun.endswith(("：", ":")) or noun in (
        "答えは",
        "답은",
        "故选",
        "故選",
        "应选",
        "應選",
        "因此选",
        "所以选",
        "选择",
    ):
        return value_at(body, i)
    if low.startswith("(s)", i):
        i += 3
    while i < end and low[i].isalpha() and noun.isascii():
        i += 1  # plurals and cases
    link = _link_end(body, i, noun)
    if link >= 0:
        return value_at(body, link)
    return _direct(body, at, i)


def _is_denied(body: Body, at: int) -> bool:
    """'if the answer', 'not the answer', 'the wrong answer', 'a previous result'."""
    before = body.low[max(body.start, at - 40) : at]
    for stop in ".!?:;\n。！？":
        before = before[before.rfind(stop) + 1 :]
    words = before.replace(",", " ").split()
    return any(word in BLOCKERS for word in words[-4:])


def _link_end(body: Body, i: int, noun: str) -> int:
    """The position after the link, or -1 when the noun leads to no value."""
    low, end = body.low, min(body.end, i + _MAX_BETWEEN)
    while i < end and low[i] in '*_`"”’») ]':
        i += 1
    for symbol in LINK_SYMBOLS:
        if low.startswith(symbol, i):
            return i + len(symbol)
    if (i < end and low[i] == "\n") or (i < end and low[i] in BLANK and not low[i:end].strip(BLANK)):
        return i if _is_heading(body, i) else -1
    if not noun.isascii():
        for link in JOINED_LINKS:
            at = low.find(link, i, i + 6)
            if at >= 0 and "不" not in low[i:at]:
                return at + len(link)
    for _ in range(12):
        while i < end and low[i] in " ,*":
            i += 1
        start = i
        while i < end and low[i] not in " ,:：=\n.?!。*$\\(":
            i += 1
        word = low[start:i]
        if word in BLOCKERS:
            return -1
        if word in LINK_WORDS:
            return -1 if low[i : i + 5].strip(" ").startswith("not ") else i
        if start < end and low[start] in ":：=":
            return start + 1
        if i >= end or low[i] in "\n.?!。" or start == i:
            return -1
    return -1


def _is_heading(body: Body, i: int) -> bool:
    """Whether the line that ends at `i` is a heading such as '**Final Answer**' or '## Answer'."""
    line = (
        body.text[body.text.rfind("\n", body.start, i) + 1 : i]
        if "\n" in body.text[body.start : i]
        else body.text[body.start : i]
    )
    return len(line.split()) <= 5


def _direct(body: Body, at: int, i: int) -> Span | None:
    """A value right after the noun: 'Final answer 5', 'option C', 'Also ist das Ergebnis $x = 13$', 'उत्तर 56 है'."""
    low, text = body.low, body.text
    if text[i : i + 1] not in (" ", "(", "（", "\u3000"):
        return None
    before = low[max(body.start, at - 24) : at].rstrip()
    strong = (
        before.endswith(("final", "correct", *_INVERTED))
        or not low[at].isascii()
        or low.startswith(_CHOICE_NOUNS, at)
    )
    span = value_at(body, i)
    if span is None or not strong or span[0] - i > 4:
        return None
    if low.startswith(_CHOICE_NOUNS, at):
        letter = text[span[0] : span[1]].strip("()[]")
        return span if len(letter) == 1 and letter.isupper() else None
    return span if is_quantity(text, *span) or has_math(text, *span) else None


def _is_retracted(body: Body, i: int) -> bool:
    """Whether the next words take the claim back."""
    after = body.low[i : i + 60].lstrip(" .,;:!*$)\\]\n。，")
    return after.startswith(RETRACTIONS)


def _rivals(body: Body, claims: list[tuple[int, Span]]) -> tuple[Span, ...]:
    """Earlier claims of other values that nothing between them corrects, in order, with the last claim itself."""
    values = [body.text[lo:hi] for _, (lo, hi) in claims]
    rivals = [claims[0][1]]
    for k in range(1, len(claims)):
        between = body.low[claims[k][1][1] : claims[k - 1][0]]
        if values[k] in values[:k] or len(between) > 200 or any(word in between for word in CORRECTIONS):
            break
        if len(between.split()) <= 4 or k >= 2:
            rivals.append(claims[k][1])
    return tuple(sorted(rivals)) if len(rivals) > 1 else ()
