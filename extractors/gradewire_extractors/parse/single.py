"""Expressions to answers of one value: a number where it is one exactly, ± as two, degrees and percent as
such.
"""

from __future__ import annotations

from fractions import Fraction

from gradewire_extractors.parse.exact import InexactError, evaluated, rational
from gradewire_extractors.parse.limits import MAX_EXPONENT
from gradewire_extractors.parse.nodes import Expr, Num, Op, Sym, heads, negate, show
from gradewire_extractors.parse.numerals import decimal
from gradewire_extractors.parse.types import (
    Answer,
    BaseN,
    List,
    Number,
    Percent,
    Quantity,
    Symbolic,
    Undefined,
)


def scalar(expr: Expr) -> Answer:
    """A number where it is one exactly; ± gives a list of two."""
    if isinstance(expr, Num) and expr.places:
        return decimal(int(expr.value * Fraction(10) ** expr.places), -expr.places)
    if isinstance(expr, Op):
        if expr.head == "mul" and len(expr.args) == 2:
            scientific = _scientific(*expr.args)
            if scientific is not None:
                return scientific
        if expr.head == "percent":
            value = rational(expr.args[0])
            if value is not None:
                literal = expr.args[0] if isinstance(expr.args[0], Num) else None
                places = literal.places + 2 if literal and (literal.places or isinstance(value, int)) else None
                return Percent(Fraction(value) / 100, places)
        if expr.head == "base":
            number, base, digits = expr.args
            assert isinstance(number, Num) and isinstance(base, Num) and isinstance(digits, Sym)  # noqa: PT018
            return BaseN(number.value, digits.name.lstrip("0") or "0", int(base.value))
        if expr.head == "deg":
            return Quantity(scalar(expr.args[0]), "deg")
        used = heads(expr)
        if "pm" in used or "mp" in used:
            return List((scalar(signed(expr, "pm")), scalar(signed(expr, "mp"))))
        if expr.head == "mul" and expr.args[0] == Num(-1) and isinstance(expr.args[1], Op):
            inner = expr.args[1]
            if inner.head in ("deg", "percent"):
                return scalar(Op(inner.head, (negate(inner.args[0]),)))
    try:
        return Number(evaluated(expr))
    except ZeroDivisionError:
        return Undefined("undefined", show(expr))
    except InexactError:
        return Symbolic(expr)


def _scientific(mantissa: Expr, power: Expr) -> Answer | None:
    """1.5 · 10^3 as the decimal that it is, with the place of its last digit."""
    if not (isinstance(mantissa, Num) and isinstance(power, Op) and power.head == "pow" and power.args[0] == Num(10)):
        return None
    exponent = power.args[1]
    if not isinstance(exponent, Num) or not isinstance(exponent.value, int) or abs(exponent.value) > MAX_EXPONENT:
        return None
    digits = Fraction(mantissa.value) * Fraction(10) ** mantissa.places
    return decimal(int(digits), exponent.value - mantissa.places) if digits.denominator == 1 else None


def signed(expr: Expr, plus: str) -> Expr:
    """The expression with ± read as + (`plus` = pm) or as − (`plus` = mp), and ∓ the other way."""
    if not isinstance(expr, Op):
        return expr
    args = tuple(signed(arg, plus) for arg in expr.args)
    if expr.head in ("pm", "mp"):
        right = args[1] if expr.head == plus else negate(args[1])
        return right if args[0] == Num(0) else Op("add", (args[0], right))
    return Op(expr.head, args)
