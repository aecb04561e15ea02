"""The arithmetic of formulas: `0.8*correct + 0.2*style`.

Numbers, names, + - * / ^, parentheses, and a few functions. Our own parser: no text of a spec reaches Python's.
Everything is a float; what has no finite value (division by zero, the logarithm of 0) is an NoFiniteValueError, never
NaN or infinity. ^ binds tighter than a minus before it and groups from the right: -2^2 is -4, 2^3^2 is 2^9.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from gradewire_trainer.errors import did_you_mean

MAX_CHARACTERS = 4096
MAX_DEPTH = 64

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?P<name>[^\W\d]\w*)|(?P<sign>[-+*/^(),]))"
)
_BINDING = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}
_UNARY = 3


class FormulaSyntaxError(ValueError):
    """The text is no formula. Its message has the column, from 1."""


class NoFiniteValueError(ArithmeticError):
    """The formula has no finite value for these numbers."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        """`FORMULA_DIVISION_BY_ZERO`, `FORMULA_DOMAIN` or `FORMULA_OVERFLOW`."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of formulas: how many arguments it takes (at most None: any number), and what it does."""

    least: int
    most: int | None
    apply: Callable[..., float]


def _clip(value: float, low: float, high: float) -> float:
    if low > high:
        raise ValueError(f"clip to [{low:g}, {high:g}], which is empty")
    return min(max(value, low), high)


FUNCTIONS = {
    "min": Function(1, None, lambda *values: min(values)),
    "max": Function(1, None, lambda *values: max(values)),
    "abs": Function(1, 1, math.fabs),
    "floor": Function(1, 1, lambda value: float(math.floor(value))),
    "ceil": Function(1, 1, lambda value: float(math.ceil(value))),
    "exp": Function(1, 1, math.exp),
    "sqrt": Function(1, 1, math.sqrt),
    "log": Function(1, 1, math.log),
    "clip": Function(3, 3, _clip),
}

Expression = float | str | tuple[str, tuple["Expression", ...]]
"""A number, a name, or an operator or function with its operands. The unary minus is `neg`."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula."""

    text: str
    expression: Expression
    names: frozenset[str]

    def value(self, scores: Mapping[str, float]) -> float:
        """Its value, finite. Raises NoFiniteValueError; `scores` has every name."""
        return _value(self.expression, scores)


@lru_cache(maxsize=256)
def parse_formula(text: str) -> Formula:
    """Raises FormulaSyntaxError."""
    if len(text) > MAX_CHARACTERS:
        raise FormulaSyntaxError(f"the formula has {len(text)} characters; at most {MAX_CHARACTERS} are allowed")
    parser = _Parser(text)
    expression = parser.expression(0, 0)
    if parser.kind:
        parser.fail(f"{parser.token!r} stands where an operator or the end is expected")
    return Formula(text, expression, frozenset(parser.names))


class _Parser:
    """Precedence climbing over one token of look-ahead."""

    def __init__(self, text: str) -> None:
        self.text, self.end = text, 0
        self.names: set[str] = set()
        self.advance()

    def advance(self) -> None:
        match = _TOKEN.match(self.text, self.end)
        if match is None:
            rest = self.text[self.end :].lstrip()
            self.start, self.kind, self.token = len(self.text) - len(rest), "", rest[:1]
            if rest:
                self.fail(f"{rest[0]!r} is no part of a formula")
            return
        self.kind, self.token = match.lastgroup or "", match[match.lastgroup or 0]
        self.start, self.end = match.end() - len(self.token), match.end()

    def fail(self, message: str) -> None:
        raise FormulaSyntaxError(f"column {self.start + 1}: {message}")

    def expect(self, sign: str) -> None:
        if self.token != sign:
            self.fail(f"{sign!r} is missing before {self.token!r}" if self.token else f"{sign!r} is missing at the end")
        self.advance()

    def expression(self, binding: int, depth: int) -> Expression:
        """All that binds tighter than `binding`."""
        if depth > MAX_DEPTH:
            self.fail(f"nested deeper than {MAX_DEPTH}")
        left = self.operand(depth + 1)
        while (tightness := _BINDING.get(self.token, 0)) > binding:
            operator = self.token
            self.advance()
            right = self.expression(tightness - 1 if operator == "^" else tightness, depth + 1)
            left = (operator, (left, right))
        return left

    def operand(self, depth: int) -> Expression:
        kind, token = self.kind, self.token
        if token in ("-", "+"):
            self.advance()
            inner = self.expression(_UNARY, depth)
            return ("neg", (inner,)) if token == "-" else inner
        if token == "(":
            self.advance()
            inner = self.expression(0, depth)
            self.expect(")")
            return inner
        if kind == "number":
            if not math.isfinite(float(token)):
                self.fail(f"{token} is too large")
            self.advance()
            return float(token)
        if kind != "name":
            self.fail(f"{token!r} stands where a number or a name is expected" if token else "it ends too early")
        self.advance()
        if self.token == "(":
            return self.call(token, depth)
        self.names.add(token)
        return token

    def call(self, name: str, depth: int) -> Expression:
        function = FUNCTIONS.get(name)
        if function is None:
            known = ", ".join(FUNCTIONS)
            raise FormulaSyntaxError(
                f"no function is named {name!r}.{did_you_mean(name, FUNCTIONS)} There are: {known}"
            )
        self.expect("(")
        operands = [self.expression(0, depth)]
        while self.token == ",":
            self.advance()
            operands.append(self.expression(0, depth))
        self.expect(")")
        if len(operands) < function.least or (function.most is not None and len(operands) > function.most):
            self.fail(f"{name} takes {function.least} argument{'s' * (function.least > 1)}, not {len(operands)}")
        return (name, tuple(operands))


def _value(expression: Expression, scores: Mapping[str, float]) -> float:
    if isinstance(expression, float):
        return expression
    if isinstance(expression, str):
        return scores[expression]
    operation, operands = expression
    values = [_value(operand, scores) for operand in operands]
    try:
        result = _apply(operation, values)
    except ZeroDivisionError:
        raise NoFiniteValueError("FORMULA_DIVISION_BY_ZERO", f"{values[0]:g} / {values[1]:g}") from None
    except ValueError as error:
        told = f"{operation} of {', '.join(f'{value:g}' for value in values)}: {error}"
        raise NoFiniteValueError("FORMULA_DOMAIN", told) from None
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        told = f"{operation} of {', '.join(f'{value:g}' for value in values)} is too large"
        raise NoFiniteValueError("FORMULA_OVERFLOW", told)
    return result


def _apply(operation: str, values: list[float]) -> float:
    match operation:
        case "+":
            return values[0] + values[1]
        case "-":
            return values[0] - values[1]
        case "*":
            return values[0] * values[1]
        case "/":
            return values[0] / values[1]
        case "^":
            return math.pow(values[0], values[1])
        case "neg":
            return -values[0]
    return FUNCTIONS[operation].apply(*values)
