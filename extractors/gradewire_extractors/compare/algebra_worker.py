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
            outcome = decide(job["left"], job["right"])
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


def decide(left: object, right: object) -> str:
    """`equal`, `different` or `unknown`."""
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
    if not difference.free_symbols:
        value = difference.evalf(40, maxn=400)
        if value.is_comparable and value._prec > 1 and abs(value) > sympy.Float("1e-30"):
            return "different"
    simple = sympy.simplify(difference)
    if simple == 0:
        return "equal"
    if not simple.free_symbols:
        value = simple.evalf(40, maxn=400)
        if value.is_comparable and value._prec > 1 and abs(value) > sympy.Float("1e-30"):
            return "different"
        return "unknown"
    if simple.is_polynomial(*simple.free_symbols) and sympy.Poly(simple, *simple.free_symbols).is_zero is False:
        return "different"
    verdict = simple.equals(0)
    return "equal" if verdict is True else "unknown"


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


def constructors() -> dict[str, Any]:
    """The sympy constructor for each head of the tree."""
    import sympy as s

    same = {name: getattr(s, name) for name in _SAME_NAMES}
    return same | {
        "add": s.Add, "mul": s.Mul, "div": lambda a, b: a / b, "pow": s.Pow,
        "root": lambda a, n: s.Pow(a, 1 / n), "abs": s.Abs, "ln": s.log, "log": s.log,
        "log?": lambda a: s.log(a) / s.log(s.Symbol("base", positive=True)), "fact": s.factorial,
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
