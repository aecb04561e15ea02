"""Bound variables under one name each, so that sums over k and over j are compared as what they sum.

What stands under a sum may be unknown: f(k), a_k. Such a sum has no value of its own; it is a variable, known by
what it sums from where to where.
"""

from __future__ import annotations

import re

from gradewire_extractors.parse.nodes import Expr, Op, Sym, show, walk

BINDERS = ("sum", "prod", "int", "lim")
_LEAST = 3
"""Arguments of an operation that binds: an integral without bounds does not."""


def names_apart(expr: Expr, depth: int = 1) -> Expr:
    """The expression with its bound variables named by how deep they are bound, and sums of unknowns as variables."""
    if not isinstance(expr, Op):
        return expr
    if expr.head in BINDERS and isinstance(expr.args[1], Sym):
        name = expr.args[1].name
        inner = Sym(f"#{depth}") if len(expr.args) >= _LEAST else Sym(name)
        body = names_apart(_renamed(expr.args[0], name, inner.name), depth + 1)
        found = Op(expr.head, (body, inner, *(names_apart(arg, depth) for arg in expr.args[2:])))
        return Sym(show(found)) if _is_unknown(body, inner.name) else found
    args = tuple(names_apart(arg, depth) for arg in expr.args)
    same = all(new is old for new, old in zip(args, expr.args, strict=True))
    return expr if same else Op(expr.head, args)


def _renamed(expr: Expr, name: str, other: str) -> Expr:
    """The variable under another name, in subscripts too."""
    if isinstance(expr, Sym):
        if expr.name == name:
            return Sym(other)
        letter, mark, script = expr.name.partition("_")
        if mark and name in script:
            return Sym(f"{letter}_{re.sub(f'(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])', other, script)}")
        return expr
    if isinstance(expr, Op):
        return Op(expr.head, tuple(_renamed(arg, name, other) for arg in expr.args))
    return expr


def _is_unknown(body: Expr, name: str) -> bool:
    """Whether something in it depends on the variable in a way that nobody said."""
    for node in walk(body):
        if isinstance(node, Sym) and node.name != name and name in node.name:
            return True
        if isinstance(node, Op) and node.head.startswith("call ") and Sym(name) in walk(node):
            return True
    return False
