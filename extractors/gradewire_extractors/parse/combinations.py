"""Counting symbols as they are taught in different countries: C_{10}^{3}, {}_{10}C_3, {}^{10}P_3, 10C3,
C(10, 3).
"""

from __future__ import annotations

import re

from gradewire_extractors.parse.nodes import Expr, Num, Op, negate

_LETTER = r"(?:\\(?:mathrm|text|operatorname)\{)?([CP])\}?"
_BEFORE = re.compile(r"(?:\{\})?[_^]\{?([0-9]{1,6})\}?\s?(?:\{\})?" + _LETTER + r"\s?_\{?([0-9]{1,6})\}?")
_AFTER = re.compile(_LETTER + r"_\{?([0-9]{1,6})\}?\s?\^\{?([0-9]{1,6})\}?")
_BETWEEN = re.compile(r"_?([0-9]{1,6})\s?" + _LETTER + r"\s?_?\{?([0-9]{1,6})\}?")
_CALLED = re.compile(_LETTER + r"\s?\(\s?([0-9]{1,6})\s?,\s?([0-9]{1,6})\s?\)")


def read_count(text: str) -> Expr | None:
    """The number of combinations or permutations that the whole text names; None if it names none."""
    if "C" not in text and "P" not in text:
        return None
    found = _BEFORE.fullmatch(text) or _BETWEEN.fullmatch(text)
    if found:
        return _count(found[2], int(found[1]), int(found[3]))
    found = _AFTER.fullmatch(text) or _CALLED.fullmatch(text)
    return _count(found[1], int(found[2]), int(found[3])) if found else None


def _count(letter: str, top: int, bottom: int) -> Expr | None:
    if bottom > top:
        return None
    n, k = Num(top), Num(bottom)
    if letter == "C":
        return Op("binom", (n, k))
    return Op("div", (Op("fact", (n,)), Op("fact", (Op("add", (n, negate(k))),))))
