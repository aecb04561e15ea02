"""The last tier: ask the algebra helper, a killable process with sympy in it, under a hard deadline.

Works from any thread and in daemon processes: no signals, no multiprocessing. Helpers are started by one
keeper thread that lives as long as this process, as Linux ties a child's death signal to the thread that
started it.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import queue
import select
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from gradewire_extractors.parse.exact import bits, rational
from gradewire_extractors.parse.nodes import Const, Expr, Num, Op, Sym, walk

_WORKER = Path(__file__).with_name("algebra_worker.py")
_MAX_HELPERS = 2
_MAX_JOB_BYTES = 60_000
"""Less than a pipe holds, so that handing over a job never blocks."""
_MAX_INTEGER_BITS = 20_000
_MAX_POWER = 500
"""Of a sum or product: expanded, it has that many terms and more."""
_GRACE_S = 0.1
"""The child is killed this long before the caller's deadline, or at 9/10 of a short one, so that word of it
arrives in time: a helper that says nothing by the deadline is killed as well."""


class AlgebraFailedError(Exception):
    """No answer from the helper; `reason` is `deadline`, `limits` or `helper_failed`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def to_tree(expr: Expr) -> list[object]:
    """The expression as JSON lists; integers in base 16, which Python reads at any length."""
    if isinstance(expr, Num):
        return ["num", f"{expr.value.numerator:x}", f"{expr.value.denominator:x}"]
    if isinstance(expr, Sym):
        return ["sym", expr.name]
    if isinstance(expr, Const):
        return ["const", expr.name]
    return [expr.head, *map(to_tree, expr.args)]


