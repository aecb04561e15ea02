"""Compare functions exactly by evaluating them modulo large primes at random points.

The two sides differ by a quotient of polynomials with whole coefficients, of which `program` knows how large
they can be. As many primes of 122 bits are used, all distinct, as could divide such a coefficient, and one
more: modulo that one a difference does not vanish, and it is 0 at a random point with probability below
degree / 2^121 (Schwartz 1980, Zippel 1979). pi, e and logarithms stand as free variables: equal is then
proved, different is not claimed. i is a square root of −1, as all primes used are 1 modulo 4.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import NamedTuple

from gradewire_extractors.compare.decision import Context
from gradewire_extractors.compare.exponentials import CONSTANT, NotRewrittenError, Writer
from gradewire_extractors.compare.program import Program
from gradewire_extractors.parse.nodes import Expr

_MULTIPLES = (
    4194111, 4184107, 4174065, 4164001, 4153977, 4143901, 4133845, 4123761, 4113741, 4103691, 4093647, 4083511,
    4073467, 4063413, 4053273, 4043271, 4033101, 4023067, 4013017, 4002801, 3992767, 3982441, 3972373, 3962323,
    3952237, 3942171, 3932151, 3922101, 3912031, 3901951, 3891921, 3881913, 3871803, 3861781, 3851755, 3841737,
    3831561, 3821557, 3811297, 3801151, 3790905, 3780735, 3770611, 3760521, 3750513, 3740491, 3730467, 3720327,
    3710173, 3700081, 3690075, 3680055, 3669997, 3659773, 3649771, 3639691, 3629653, 3619537, 3609405, 3599395,
    3589273, 3579273, 3569127, 3559003, 3548977, 3538737, 3528573, 3518541, 3508467, 3498457, 3488335, 3478333,
    3468295, 3458167, 3448155, 3438133, 3428133, 3417975, 3407833, 3397743, 3387685, 3377647, 3367617, 3357615,
    3347577, 3337437, 3327123, 3317067, 3307065, 3297063, 3286933, 3276891, 3266835, 3256633, 3246577, 3236557,
    3226531, 3216397, 3206295, 3196221, 3186133, 3175885, 3165841, 3155775, 3145585, 3135585, 3125557, 3115525,
    3105523, 3095437, 3085417, 3075417, 3065335, 3055135, 3045135, 3035115, 3025113, 3014971, 3004933, 2994825,
    2984755, 2974701, 2964577, 2954517, 2944485, 2934441, 2924373, 2914323,
)  # fmt: skip
PRIMES = tuple(multiple << 100 | 1 for multiple in _MULTIPLES)
"""k·2^100 + 1 with k below 2^22: one power proves such a prime (Proth 1878), which a test does."""
_BITS = 121
_MAX_DEGREE = 1 << 60
_POINTS_A_DIGEST = 4


class Proof(NamedTuple):
    """What was proved."""

    same: bool
    rational: bool
    """Both are rational functions as they stand."""


def same_function(left: Expr, right: Expr, seed: bytes, context: Context) -> Proof | None:
    """Whether the two are the same function. None where that is not proved: one has no such form, is too large
    or undefined wherever it was tried, they differ only if constants are free, or the deadline passed.
    """
    writer = Writer()
    try:
        one, other = writer.add(left), writer.add(right)
    except NotRewrittenError:
        return None
    program = writer.program
    rounds = _rounds(program, one, other)
    if rounds is None:
        return None
    free = [name for name in program.names if name in ("pi", "e") or name.startswith(CONSTANT)]
    plain = not any(name[0] == "\0" for name in program.names)
    names = sorted(program.names.items())
    seed = hashlib.blake2b(seed).digest()
    good = 0
    for attempt in range(min(3 + 3 * rounds, len(PRIMES))):
        if context.expired():
            return None
        prime, points = _draw(seed, attempt, names)
        try:
            values = program.values(prime, points)
        except ZeroDivisionError:
            continue
        if values[one] != values[other]:
            return None if free else Proof(same=False, rational=plain)
        good += 1
        if good >= rounds:
            return Proof(same=True, rational=plain)
    return None


def _rounds(program: Program, one: int, other: int) -> int | None:
    """How many primes are enough; None where there are not so many."""
    sizes = program.sizes()
    (bits, below, degree, degree_below), (bits_2, below_2, degree_2, degree_below_2) = sizes[one], sizes[other]
    if max(degree + degree_below_2, degree_2 + degree_below) > _MAX_DEGREE:
        return None
    bits = max(bits + below_2, bits_2 + below) + 1
    if "i" in program.names:
        bits = 2 * bits + 1  # of the coefficient's norm
    rounds = 1 + bits // _BITS
    return rounds if rounds <= len(PRIMES) else None


def _draw(seed: bytes, attempt: int, names: list[tuple[str, int]]) -> tuple[int, dict[int, int]]:
    """A prime, another one each time, and a residue for the step of each variable."""
    prime = PRIMES[(seed[0] + attempt) % len(PRIMES)]
    points: dict[int, int] = {}
    digest = b""
    for index, (name, step) in enumerate(names):
        block, place = divmod(index, _POINTS_A_DIGEST)
        if not place:
            salt, person = attempt.to_bytes(8, "big"), block.to_bytes(8, "big")
            digest = hashlib.blake2b(seed, digest_size=64, salt=salt, person=person).digest()
        points[step] = int.from_bytes(digest[16 * place : 16 * place + 16], "big") % prime
        if name == "i":
            points[step] = _root_of_minus_one(prime)
    return prime, points


@cache
def _root_of_minus_one(prime: int) -> int:
    for base in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        root = pow(base, (prime - 1) // 4, prime)
        if root * root % prime == prime - 1:
            return root
    raise ArithmeticError("no small non-residue")


__all__ = ["PRIMES", "Proof", "same_function"]
