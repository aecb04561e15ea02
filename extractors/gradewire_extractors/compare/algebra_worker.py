"""The algebra helper: a process of its own that imports sympy once and forks a child for each job.

Run as a file (`python -I algebra_worker.py PARENT_PID PATHS`), never imported. A job is a line of JSON: two
trees and the seconds it may take. The child builds sympy objects from the tree, node by node; no text is
evaluated. It is killed at its deadline, and limited in memory. The helper ends when its parent does: by
signal, and at the end of its input.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import select
import signal
import sys
import time
from typing import Any

_PR_SET_PDEATHSIG = 1
_MEMORY_BYTES = 448 << 20
_COUNTERS = "nkmNj"
"""What the names of counting variables start with."""
_POINTS, _FAR = 18, 2
_AGREED = 8
"""Points at which two functions must agree to be taken for the same, where evidence is asked for."""
_DIGITS, _MOST_DIGITS = 120, 2_000
"""To which the two must agree at a point, and as constants."""
_SAME_NAMES = (
    "sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "acot", "asec", "acsc", "sinh", "cosh",
    "tanh", "coth", "sech", "csch", "asinh", "acosh", "atanh", "gcd", "lcm", "sign", "re", "im", "arg",
    "zeta",
    "gamma", "erf",
)  # fmt: skip
"""Functions that sympy calls what the tree calls them."""


def die_with_parent(parent: int) -> None:
    """Ask Linux to kill this process when its parent goes, and go now if it is gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def serve(stdin: int, stdout: int) -> None:
    """Answer jobs, one line each, until the input ends."""
    buffer = b""
    while True:
        while b"\n" not in buffer:
            piece = os.read(stdin, 1 << 16)
            if not piece:
                return
            buffer += piece
        line, _, buffer = buffer.partition(b"\n")
        answer = run_job(line)
        os.write(stdout, json.dumps(answer).encode() + b"\n")


def run_job(line: bytes) -> dict[str, object]:
    """Fork a child for one job and wait for it, until its deadline."""
    job = json.loads(line)
    end = time.monotonic() + job["seconds"]
    read, write = os.pipe()
    helper = os.getpid()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(read)
            die_with_parent(helper)
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            outcome = decide(job["left"], job["right"], evidence=job["evidence"])
            os.write(write, outcome.encode())
            status = 0
        except BaseException as error:  # noqa: BLE001  # whatever it is, the child only says its name and ends
            os.write(write, f"error {type(error).__name__}".encode())
        finally:
            os._exit(status)
    os.close(write)
    outcome = "deadline"
    left = end - time.monotonic()
    ready, _, _ = select.select([read], [], [], max(0.0, left))
    if ready:
        outcome = os.read(read, 4096).decode() or "error died"
    os.close(read)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return {"id": job["id"], "outcome": outcome}


def decide(left: object, right: object, *, evidence: bool) -> str:
    """`equal`, `different` or `unknown`; with `evidence`, also `agree`: at points, which proves nothing."""
    import sympy

    names: dict[str, Any] = {}
    one, other = (_where_it_converges(build(side, names).doit()) for side in (left, right))
    infinite = [side for side in (one, other) if side in (sympy.oo, -sympy.oo)]
    if len(infinite) == 2:
        return "equal" if one == other else "different"
    if infinite:
        finite = other if one == infinite[0] else one
        return "different" if finite.is_number and finite.is_finite else "unknown"
    difference = (one - other).doit()
    if difference == 0:
        return "equal"
    if difference.has(sympy.zoo, sympy.nan, sympy.oo):
        return "unknown"
    shown = _by_number(difference) if difference.has(*_unfinished()) else evaluated(one, other, names)
    if shown == "different" or (shown == "agree" and evidence):
        return shown
    simple = sympy.simplify(difference)
    if simple == 0:
        return "equal"
    if not simple.free_symbols:
        return "different" if _is_nonzero(simple) else "unknown"
    if simple.is_polynomial(*simple.free_symbols) and sympy.Poly(simple, *simple.free_symbols).is_zero is False:
        return "different"
    verdict = simple.equals(0)
    return "equal" if verdict is True else "unknown"


def evaluated(one: Any, other: Any, names: dict[str, Any]) -> str:
    """What evaluating the two at points shows: `different` proves it, `agree` is evidence, and else `unknown`.

    What counts is evaluated at natural numbers, other variables at rationals of both signs.
    """
    import sympy

    functions = sympy.factorial, sympy.factorial2, sympy.binomial, sympy.gamma, sympy.Mod
    if any(side.has(*functions) for side in (one, other)):
        return _at_points(one, other, counts=True)
    shown = _at_points(one, other, counts=False)
    if shown == "unknown" and names and all(name[0] in _COUNTERS for name in names):
        return _at_points(one, other, counts=True)
    return shown


def _at_points(one: Any, other: Any, *, counts: bool) -> str:
    """Where both are real they must agree; where one is not, a disagreement is a convention, unless i is written."""
    import sympy

    variables = sorted(one.free_symbols | other.free_symbols, key=str)
    complex_ = one.has(sympy.I) or other.has(sympy.I)
    reach = max((abs(number) for side in (one, other) for number in side.atoms(sympy.Rational)), default=0)
    agreed = outside = 0
    for attempt in range(_POINTS if variables else 1):
        point = {
            variable: _coordinate(attempt, index, reach, counts=counts) for index, variable in enumerate(variables)
        }
        first, second = one.subs(point), other.subs(point)
        if any(side.has(sympy.zoo, sympy.nan, sympy.oo) for side in (first, second)):
            continue
        apart = _is_nonzero(first - second, _DIGITS if variables else _MOST_DIGITS)
        if apart and (complex_ or not variables or (_is_real(first) and _is_real(second))):
            return "different"
        agreed += not apart
        outside += apart
    if outside and one.has(sympy.Abs) != other.has(sympy.Abs):
        return "unknown"
    return "agree" if agreed >= (_AGREED if variables else 1) else "unknown"


