"""MBPP and MBPP+: `test_list`, plain assertions that call the program by name; in the plus form `test`, a program.

`test_setup_code` and `test_imports` go before them. MBPP+ tests import numpy.
"""

from collections.abc import Mapping
from typing import Any

from ..errors import InvalidRequest
from .converted import Converted, row_of


def claims(row: Mapping[str, Any]) -> bool:
    """Whether a row is of these data sets."""
    return "test_list" in row


def load(row: Mapping[str, Any]) -> Converted:
    """See `datasets.convert`."""
    plus = row.get("test")
    if isinstance(plus, str) and plus.strip():
        return Converted(row_of(row, "assert", {"test_code": plus}), {"tests": "test"})
    before = _lines(row, "test_imports")
    if isinstance(row.get("test_setup_code"), str):
        before.append(row["test_setup_code"])
    tests = _lines(row, "test_list")
    if not tests:
        raise InvalidRequest("test_list", "has no tests")
    code = "\n".join([*before, *tests, ""])
    return Converted(row_of(row, "assert", {"test_code": code}), {"tests": "test_list"})


def _lines(row: Mapping[str, Any], name: str) -> list[str]:
    lines = row.get(name) or []
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise InvalidRequest(name, "must be a list of texts")
    return list(lines)
