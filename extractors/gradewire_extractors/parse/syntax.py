"""What the grammar yields above expressions: groups, chains of relations, words, values with units.

`classify` turns these into typed answers.
"""

from __future__ import annotations

from dataclasses import dataclass

from gradewire_extractors.parse.nodes import Const, Expr, Num, Op, Sym


@dataclass(frozen=True, slots=True)
class Group:
    """Several things put together. Heads: seq or and tuple angled bracketed set (] [) cup cap setminus complement
    ratio row matrix cases where domain."""

    head: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """Sides with a sign between each two; `name` if the first side is one name for what follows."""

    sides: tuple[Node, ...]
    signs: tuple[str, ...]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Text within mathematics."""

    text: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A value with a unit; `product` if the unit's letters could be variables."""

    amount: Expr
    unit: str
    product: Expr | None = None


Node = Expr | Group | Chain | Words | Measured


def depth(node: Node) -> int:
    """The longest way from the root to a leaf, found level by level."""
    deepest = 0
    level: list[Node] = [node]
    while level:
        deepest += 1
        below: list[Node] = []
        for current in level:
            if isinstance(current, Op):
                below += current.args
            elif isinstance(current, Num | Sym | Const):
                continue
            elif isinstance(current, Group):
                below += current.items
            elif isinstance(current, Chain):
                below += current.sides
            elif isinstance(current, Measured):
                below.append(current.amount)
        level = below
    return deepest
