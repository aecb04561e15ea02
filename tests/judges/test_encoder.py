"""Data is encoded so that it can never be a control token, and decodes to what was meant to be shown."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradewire_judges import TokenizerUnsuitable, Unencodable
from gradewire_judges.markers import Markers
from gradewire_judges.visible import escape_hidden


def _encoder(tokenizer: Any) -> Any:
    from gradewire_judges.encoder import TextEncoder

    return TextEncoder(tokenizer.to_str())


def test_attack_stays_data(any_tokenizer: Any, attack: str) -> None:
    encoder = _encoder(any_tokenizer)
    shown = escape_hidden(attack)

    encoded = encoder.untrusted(shown, field="response")

    assert encoder.control_ids.isdisjoint(encoded.ids)
    assert encoder.decode(encoded.ids) == encoded.text
    assert encoded.changed == (encoded.text != shown)


def test_naive_encoding_would_give_control_tokens(byte_level: Any, sentencepiece: Any) -> None:
    for tokenizer in (byte_level, sentencepiece):
        naive = tokenizer.encode("<|im_end|></think>", add_special_tokens=False).ids
        assert _encoder(tokenizer).control_ids & set(naive)


def test_unigram_vocabulary_holds_its_markers_even_without_added_tokens(tokenizers: Any, sentencepiece: Any) -> None:
    """Why taking the added tokens away is not enough, and markers are split as well."""
    spec = json.loads(sentencepiece.to_str()) | {"added_tokens": []}
    stripped = tokenizers.Tokenizer.from_str(json.dumps(spec))
    encoder = _encoder(sentencepiece)

    assert encoder.control_ids & set(stripped.encode("x</s>", add_special_tokens=False).ids)
    assert encoder.control_ids.isdisjoint(encoder.untrusted("x</s>", field="response").ids)


def test_a_byte_piece_written_out_is_not_the_byte(sentencepiece: Any) -> None:
    encoder = _encoder(sentencepiece)
    assert encoder.decode(encoder.untrusted("<0x41>", field="response").ids) == "<0x41>"
    assert encoder.untrusted("\n", field="response").text == "\n"


def test_trusted_text_may_hold_control_tokens(byte_level: Any) -> None:
    encoder = _encoder(byte_level)
    (only,) = encoder.trusted("<|im_end|>")
    assert only in encoder.control_ids


def test_no_space_is_put_before_data(sentencepiece: Any, llama_like: Any) -> None:
    for tokenizer in (sentencepiece, llama_like):
        encoder = _encoder(tokenizer)
        assert encoder.decode(encoder.untrusted("answer", field="response").ids) == "answer"
        assert encoder.trusted("answer", first=True) != encoder.trusted("answer")


def test_what_is_carried(byte_level: Any, sentencepiece: Any, llama_like: Any, sentencepiece_unknown: Any) -> None:
    assert all(map(_encoder(byte_level).carries, "a日😀▁\U0010fffd"))
    for tokenizer in (sentencepiece, llama_like):
        assert [character for character in "a日😀▁é" if not _encoder(tokenizer).carries(character)] == ["▁"]
    assert [c for c in "aé①日▁" if not _encoder(sentencepiece_unknown).carries(c)] == ["日", "▁"]


def test_the_probe_for_bytes_has_every_byte(tokenizers: Any) -> None:
    from gradewire_judges.encoder import _ALL_BYTES

    assert set(_ALL_BYTES.encode()) == {*range(0x80, 0xC0), *range(0xC2, 0xF5)}


def test_unknown_characters_are_shown_escaped(sentencepiece_unknown: Any) -> None:
    encoded = _encoder(sentencepiece_unknown).untrusted("it is 日", field="response")
    assert encoded.text == "it is \\u{65E5}"
    assert encoded.changed


def test_a_marker_that_only_normalisation_makes_is_split_too(sentencepiece_unknown: Any) -> None:
    encoder = _encoder(sentencepiece_unknown)
    encoded = encoder.untrusted("＜/s＞", field="response")
    assert encoded.text == "</s>"
    assert encoder.control_ids.isdisjoint(encoded.ids)


def test_what_the_tokenizer_normalises_is_recorded(byte_level: Any) -> None:
    encoded = _encoder(byte_level).untrusted("cafe\u0301", field="response")
    assert (encoded.text, encoded.changed) == ("caf\u00e9", True)


def test_wordpiece_is_refused(wordpiece: Any) -> None:
    with pytest.raises(TokenizerUnsuitable, match="byte-level BPE or SentencePiece"):
        _encoder(wordpiece)


def test_a_tokenizer_that_collapses_spaces_is_refused(tokenizers: Any, sentencepiece: Any) -> None:
    collapsing = tokenizers.Tokenizer.from_str(sentencepiece.to_str())
    collapsing.normalizer = tokenizers.normalizers.Replace(tokenizers.Regex(" {2,}"), " ")
    with pytest.raises(TokenizerUnsuitable, match="two  spaces"):
        _encoder(collapsing)


def test_a_lower_casing_tokenizer_is_refused(tokenizers: Any, byte_level: Any) -> None:
    lower = tokenizers.Tokenizer.from_str(byte_level.to_str())
    lower.normalizer = tokenizers.normalizers.Lowercase()
    with pytest.raises(TokenizerUnsuitable):
        _encoder(lower)


def test_what_cannot_be_carried_at_all_is_refused(byte_level: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = _encoder(byte_level)
    monkeypatch.setattr(encoder, "decode", lambda ids: "")
    with pytest.raises(Unencodable, match="response: "):
        encoder.untrusted("text", field="response")


@pytest.fixture
def many_added(tokenizers: Any, byte_level: Any) -> Any:
    """With thousands of added tokens, and runs of line feeds and spaces among them, as some models have."""
    made = tokenizers.Tokenizer.from_str(byte_level.to_str())
    runs = [character * count for character in "\n\t " for count in range(2, 32)]
    made.add_tokens([*runs, *(f"<unused{number}>" for number in range(6000)), "<h1>", "\n"])
    return made


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 24_000,
        " " * 24_000,
        "<unused" * 3400,
        "<unused12>" * 2400,
        "<" * 24_000,
        "<u" * 12_000,
        "plain " * 4000,
    ],
    ids=lambda text: repr(text[:9]),
)
def test_thousands_of_markers_cost_no_more(many_added: Any, text: str) -> None:
    encoder = _encoder(many_added)
    started = time.thread_time()
    encoded = encoder.untrusted(text, field="response")
    elapsed = time.thread_time() - started
    assert encoder.control_ids.isdisjoint(encoded.ids)
    assert encoded.text == text
    assert elapsed < 0.5  # 40 ms on a quiet machine; a search for each marker in turn would take minutes


@given(st.lists(st.text("ab<", min_size=1, max_size=4), max_size=6), st.text("ab<", max_size=40))
def test_no_marker_stays_whole(markers: list[str], text: str) -> None:
    pieces = Markers(markers).split(text)
    assert "".join(pieces) == text
    assert not any(marker in piece for marker in markers if len(marker) > 1 for piece in pieces)


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
_MARKED = st.lists(st.one_of(_TEXT, st.sampled_from(["<|im_end|>", "<think>", "</s>", "<0x0A>", "▁"])), max_size=6)


@settings(max_examples=300, deadline=None)
@given(parts=_MARKED)
def test_any_text_survives(parts: list[str], all_encoders: dict[str, Any]) -> None:
    text = escape_hidden("".join(parts))
    for encoder in all_encoders.values():
        encoded = encoder.untrusted(text, field="response")
        assert encoder.control_ids.isdisjoint(encoded.ids)
        assert encoder.decode(encoded.ids) == encoded.text


@pytest.fixture(scope="module")
def all_encoders(byte_level: Any, sentencepiece: Any, sentencepiece_unknown: Any, llama_like: Any) -> dict[str, Any]:
    made = {
        "byte_level": byte_level,
        "sentencepiece": sentencepiece,
        "sentencepiece_unknown": sentencepiece_unknown,
        "llama_like": llama_like,
    }
    return {name: _encoder(tokenizer) for name, tokenizer in made.items()}
