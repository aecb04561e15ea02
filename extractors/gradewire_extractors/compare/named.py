"""Compare parts that say their names (x = 1, y = 6) with values that stand in an order, and do not.

Which order is meant, the names say: x, y, z and a, b, c are in theirs. For others, such as k and b, it is the order
in which they were written.
"""

from __future__ import annotations

from itertools import pairwise

from gradewire_extractors.compare.decision import Context, Decision, differ, undecided
from gradewire_extractors.compare.members import Compare, in_any_order, in_order
from gradewire_extractors.compare.relations import solved_value
from gradewire_extractors.parse.types import Answer, List, Relation, Tuple
from gradewire_extractors.verdict import Tier


def in_named_order(listed: List) -> bool:
    """Whether each item is named by another letter. x_1 = 2, x_2 = 5 are values of one thing."""
    names = _names(listed)
    return names is not None and len({name.split("_")[0].rstrip("0123456789") for name in names}) == len(names) > 1


def compare_named_tuple(left: Tuple, right: List, context: Context, compare: Compare) -> Decision | None:
    """(1, 6) against x = 1, y = 6; None where the parts are not named."""
    names = _names(right)
    if names is None or len(set(names)) != len(names) or left.angled or right.alternative:
        return None
    orders = _orders(right, names, context, compare)
    if not orders:
        return None
    decision = in_order(left.items, orders[0], context, compare)
    if decision.equal or len(orders) == 1:
        return decision
    return undecided("not_decided") if in_order(left.items, orders[1], context, compare).equal else decision


def compare_named_list(named: List, bare: List, context: Context, compare: Compare) -> Decision:
    """x = 2, y = 5 against 2, 5: in the order of the names, or as it was written. 5, 2 are other values of them."""
    names = _names(named)
    assert names is not None
    values = _orders(named, names, context, compare)
    decision = in_any_order(named.items, bare.items, context, compare)
    if not decision.equal or not values:
        return decision
    written = [value for value in (solved_value(p, context, compare) for p in _parts(named)) if not _failed(value)]
    orders = [*values, [value for value in written if not isinstance(value, Decision)]]
    if any(in_order(order, bare.items, context, compare).equal for order in orders):
        return decision
    return differ("order", Tier.STRUCTURE)


def _parts(listed: List) -> list[Relation]:
    return [item for item in listed.items if isinstance(item, Relation)]


def _failed(value: Answer | Decision) -> bool:
    return isinstance(value, Decision)


def _names(listed: List) -> list[str] | None:
    parts = _parts(listed)
    names = [part.name for part in parts if part.name is not None]
    return names if len(names) == len(listed.items) else None


def _orders(listed: List, names: list[str], context: Context, compare: Compare) -> list[list[Answer]]:
    """The values in the order that is meant, and in the order of the names where that is another; [] for relations
    that are not solved.
    """
    values = [solved_value(part, context, compare) for part in _parts(listed)]
    found = [value for value in values if not isinstance(value, Decision)]
    if len(found) < len(values):
        return []
    by_name = [value for _, value in sorted(zip(names, found, strict=True), key=lambda pair: pair[0])]
    if names == sorted(names) or _consecutive(names):
        return [by_name]
    return [found, by_name]


def _consecutive(names: list[str]) -> bool:
    """x, y, z; m, n; a, b, c: letters that are said in their order."""
    letters = sorted(names)
    return all(len(a) == len(b) == 1 and ord(b) - ord(a) == 1 for a, b in pairwise(letters)) or any(
        "_" in name for name in names
    )
