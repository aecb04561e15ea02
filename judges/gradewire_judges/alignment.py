"""Where in a text as it was sent the characters stand that the judge was shown.

Escapes make characters longer and normalisation joins some of them, each within a base character and its marks: so
the text is gone through in such clusters, and what was shown is built again from them.
"""

from unicodedata import combining

from gradewire_judges.encoding import Encoder
from gradewire_judges.visible import escape, shown_characters

_JAMO = range(0x1160, 0x1200)
"""Hangul vowels and finals, which compose with what stands before them and are no marks."""


def align(sent: str, shown: str, encoder: Encoder) -> list[tuple[int, int]] | None:
    """For each character of `shown` the half-open range of `sent` that it comes from; None if they do not fit.

    Args:
        sent: the text, or the part of it that was shown.
        shown: what its token ids decode to.
        encoder: that made them.
    """
    clusters: list[tuple[str, int, int]] = []
    for place, (character, seen) in enumerate(zip(sent, shown_characters(sent, encoder.carries), strict=True)):
        if clusters and seen == character and (combining(character) or ord(character) in _JAMO):
            text, start, _ = clusters.pop()
            clusters.append((text + seen, start, place + 1))
        else:
            clusters.append((seen, place, place + 1))
    for rewrite in (encoder.normalise, lambda text: _legible(encoder.normalise(text), encoder)):
        pieces = [(text if text.isascii() else rewrite(text), start, end) for text, start, end in clusters]
        if "".join(text for text, _, _ in pieces) == shown:
            return [(start, end) for text, start, end in pieces for _ in text]
    return None


def _legible(text: str, encoder: Encoder) -> str:
    return "".join(character if encoder.carries(character) else escape(character) for character in text)
