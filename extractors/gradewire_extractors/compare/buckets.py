"""Sort answers into buckets so that answers of two buckets are never equal, without comparing them.

What is sure to be told apart: real values, by enclosures of them at one fixed point; words; lists, sets and tuples of
such values. Everything else, and everything under a policy that lets more be equal, is in no bucket, and may equal
anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Sequence
from fractions import Fraction

from gradewire_extractors.compare.enclosures import (
    Enclosure,
    OutOfRealsError,
    UnsupportedError,
)
from gradewire_extractors.compare.plain import letters
from gradewire_extractors.compare.scalars import to_expr
from gradewire_extractors.parse.exact import too_large
from gradewire_extractors.parse.nodes import Const, Rational, Sym, walk
from gradewire_extractors.parse.types import (
    Answer,
    BaseN,
    Decimal,
    List,
    Number,
    Percent,
    Scalar,
    Set,
    Symbolic,
    Text,
    Tuple,
)
from gradewire_extractors.policy import Policy

_BITS = 128
_SPELLED_OUT = 4
"""Letters of a word that may be read as a product of variables."""
_MAX_NODES = 400
_MAX_EXPONENT = 4_096
"""Of two, in an end of an enclosure: beyond it there is no bucket."""
_SCALARS = (Number, Decimal, Percent, Symbolic, BaseN)
_SEVERAL = (List, Set)
_MEMBERS = (List, Set, Tuple)
_UNIT_VECTORS = frozenset(("i", "j", "k"))
"""Names that may be unit vectors, so that their sum may equal a tuple."""

Bounds = tuple[Rational, Rational]


def buckets(answers: Sequence[Answer | None], policy: Policy) -> list[Hashable | None]:
    """The bucket of each answer; None where it may equal any other."""
    if not _is_strict(policy):
        return [None] * len(answers)
    scalars = {id(part): part for answer in answers for part in _parts(answer)}
    numbers = _numbered({key: bounds for key, part in scalars.items() if (bounds := _bounds(part)) is not None})
    return [_bucket(answer, numbers) for answer in answers]


def _is_strict(policy: Policy) -> bool:
    """Whether equal scalars have equal values."""
    tolerant = policy.rel_tol is not None or policy.abs_tol is not None or policy.rounding
    return not tolerant and policy.percent == "exact" and not policy.constant


def _parts(answer: Answer | None) -> list[Scalar]:
    """The scalars whose values decide, if it is nothing but scalars."""
    if isinstance(answer, _SCALARS):
        return [answer]
    if isinstance(answer, _MEMBERS):
        return [item for item in answer.items if isinstance(item, _SCALARS)]
    return []


def _bucket(answer: Answer | None, numbers: dict[int, int]) -> Hashable | None:
    if isinstance(answer, Text):
        words = letters(answer.canonical).split()
        if len(words) == 1 and words[0].isascii() and (len(words[0]) <= _SPELLED_OUT or not words[0].isalpha()):
            return None  # h2o and usa read as products
        return ("text", words[-1]) if words else None  # a sentence may say the other: it ends in the same word
    if isinstance(answer, _SCALARS):
        number = numbers.get(id(answer))
        return ("value", number) if number is not None else None
    if isinstance(answer, _MEMBERS):
        found = [numbers.get(id(item)) for item in answer.items]
        if None in found:
            return None
        return ("several", frozenset(found)) if isinstance(answer, _SEVERAL) else ("tuple", tuple(found))
    return None


def _numbered(bounds: dict[int, Bounds]) -> dict[int, int]:
    """A number for each enclosure, the same for those that meet, directly or through others."""
    numbers: dict[int, int] = {}
    number, reached = 0, None
    for key, (low, high) in sorted(bounds.items(), key=lambda item: item[1]):
        if reached is not None and low > reached:
            number += 1
        reached = high if reached is None or high > reached else reached
        numbers[key] = number
    return numbers


def _bounds(answer: Scalar) -> Bounds | None:
    """Between what its value lies at the fixed point; None where it is not real there, or may equal what is not."""
    if not isinstance(answer, Symbolic):
        value = answer.value
        return (value, value) if value is not None else None
    nodes = walk(answer.expr)
    names = {node.name for node in nodes if isinstance(node, Sym)}
    if (
        len(nodes) > _MAX_NODES
        or names & _UNIT_VECTORS
        or any(" " in name for name in names)
        or Const("i") in nodes
        or too_large(answer.expr)
    ):
        return None
    try:
        low, high = Enclosure(_BITS, {name: _coordinate(name) for name in names}).real(to_expr(answer))
    except (OutOfRealsError, UnsupportedError, ZeroDivisionError, OverflowError, NotImplementedError):
        return None
    ends = _exact(low), _exact(high)
    return (ends[0], ends[1]) if ends[0] is not None and ends[1] is not None else None


def _coordinate(name: str) -> Rational:
    """Where a variable stands: the same in each answer, and nowhere special."""
    draw = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return 1 + Fraction(int.from_bytes(draw, "big") + 1, 1 << 32)


def _exact(end: tuple[int, int, int, int]) -> Fraction | None:
    """An end of an enclosure as a fraction; None where it is infinite or its exponent is large."""
    sign, mantissa, exponent, _ = end
    if (not mantissa and exponent) or abs(exponent) > _MAX_EXPONENT:
        return None
    value = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -value if sign else value


__all__ = ["buckets"]
