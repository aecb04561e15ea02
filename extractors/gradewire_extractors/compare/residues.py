"""Compare classes of integers: 3 mod 5 with 8 mod 5, and with a number, as the remainder that is meant."""

from __future__ import annotations

from collections.abc import Callable

from gradewire_extractors.compare.decision import Context, Decision, differ, equal, undecided
from gradewire_extractors.parse.exact import rational
from gradewire_extractors.parse.nodes import Expr, Op, symbols
from gradewire_extractors.verdict import Tier


def is_residue(expr: Expr) -> bool:
    """Whether it is a class, `5 (mod 7)`."""
    return isinstance(expr, Op) and expr.head == "residue"


def compare_residues(
    left: Expr, right: Expr, context: Context, compare: Callable[[Expr, Expr, Context], Decision]
) -> Decision:
    """Two classes, or a class and something else; one of the two is a class."""
    if not is_residue(left):
        return compare_residues(right, left, context.turned(), compare)
    assert isinstance(left, Op)
    a, n = rational(left.args[0]), rational(left.args[1])
    if isinstance(right, Op) and right.head == "residue":
        modulus = compare(left.args[1], right.args[1], context)
        if not modulus.equal:
            return modulus
        b = rational(right.args[0])
        if isinstance(a, int) and isinstance(b, int) and isinstance(n, int) and n > 0:
            same = (a - b) % n == 0
            return equal("same_value", Tier.EXACT) if same else differ("different_value", Tier.EXACT)
        return compare(left.args[0], right.args[0], context)
    b = rational(right)
    if not isinstance(a, int) or not isinstance(n, int) or n <= 0 or (b is None and len(symbols(right)) == 1):
        return undecided("not_decided")  # 3k + 1 may be the class of 1
    if not isinstance(b, int) or (a - b) % n:
        return differ("different_value", Tier.EXACT)
    if a != b:
        return undecided("not_decided")  # 12 (mod 7) and 5: a class, or the remainder
    dropped = not context.swapped or context.symmetric
    return equal("modulus_dropped", Tier.EXACT) if dropped else differ("modulus_missing", Tier.EXACT)
