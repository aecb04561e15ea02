r"""Sets by what their members fulfil: `\{x \mid x > 3\}`, `\{2n : n \in \mathbb{Z}\}`."""

from __future__ import annotations

from collections.abc import Callable

from gradewire_extractors.parse.limits import NotUnderstoodError
from gradewire_extractors.parse.nodes import Sym
from gradewire_extractors.parse.syntax import Chain, Group, Node, Words
from gradewire_extractors.parse.types import Answer, Family, List, Region, Relation, Set, Text

DOMAINS = {"Z": "integers", "N": "natural numbers", "Q": "rational numbers", "C": "complex numbers"}
_COUNTED = ("Z", "N")

Classify = Callable[[Node, str], Answer]


def domain_of(node: Node) -> str:
    """The letter of a set of numbers."""
    word = node.items[0] if isinstance(node, Group) and node.head == "domain" else None
    if not isinstance(word, Words):
        raise NotUnderstoodError("a set within another")
    return word.text


def builder(node: Group, classify: Classify) -> Answer:
    """{x | x > 3}, {x : x = 1 or x = 6}, {2n | n in Z}."""
    first, condition = node.items
    variable = first.name if isinstance(first, Sym) else None
    domain = "R"
    if isinstance(first, Chain) and first.signs == ("in",) and isinstance(first.sides[0], Sym):
        variable = first.sides[0].name
        domain = domain_of(first.sides[1])
    if variable is None:
        return _family(first, condition, classify)
    answer = classify(condition, "")
    if isinstance(answer, Region) and answer.variable == variable:
        region = Region(answer.parts, answer.without)
        return region if domain == "R" else Text(f"{DOMAINS[domain]} in {region.canonical}")
    listed = answer.items if isinstance(answer, List) else (answer,)
    members: list[Answer] = []
    for item in listed:
        if not isinstance(item, Relation) or item.name != variable or item.signs != ("=",):
            raise NotUnderstoodError("a condition that is not solved")
        members.append(item.sides[1])
    return Set(tuple(members))


def _family(first: Node, condition: Node, classify: Classify) -> Family:
    """A value for every integer: {2n | n in Z}."""
    if isinstance(condition, Chain) and condition.signs == ("in",) and isinstance(condition.sides[0], Sym):
        domain = domain_of(condition.sides[1])
        if domain in _COUNTED:
            return Family(classify(first, ""), condition.sides[0].name, DOMAINS[domain])
    raise NotUnderstoodError("a set whose members are not named")
