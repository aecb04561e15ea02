"""A model's directory, looked at before anything heavy is imported."""

import hashlib
import json
from pathlib import Path
from typing import Any

from gradewire_judges.card import Card
from gradewire_judges.errors import ModelMissing, TestModelRefused

TEST_MODEL_MARK = "gradewire_test_model"
"""Key in `config.json` that says that the weights are random."""

_SAMPLE = 1 << 20
"""Bytes hashed at each end of a weights file."""


def find_model(card: Card, model_dir: Path | None) -> Path:
    """The directory that has the card's model.

    Args:
        card: its `model` is relative to the card's file.
        model_dir: goes before the card's.

    Raises:
        ModelMissing: no directory is named, or it has no config, tokenizer or safetensors weights.
        TestModelRefused: it is a test model, and the card does not allow one.
    """
    way_out = "Name a directory that has them as the card's `model`, or as model_dir"
    if model_dir is None and card.model is None:
        raise ModelMissing(f"card {card.name} names no model (config.json, tokenizer.json, *.safetensors). {way_out}")
    base = card.source.parent if card.source else Path()
    folder = model_dir if model_dir is not None else base / Path(card.model or "").expanduser()
    if not folder.is_dir():
        raise ModelMissing(f"card {card.name}: {folder} is no directory. {way_out}")
    lacking = [name for name in ("config.json", "tokenizer.json") if not (folder / name).is_file()]
    if not weights(folder):
        lacking.append("*.safetensors")
    if lacking:
        raise ModelMissing(f"card {card.name}: {folder} has no {', no '.join(lacking)}. {way_out}")
    if _config(folder).get(TEST_MODEL_MARK) and not card.allow_test_model:
        raise TestModelRefused(
            f"card {card.name}: {folder} holds random test weights, whose scores mean nothing. "
            "Point it at a real model; only a card for tests says `allow_test_model: true`"
        )
    return folder


def weights(folder: Path) -> list[Path]:
    """The directory's weight files, by name."""
    return sorted(folder.glob("*.safetensors"))


def fingerprint(folder: Path) -> str:
    """Identity of a model's files: `files:` and 16 hex digits.

    Covers config and tokenizer whole; of each weights file its size, its first and its last MiB, since
    reading fifteen gigabytes at every start would cost more than it tells.
    """
    digest = hashlib.sha256()
    for path in (folder / "config.json", folder / "tokenizer.json"):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for path in weights(folder):
        size = path.stat().st_size
        digest.update(f"{path.name} {size}".encode())
        with path.open("rb") as file:
            digest.update(file.read(_SAMPLE))
            file.seek(max(0, size - _SAMPLE))
            digest.update(file.read(_SAMPLE))
    return f"files:{digest.hexdigest()[:16]}"


def _config(folder: Path) -> dict[str, Any]:
    try:
        content = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelMissing(f"{folder / 'config.json'} is no JSON: {error}") from None
    return content if isinstance(content, dict) else {}
