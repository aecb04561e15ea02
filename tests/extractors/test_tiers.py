"""The cheap tiers only save time: without any of them, every verdict is the same."""

import os
import time
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradewire_extractors import DEFAULT, Outcome, Tier
from gradewire_extractors.compare import Context, Decision, compare, symbolic
from gradewire_extractors.parse import parse_answer
from gradewire_extractors.parse.types import Answer
from tests.extractors import laws

CORPUS = os.environ.get("GRADEWIRE_CORPUS")
PAIRS = laws.own_pairs()
CHEAP = (Tier.TEXT, Tier.EXACT, Tier.STRUCTURE)
CHEAP_OFF = frozenset((Tier.POINTS, Tier.ALGEBRA))
SOME_OFF = [frozenset(Tier) - set(off) for count in (1, 2) for off in combinations(CHEAP, count)]

ATOMS = st.one_of(
    st.integers(-99, 99).map(str),
    st.sampled_from(
        ["x", "y", "n", "\\pi", "e", "i", "\\sqrt{2}", "\\frac{1}{2}", "0.25", "3\\%", "1,000", "2.5 \\times 10^{3}",
         "B", "5 cm", "yes", "2:3", "1011_2", "\\infty"]
    ),
)  # fmt: skip


def _bigger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(inner, st.sampled_from([" + ", " - ", " \\cdot ", ", ", " = ", " < "]), inner).map("".join),
        inner.map(lambda a: f"\\left({a}\\right)"),
        inner.map(lambda a: f"\\{{{a}\\}}"),
        inner.map(lambda a: f"\\sin({a})"),
        pairs.map(lambda p: f"\\frac{{{p[0]}}}{{{p[1]}}}"),
        pairs.map(lambda p: f"({p[0]}, {p[1]}]"),
        pairs.map(lambda p: f"({p[0]}, {p[1]})"),
        pairs.map(lambda p: f"\\begin{{pmatrix}} {p[0]} & {p[1]} \\end{{pmatrix}}"),
        st.tuples(inner, st.integers(-2, 3)).map(lambda p: f"{{{p[0]}}}^{{{p[1]}}}"),
    )


ANSWERS = st.recursive(ATOMS, _bigger, max_leaves=4)


def _decision(left: Answer, right: Answer, tiers: frozenset[Tier], seconds: float = 5) -> Decision:
    return compare(left, right, Context(DEFAULT, time.monotonic() + seconds, tiers=tiers))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.answer} | {pair.reference}")
def test_without_text_exact_and_structure(pair: laws.Pair) -> None:
    _, broken = laws.tiers([pair], laws.WITHOUT)
    assert not broken


def test_without_points() -> None:
    """Algebra decides alone what points decide: some of the tables here, all of them in `tests.extractors.laws`."""
    count, broken = laws.tiers(PAIRS[::61], laws.WITHOUT_POINTS)
    assert not broken
    assert count > 70


@settings(max_examples=200, deadline=None)
@given(ANSWERS, ANSWERS, st.integers(0, 3), st.sampled_from([CHEAP_OFF, *SOME_OFF]))
def test_without_any_of_them(a: str, b: str, kind: int, tiers: frozenset[Tier]) -> None:
    left, right = parse_answer(a), parse_answer((b, a, f"{{{a}}}", f" {a} ")[kind])
    every, some = _decision(left, right, frozenset(Tier), 0.5), _decision(left, right, tiers, 0.5)
    if "deadline" in (every.reason, some.reason):
        return
    if some.outcome is Outcome.UNDECIDED and every.equal:
        # What has no value, as 1/0 within a sine, is only the same as itself.
        assert left.canonical == right.canonical
    else:
        assert some.outcome is every.outcome


@pytest.mark.skipif(CORPUS is None, reason="GRADEWIRE_CORPUS names no folder with answers.jsonl")
def test_without_any_of_them_on_the_corpus() -> None:
    pairs = laws.corpus_pairs(Path(CORPUS or "") / "answers.jsonl")
    assert len(pairs) > 200
    _, broken = laws.tiers(pairs, laws.WITHOUT | laws.WITHOUT_POINTS)
    assert not broken


def test_proofs_modulo_primes_only_save_time(monkeypatch: pytest.MonkeyPatch) -> None:
    scalars = {"Symbolic", "Number", "Decimal"}
    pairs = [pair for pair in PAIRS if {type(pair.left).__name__, type(pair.right).__name__} <= scalars]
    assert len(pairs) > 200
    found = [_decision(pair.left, pair.right, frozenset(Tier) - {Tier.ALGEBRA}).outcome for pair in pairs]
    monkeypatch.setattr(symbolic, "same_function", lambda *_: None)
    for pair, outcome in zip(pairs, found, strict=True):
        without = _decision(pair.left, pair.right, frozenset(Tier) - {Tier.ALGEBRA}).outcome
        assert without in (outcome, Outcome.UNDECIDED), pair
