r"""Vectors in brackets, `(1, 2) + t(3, 4)`: sums, multiples, and their length."""

from __future__ import annotations

from gradewire_extractors.parse.limits import NotUnderstoodError
from gradewire_extractors.parse.nodes import Expr, Num, Op, Sym, negate
from gradewire_extractors.parse.syntax import Group, Node


def is_vector(node: Node) -> bool:
    """Whether it is a tuple of values."""
    return isinstance(node, Group) and node.head in ("tuple", "angled") and all(isinstance(x, Expr) for x in node.items)


def multiple(factor: Expr, vector: Group) -> Group:
    """The vector with each part multiplied. A capital before brackets is a point or a distribution, and no factor."""
    last = factor.args[-1] if isinstance(factor, Op) and factor.head == "mul" else factor
    if isinstance(last, Sym) and last.name[:1].isupper():
        raise NotUnderstoodError(f"{last.name} of several values")
    return Group(vector.head, tuple(Op("mul", (factor, part)) for part in _parts(vector)))


def total(left: Group, right: Node, sign: str) -> Group:
    """The sum or difference of two vectors."""
    if not isinstance(right, Group) or not is_vector(right) or len(right.items) != len(left.items):
        raise NotUnderstoodError("a vector added to something else")
    pairs = zip(_parts(left), _parts(right), strict=True)
    return Group(left.head, tuple(Op("add", (a, b if sign == "+" else negate(b))) for a, b in pairs))


def length(node: Node) -> Expr | None:
    r"""The length of a vector, `\|(3, 4)\|`; None for anything else."""
    if isinstance(node, Group) and node.head == "matrix":
        columns = [row.items for row in node.items if isinstance(row, Group)]
        node = Group("tuple", tuple(row[0] for row in columns)) if {len(row) for row in columns} == {1} else node
    if not isinstance(node, Group) or not is_vector(node):
        return None
    return Op("root", (Op("add", tuple(Op("pow", (part, Num(2))) for part in _parts(node))), Num(2)))


def _parts(vector: Group) -> list[Expr]:
    return [part for part in vector.items if isinstance(part, Expr)]
