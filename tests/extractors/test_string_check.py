"""Two texts, letter by letter."""

import pytest

from gradewire_extractors.string_check import StringOperation, string_check


@pytest.mark.parametrize(
    ("operation", "text", "reference", "holds"),
    [
        ("eq", "Paris", "Paris", True),
        ("eq", "Paris", "paris", False),
        ("eq", "Paris ", "Paris", False),
        ("ne", "Paris", "Rome", True),
        ("neq", "Paris", "Paris", False),
        ("like", "It is Paris.", "Paris", True),
        ("like", "It is paris.", "Paris", False),
        ("like", "Paris", "It is Paris.", False),
        ("like", "100 %", "%", True),
        ("like", "Paris", "P%", False),
        ("ilike", "IT IS PARIS", "paris", True),
        ("ilike", "STRASSE", "straße", True),
        ("ilike", "Rome", "paris", False),
        ("like", "Rome", "", True),
    ],
)
def test_operations(operation: StringOperation, text: str, reference: str, holds: bool) -> None:
    assert string_check(text, reference, operation) is holds
