"""Dress changes nothing, and equality has no direction: a sample of what `tests.extractors.laws` measures."""

import os
from pathlib import Path

import pytest

from tests.extractors import laws

CORPUS = os.environ.get("GRADEWIRE_CORPUS")
needs_corpus = pytest.mark.skipif(CORPUS is None, reason="GRADEWIRE_CORPUS names no folder with answers.jsonl")


def test_dress_changes_nothing() -> None:
    count, broken = laws.wrapping(laws.own_pairs()[::101])
    assert not broken
    assert count > 1_000


def test_equality_has_no_direction() -> None:
    count, broken = laws.symmetry(laws.own_pairs()[::37])
    assert not broken
    assert count > 1_500


@needs_corpus
def test_dress_changes_nothing_on_the_corpus() -> None:
    count, broken = laws.wrapping(laws.corpus_pairs(Path(CORPUS or "") / "answers.jsonl")[::5])
    assert not broken
    assert count > 1_500


@needs_corpus
def test_equality_has_no_direction_on_the_corpus() -> None:
    count, broken = laws.symmetry(laws.corpus_pairs(Path(CORPUS or "") / "answers.jsonl")[::2])
    assert not broken
    assert count > 1_500


def test_a_law_that_is_broken_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = [pair for pair in laws.own_pairs() if pair.answer == "A \\cup A"]
    monkeypatch.setattr(laws, "_DRESS", {"another answer": "%s + 1"})
    assert len(laws.wrapping(pairs)[1]) > 0
