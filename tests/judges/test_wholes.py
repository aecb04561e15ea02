"""Where an extracted piece may begin and end."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradewire_judges.encoder import TextEncoder
from gradewire_judges.wholes import cuts, may_bound, offsets


@pytest.mark.parametrize(
    "text",
    [
        *[
            "It| |is| |42|.",
            "x| |=| |-5|.",
            "(|-5|)",
            "0.5",
            "|.5",
            "1,234,567| |m",
            "1/2",
            "-1/2",
            "3:15| |h",
            "5%",
            "5\\%",
        ],
        *["5cm", "2x", "x_1", "x^2", "H2O", "It's| |Paris|.", "well|-|known", "3-5", "so|.|Then| |5|.", "1e-5"],
        *[
            "\\|boxed|{|42|}",
            "\\|frac|{|1|}|{|2|}",
            "*|*|5|*|*",
            "|水|銀|",
            "第|5|名",
            "5|個",
            "e\u0301te\u0301",
            "$|5|$",
            "A|,| |B",
        ],
        *["±5", "x| |-| |5", "x-5", "[|1|,| |2|)", "10−3", "f|(|x|)-1", "−.5", "٣٫١٤", "Ω|=|5Ω", "12'345", "50‰"],
    ],
)
def test_numbers_and_words_are_whole(text: str) -> None:
    """The bars stand where a piece may begin or end; the ends of the text always may."""
    whole = text.replace("|", "")
    found = "".join(
        ("|" if 0 < at < len(whole) and not cuts(whole, at) else "") + character for at, character in enumerate(whole)
    )
    assert found == text.strip("|")


@given(st.text(alphabet="15.,-/ %aé\u0301水(x^_\\", max_size=12))
def test_a_piece_that_may_be_taken_has_nothing_of_a_number_before_or_behind_it(text: str) -> None:
    for at in range(1, len(text)):
        if not cuts(text, at):
            assert not (text[at - 1].isdigit() and text[at].isdigit())


@pytest.mark.parametrize(
    "text", ["It is 42.", "水銀 ≈ 13,5", "a\ufffdb 5", "\ufffd" * 40 + " 5", "😀 e\u0301 5", "", "\n\n 5 "]
)
def test_places_of_ids_in_the_text(any_tokenizer: Any, text: str) -> None:
    encoder = TextEncoder(any_tokenizer.to_str())
    encoded = encoder.untrusted(text, field="response")
    places = offsets(encoded.ids, encoded.text, encoder.decode)
    assert len(places) == len(encoded.ids) + 1
    known = [place for place in places if place is not None]
    assert known == sorted(known)
    for place, at in enumerate(places):
        if at is not None:
            assert encoder.decode(list(encoded.ids[:place])) == encoded.text[:at]
    if "\ufffd" not in text:
        assert places[-1] == len(encoded.text)
    bounds = may_bound(encoded.ids, encoded.text, encoder.decode)
    assert {0, len(encoded.ids)} <= bounds
