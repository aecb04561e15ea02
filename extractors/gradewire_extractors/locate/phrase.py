"""Anchored phrases: 'the final answer is 5', 'Answer: 5', '答案是 5', 'La respuesta es 5'.

A noun names the answer, a link leads to the value. The last claim counts unless it is denied, asked or
taken back.
"""

from .announce import announced
from .body import Body
from .located import Located, Method, Reason, Span, nowhere
from .offer import offer
from .words import ASCII_NOUNS, CORRECTIONS, OTHER_NOUNS, RETRACTIONS

_MAX_ANCHORS = 48
_MAX_CLAIMS = 4
_MAX_RIVAL_GAP = 200


def phrase(body: Body) -> Located | None:
    """The last claim made in words; hedged where neighbouring claims differ without a correction."""
    claims: list[tuple[int, Span]] = []
    for at, noun in _anchors(body)[:_MAX_ANCHORS]:
        span = announced(body, at, noun)
        if span is None or (claims and span[1] > claims[-1][0]):
            continue
        if not claims and _is_retracted(body, span[1]):
            return nowhere(Reason.RETRACTED)
        claims.append((at, span))
        if len(claims) == _MAX_CLAIMS:
            break
    if not claims:
        return None
    return offer(body, claims[0][1], Method.PHRASE, Reason.ANSWER_PHRASE, rivals=_rivals(body, claims))


def _anchors(body: Body) -> list[tuple[int, str]]:
    """Positions of answer nouns, last first: a bounded number of each."""
    low = body.low
    nouns = ASCII_NOUNS if body.text.isascii() else ASCII_NOUNS + OTHER_NOUNS
    found: list[tuple[int, str]] = []
    for noun in nouns:
        if low.find(noun, body.start, body.end) < 0:
            continue  # searching forwards is far quicker, and most nouns are absent
        at = low.rfind(noun, body.start, body.end)
        for _ in range(_MAX_ANCHORS):
            if at < 0:
                break
            found.append((at, noun))
            at = low.rfind(noun, body.start, at)
    found.sort(reverse=True)
    return found


def _is_retracted(body: Body, i: int) -> bool:
    """Whether the next words take the claim back."""
    after = body.low[i : i + 60].lstrip(" .,;:!*$)\\]\n。，")
    return after.startswith(RETRACTIONS)


def _rivals(body: Body, claims: list[tuple[int, Span]]) -> tuple[Span, ...]:
    """Earlier claims of other values that nothing between corrects, and the last claim itself, in order."""
    values = [body.text[lo:hi] for _, (lo, hi) in claims]
    rivals = [claims[0][1]]
    for k in range(1, len(claims)):
        between = body.low[claims[k][1][1] : claims[k - 1][0]]
        if (
            values[k] in values[:k]
            or len(between) > _MAX_RIVAL_GAP
            or any(word in between for word in CORRECTIONS)
        ):
            break
        if len(between.split()) <= 4 or k >= 2:
            rivals.append(claims[k][1])
    return tuple(sorted(rivals)) if len(rivals) > 1 else ()
