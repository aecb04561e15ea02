"""Compare rational functions exactly by evaluating them modulo large primes at random points.

Two different rational functions with integer coefficients agree at a random point modulo a random 61-bit
prime with probability below (degree + height in bits) / 2^60 (Schwartz 1980, Zippel 1979); more primes are
used when the literals are long. pi, e stand as free variables: equal is then proved, different is not
claimed. i is a square root of −1, as all primes used are 1 modulo 4.
"""

from __future__ import annotations

import hashlib

from gradewire_extractors.parse.exact import rational
from gradewire_extractors.parse.nodes import Const, Expr, Num, Op, Sym, walk

_MAX_DEGREE = 1 << 20
_ROUNDS = 2


class NotRationalError(Exception):
    """The expression is no rational function of its variables."""


def is_rational_function(expr: Expr) -> bool:
    """Whether only + − · / and whole powers are used."""
    return all(_allowed(node) for node in walk(expr))


def _allowed(node: Expr) -> bool:
    if isinstance(node, Op):
        if node.head == "pow":
            exponent = rational(node.args[1])
            return isinstance(exponent, int) and abs(exponent) <= _MAX_DEGREE
        return node.head in ("add", "mul", "div")
    return not (isinstance(node, Const) and node.name == "oo")


def same_function(left: Expr, right: Expr, seed: bytes) -> bool | None:
    """True: equal. False: different. None: undefined wherever it was tried, or different only if pi and e
    are free.
    """
    names = {node.name for side in (left, right) for node in walk(side) if isinstance(node, Sym | Const)}
    size = sum(
        max(node.value.numerator.bit_length(), node.value.denominator.bit_length())
        for side in (left, right)
        for node in walk(side)
        if isinstance(node, Num)
    )
    free = names & {"pi", "e"}
    good = 0
    for attempt in range(3 * (_ROUNDS + size // 60)):
        draw = hashlib.blake2b(seed, digest_size=64, salt=attempt.to_bytes(8, "big")).digest()
        prime = PRIMES[int.from_bytes(draw[:4], "big") % len(PRIMES)]
        env = {"i": _root_of_minus_one(prime)} if "i" in names else {}
        for index, name in enumerate(sorted(names - {"i"})):
            point = hashlib.blake2b(draw, digest_size=8, person=index.to_bytes(8, "big")).digest()
            env[name] = int.from_bytes(point, "big") % prime
        try:
            if _evaluate(left, env, prime) != _evaluate(right, env, prime):
                return None if free else False
        except ZeroDivisionError:
            continue
        good += 1
        if good >= _ROUNDS + size // 60:
            return True
    return None


def _evaluate(expr: Expr, env: dict[str, int], prime: int) -> int:
    if isinstance(expr, Num):
        value = expr.value
        if isinstance(value, int):
            return value % prime
        return value.numerator * _inverse(value.denominator, prime) % prime
    if isinstance(expr, Sym | Const):
        return env[expr.name]
    args = expr.args
    if expr.head == "add":
        return sum(_evaluate(arg, env, prime) for arg in args) % prime
    if expr.head == "mul":
        product = 1
        for arg in args:
            product = product * _evaluate(arg, env, prime) % prime
        return product
    if expr.head == "div":
        return _evaluate(args[0], env, prime) * _inverse(_evaluate(args[1], env, prime), prime) % prime
    if expr.head == "pow":
        exponent = rational(args[1])
        if not isinstance(exponent, int):
            raise NotRationalError
        base = _evaluate(args[0], env, prime)
        if exponent < 0:
            base, exponent = _inverse(base, prime), -exponent
        return pow(base, exponent, prime)
    raise NotRationalError


def _inverse(value: int, prime: int) -> int:
    if value % prime == 0:
        raise ZeroDivisionError
    return pow(value, -1, prime)


def _root_of_minus_one(prime: int) -> int:
    for base in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        root = pow(base, (prime - 1) // 4, prime)
        if root * root % prime == prime - 1:
            return root
    raise ArithmeticError("no small non-residue")


def _is_prime(number: int) -> bool:
    """Miller-Rabin with the bases that are proved sufficient below 3.3e24 (Sorenson and Webster, 2015)."""
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        power = pow(base, odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True


def _primes(count: int) -> tuple[int, ...]:
    """Primes near 2^61 that are 1 modulo 4, spread by a fixed stride."""
    found: list[int] = []
    candidate = (1 << 61) - 3
    while len(found) < count:
        candidate -= 4 * 9_973
        while candidate % 4 != 1 or not _is_prime(candidate):
            candidate -= 1
        found.append(candidate)
    return tuple(found)


PRIMES = _primes(64)

__all__ = ["PRIMES", "NotRationalError", "is_rational_function", "same_function"]
