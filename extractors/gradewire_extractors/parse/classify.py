"""Syntax to typed answers: which pair is an interval, which chain is a name, what ± stands for."""

from __future__ import annotations

from itertools import pairwise

from gradewire_extractors.parse.cardinals import read_cardinal
from gradewire_extractors.parse.inequalities import as_inequality, intersection
from gradewire_extractors.parse.limits import MAX_ITEMS, LimitExceededError, NotUnderstoodError
from gradewire_extractors.parse.moments import looks_like_clock
from gradewire_extractors.parse.named_sets import read_named_sets
from gradewire_extractors.parse.nodes import Expr, Op, Sym, heads
from gradewire_extractors.parse.prose import canonical_text
from gradewire_extractors.parse.regions import MINUS_OO, OO, region
from gradewire_extractors.parse.single import scalar
from gradewire_extractors.parse.special import read_undefined
from gradewire_extractors.parse.syntax import Chain, Group, Measured, Node, Words
from gradewire_extractors.parse.types import (
    Answer,
    Bracketed,
    List,
    Matrix,
    Number,
    Percent,
    Quantity,
    Ratio,
    Region,
    Relation,
    Set,
    Symbolic,
    Text,
    Tuple,
)

_DOMAINS = {"Z": "integers", "N": "natural numbers", "Q": "rational numbers", "C": "complex numbers"}
_DOTS = Text("dots")


def classify(node: Node, text: str) -> Answer:
    """The typed answer of a syntax tree; `text` is what it was read from."""
    if isinstance(node, Expr):
        return scalar(node)
    if node == Words("..."):
        return _DOTS
    if isinstance(node, Words):
        return _words(node.text)
    if isinstance(node, Measured):
        return _measured(node)
    if isinstance(node, Chain):
        return _chain(node)
    return _group(node, text)


def _words(text: str) -> Answer:
    number = read_cardinal(text)
    if number is not None:
        return Number(number)
    return read_undefined(canonical_text(text)) or Text(canonical_text(text))


def _measured(node: Measured) -> Answer:
    if node.unit == "percent":
        return scalar(Op("percent", (node.amount,)))
    amount = scalar(node.amount)
    unit = node.unit.split(" ")
    if "percent" in unit:  # 15 percent per year
        rest = " ".join(piece for piece in unit if piece != "percent")
        return Quantity(scalar(Op("percent", (node.amount,))), rest)
    if isinstance(amount, List):
        return List(tuple(Quantity(item, node.unit) for item in amount.items))
    return Quantity(amount, node.unit, node.product)


def _group(node: Group, text: str) -> Answer:
    head = node.head
    if head in ("seq", "and", "or"):
        return _listed(node, text)
    if head == "domain" and node.items != (Words("R"),):
        return Text(_DOMAINS[_domain(node)])
    if head in ("cup", "cap", "setminus"):
        return read_named_sets(node) or region(node)
    if head in ("(]", "[)", "][", "domain"):
        return region(node)
    if head == "where":
        return _builder(node)
    if head == "matrix":
        rows = []
        for row in node.items:
            assert isinstance(row, Group)
            rows.append(tuple(classify(entry, text) for entry in row.items))
        return Matrix(tuple(rows))
    items = tuple(classify(item, text) for item in node.items)
    if head == "ratio":
        return Ratio(items, text if looks_like_clock(text) else None)
    if head in ("tuple", "angled"):
        items = tuple(_written_out(list(items)))
        if any(_is_infinite(item) for item in node.items) and len(items) == 2:
            return region(node)
        signs = [index for index, item in enumerate(items) if isinstance(item, List) and _is_signed(node.items[index])]
        if len(signs) == 1 and head == "tuple":
            at = signs[0]
            both = items[at]
            assert isinstance(both, List)
            return List(tuple(Tuple((*items[:at], one, *items[at + 1 :])) for one in both.items))
        return Tuple(items, angled=head == "angled")
    if head == "bracketed":
        return Bracketed(items)
    assert head == "set", head
    flat: list[Answer] = []
    for item in items:
        flat.extend(item.items if isinstance(item, List) else (item,))
    return Set(tuple(_written_out(flat)))


def _is_signed(node: Node) -> bool:
    """Whether a node is one value with ± or ∓ in it."""
    return isinstance(node, Expr) and not {"pm", "mp"}.isdisjoint(heads(node))


def _is_infinite(node: Node) -> bool:
    return node in (OO, MINUS_OO)


def _listed(node: Group, text: str) -> Answer:
    regions = [as_inequality(item) for item in node.items]
    together = _together(node.head, [region for region in regions if region is not None])
    if together is not None and None not in regions:
        return together
    items: list[Answer] = []
    name: str | None = None
    for item in node.items:
        answer = classify(item, text)
        # x = 2, 5 and x = 2 or 5: the name is said once.
        if isinstance(answer, Relation) and answer.name and answer.signs == ("=",):
            name = answer.name
        elif name is not None and isinstance(answer, Number | Symbolic | Percent | Tuple):
            answer = Relation((Text(name), answer), ("=",), name)
        if isinstance(answer, List):
            items.extend(answer.items)
        else:
            items.append(answer)
    return List(tuple(_same_unit(_written_out(items))), alternative=node.head == "or")


