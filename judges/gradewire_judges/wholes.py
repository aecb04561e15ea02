"""Where an extracted piece may begin and end: not inside a number, a word, or a character.

A judge that points at the 5 of 15, of -5 or of 0.5 corrects the response rather than finding its answer, and a rule
would then call it right. So a number is taken with its sign, its separators, its unit and its percent sign, or not at
all. Scripts that put no spaces between words are cut anywhere.
"""

from collections.abc import Callable, Sequence
from unicodedata import category

_LETTERS = ("Lu", "Ll", "Lt", "Lm", "Mn", "Mc", "Me")
"""Of scripts with spaces, and marks of any. Lo has those of Chinese, Japanese, Thai …"""

_BETWEEN_DIGITS = frozenset(".,:\u066b\u066c")
_BETWEEN_ANY = frozenset("/^_'’")
_SIGNS = frozenset("-−+±–")
_AFTER_DIGITS = frozenset("%‰")
_LONGEST = 16
"""Ids that one character may take, and what is stuck to it. Beyond them the text's own U+FFFD hide where ids stand."""


def cuts(text: str, at: int) -> bool:
    """Whether the place before `text[at]` lies inside a number or a word. Its ends never do."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if _is_word(before) and _is_word(after):
        return True
    following, preceding = text[at + 1 : at + 2], text[at - 2 : at - 1]
    if after in _AFTER_DIGITS or (after == "\\" and following == "%"):
        return before.isdigit() or before == "\\"
    if _joins(before, after, following) or _joins(preceding, before, after):
        return True
    if before == "." and after.isdigit():  # .5
        return True
    signed = before in _SIGNS and (_is_word(after) or (after in ".\\" and following.isalnum()))
    return signed and not _is_word(preceding)


def offsets(ids: Sequence[int], text: str, decode: Callable[[list[int]], str]) -> list[int | None]:
    """For each place between ids, both ends included, where it stands in `text`; None inside a character.

    Args:
        ids: of data.
        text: what they decode to.
        decode: ids to text.
    """
    alone: dict[int, str] = {}
    places: list[int | None] = [0]
    at, open_ids = 0, list[int]()
    for id_ in ids:
        open_ids.append(id_)
        if len(open_ids) == 1:
            piece = alone[id_] if id_ in alone else alone.setdefault(id_, decode([id_]))
        else:
            piece = decode(open_ids) if len(open_ids) <= _LONGEST else ""
        # Bytes that are not whole decode to U+FFFD, which may stand in the text as well: it is closed by what follows.
        if piece and text.startswith(piece, at) and not piece.endswith("\ufffd"):
            at += len(piece)
            places.append(at)
            open_ids = []
        else:
            places.append(None)
    return places


def may_bound(ids: Sequence[int], text: str, decode: Callable[[list[int]], str]) -> frozenset[int]:
    """The places between ids where an extracted piece may begin or end. Both ends are among them."""
    found = {place for place, at in enumerate(offsets(ids, text, decode)) if at is not None and not cuts(text, at)}
    return frozenset({0, len(ids), *found})


def _joins(left: str, sign: str, right: str) -> bool:
    """Whether the sign is part of the number or word that it stands in: 0.5, x/2, it's, 3-5, f(x)-1."""
    if sign in _BETWEEN_DIGITS:
        return left.isdigit() and right.isdigit()
    if sign in _SIGNS:
        return (_is_word(left) or left == ")") and right.isdigit()
    return sign in _BETWEEN_ANY and left.isalnum() and right.isalnum()


def _is_word(character: str) -> bool:
    return character.isdigit() or (character != "" and category(character) in _LETTERS)
