"""What the grammar yields above expressions: groups, chains of relations, words, values with units.

`classify` turns these into typed answers.
"""

from __future__ import annotations

from dataclasses import dataclass

from gradewire_extractors.parse.nodes import Expr, Op


@dataclass(frozen=True, slots=True)
class Group:
    """Several things put together. Heads: seq or and tuple angled bracketed set (] [) cup cap setminus ratio
    row matrix where domain."""

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
    """The longest way from the root to a leaf, found without recursion."""
    deepest = 0
    todo: list[tuple[Node, int]] = [(node, 1)]
    while todo:
        current, level = todo.pop()
        deepest = max(deepest, level)
        if isinstance(current, Op):
            todo.extend((arg, level + 1) for arg in current.args)
        elif isinstance(current, Group):
            todo.extend((item, level + 1) for item in current.items)
        elif isinstance(current, Chain):
            todo.extend((side, level + 1) for side in current.sides)
        elif isinstance(current, Measured):
            todo.append((current.amount, level + 1))
    return deepest
