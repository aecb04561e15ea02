"""The arithmetic of formulas: what it computes, what it refuses, and that nothing gets past it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradewire_trainer.spec.arithmetic import FormulaSyntaxError, NoFiniteValueError, parse_formula


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 3 - 2", 5),
        ("16 / 4 / 2", 2),
        ("2^3^2", 512),
        ("-2^2", -4),
        ("2^-1", 0.5),
        ("2*-3", -6),
        ("--3", 3),
        ("+3", 3),
        (".5 + 1. + 1e-1", 1.6),
        ("min(3, 1, 2) + max(4)", 5),
        ("clip(x, 0, 1) + clip(-x, 0, 1) + abs(-x)", 4),
        ("floor(2.7) + ceil(2.1)", 5),
        ("exp(log(x)) + sqrt(x + 1)", 5),
        ("x*(1 + 0.2*x)", 4.8),
    ],
)
def test_values(text: str, value: float) -> None:
    assert parse_formula(text).value({"x": 3.0}) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("", 1, "too early"),
        ("0.8*", 5, "too early"),
        ("(a", 3, "')' is missing"),
        ("a b", 3, "'b' stands where an operator"),
        ("a ** 2", 4, "'*' stands where a number or a name"),
        ("a; b", 2, "';' is no part"),
        ("a.b", 2, "'.' is no part"),
        ("a if b", 3, "'if'"),
        ("1e999", 1, "too large"),
        ("sqrt(a, b)", 11, "takes 1 argument, not 2"),
        ("clip(a)", 8, "takes 3 arguments, not 1"),
        ("(" * 65 + "a" + ")" * 65, 66, "deeper"),
        ("-" * 100 + "a", 66, "deeper"),
        ("2^" * 100 + "a", 131, "deeper"),
    ],
)
def test_what_is_no_formula_is_told_with_its_column(text: str, column: int, says: str) -> None:
    with pytest.raises(FormulaSyntaxError) as caught:
        parse_formula(text)
    assert str(caught.value).startswith(f"column {column}: ")
    assert says in str(caught.value)


@pytest.mark.parametrize("text", ["sqroot(a)", "__import__(a)", "eval(a)", "a" * 5000])
def test_what_is_not_there_cannot_be_called(text: str) -> None:
    with pytest.raises(FormulaSyntaxError):
        parse_formula(text)


def test_a_function_that_nearly_exists_is_named() -> None:
    with pytest.raises(FormulaSyntaxError, match="Did you mean 'sqrt'"):
        parse_formula("sqroot(a)")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1/(x-3)", "FORMULA_DIVISION_BY_ZERO"),
        ("log(x-3)", "FORMULA_DOMAIN"),
        ("sqrt(-x)", "FORMULA_DOMAIN"),
        ("(-x)^0.5", "FORMULA_DOMAIN"),
        ("0^-1", "FORMULA_DOMAIN"),
        ("clip(x, 1, 0)", "FORMULA_DOMAIN"),
        ("exp(1000)", "FORMULA_OVERFLOW"),
        ("10^300*10^300", "FORMULA_OVERFLOW"),
        ("9^9^9^9", "FORMULA_OVERFLOW"),
        ("1e308 + 1e308", "FORMULA_OVERFLOW"),
    ],
)
def test_no_finite_value_is_an_error_with_a_name(text: str, reason: str) -> None:
    with pytest.raises(NoFiniteValueError) as caught:
        parse_formula(text).value({"x": 3.0})
    assert caught.value.reason == reason


@given(
    st.text(alphabet="abx019.e+-*/^(), \u0661minaxsqrt", max_size=40), st.floats(allow_nan=False, allow_infinity=False)
)
def test_any_text_is_a_finite_number_or_a_named_error(text: str, x: float) -> None:
    try:
        formula = parse_formula(text)
    except FormulaSyntaxError:
        return
    try:
        value = formula.value(dict.fromkeys(formula.names, x))
    except NoFiniteValueError:
        return
    assert math.isfinite(value)
