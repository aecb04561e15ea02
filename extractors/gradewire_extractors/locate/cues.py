"""Which word begins a concluding sentence, if one does: 'therefore', 'also', '因此'."""

from .words import CUES

_BY_FIRST = {first: tuple(cue for cue in CUES if cue[0] == first) for first in {cue[0] for cue in CUES}}


def cue_at(low: str, start: int, end: int) -> str:
    """The cue at `start`, the first that is listed; empty where none stands there."""
    for cue in _BY_FIRST.get(low[start : start + 1], ()):
        if low.startswith(cue, start, end):
            return cue
    return ""
