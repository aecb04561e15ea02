"""What needs no model: a response that is empty, or that has no content to compare with a reference.

These are decided here for every card, because judge models give single symbols and reasoning openers
positive verdicts (Zhao et al. 2025, "One Token to Fool LLM-as-a-Judge", arXiv 2507.08794). Never decides in
a response's favour, but against an empty one; what it cannot decide is left to the model.
"""

import re
import unicodedata
from importlib import resources
from typing import Literal

from gradewire_judges.request import JudgeRequest
from gradewire_judges.visible import is_blank

Decision = Literal["empty_response", "degenerate_response", "empty_response_b"]

_FIRST = 100
"""Characters that are looked at one by one; of more, which ones there are is found out first."""

_LONGEST_FILLER = 4000
"""Characters. A response beyond it repeats itself, or is the model's to judge."""

_LINES = [
    line
    for line in (resources.files("gradewire_judges") / "fillers.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
_FILLERS = frozenset(tuple(line.split()) for line in _LINES if not line.endswith(","))
_ANNOUNCEMENTS = _FILLERS | frozenset(tuple(line[:-1].split()) for line in _LINES if line.endswith(","))
"""With what is a filler only where the response breaks off: 'First' may be an answer, 'First,' is none."""

_LONGEST_PHRASE = max(map(len, _ANNOUNCEMENTS))
_BREAKS_OFF = re.compile(r"(?:[,:;\u2026\u3001\uff0c\uff1a\u060c]|\.\.\.)[\s*_#)\]]*\Z")
_SHELL = re.compile(r"\\(?:boxed|fbox|text)\b|</?(?:think|thinking|answer|reasoning|solution)>", re.IGNORECASE)
"""What only wraps an answer."""


def decide(request: JudgeRequest) -> Decision | None:
    """Decide without a model, or None. Time is linear in the response, and a few milliseconds.

    `empty_response_b` says of a pair that only the other response is empty; the others say that this one is to blame.
    """
    if is_blank(request.response):
        return "empty_response"
    other_is_empty = request.response_b is not None and is_blank(request.response_b)
    return _without_content(request) or ("empty_response_b" if other_is_empty else None)


def _without_content(request: JudgeRequest) -> Decision | None:
    if request.reference is None or not has_content(request.reference):
        return None
    if len(request.response) > _LONGEST_FILLER and not has_content(request.response):
        return "degenerate_response"
    told = _told(request.response)
    if told is None:
        return None
    said = _words(_SHELL.sub(" ", told))
    if not said:
        return "degenerate_response"
    if _contains(said, _words(request.reference[:_LONGEST_FILLER])):
        return None
    fillers = _ANNOUNCEMENTS if _BREAKS_OFF.search(request.response) else _FILLERS
    return "degenerate_response" if _only_fillers(said, fillers) else None


def _told(response: str) -> str | None:
    """The response, or its beginning where the rest says the same words again; None where it is long and says more."""
    if len(response) <= _LONGEST_FILLER:
        return response
    words = response[:_LONGEST_FILLER].split()[:-1]  # the last one may be cut
    return " ".join(words) if set(response.split()) <= set(words) else None


def has_content(text: str) -> bool:
    """Whether there is a letter, a digit or a mathematical sign beyond ASCII: ∞ is an answer, `:` and → are not."""
    return any(map(_is_content, text[:_FIRST])) or any(map(_is_content, set(text[_FIRST:])))


def _is_content(character: str) -> bool:
    if character.isalnum():
        return True
    sign = not character.isascii() and unicodedata.category(character) == "Sm"
    return sign and "ARROW" not in unicodedata.name(character, "")


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFC", text).casefold()
    # Marks (Mn, Mc) belong to the words of many scripts, and are no letters to Python.
    kept = (c if _is_content(c) or unicodedata.category(c) in ("Mn", "Mc") else " " for c in folded)
    return [word for word in "".join(kept).split() if has_content(word)]


def _contains(words: list[str], wanted: list[str]) -> bool:
    """Whether `wanted` stands in `words` as it is. A filler that is the right answer is no filler."""
    return bool(wanted) and any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))


def _only_fillers(words: list[str], fillers: frozenset[tuple[str, ...]]) -> bool:
    """Whether `words` can be read as fillers from end to end."""
    reachable = [True] + [False] * len(words)
    for end in range(1, len(words) + 1):
        first = max(0, end - _LONGEST_PHRASE)
        reachable[end] = any(reachable[at] and tuple(words[at:end]) in fillers for at in range(first, end))
    return reachable[-1]
