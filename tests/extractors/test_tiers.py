"""The cheap tiers only save time: without them, every verdict is the same."""

import time
from pathlib import Path

import pytest

from gradewire_extractors import DEFAULT, Outcome, Tier
from gradewire_extractors.compare import Context, compare
from gradewire_extractors.parse import parse_answer

FOLDER = Path(__file__).with_name("testdata")
PAIRS = [
    tuple(part.strip() for part in line[1:].split("||"))
    for path in sorted(FOLDER.glob("*.txt"))
    for line in path.read_text(encoding="utf-8").splitlines()
    if "||" in line and not line.startswith("#")
]
CHEAP_OFF = frozenset((Tier.POINTS, Tier.ALGEBRA))
OPPOSITE = {Outcome.EQUAL: Outcome.NOT_EQUAL, Outcome.NOT_EQUAL: Outcome.EQUAL}


def _outcome(pair: tuple[str, ...], tiers: frozenset[Tier] | None) -> Outcome:
    left, right = map(parse_answer, pair)
    deadline = time.monotonic() + 5
    context = Context(DEFAULT, deadline) if tiers is None else Context(DEFAULT, deadline, tiers=tiers)
    return compare(left, right, context).outcome


@pytest.mark.parametrize("pair", PAIRS, ids=" | ".join)
def test_without_text_exact_and_structure(pair: tuple[str, str]) -> None:
    assert _outcome(pair, CHEAP_OFF) is _outcome(pair, None)


@pytest.mark.slow
def test_algebra_alone_never_contradicts() -> None:
    algebra = frozenset((Tier.ALGEBRA,))
    expressions = [
        pair for pair in PAIRS if {type(parse_answer(text)).__name__ for text in pair} <= {"Symbolic", "Number"}
    ]
    assert len(expressions) > 200
    for pair in expressions:
        opposite = OPPOSITE.get(_outcome(pair, None))
        assert opposite is None or _outcome(pair, algebra) is not opposite, pair
