r"""Match braces and math delimiters, in one pass over a bounded stretch.

A backslash guards the next character: `\{` opens nothing. Escapes and lengths are the only subtleties here.
"""

from .body import BLANK
from .digits import bounded

MAX_GROUP_CHARS = 10_000


def close_brace(text: str, opening: int, end: int) -> int:
    """Where the brace that opens at `opening` is closed; -1 when it is not within 10,000 characters."""
    end = bounded(text, opening + MAX_GROUP_CHARS, end)
    depth = 0
    i = opening
    while i < end:
        c = text[i]
        if c == "\\":
            i += 1
        elif c == "{":
            depth += 1
        elif c == "}":
            depth -= 1
            if depth == 0:
                return i
        i += 1
    return -1


def is_balanced(text: str, start: int, end: int) -> bool:
    """Whether the braces pair up; of more than 10,000 characters that is not asked, and taken as granted."""
    if end - start > MAX_GROUP_CHARS:
        return True
    depth = 0
    i = start
    while i < end:
        c = text[i]
        if c == "\\":
            i += 1
        elif c == "{":
            depth += 1
        elif c == "}":
            depth -= 1
            if depth < 0:
                return False
        i += 1
    return depth == 0


def skip_blank(text: str, i: int, end: int) -> int:
    """The first position from `i` that is not blank."""
    while i < end and text[i] in BLANK:
        i += 1
    return i


def math_end(text: str, i: int, end: int) -> int:
    r"""Where the math that opens at `i` (`$`, `$$`, `\(`, `\[`, `\begin{`) has ended, or -1 where none opens.

    A dollar sign that is money is no math: '$5 or $6', '$4,500'.
    """
    end = bounded(text, i + MAX_GROUP_CHARS, end)
    if text.startswith("$$", i):
        at = text.find("$$", i + 2, end)
        return at + 2 if at >= 0 else -1
    if text[i] == "$":
        return _dollar_end(text, i, end)
    for opening, closing in ((r"\(", r"\)"), (r"\[", r"\]")):
        if text.startswith(opening, i):
            at = text.find(closing, i + 2, end)
            return at + 2 if at >= 0 else -1
    if text.startswith(r"\begin{", i):
        name_end = text.find("}", i, min(end, i + 40))
        if name_end >= 0:
            closing = r"\end{" + text[i + 7 : name_end + 1]
            at = text.find(closing, name_end, end)
            return at + len(closing) if at >= 0 else -1
    return -1


def _dollar_end(text: str, i: int, end: int) -> int:
    at = text.find("$", i + 1, end)
    while at > 0 and text[at - 1] == "\\":
        at = text.find("$", at + 1, end)
    if at < 0 or "\n\n" in text[i:at]:
        return -1
    opens_tight = text[i + 1] not in BLANK
    closes_loose = text[at - 1] in BLANK
    if opens_tight and text[i + 1].isdigit() and (closes_loose or text[at + 1 : at + 2].isdigit()):
        return -1
    return at + 1
