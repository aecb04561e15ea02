"""Responses that are nothing but their answer."""

import pytest

from gradewire_extractors.locate import locate

BARE = [
    ("5", "5"),
    (" 5 ", "5"),
    ("5.", "5"),
    ("$5$", "5"),
    ("**5**", "5"),
    ("x = 5", "x = 5"),
    (r"\[x=5\]", "x=5"),
    ("$$\nx = 5\n$$", "x = 5"),
    ("```\n5\n```", "5"),
    ("`5`", "5"),
    ("Paris", "Paris"),
    ("Paris.", "Paris"),
    ("The Great Gatsby", "The Great Gatsby"),
    ("B.", "B"),
    ("(B)", "(B)"),
    ("B) Paris", "B) Paris"),
    ("b", "b"),
    ("C. Because x", "C. Because x"),
    ("5!", "5!"),
    ("n!", "n!"),
    ("Yes!", "Yes"),
    ("= 5", "5"),
    ("1/2", "1/2"),
    ("no real solutions", "no real solutions"),
    ("-5", "-5"),
    ("3, 4, 5, 6, 7, 8", "3, 4, 5, 6, 7, 8"),
    ("\ufeff5\u200b", "5"),
    ("5\x00", "5"),
    ("[1, 2]", "[1, 2]"),
    ("(1, 2)", "(1, 2)"),
    ("{1, 2}", "{1, 2}"),
    ("10 km/h", "10 km/h"),
    ("$5", "$5"),
    (r"\$5", r"\$5"),
    (r"50\%", r"50\%"),
    ("7:05 a.m.", "7:05 a.m."),
    ("H2O", "H2O"),
    ("Isosceles triangle", "Isosceles triangle"),
    ("It diverges", "diverges"),
    (
        ("\\begin{pmatrix}\n1 & 2\\\\\n3 & 4\n\\end{pmatrix}"),
        "\\begin{pmatrix}\n1 & 2\\\\\n3 & 4\n\\end{pmatrix}",
    ),
]


@pytest.mark.parametrize(("response", "text"), BARE)
def test_bare_answers(response: str, text: str | None) -> None:
    found = locate(response)
    assert found.text == text
    assert not found.hedged
