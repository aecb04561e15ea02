"""Numbers set beside each other by a sign that joins nothing: `3 | 4`, `3 \\mid 4`, `12 vs 13`, `1 … 9`, `1 2 3`.

They are several values, whatever the sign was meant to say. What the grammar reads is never asked here.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from gradewire_extractors.parse.numerals import read
from gradewire_extractors.parse.types import Answer, List, Quantity, Tuple
from gradewire_extractors.parse.units import known_unit

_MAX_CHARS = 2_000
_BESIDE = re.compile(
    r"\\text\{\s?(?:vs\.?|versus|till|through|o|u|ou|oder|或|och)\s?\}"
    r"|\\(?:mid|to|rightarrow|Rightarrow|Leftrightarrow|iff|backslash|[lc]?dots|q?quad)(?![a-zA-Z])"
    r"|\\\\|\\[,;: ]|\.\.+|…|[|/~→↔⇔或か]|이나\s?|\s(?:vs\.?|versus|to|o|u|ou|oder)\s|\s"
)


_PLACED = re.compile(r"(\(.*\)|\\left\s?\(.*\\right\s?\))(?:\s|\\[,;: ])*([^()]{1,60})")
"""Coordinates, and what stands behind them."""


def read_placed(plain: str, read_part: Callable[[str], Answer]) -> Quantity | None:
    """A tuple with the unit of its members, `(1, 2) cm`; None where it is something else."""
    found = _PLACED.fullmatch(plain) if len(plain) <= _MAX_CHARS else None
    unit = known_unit(found[2]) if found is not None else None
    inner = read_part(found[1]) if found is not None and unit is not None else None
    return Quantity(inner, unit) if isinstance(inner, Tuple) and unit is not None else None


def read_beside(plain: str) -> List | None:
    """The numbers of the text as alternatives; None where a part is no number, or there is only one."""
    if len(plain) > _MAX_CHARS:
        return None
    parts = [part.strip(" ,;") for part in _BESIDE.split(plain)]
    found = [read(part) for part in parts if part]
    numbers = tuple(number for number in found if number is not None)
    if len(numbers) < 2 or len(numbers) < len(found):
        return None
    return List(numbers, alternative=True)
