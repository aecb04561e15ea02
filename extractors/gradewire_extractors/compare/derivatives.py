"""Take derivatives that an answer writes down, d/dx x^2, by the rules for sums, products and chains."""

from __future__ import annotations

from collections.abc import Callable

from gradewire_extractors.parse.nodes import ONE, Const, Expr, Num, Op, Sym, negate, walk

_MAX_NODES = 1_000
"""Of a derivative, before it is simplified."""
_MAX_TAKEN = 300
"""Of what one is taken of."""
_ZERO = Num(0)


class NotTakenError(Exception):
    """No rule is known here, or the derivative is too long."""


def without_derivatives(expr: Expr) -> Expr:
    """The expression with each derivative taken; one that is not known stays as it is."""
    if not isinstance(expr, Op):
        return expr
    args = tuple(without_derivatives(arg) for arg in expr.args)
    if expr.head == "diff" and isinstance(args[1], Sym) and len(walk(args[0])) <= _MAX_TAKEN:
        try:
            return derivative(args[0], args[1].name)
        except NotTakenError:
            return Op("diff", args)
    return Op(expr.head, args)


def derivative(expr: Expr, name: str) -> Expr:
    """The derivative by a variable, not simplified. NotTakenError where there is none here."""
    if expr == Sym(name):
        return ONE
    if Sym(name) not in walk(expr):
        return _ZERO
    assert isinstance(expr, Op)
    found = _of(expr, name)
    if len(walk(found)) > _MAX_NODES:
        raise NotTakenError
    return found


def _of(expr: Op, name: str) -> Expr:
    args = expr.args
    if expr.head == "add":
        return _sum([derivative(arg, name) for arg in args])
    if expr.head == "mul":
        return _sum(
            [
                _product(*args[:index], derivative(arg, name), *args[index + 1 :])
                for index, arg in enumerate(args)
                if Sym(name) in walk(arg)
            ]
        )
    if expr.head == "div":
        top, bottom = args
        up = _sum([_product(derivative(top, name), bottom), negate(_product(top, derivative(bottom, name)))])
        return Op("div", (up, Op("pow", (bottom, Num(2)))))
    if expr.head in ("pow", "root"):
        power = args[1] if expr.head == "pow" else Op("div", (ONE, args[1]))
        return _of_power(args[0], power, name)
    if expr.head == "log" and Sym(name) not in walk(args[1]):
        return Op("div", (derivative(args[0], name), _product(args[0], Op("ln", (args[1],)))))
    rule = _CHAIN.get(expr.head)
    if rule is None:
        raise NotTakenError
    return _product(rule(args[0]), derivative(args[0], name))


def _of_power(base: Expr, power: Expr, name: str) -> Expr:
    if Sym(name) not in walk(power):
        lower = Op("pow", (base, Op("add", (power, Num(-1)))))
        return _product(power, lower, derivative(base, name))
    inner = derivative(power, name) if base == Const("e") else derivative(_product(power, Op("ln", (base,))), name)
    return _product(Op("pow", (base, power)), inner)


def _sum(terms: list[Expr]) -> Expr:
    kept = tuple(term for term in terms if term != _ZERO)
    return Op("add", kept) if len(kept) > 1 else kept[0] if kept else _ZERO


def _product(*factors: Expr) -> Expr:
    if _ZERO in factors:
        return _ZERO
    kept = tuple(factor for factor in factors if factor != ONE)
    return Op("mul", kept) if len(kept) > 1 else kept[0] if kept else ONE


def _square(expr: Expr) -> Expr:
    return Op("pow", (expr, Num(2)))


def _over(bottom: Expr) -> Expr:
    return Op("div", (ONE, bottom))


def _plus(*terms: Expr) -> Expr:
    return Op("add", terms)


def _root_of(expr: Expr) -> Expr:
    return Op("root", (expr, Num(2)))


_CHAIN: dict[str, Callable[[Expr], Expr]] = {
    "sin": lambda u: Op("cos", (u,)),
    "cos": lambda u: negate(Op("sin", (u,))),
    "tan": lambda u: _square(Op("sec", (u,))),
    "cot": lambda u: negate(_square(Op("csc", (u,)))),
    "sec": lambda u: _product(Op("sec", (u,)), Op("tan", (u,))),
    "csc": lambda u: negate(_product(Op("csc", (u,)), Op("cot", (u,)))),
    "sinh": lambda u: Op("cosh", (u,)),
    "cosh": lambda u: Op("sinh", (u,)),
    "tanh": lambda u: _square(Op("sech", (u,))),
    "ln": _over,
    "asin": lambda u: _over(_root_of(_plus(ONE, negate(_square(u))))),
    "acos": lambda u: negate(_over(_root_of(_plus(ONE, negate(_square(u)))))),
    "atan": lambda u: _over(_plus(ONE, _square(u))),
    "asinh": lambda u: _over(_root_of(_plus(_square(u), ONE))),
    "acosh": lambda u: _over(_root_of(_plus(_square(u), Num(-1)))),
    "atanh": lambda u: _over(_plus(ONE, negate(_square(u)))),
}
"""The derivative of each function at u; |u| has none at 0, and is left alone."""


__all__ = ["derivative", "without_derivatives"]
