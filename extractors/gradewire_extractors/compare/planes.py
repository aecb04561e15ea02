"""Complex enclosures: rectangles that are sure to hold an expression's principal value."""

from __future__ import annotations

from typing import Any

from mpmath import libmp as lib  # type: ignore[import-untyped]  # ships no types

from gradewire_extractors.compare.binders import BINDERS
from gradewire_extractors.compare.enclosures import Enclosure, OutOfRealsError, UnsupportedError
from gradewire_extractors.parse.exact import rational
from gradewire_extractors.parse.nodes import Const, Expr, Num, Op, Sym

Complex = Any
"""A pair of intervals: real and imaginary part."""

ZERO = (lib.fzero, lib.fzero)


class Plane:
    """One complex evaluation; `real` does what stays on the real line, and notes what is absorbed."""

    def __init__(self, real: Enclosure) -> None:
        self.line = real

    def value(self, expr: Expr) -> Complex:
        """The rectangle. ZeroDivisionError, UnsupportedError where there is none; OutOfTimeError past the deadline."""
        if isinstance(expr, Num | Sym):
            return self.line.real(expr), ZERO
        if isinstance(expr, Const):
            if expr.name == "i":
                return ZERO, (lib.fone, lib.fone)
            return self.line.real(expr), ZERO
        self.line.require_time()
        if expr.head in ("pow", "root"):
            return self._power(expr)
        if expr.head in BINDERS:
            raise UnsupportedError(expr.head)  # what it binds has no value here
        args = [self.value(arg) for arg in expr.args]
        if all(arg[1] == ZERO for arg in args) and expr.head not in ("add", "mul", "div"):
            try:
                return self._on_line(expr, args), ZERO
            except OutOfRealsError:
                pass
        rule = _RULES.get(expr.head)
        if rule is None:
            raise UnsupportedError(expr.head)
        return rule(self, *args)

    def _on_line(self, expr: Op, args: list[Complex]) -> Any:
        names = [f"_{index}" for index in range(len(args))]
        inner = _Given(self.line, dict(zip(names, (arg[0] for arg in args), strict=True)))
        result = inner.real(Op(expr.head, tuple(Sym(name) for name in names)))
        self.line.absorbed = self.line.absorbed or inner.absorbed
        return result

    def add(self, *values: Complex) -> Complex:
        """The sum."""
        return self.line.add(*(v[0] for v in values)), self.line.add(*(v[1] for v in values))

    def mul(self, *values: Complex) -> Complex:
        """The product."""
        product = values[0]
        for value in values[1:]:
            product = lib.mpci_mul(product, value, self.line.precision)
        return product

    def div(self, top: Complex, bottom: Complex) -> Complex:
        """The quotient; ZeroDivisionError where the divisor may be 0."""
        if all(lib.mpf_sign(part[0]) * lib.mpf_sign(part[1]) <= 0 for part in bottom):
            raise ZeroDivisionError
        return lib.mpci_div(top, bottom, self.line.precision)

    def exp(self, value: Complex) -> Complex:
        """e to the value."""
        scale = self.line.exp(value[0])
        if value[1] == ZERO:
            return scale, ZERO
        cos, sin = lib.mpi_cos_sin(value[1], self.line.precision)
        return self.line.mul(scale, cos), self.line.mul(scale, sin)

    def ln(self, value: Complex) -> Complex:
        """The principal logarithm; UnsupportedError on its cut unless the value is exactly real."""
        real, imaginary = value
        if all(lib.mpf_sign(part[0]) * lib.mpf_sign(part[1]) <= 0 for part in value):
            raise UnsupportedError("a logarithm where 0 may be")
        low, high = lib.mpf_sign(imaginary[0]), lib.mpf_sign(imaginary[1])
        if imaginary != ZERO and low * high <= 0 and lib.mpf_sign(real[0]) < 0:
            raise UnsupportedError("the cut of a logarithm")
        if imaginary == ZERO and lib.mpf_sign(real[1]) < 0:
            pi = self.line.real(Const("pi"))
            return lib.mpi_log(lib.mpi_neg(real), self.line.precision), pi
        return lib.mpci_log(value, self.line.precision)

    def _power(self, expr: Op) -> Complex:
        base = self.value(expr.args[0])
        if expr.head == "root":
            degree = rational(expr.args[1])
            if not isinstance(degree, int) or degree < 1:
                raise UnsupportedError("a root that is not whole")
            if base == (ZERO, ZERO):
                return base
            if base[1] == ZERO and degree % 2:
                return self._on_line_root(base, degree), ZERO
            if base[1] == ZERO and degree == 2 and lib.mpf_sign(base[0][1]) < 0:
                return ZERO, lib.mpi_sqrt(lib.mpi_neg(base[0]), self.line.precision)
            return self.exp(self.mul(self.ln(base), self.value(Op("div", (Num(1), Num(degree))))))
        exponent = rational(expr.args[1])
        if isinstance(exponent, int) and abs(exponent) <= 4_096:
            return self._whole_power(base, exponent)
        if expr.args[0] == Const("e"):
            return self.exp(self.value(expr.args[1]))
        if base == (ZERO, ZERO):
            raise ZeroDivisionError
        return self.exp(self.mul(self.ln(base), self.value(expr.args[1])))

    def _on_line_root(self, base: Complex, degree: int) -> Any:
        return _Given(self.line, {"_0": base[0]}).real(Op("root", (Sym("_0"), Num(degree))))

    def _whole_power(self, base: Complex, exponent: int) -> Complex:
        one: Complex = ((lib.fone, lib.fone), ZERO)
        if exponent < 0:
            return self.div(one, self._whole_power(base, -exponent))
        result = one
        while exponent:
            if exponent & 1:
                result = self.mul(result, base)
            exponent >>= 1
            if exponent:
                base = self.mul(base, base)
        return result

    def sin(self, value: Complex) -> Complex:
        """The sine."""
        self.line.bounded(value[1])
        return lib.mpci_sin(value, self.line.precision)

    def cos(self, value: Complex) -> Complex:
        """The cosine."""
        self.line.bounded(value[1])
        return lib.mpci_cos(value, self.line.precision)


class _Given(Enclosure):
    """An evaluation whose variables are intervals already."""

    def __init__(self, line: Enclosure, given: dict[str, Any]) -> None:
        super().__init__(line.precision, {}, line.deadline)
        self._given = given

    def real(self, expr: Expr) -> Any:
        if isinstance(expr, Sym):
            return self._given[expr.name]
        return super().real(expr)


_RULES: dict[str, Any] = {
    "add": Plane.add,
    "mul": Plane.mul,
    "div": Plane.div,
    "ln": Plane.ln,
    "log": lambda self, value, base: self.div(self.ln(value), self.ln(base)),
    "abs": lambda self, value: (lib.mpci_abs(value, self.line.precision), ZERO),
    "conj": lambda _, value: (value[0], lib.mpi_neg(value[1])),
    "re": lambda _, value: (value[0], ZERO),
    "im": lambda _, value: (value[1], ZERO),
    "sin": Plane.sin,
    "cos": Plane.cos,
    "tan": lambda self, value: self.div(self.sin(value), self.cos(value)),
}
