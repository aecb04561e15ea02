"""A choice letter that a sentence picks out in its own words: 'A is correct', 'It must be B', 'so C'.

The letter stands at the beginning or the end of the last clause, and nothing beside it can be meant.
"""

from .body import Body
from .choice import LETTERS
from .located import Span
from .tidy import tidy
from .values import prose_words
from .words import CUES, STORY_WORDS

_PRAISED = tuple(
    f" is {praise}"
    for praise in (
        "correct",
        "right",
        "the correct",
        "the right",
        "the best",
        "the answer",
        "the only correct",
    )
)
_POINTERS = (
    "it must be",
    "it is",
    "it's",
    "it has to be",
    "it should be",
    "that leaves",
    "leaving",
    "this leaves",
    "richtig ist",
    "richtig ist antwort",
    "richtig ist option",
    "la correcta es",
    "es correcta la",
)
_NAMERS = ("the letter ", "the correct ", "the right ", "the best ", "the only correct ", "the true ")
_MARKS = "()*[]"


def chosen_letter(body: Body, start: int, end: int) -> Span | None:
    """The letter that the last clause of the sentence chooses, None when it chooses none."""
    lo, hi = tidy(body.text, start, end)
    lo = max(lo, body.text.rfind(", ", lo, hi) + 2 if ", " in body.text[lo:hi] else lo)
    low = body.low[lo:hi]
    cue = next((cue for cue in CUES if low.startswith(cue)), "")
    lo += len(cue)
    while lo < hi and body.text[lo] in " ,*_":
        lo += 1
    low = body.low[lo:hi]
    if not (STORY_WORDS - {"must"}).isdisjoint(prose_words(body.text, lo, hi)):
        return None
    if low.startswith("only "):
        lo += 5
        low = low[5:]
    first = low.split(" ", 1)[0]
    if _is_letter(body, lo, lo + len(first)) and low.startswith(_PRAISED, len(first)):
        return lo, lo + len(first)
    last = low.rsplit(" ", 1)[-1]
    before = low[: len(low) - len(last)].rstrip()
    points = before in _POINTERS or (bool(cue) and not before)
    names = before.startswith(_NAMERS) and before.endswith(" is")
    if (points or names) and _is_letter(body, hi - len(last), hi):
        return hi - len(last), hi
    return None


def _is_letter(body: Body, start: int, end: int) -> bool:
    word = body.text[start:end].strip(_MARKS)
    return len(word) == 1 and word in LETTERS
