"""How large an answer may be. Every limit is checked before the work that it bounds."""

from __future__ import annotations

import hashlib

MAX_CHARS = 8_000
"""Length of an answer's text, in characters. (Plain integers may be longer: see MAX_DIGITS.)"""
MAX_TOKENS = 3_000
MAX_DEPTH = 60
"""Nesting of brackets, fractions, exponents and the like."""
MAX_TREE_DEPTH = 100
"""Levels of the tree, a chain of divisions or signs included: what later works on it may recurse."""
MAX_NODES = 3_000
MAX_DIGITS = 100_000
"""Digits of one integer or decimal literal."""
MAX_EXPONENT = 200_000
"""A power of ten beyond it stays a mantissa and an exponent; it must exceed MAX_DIGITS."""
MAX_BITS = 400_000
"""Size of an exact result (numerator or denominator)."""
MAX_FACTORIAL = 5_000
MAX_TERMS = 2_000
"""Terms of a sum or product that is written out."""
MAX_WORK = 4_000
"""Cost of one exact evaluation, up to 5 µs each: an operation costs 1, and more where its result is long."""
MAX_ITEMS = 400
"""Members of a list, set or tuple, or entries of a matrix."""

_CHUNK = 4_000


class LimitExceededError(Exception):
    """The answer is larger than a limit; the message says which. Becomes an undecided verdict."""


class NotUnderstoodError(Exception):
    """The text is no form that the parser knows. Becomes text, or an undecided verdict."""


def read_int(digits: str) -> int:
    """The integer of a run of ASCII digits, of any length up to MAX_DIGITS.

    Python refuses to read more than 4,300 digits in one go; this reads them in pieces.
    """
    if len(digits) <= _CHUNK:
        return int(digits)
    digits = digits.lstrip("0") or "0"
    if len(digits) > MAX_DIGITS:
        raise LimitExceededError(f"a number of {len(digits):,} digits")
    half = len(digits) // 2
    shift: int = 10**half
    return read_int(digits[:-half]) * shift + read_int(digits[-half:])


def show_int(value: int) -> str:
    """The digits of an integer; its size and a digest, different for different integers, where it has
    thousands.
    """
    if value.bit_length() > 13_000:
        digest = hashlib.blake2b(f"{value:x}".encode(), digest_size=12).hexdigest()
        return f"<integer of {value.bit_length()} bits {digest}>"
    return str(value)
