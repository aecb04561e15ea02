"""Blank out what no reader of a response sees as it is written: comments, and text of overridden direction.

Positions stay those of the original. An answer that only a parser can find is none.
"""

import re

_COMMENT_LINE = re.compile(r"^\[(?://|comment)\]:[^\n]*", re.MULTILINE)
_OVERRIDDEN = re.compile("[\u202d\u202e][^\u202c\n]*")
"""It shows 43 where 34 is written."""


def visible(text: str) -> str:
    """The text with what is hidden replaced by blanks, one for each character."""
    if "<!--" in text:
        text = _without_comments(text)
    if "]:" in text:
        text = _COMMENT_LINE.sub(_blanks, text)
    if "\u202e" in text or "\u202d" in text:
        text = _OVERRIDDEN.sub(_blanks, text)
    return text


def _without_comments(text: str) -> str:
    pieces: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        closing = text.find("-->", start)
        stop = closing + len("-->") if closing >= 0 else len(text)
        pieces += (text[at:start], " " * (stop - start))
        at = stop
    return "".join(pieces) + text[at:]


def _blanks(found: re.Match[str]) -> str:
    return " " * len(found[0])
