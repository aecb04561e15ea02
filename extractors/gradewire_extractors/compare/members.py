"""Compare things with members: in order (tuples, brackets, matrices) or in any order (lists, sets)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gradewire_extractors.compare.decision import Context, Decision, differ, equal, undecided
from gradewire_extractors.parse.types import Answer
from gradewire_extractors.verdict import Outcome, Tier

Compare = Callable[[Answer, Answer, Context], Decision]


def in_order(left: Sequence[Answer], right: Sequence[Answer], context: Context, compare: Compare) -> Decision:
    """Each member against the one at the same place."""
    if len(left) != len(right):
        return differ("different_count", Tier.STRUCTURE)
    worst: Decision | None = None
    for a, b in zip(left, right, strict=True):
        decision = compare(a, b, context)
        if decision.outcome is Outcome.NOT_EQUAL:
            return differ("different_member", Tier.STRUCTURE)
        if not decision.equal:
            worst = decision
    return worst or equal("same_members", Tier.STRUCTURE)


def in_any_order(left: Sequence[Answer], right: Sequence[Answer], context: Context, compare: Compare) -> Decision:
    """A one-to-one matching of equal members."""
    if context.expired():
        return undecided("deadline")
    if len(left) != len(right):
        return differ("different_count", Tier.STRUCTURE)
    open_right = list(range(len(right)))
    doubt: Decision | None = None
    for a in left:
        doubtful: Decision | None = None
        for place, index in enumerate(open_right):
            decision = compare(a, right[index], context)
            if decision.equal:
                del open_right[place]
                break
            if decision.outcome is Outcome.UNDECIDED:
                doubtful = decision
        else:
            if doubtful is None:
                return differ("different_members", Tier.STRUCTURE)
            doubt = doubtful
        if context.expired():
            return undecided("deadline")
    return doubt or equal("same_members", Tier.STRUCTURE)


def as_sets(left: Sequence[Answer], right: Sequence[Answer], context: Context, compare: Compare) -> Decision:
    """Each member of one is in the other, however often it was written."""
    doubt: Decision | None = None
    for ones, others in ((left, right), (right, left)):
        for one in ones:
            if context.expired():
                return undecided("deadline")
            doubtful: Decision | None = None
            for other in others:
                a, b = (one, other) if ones is left else (other, one)
                decision = compare(a, b, context)
                if decision.equal:
                    break
                if decision.outcome is Outcome.UNDECIDED:
                    doubtful = decision
            else:
                if doubtful is None:
                    return differ("different_members", Tier.STRUCTURE)
                doubt = doubtful
    return doubt or equal("same_members", Tier.STRUCTURE)
