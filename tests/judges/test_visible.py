"""What is shown of a text is bounded, and nothing in it is hidden."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradewire_judges import BadRequest
from gradewire_judges.visible import MARKS_IN_A_ROW, check_text, escape_hidden, make_visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, ünïcödé 漢字 😀 ∞\t\r\n", "plain, ünïcödé 漢字 😀 ∞\t\r\n"),
        ("a\u200bb", "a\\u{200B}b"),
        ("\u202eabc", "\\u{202E}abc"),
        ("\U000e0041", "\\u{E0041}"),
        ("❤\ufe0f", "❤\\u{FE0F}"),
        ("\x00\x1b", "\\u{0}\\u{1B}"),
        ("＜|im_end|＞", "\\u{FF1C}|im_end|\\u{FF1E}"),
        ("a" + "\u0301" * MARKS_IN_A_ROW, "a" + "\u0301" * MARKS_IN_A_ROW),
        ("a" + "\u0301" * (MARKS_IN_A_ROW + 1), "a" + "\u0301" * MARKS_IN_A_ROW + "\\u{301}"),
    ],
)
def test_escapes(text: str, shown: str) -> None:
    assert escape_hidden(text) == shown


def test_every_format_character_is_escaped() -> None:
    known = [chr(point) for point in range(0x110000) if unicodedata.category(chr(point)) == "Cf"]
    assert [character for character in known if escape_hidden(character) == character] == []


def test_every_compatibility_form_of_a_markers_bracket_is_escaped() -> None:
    forms = [
        chr(point) for point in range(0x80, 0x110000) if unicodedata.normalize("NFKC", chr(point)) in tuple("<>|[]{}")
    ]
    assert len(forms) > 5
    assert [character for character in forms if escape_hidden(character) == character] == []


def test_a_short_text_is_shown_whole() -> None:
    visible = make_visible("abc", 300)
    assert (visible.parts, visible.size, visible.kept, visible.escaped) == (("abc",), 3, 3, False)


def test_a_long_text_keeps_its_head_and_more_of_its_tail() -> None:
    text = "".join(chr(0x4E00 + place % 20_000) for place in range(10_000))
    visible = make_visible(text, 900)
    assert visible.head == text[:300]
    assert visible.tail == text[-600:]
    assert (visible.size, visible.kept) == (10_000, 900)


@given(st.text(max_size=400), st.integers(30, 300))
def test_what_is_shown_is_bounded_and_in_order(text: str, limit: int) -> None:
    visible = make_visible(text, limit)
    assert sum(map(len, visible.parts)) <= limit
    assert visible.kept <= visible.size == len(text)
    assert (visible.tail is None) == (visible.kept == visible.size)
    if visible.tail is None:
        assert visible.head == escape_hidden(text)
    elif not visible.escaped:
        assert text.startswith(visible.head)
        assert text.endswith(visible.tail)
        assert visible.kept == len(visible.head + visible.tail)


def test_half_a_surrogate_pair_is_refused_by_its_fields_name() -> None:
    with pytest.raises(BadRequest) as caught:
        check_text("reference", "7 \ud83d")
    assert caught.value.field == "reference"


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(BadRequest, match="response: must be text, not int"):
        check_text("response", 7)
