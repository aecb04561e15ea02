"""The test model: reproducible, marked, and complete."""

import json
from pathlib import Path

import pytest

from gradewire_judges import load_card
from gradewire_judges.fixture import main
from gradewire_judges.fixture_tokenizers import PLAIN_ADDED_TOKENS, SPECIAL_TOKENS


def test_the_same_seed_writes_the_same_weights(
    fixture_card: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["--out", str(tmp_path / "file")]) == 2
    main(["--out", str(tmp_path / "again")])
    main(["--out", str(tmp_path / "other"), "--seed", "1"])
    for name in ("model.safetensors", "tokenizer.json", "config.json", "card.yaml"):
        assert (tmp_path / "again" / name).read_bytes() == (fixture_card.parent / name).read_bytes()
    assert (tmp_path / "other/model.safetensors").read_bytes() != (
        fixture_card.parent / "model.safetensors"
    ).read_bytes()
    assert "random weights" in capsys.readouterr().out


def test_ctrl_c_is_no_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gradewire_judges.fixture.write_fixture", interrupted)
    assert main(["--out", str(tmp_path)]) == 130


def test_it_is_marked_and_only_its_own_card_allows_it(fixture_card: Path) -> None:
    assert json.loads((fixture_card.parent / "config.json").read_text())["gradewire_test_model"] is True
    assert load_card(fixture_card).allow_test_model


def test_its_tokenizer_has_special_and_plain_added_tokens(fixture_card: Path) -> None:
    added = json.loads((fixture_card.parent / "tokenizer.json").read_text())["added_tokens"]
    assert {token["content"]: token["special"] for token in added} == {
        **dict.fromkeys(SPECIAL_TOKENS, True),
        **dict.fromkeys(PLAIN_ADDED_TOKENS, False),
    }