@dataclass
class _Helper:
    """One helper process and its pipes."""

    process: subprocess.Popen[bytes]
    buffer: bytes = b""
    ready: bool = False

    def line(self, deadline: float) -> bytes:
        """The next line it writes; TimeoutError at the deadline, EOFError when it has died."""
        assert self.process.stdout is not None
        source = self.process.stdout.fileno()
        while b"\n" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([source], [], [], left)[0]:
                raise TimeoutError
            piece = os.read(source, 1 << 16)
            if not piece:
                raise EOFError
            self.buffer += piece
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line

    def kill(self) -> None:
        """End it and reap it."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self.process.wait()


@dataclass
class _Pool:
    """The helpers of this process: idle ones, and how many there may be."""

    idle: queue.LifoQueue[_Helper | OSError] = field(default_factory=queue.LifoQueue)
    """Helpers at hand, whoever ordered them, and why one could not be started."""
    slots: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(_MAX_HELPERS))
    orders: queue.SimpleQueue[None] = field(default_factory=queue.SimpleQueue)
    lock: threading.Lock = field(default_factory=threading.Lock)
    keeper: threading.Thread | None = None
    ids: itertools.count[int] = field(default_factory=itertools.count)

    def take(self, deadline: float) -> _Helper:
        """An idle helper that is alive, else a new one. The caller holds a slot."""
        while True:
            try:
                helper = self.idle.get_nowait()
            except queue.Empty:
                return self._start(deadline)
            if isinstance(helper, OSError):
                continue  # told to nobody in time; a new one may start
            if helper.process.poll() is None:
                return helper
            helper.kill()

    def _start(self, deadline: float) -> _Helper:
        with self.lock:
            if self.keeper is None or not self.keeper.is_alive():
                self.keeper = threading.Thread(target=self._keep, name="gradewire-algebra-keeper", daemon=True)
                self.keeper.start()
        self.orders.put(None)
        try:
            started = self.idle.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise AlgebraFailedError("deadline", "the helper did not start in time") from None
        if isinstance(started, OSError):
            raise AlgebraFailedError("helper_failed", f"the helper cannot be started: {started}")
        return started

    def _keep(self) -> None:
        while True:
            self.orders.get()
            try:
                helper = _spawn()
            except OSError as error:
                self.idle.put(error)
                continue
            # One that comes too late for who ordered it is the next caller's.
            if self.idle.qsize() < _MAX_HELPERS:
                self.idle.put(helper)
            else:
                helper.kill()


def _spawn() -> _Helper:
    paths = [path for path in sys.path if path]
    process = subprocess.Popen(
        [sys.executable, "-I", str(_WORKER), str(os.getpid()), json.dumps(paths)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return _Helper(process)


_pool = _Pool()


def _forget_helpers() -> None:
    """After a fork: the helpers belong to the parent, and its locks may be held."""
    global _pool
    _pool = _Pool()


os.register_at_fork(after_in_child=_forget_helpers)


def _is_giant_power(node: Expr) -> bool:
    if not isinstance(node, Op) or node.head != "pow":
        return False
    exponent = rational(node.args[1])
    giant = exponent is not None and not -_MAX_POWER <= exponent <= _MAX_POWER
    return giant and not isinstance(node.args[0], Sym | Const)


def ask(left: Expr, right: Expr, deadline: float, *, evidence: bool = False) -> str:
    """`equal`, `different` or `unknown`; AlgebraFailedError when there is no answer by `deadline`.

    With `evidence`, also `agree`: the two agree wherever algebra evaluated them. Only who has not evaluated them asks
    for it, as evaluation elsewhere knows what could fake it. Integers so large that algebra would be out of time on
    one machine and out of memory on another are not sent.
    """
    if any(
        isinstance(node, Num) and bits(node.value) > _MAX_INTEGER_BITS for side in (left, right) for node in walk(side)
    ):
        raise AlgebraFailedError("limits", "an integer too large for algebra")
    if any(_is_giant_power(node) for side in (left, right) for node in walk(side)):
        raise AlgebraFailedError("limits", "a power too high for algebra")
    pool = _pool
    job: dict[str, object] = {"left": to_tree(left), "right": to_tree(right), "evidence": evidence}
    if not pool.slots.acquire(timeout=max(0.0, deadline - time.monotonic())):
        raise AlgebraFailedError("deadline", "all helpers were busy")
    try:
        try:
            outcome = _ask_one(pool, job, deadline)
        except EOFError:
            # The helper was killed from outside; the job is pure, so another may have it.
            outcome = _ask_one(pool, job, deadline)
    except EOFError:
        raise AlgebraFailedError("helper_failed", "the helper died twice") from None
    finally:
        pool.slots.release()
    if outcome == "deadline":
        raise AlgebraFailedError("deadline", "algebra took too long")
    if outcome in ("error MemoryError", "error died"):
        # A child that has no more memory says so, or is not able to any more.
        raise AlgebraFailedError("limits", "algebra needs more memory than it may have")
    if outcome.startswith("error "):
        return "unknown"  # sympy refused the pair
    if outcome not in ("equal", "different", "unknown", "agree"):
        raise AlgebraFailedError("helper_failed", outcome)
    return outcome


def _ask_one(pool: _Pool, job: dict[str, object], deadline: float) -> str:
    """The outcome from one helper, which goes back to the pool unless it hangs; EOFError if it died."""
    helper = pool.take(deadline)
    try:
        outcome = _exchange(helper, next(pool.ids), job, deadline)
    except TimeoutError:
        if helper.ready:
            helper.kill()
        else:
            pool.idle.put(helper)
        raise AlgebraFailedError("deadline", "no answer in time") from None
    except AlgebraFailedError:
        pool.idle.put(helper)
        raise
    except (EOFError, OSError, ValueError):
        helper.kill()
        raise EOFError from None
    pool.idle.put(helper)
    return outcome


def _exchange(helper: _Helper, number: int, job: dict[str, object], deadline: float) -> str:
    if not helper.ready:
        helper.line(deadline)
        helper.ready = True
    left_s = deadline - time.monotonic()
    seconds = left_s - min(_GRACE_S, left_s / 10)
    if seconds <= 0:
        raise TimeoutError
    line = json.dumps({"id": number, "seconds": seconds, **job}).encode() + b"\n"
    if len(line) > _MAX_JOB_BYTES:
        raise AlgebraFailedError("limits", "an expression too long for algebra")
    assert helper.process.stdin is not None
    helper.process.stdin.write(line)
    helper.process.stdin.flush()
    while True:
        reply = json.loads(helper.line(deadline))
        if reply["id"] == number:
            return str(reply["outcome"])