def _unfinished() -> tuple[Any, ...]:
    """What sympy leaves standing where it knows no value."""
    import sympy

    return sympy.Sum, sympy.Product, sympy.Integral, sympy.Limit, sympy.Derivative


def _by_number(difference: Any) -> str:
    """`different` where a constant that was not finished is plainly not 0."""
    import sympy

    if difference.free_symbols:
        return "unknown"
    value = difference.evalf(40, maxn=400)
    plain = value.is_comparable and value._prec > 1 and abs(value) > sympy.Float("1e-30")
    return "different" if plain else "unknown"


def _coordinate(attempt: int, index: int, reach: Any, *, counts: bool) -> Any:
    """A rational on either side of 0, below 1 and 5, or beyond all numbers in the pair; or a natural number."""
    import sympy

    number = (3 + 7 * attempt + 5 * index) % 29 + 2
    if counts:
        return sympy.Integer(number + attempt // 4)
    value = sympy.Rational(number, (37, 7, 3)[attempt % 3]) + (reach if attempt % 3 == _FAR else 0)
    return -value if (attempt + index * (attempt % 2)) % 2 else value


def _is_real(value: Any) -> bool:
    import sympy

    _, imaginary = value.evalf(20).as_real_imag()
    return bool(imaginary == 0 or abs(imaginary) < sympy.Float("1e-18") * (1 + abs(value.evalf(20))))


def _is_nonzero(value: Any, digits: int = _MOST_DIGITS) -> bool:
    """Whether as many digits of a constant tell it from 0; otherwise it may be 0."""
    from sympy.core.evalf import PrecisionExhausted

    if value.is_Rational:
        return bool(value != 0)
    try:
        return bool(abs(value.evalf(15, maxn=digits, strict=True)) > 0)
    except PrecisionExhausted:
        return False


def _where_it_converges(value: Any) -> Any:
    """The sum of a series or integral, without the case in which it diverges and stays as it was written."""
    import sympy

    if (
        isinstance(value, sympy.Piecewise)
        and len(value.args) == 2
        and value.args[1].expr.has(sympy.Sum, sympy.Integral)
    ):
        return value.args[0].expr
    return value


def build(tree: object, names: dict[str, Any]) -> Any:
    """A sympy object from a tree of lists: [head, argument, …], ["num", p, q], ["sym", name], ["const",
    name].
    """
    import sympy

    assert isinstance(tree, list)
    head, *rest = tree
    if head == "num":
        return sympy.Rational(int(rest[0], 16), int(rest[1], 16))
    if head == "sym":
        return names.setdefault(rest[0], sympy.Symbol(f"v{len(names)}", real=True))
    if head == "const":
        return {"pi": sympy.pi, "e": sympy.E, "i": sympy.I, "oo": sympy.oo}[rest[0]]
    args = [build(part, names) for part in rest]
    if head in ("sum", "prod"):
        maker = sympy.Sum if head == "sum" else sympy.Product
        return maker(args[0], (args[1], args[2], args[3]))
    if head == "int":
        return sympy.Integral(args[0], (args[1], *args[2:]) if len(args) > 2 else args[1])
    if head == "diff":
        return sympy.diff(args[0], args[1])
    if head == "lim":
        if len(args) > 3:
            return sympy.limit(args[0], args[1], args[2], "+" if args[3] > 0 else "-")
        finite = args[2].is_finite is not False
        return sympy.limit(args[0], args[1], args[2], "+-" if finite else "+")
    return constructors()[head](*args)


def _root(value: Any, degree: Any) -> Any:
    """The real root where there is one: an odd root of what is negative is."""
    import sympy

    odd = degree.is_Integer and degree % 2 == 1
    return -sympy.Pow(-value, 1 / degree) if odd and value.is_negative else sympy.Pow(value, 1 / degree)


def constructors() -> dict[str, Any]:
    """The sympy constructor for each head of the tree."""
    import sympy as s

    same = {name: getattr(s, name) for name in _SAME_NAMES}
    return same | {
        "add": s.Add, "mul": s.Mul, "div": lambda a, b: a / b, "pow": s.Pow,
        "root": _root, "abs": s.Abs, "ln": s.log, "log": s.log,
        "log?": lambda a: s.log(a) / s.log(s.Symbol("base", positive=True)), "fact": s.factorial, "fact2": s.factorial2,
        "binom": s.binomial, "floor": s.floor, "ceil": s.ceiling, "max": s.Max, "min": s.Min, "mod": s.Mod,
        "percent": lambda a: a / 100, "deg": lambda a: a * s.pi / 180, "conj": s.conjugate,
    }  # fmt: skip


def main() -> None:
    """Set the limits, import sympy, say so, serve."""
    parent, paths = int(sys.argv[1]), json.loads(sys.argv[2])
    die_with_parent(parent)
    sys.path.extend(path for path in paths if path not in sys.path)
    import sympy

    sympy.simplify(sympy.Symbol("x") - 1)
    os.write(1, b"ready\n")
    serve(0, 1)


if __name__ == "__main__":
    main()