def _together(head: str, found: list[Region]) -> Region | None:
    """Conditions on one variable as one region: x < 1 or x > 3, x > 1 and x < 3, x > 0, x \\ne 1; else None."""
    if len({region.variable for region in found}) != 1:
        return None
    name = found[0].variable
    whole = [region for region in found if not region.without]
    holes = tuple(hole for region in found for hole in region.without)
    if head == "or":
        return None if holes else Region(tuple(part for region in found for part in region.parts), (), name)
    if head == "seq" and not holes:
        return None  # x > 3, x < 1: 'and' or 'or' is not said
    both = whole[0] if len(whole) == 1 else intersection(whole)
    if both is not None or not whole:
        return Region(both.parts if both is not None else found[0].parts, holes, name)
    return None


def _written_out(items: list[Answer]) -> list[Answer]:
    """1, 2, ..., 10 with its middle, where the integers around the dots are evenly spaced."""
    for index, item in enumerate(items):
        if item != _DOTS or not 0 < index < len(items) - 1:
            continue
        around = [i.value for i in (*items[:index], items[index + 1]) if isinstance(i, Number)]
        values = [value for value in around if isinstance(value, int)]
        if len(values) != index + 1:
            continue
        step = values[1] - values[0] if index > 1 else 1
        last, end = values[-2], values[-1]
        even = all(b - a == step for a, b in pairwise(values[:-1]))
        if step > 0 and even and end > last and (end - last) % step == 0 and (end - last) // step <= MAX_ITEMS:
            middle: list[Answer] = [Number(value) for value in range(last + step, end, step)]
            return _written_out([*items[:index], *middle, *items[index + 1 :]])
    if len(items) > MAX_ITEMS:
        raise LimitExceededError(f"more than {MAX_ITEMS} items")
    return items


def _same_unit(items: list[Answer]) -> list[Answer]:
    """3 and 4 cm: the unit is said once, at the end."""
    last = items[-1]
    if isinstance(last, Quantity) and all(isinstance(i, Number | Symbolic) for i in items[:-1]):
        return [*(Quantity(i, last.unit) for i in items[:-1]), last]
    return items


def _chain(node: Chain) -> Answer:
    region = as_inequality(node)
    if region is not None:
        return region
    if node.signs == ("in",):
        return _member(node)
    sides = tuple(_side(side) for side in node.sides)
    name = node.name
    if name is None and node.signs == ("=",) and isinstance(node.sides[1], Sym) and not isinstance(node.sides[0], Sym):
        # 3 = x: the name may stand on the right.
        return Relation((Text(node.sides[1].name), sides[0]), ("=",), node.sides[1].name)
    return Relation(sides, node.signs, name)


def _side(node: Node) -> Answer:
    return classify(node, "")


def _member(node: Chain) -> Answer:
    left, right = node.sides
    variable = left.name if isinstance(left, Sym) else None
    if isinstance(right, Group):
        if right.head == "set":
            return _group(right, "")
        if right.head == "domain" and right.items != (Words("R"),):
            return Relation((_side(left), Text(_DOMAINS[_domain(right)])), ("in",))
        if right.head in ("domain", "cup", "setminus", "(]", "[)", "][", "tuple", "bracketed") and variable:
            return region(right, variable)
    return Relation((_side(left), _side(right)), ("in",))


def _domain(node: Node) -> str:
    word = node.items[0] if isinstance(node, Group) and node.head == "domain" else None
    if not isinstance(word, Words):
        raise NotUnderstoodError("a set within another")
    return word.text


def _builder(node: Group) -> Answer:
    """{x | x > 3}, {x : x = 1 or x = 6}."""
    first, condition = node.items
    variable = first.name if isinstance(first, Sym) else None
    domain = "R"
    if isinstance(first, Chain) and first.signs == ("in",) and isinstance(first.sides[0], Sym):
        variable = first.sides[0].name
        domain = _domain(first.sides[1])
    if variable is None:
        raise NotUnderstoodError("a set whose members are not named")
    answer = classify(condition, "")
    if isinstance(answer, Region) and answer.variable == variable:
        region = Region(answer.parts, answer.without)
        return region if domain == "R" else Text(f"{_DOMAINS[domain]} in {region.canonical}")
    listed = answer.items if isinstance(answer, List) else (answer,)
    members: list[Answer] = []
    for item in listed:
        if not isinstance(item, Relation) or item.name != variable or item.signs != ("=",):
            raise NotUnderstoodError("a condition that is not solved")
        members.append(item.sides[1])
    return Set(tuple(members))
