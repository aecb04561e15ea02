"""An expression as a list of steps, in which the same part is there once, and the evaluation of it modulo a prime.

Steps are sums, products, quotients and whole powers of numbers and variables: each is a quotient of two polynomials
with whole coefficients, and how large those can be is kept beside it. Which expressions have such a form is
`exponentials`; where they are evaluated, and what that shows, is `modular`.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import gcd
from typing import NamedTuple

from gradewire_extractors.parse.nodes import Rational

NUMBER, VARIABLE, ADD, MUL, DIV, POWER = range(6)
Step = tuple[int, ...]
"""A kind, and the steps that it works on; for a number its place in `numbers`, for a power also the exponent."""


class Size(NamedTuple):
    """Bounds for a quotient: bits of the sum of its coefficients' sizes, and degree, above and below the line."""

    bits: int
    bits_below: int
    degree: int
    degree_below: int


class Program:
    """Steps in an order in which each comes after those that it works on."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.sizes: list[Size] = []
        self.numbers: list[Rational] = []
        self.names: dict[str, int] = {}
        """The variables, with their steps."""
        self._known: dict[object, int] = {}

    def number(self, value: Rational) -> int:
        """A step for a rational."""
        found = self._known.get(value)
        if found is None:
            self.numbers.append(value)
            size = Size(_bits(value.numerator), _bits(value.denominator), 0, 0)
            found = self._known[value] = self._add((NUMBER, len(self.numbers) - 1), size)
        return found

    def variable(self, name: str) -> int:
        """A step for a variable."""
        found = self.names.get(name)
        if found is None:
            found = self.names[name] = self._add((VARIABLE,), Size(0, 0, 1, 0))
        return found

    def step(self, kind: int, *of: int) -> int:
        """A step that works on others."""
        key = (kind, *of)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._add(key, self._size(kind, of))
        return found

    def _add(self, step: Step, size: Size) -> int:
        self.steps.append(step)
        self.sizes.append(size)
        return len(self.steps) - 1

    def _size(self, kind: int, of: tuple[int, ...]) -> Size:
        if kind == POWER:
            above, below, degree, degree_below = self.sizes[of[0]]
            times = abs(of[1])
            size = Size(above * times, below * times, degree * times, degree_below * times)
            return size if of[1] >= 0 else _turned(size)
        parts = [self.sizes[index] for index in of]
        if kind == DIV:
            parts[1] = _turned(parts[1])
        below, degree_below = sum([part.bits_below for part in parts]), sum([part.degree_below for part in parts])
        if kind == ADD:
            bits = max([part.bits - part.bits_below for part in parts]) + below + _bits(len(parts))
            return Size(
                bits, below, max([part.degree - part.degree_below for part in parts]) + degree_below, degree_below
            )
        return Size(sum([part.bits for part in parts]), below, sum([part.degree for part in parts]), degree_below)

    def values(self, prime: int, points: Mapping[int, int]) -> list[int]:
        """What each step comes to modulo a prime. ZeroDivisionError where it divides by 0."""
        values: list[int] = []
        for number, step in enumerate(self.steps):
            kind = step[0]
            if kind == MUL:
                value = 1
                for index in step[1:]:
                    value = value * values[index] % prime
            elif kind == ADD:
                value = sum([values[index] for index in step[1:]]) % prime
            elif kind == NUMBER:
                value = _residue(self.numbers[step[1]], prime)
            elif kind == VARIABLE:
                value = points[number]
            elif kind == POWER:
                value = _power(values[step[1]], step[2], prime)
            else:
                value = values[step[1]] * _power(values[step[2]], -1, prime) % prime
            values.append(value)
        return values


def _turned(size: Size) -> Size:
    return Size(size.bits_below, size.bits, size.degree_below, size.degree)


def _bits(value: int) -> int:
    """The least n for which 2^n is at least as large."""
    return (abs(value) - 1).bit_length() if value else 0


def _residue(value: Rational, prime: int) -> int:
    if isinstance(value, int):
        return value % prime
    return value.numerator * _power(value.denominator, -1, prime) % prime


def _power(base: int, exponent: int, prime: int) -> int:
    if exponent < 0 and gcd(base, prime) != 1:
        raise ZeroDivisionError
    return pow(base, exponent, prime)
