r"""Compare families of values, one for each integer: by their letters, and by where they begin to count.

`2k+1` and `2n-1` are the same family over the integers. Reading a family is `parse.families`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gradewire_extractors.compare.decision import Context, Decision, equal, undecided
from gradewire_extractors.compare.members import Compare
from gradewire_extractors.compare.scalars import to_expr
from gradewire_extractors.parse.nodes import Expr, Num, Op, Sym, negate, symbols
from gradewire_extractors.parse.types import Answer, Family, List, Relation, Scalar, Set, Symbolic, Tuple
from gradewire_extractors.verdict import Outcome, Tier

_COUNTERS = frozenset("klmnpjN")
"""Letters that may be an integer without saying so."""
_SHIFTS = (1, -1, 2, -2)


def compare_family(family: Family, other: Answer, context: Context, compare: Compare) -> Decision:
    """A family against another, or against an answer that leaves the letter undeclared."""
    if isinstance(other, Family):
        if family.domain != other.domain:
            decision = compare(family.value, _with_letter(other.value, other.letter, Sym(family.letter)), context)
            return undecided("not_decided") if decision.equal else decision
        renamed = _with_letter(other.value, other.letter, Sym(family.letter))
        decision = compare(family.value, renamed, context)
        if decision.outcome is not Outcome.NOT_EQUAL or family.domain != "integers":
            return decision
        return _shifted(family, renamed, context, compare) or decision
    free = _letters(other) - _letters(family.value)
    if family.letter not in _letters(other) and len(free) == 1 and free <= _COUNTERS:
        other = _with_letter(other, next(iter(free)), Sym(family.letter))
    decision = compare(family.value, other, context)
    return undecided("not_decided") if decision.equal and family.domain != "integers" else decision


def _shifted(family: Family, other: Answer, context: Context, compare: Compare) -> Decision | None:
    """The same values, counted from elsewhere or backwards."""
    letter = Sym(family.letter)
    for start in (letter, negate(letter)):
        for shift in (0, *_SHIFTS):
            moved = Op("add", (start, Num(shift))) if shift else start
            if moved != letter and compare(family.value, _with_letter(other, family.letter, moved), context).equal:
                return equal("same_members", Tier.STRUCTURE)
    return None


def _letters(answer: Answer) -> frozenset[str]:
    names: set[str] = set()

    def gather(expr: Expr) -> Expr:
        names.update(symbols(expr))
        return expr

    _mapped(answer, gather)
    return frozenset(names)


def _with_letter(answer: Answer, letter: str, other: Expr) -> Answer:
    return _mapped(answer, lambda expr: _put(expr, letter, other))


def _mapped(answer: Answer, change: Callable[[Expr], Expr]) -> Answer:
    """The answer with each expression in it changed; what is no formula stays as it is."""
    if isinstance(answer, Symbolic):
        return Symbolic(change(answer.expr))
    if isinstance(answer, Scalar):
        change(to_expr(answer))
        return answer
    if isinstance(answer, List | Set | Tuple):
        return replace(answer, items=tuple(_mapped(item, change) for item in answer.items))
    if isinstance(answer, Relation):
        named = 1 if answer.name is not None else 0
        sides = (*answer.sides[:named], *(_mapped(side, change) for side in answer.sides[named:]))
        return replace(answer, sides=sides)
    return answer


def _put(expr: Expr, letter: str, other: Expr) -> Expr:
    if expr == Sym(letter):
        return other
    if isinstance(expr, Op):
        return Op(expr.head, tuple(_put(arg, letter, other) for arg in expr.args))
    return expr
