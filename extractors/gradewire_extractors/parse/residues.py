r"""Residues: `x \equiv 5 \bmod 7` says what `x \equiv 5 \pmod 7` says, and one modulus may stand behind several."""

from __future__ import annotations

from gradewire_extractors.parse.nodes import Expr, Op
from gradewire_extractors.parse.syntax import Chain, Node


def congruent(side: Node) -> Node:
    """A side of a congruence: the remainder that `mod` would give is a class there."""
    return Op("residue", side.args) if isinstance(side, Op) and side.head == "mod" else side


def spread(items: list[Node]) -> list[Node]:
    """1, 4 (mod 5): the modulus of the last belongs to all."""
    last = _value(items[-1])
    if not isinstance(last, Op) or last.head != "residue":
        return items
    modulus = last.args[1]
    return [*(_with_modulus(item, modulus) for item in items[:-1]), items[-1]]


def _value(item: Node) -> Node:
    return item.sides[-1] if isinstance(item, Chain) else item


def _with_modulus(item: Node, modulus: Expr) -> Node:
    value = _value(item)
    if not isinstance(value, Expr) or (isinstance(value, Op) and value.head == "residue"):
        return item
    found = Op("residue", (value, modulus))
    return Chain((*item.sides[:-1], found), item.signs, item.name) if isinstance(item, Chain) else found
