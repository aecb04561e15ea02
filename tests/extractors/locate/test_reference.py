"""References are answers already; some are boxed, marked, or a whole worked solution."""

import pytest

from gradewire_extractors.locate import locate_reference

REFERENCES = [
    ("42", "42"),
    ("  42\n", "42"),
    ("$42$", "42"),
    (r"\(x=3\)", "x=3"),
    (r"\boxed{\frac{1}{2}}", r"\frac{1}{2}"),
    (r"We add 3 and 4. The sum is $\boxed{7}$.", "7"),
    ("She has 3+4=7 cards.\n#### 7", "7"),
    ("#### 1,234", "1,234"),
    ("<answer>5</answer>", "5"),
    ("B) Paris", "B) Paris"),
    ("(B)", "(B)"),
    ("3 or 4", "3 or 4"),
    ("a = 2, b = 3", "a = 2, b = 3"),
    ("33 percentage points", "33 percentage points"),
    ("Marie Curie", "Marie Curie"),
    ("What is love?", "What is love?"),
    ("5.", "5"),
    ("0.333...", "0.333..."),
    ("{1, 2}", "{1, 2}"),
    (r"\{1,2\}", r"\{1,2\}"),
    (r"$[3, 1)$", "[3, 1)"),
    ("", None),
    (" \n ", None),
    ("...", "..."),
]


@pytest.mark.parametrize(("reference", "text"), REFERENCES)
def test_references(reference: str, text: str | None) -> None:
    found = locate_reference(reference)
    assert found.text == text
    if text is not None:
        assert reference[found.start : found.end] == text


def test_a_reference_with_alternatives_says_so() -> None:
    assert locate_reference("3 or 4").hedged
