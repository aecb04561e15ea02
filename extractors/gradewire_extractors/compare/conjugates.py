"""Complex variables: what is conjugated or taken the real part of, and |z|, is a + bi with two real variables."""

from __future__ import annotations

from gradewire_extractors.parse.nodes import Const, Expr, Op, Sym, negate, symbols, walk

_PARTED = ("conj", "re", "im")
_COMPLEX = "zw"
"""Letters that are complex where nothing else stands beside their absolute value: |z|² is not z²."""
_NUMBER = ("add", "mul", "div", "pow", "abs", *_PARTED)
"""Operations under which a complex variable is put apart; under others it stays a name."""


def in_parts(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    """Both sides with each variable that is conjugated on either of them as a + bi."""
    names = {
        name
        for side in (left, right)
        for node in walk(side)
        if isinstance(node, Op) and node.head in _PARTED
        for name in symbols(node)
    }
    letters = symbols(left) | symbols(right)
    if letters and all(name[0] in _COMPLEX for name in letters):
        names |= {
            name
            for side in (left, right)
            for node in walk(side)
            if isinstance(node, Op) and node.head == "abs"
            for name in symbols(node)
        }
    heads = {node.head for side in (left, right) for node in walk(side) if isinstance(node, Op)}
    if not names or not heads.issubset(_NUMBER):
        return left, right
    return _parted(left, names), _parted(right, names)


def _parted(expr: Expr, names: set[str]) -> Expr:
    if isinstance(expr, Sym) and expr.name in names:
        return Op("add", (Sym(f"{expr.name} re"), Op("mul", (Const("i"), Sym(f"{expr.name} im")))))
    if not isinstance(expr, Op):
        return expr
    args = tuple(_parted(arg, names) for arg in expr.args)
    return _conjugate(args[0]) if expr.head == "conj" else Op(expr.head, args)


def _conjugate(expr: Expr) -> Expr:
    """The conjugate, drawn into sums, products, quotients and whole powers."""
    if expr == Const("i"):
        return negate(expr)
    if not isinstance(expr, Op) or expr.head in ("abs", "re", "im"):
        return expr
    if expr.head == "pow":
        return Op("pow", (_conjugate(expr.args[0]), _conjugate(expr.args[1])))
    return Op(expr.head, tuple(map(_conjugate, expr.args)))
