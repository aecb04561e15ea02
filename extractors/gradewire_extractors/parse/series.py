r"""Sets, tuples, lists and matrices of plain numbers, read without the grammar: `\{1, 2\}`, `(3, -4)`, `2, 5`.

Only the forms in which the grammar finds the same; anything else is left to it. Separators have a blank behind
the comma, since 1,234 is one number.
"""

from __future__ import annotations

import re

from gradewire_extractors.parse.limits import MAX_ITEMS
from gradewire_extractors.parse.numerals import read
from gradewire_extractors.parse.types import Answer, List, Matrix, Number, Set, Tuple

_NUMBER = r"-?(?:[0-9]{1,40}(?:/[0-9]{1,40})?|\\[dt]?frac\{-?[0-9]{1,40}\}\{[0-9]{1,40}\})"
_ENTRY = re.compile(_NUMBER)
_SERIES = re.compile(rf"{_NUMBER}(?:, {_NUMBER})*")
_SETS = (("\\{", "\\}"), ("\\left\\{", "\\right\\}"))
_MATRICES = tuple((f"\\begin{{{name}matrix}}", f"\\end{{{name}matrix}}") for name in "pb")


def read_series(text: str) -> Answer | None:
    """The set, tuple, list or matrix of numbers that the text is; None where it is none, or not plainly one."""
    first = text[0]
    if first == "\\":
        for opening, closing in _SETS:
            if text.startswith(opening) and text.endswith(closing):
                members = _numbers(text[len(opening) : -len(closing)].strip(" "))
                return Set(members) if members else None
        for opening, closing in _MATRICES:
            if text.startswith(opening) and text.endswith(closing):
                return _matrix(text[len(opening) : -len(closing)])
    if ", " not in text:
        return None
    if first == "(" and text[-1] == ")":
        members = _numbers(text[1:-1])
        return Tuple(members) if members and len(members) > 1 else None
    members = _numbers(text)
    return List(members) if members and len(members) > 1 else None


def _numbers(text: str) -> tuple[Number, ...] | None:
    if _SERIES.fullmatch(text) is None:
        return None
    found = [read(part) for part in text.split(", ")]
    numbers = tuple(number for number in found if isinstance(number, Number))
    return numbers if len(numbers) == len(found) <= MAX_ITEMS else None


def _matrix(text: str) -> Matrix | None:
    rows: list[tuple[Number, ...]] = []
    for line in text.split("\\\\"):
        row: list[Number] = []
        for cell in line.split("&"):
            entry = cell.strip(" ")
            number = read(entry) if _ENTRY.fullmatch(entry) else None
            if not isinstance(number, Number):
                return None
            row.append(number)
        rows.append(tuple(row))
    if len({len(row) for row in rows}) != 1 or len(rows) * len(rows[0]) > MAX_ITEMS:
        return None
    return Matrix(tuple(rows))
