"""The cheap tiers only save time: without any of them, every verdict is the same."""

import json
import os
import time
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradewire_extractors import DEFAULT, Outcome, Tier, prepare
from gradewire_extractors.compare import Context, Decision, compare, symbolic
from gradewire_extractors.locate import locate
from gradewire_extractors.parse import parse_answer
from gradewire_extractors.parse.types import Answer
from gradewire_extractors.verify import read_located

FOLDER = Path(__file__).with_name("testdata")
CORPUS = os.environ.get("GRADEWIRE_CORPUS")
PAIRS = [
    tuple(part.strip() for part in line[1:].split("||"))
    for path in sorted(FOLDER.glob("*.txt"))
    for line in path.read_text(encoding="utf-8").splitlines()
    if "||" in line and not line.startswith("#")
]
CHEAP = (Tier.TEXT, Tier.EXACT, Tier.STRUCTURE)
CHEAP_OFF = frozenset((Tier.POINTS, Tier.ALGEBRA))
SOME_OFF = [frozenset(Tier) - set(off) for count in (1, 2) for off in combinations(CHEAP, count)]
OPPOSITE = {Outcome.EQUAL: Outcome.NOT_EQUAL, Outcome.NOT_EQUAL: Outcome.EQUAL}

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


def _compared(left: Answer, right: Answer, tiers: frozenset[Tier]) -> Outcome:
    return _decision(left, right, tiers).outcome


def _outcome(pair: tuple[str, ...], tiers: frozenset[Tier] = frozenset(Tier)) -> Outcome:
    left, right = map(parse_answer, pair)
    return _compared(left, right, tiers)


@pytest.mark.parametrize("pair", PAIRS, ids=" | ".join)
def test_without_text_exact_and_structure(pair: tuple[str, str]) -> None:
    assert _outcome(pair, CHEAP_OFF) is _outcome(pair)


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
    compared = 0
    for line in (Path(CORPUS or "") / "answers.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        located = locate(row["response"])
        if located.text is None:
            continue
        answer, reference = read_located(row["response"], located, DEFAULT), prepare(row["reference"]).answer
        outcome = _compared(answer, reference, frozenset(Tier))
        for tiers in (CHEAP_OFF, *SOME_OFF):
            assert _compared(answer, reference, tiers) is outcome, (row["id"], tiers)
        compared += 1
    assert compared > 200


def test_proofs_modulo_primes_only_save_time(monkeypatch: pytest.MonkeyPatch) -> None:
    scalars = {"Symbolic", "Number", "Decimal"}
    pairs = [pair for pair in PAIRS if {type(parse_answer(text)).__name__ for text in pair} <= scalars]
    assert len(pairs) > 200
    found = {pair: _outcome(pair, frozenset(Tier) - {Tier.ALGEBRA}) for pair in pairs}
    monkeypatch.setattr(symbolic, "same_function", lambda *_: None)
    for pair, outcome in found.items():
        without = _outcome(pair, frozenset(Tier) - {Tier.ALGEBRA})
        assert without in (outcome, Outcome.UNDECIDED), pair


@pytest.mark.slow
def test_algebra_alone_never_contradicts() -> None:
    algebra = frozenset((Tier.ALGEBRA,))
    expressions = [
        pair for pair in PAIRS if {type(parse_answer(text)).__name__ for text in pair} <= {"Symbolic", "Number"}
    ]
    assert len(expressions) > 200
    for pair in expressions:
        opposite = OPPOSITE.get(_outcome(pair))
        assert opposite is None or _outcome(pair, algebra) is not opposite, pair
