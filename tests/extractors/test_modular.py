"""Evaluation modulo primes: the primes are primes, nothing that they divide hides, and points never contradict it."""

import time
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradewire_extractors import DEFAULT, Outcome, equivalent
from gradewire_extractors.compare import Context
from gradewire_extractors.compare.modular import PRIMES, same_function
from gradewire_extractors.compare.points import Finding, agree
from gradewire_extractors.parse.nodes import MINUS_ONE, Const, Expr, Num, Op, Sym

X = Sym("x")


def _context() -> Context:
    return Context(DEFAULT, time.monotonic() + 5)


def test_each_prime_is_one_by_proths_theorem() -> None:
    assert len(set(PRIMES)) == len(PRIMES)
    for prime in PRIMES:
        multiple = (prime - 1) >> 100
        assert prime == multiple << 100 | 1
        assert multiple < 1 << 100
        assert any(pow(base, (prime - 1) // 2, prime) == prime - 1 for base in range(2, 50))


@pytest.mark.parametrize("count", [1, 2, 60, 120])
def test_a_multiple_of_primes_is_not_nothing(count: int) -> None:
    product = reduce(int.__mul__, PRIMES[:count])
    proof = same_function(Op("add", (X, Num(product))), X, b"seed", _context())
    assert proof is not None
    assert not proof.same


def test_a_multiple_of_all_primes_is_not_called_nothing() -> None:
    product = reduce(int.__mul__, PRIMES)
    assert same_function(Op("mul", (X, Num(product))), Num(0), b"seed", _context()) is None
    assert equivalent(f"x + {reduce(int.__mul__, PRIMES[:100])} y", "x").outcome is Outcome.NOT_EQUAL


def test_a_power_that_is_one_modulo_a_prime_is_not_one() -> None:
    power: Expr = X
    for _ in range(5):
        power = Op("pow", (power, Num(1 << 20)))
    for prime in PRIMES[:4]:
        power = Op("pow", (power, Num((prime - 1) >> 102)))
    assert same_function(power, Num(1), b"seed", _context()) is None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("\\sin^2 x + \\cos^2 x", "1"),
        ("\\sin 2x", "2\\sin x\\cos x"),
        ("\\tan(x + y)", "\\frac{\\tan x + \\tan y}{1 - \\tan x\\tan y}"),
        ("\\sec^2 x - \\tan^2 x", "1"),
        ("\\sin((x + 1)^2)", "\\sin(x^2 + 2x + 1)"),
        ("\\cos(x + \\frac{\\pi}{2})", "-\\sin x"),
        ("\\cosh^2 x - \\sinh^2 x", "1"),
        ("\\sinh(ix)", "i\\sin x"),
        ("e^{x/2}e^{x/3}", "e^{5x/6}"),
        ("e^{x + 2}", "e^2 e^x"),
        ("e^{i\\pi} + \\sin x", "\\sin x - 1"),
        ("\\ln 12", "2\\ln 2 + \\ln 3"),
        ("\\log_2 3", "\\frac{\\ln 3}{\\ln 2}"),
    ],
)
def test_identities_are_proved(left: str, right: str) -> None:
    assert equivalent(left, right).reason == "equal_in_exponentials"
    assert equivalent(left, f"{right} + \\frac{{1}}{{10^9}}").outcome is Outcome.NOT_EQUAL
    assert equivalent(left, f"x({right})").outcome is Outcome.NOT_EQUAL


@pytest.mark.parametrize(("left", "right"), [("\\ln 6", "\\ln 2 + \\ln 5"), ("e^{\\pi}", "23"), ("e^{i}", "1 + i")])
def test_constants_are_left_to_the_enclosures(left: str, right: str) -> None:
    assert equivalent(left, right).reason == "differ_at_a_point"


LEAVES: st.SearchStrategy[Expr] = st.one_of(
    st.sampled_from([X, Sym("y"), Const("pi"), Const("e"), Const("i"), MINUS_ONE]),
    st.integers(-6, 6).map(Num),
)


def _bigger(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda pair: Op("add", pair)),
        pairs.map(lambda pair: Op("mul", pair)),
        pairs.map(lambda pair: Op("div", pair)),
        st.tuples(inner, st.integers(-2, 3).map(Num)).map(lambda pair: Op("pow", pair)),
        inner.map(lambda one: Op("pow", (Const("e"), one))),
        st.tuples(st.sampled_from(["sin", "cos", "tan", "sec", "sinh", "cosh", "coth", "ln"]), inner).map(
            lambda pair: Op(pair[0], (pair[1],))
        ),
    )


@settings(max_examples=400, deadline=None)
@given(st.recursive(LEAVES, _bigger, max_leaves=6), st.recursive(LEAVES, _bigger, max_leaves=6), st.booleans())
def test_points_never_contradict_it(left: Expr, right: Expr, same: bool) -> None:
    if same:  # equal in another form
        right = Op("add", (Op("mul", (left, Num(3))), Op("mul", (Num(-2), left))))
    proof = same_function(left, right, b"seed", _context())
    finding = agree(left, right, b"seed", _context())
    if proof is not None:
        assert finding is not (Finding.DIFFERENT if proof.same else Finding.EQUAL)
        assert proof.same or not same
