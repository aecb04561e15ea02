"""Run a Python program in the process that `worker` has boxed, as `python main.py` would.

What the engine learns through the report descriptor, in this order: R the box is closed, then one of C (a
message: the source does not compile), Q (a message: the prelude fails) and S (the program starts). Of a function, D
follows when its program has loaded, and its value as V, length, value; or E and a message when the call raised; M when
there is no such function; L when the value is too long to send. Nothing that the program sends after S can do more than
stand for a value of its own.
"""

import atexit
import builtins
import gc
import io
import os
import random
import sys
import threading
import traceback
import types
from collections.abc import Callable
from typing import Any, NoReturn

from . import beside, values
from .worker import say

_RECURSION = 1000
_CALLS = 2  # as many more are below a program than below `prepare`'s helper
_NAME = "main.py"
_WRITERS = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)  # the upper ones first


def run_script(source: bytes, report: int, prelude: bytes) -> NoReturn:
    """Run `source` as the main program, its end included: threads, exit handlers, flushing, exit status."""
    code = compiled(source, report)
    # No reference is kept: at the end nothing but sys.modules may hold it.
    add_prelude(prelude, new_module("__main__"), report)
    say(report, b"S")
    os.close(report)
    _finish(run(lambda: exec(code, sys.modules["__main__"].__dict__)))


def run_function(source: bytes, report: int, entry_point: str, arguments: bytes, most: int, prelude: bytes) -> NoReturn:
    """Load `source`, call its `entry_point` with the encoded [args, kwargs], report the value."""
    args, kwargs = values.build(values.parse(arguments))
    code = compiled(source, report)
    module = new_module("solution")
    add_prelude(prelude, module, report)
    say(report, b"S")

    def call() -> None:
        exec(code, module.__dict__)
        say(report, b"D")
        function = find(module, entry_point)
        if function is None:
            say(report, b"M")
            return
        try:
            value = values.encode(function(*args, **kwargs), most)
            say(report, b"V" + len(value).to_bytes(8, "little") + value)
        except values.TooLarge:
            say(report, b"L")

    def explain(error: BaseException) -> None:
        say(report, b"E" + summary(error))

    status = run(call, explain)
    for stream in (sys.stdout, sys.stderr):
        flush(stream)
    os._exit(status)


def find(module: types.ModuleType, entry_point: str) -> Callable[..., Any] | None:
    """`entry_point` in the module, or else as a method of a new `Solution`."""
    target: Any = module
    parts = entry_point.split(".")
    if not hasattr(module, parts[0]) and hasattr(module, "Solution"):
        target = module.Solution()
    for part in parts:
        target = getattr(target, part, None)
        if isinstance(target, type) and part != parts[-1]:
            target = target()
    return target if callable(target) else None


def summary(error: BaseException) -> bytes:
    """An exception in one line, bounded."""
    try:
        text = f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001 - the program's own __str__
        text = type(error).__name__
    return text.encode("utf-8", "replace")[:500]


def compiled(source: bytes, report: int) -> types.CodeType:
    """The program, compiled; or the report that it does not compile, and the end."""
    file = os.open(_NAME, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    rest = memoryview(source)
    while rest:
        rest = rest[os.write(file, rest) :]
    os.close(file)
    try:
        return compile(source, sys.argv[0], "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        sys.stderr.write("".join(traceback.format_exception_only(error)))
        flush(sys.stderr)
        say(report, b"C" + summary(error))
        os._exit(1)


def make_ready() -> None:
    """In the server, once: what is the same for all jobs. sys.stdin, stdout and stderr as a fresh interpreter has them,
    and seeds.

    The streams are bound to the descriptors 0, 1 and 2, which every job has its own of, but not to the kinds that these
    are here: something with positions, and two pipes.
    """
    kept = [os.dup(fd) for fd in range(3)]
    reader, writer = os.pipe()
    null = os.open(os.devnull, os.O_RDONLY)
    for fd, stands_for in enumerate((null, writer, writer)):
        os.dup2(stands_for, fd)
    sys.stdin = sys.__stdin__ = _stream(0, "r", "strict")  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = _stream(1, "w", "strict")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _stream(2, "w", "backslashreplace")  # type: ignore[misc]
    for fd, own in enumerate(kept):
        os.dup2(own, fd)
    for fd in (*kept, reader, writer, null):
        os.close(fd)
    seed()


def seed() -> None:
    """What is random is the same for all jobs."""
    random.seed(0)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(0)


def settle(work: str) -> None:
    """In the server, called by what forks: jobs with this work folder start where they would in a fresh interpreter."""
    sys.argv = [f"{work}/{_NAME}"]
    sys.setrecursionlimit(_RECURSION + _depth() + _CALLS)


def new_module(name: str) -> types.ModuleType:
    """A fresh main module."""
    module = types.ModuleType(name)
    module.__dict__.update(__builtins__=builtins, __file__=sys.argv[0], __annotations__={}, __cached__=None)
    sys.modules[name] = module
    return module


def add_prelude(prelude: bytes, module: types.ModuleType, report: int) -> None:
    """Run the prelude, if there is one, for `module`."""
    if prelude:
        beside.run_prelude(prelude, module, report)


def _depth() -> int:
    frame, depth = sys._getframe(), 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1  # type: ignore[assignment]
    return depth


def _stream(fd: int, mode: str, errors: str) -> io.TextIOWrapper:
    raw = io.FileIO(fd, mode, closefd=False)
    raw.name = f"<{('stdin', 'stdout', 'stderr')[fd]}>"
    buffer: Any = io.BufferedReader(raw) if mode == "r" else io.BufferedWriter(raw)
    stream = io.TextIOWrapper(buffer, "utf-8", errors, line_buffering=fd == 2)
    stream.mode = mode  # type: ignore[misc]  # the interpreter sets it, and wrappers for fast input read it
    return stream


def run(call: Callable[[], None], explain: Callable[[BaseException], None] | None = None) -> int:
    """The exit status that the interpreter would have after `call`."""
    try:
        call()
    except SystemExit as leaving:
        if explain is not None:
            explain(leaving)
        if leaving.code is None:
            return 0
        if isinstance(leaving.code, int):
            return int(leaving.code) & 0xFF
        sys.stderr.write(f"{leaving.code}\n")
        return 1
    except BaseException as error:  # noqa: BLE001 - whatever the program raises is its own
        if explain is not None:
            explain(error)
        trace = error.__traceback__
        while trace is not None and not trace.tb_frame.f_code.co_filename.endswith(f"/{_NAME}"):
            trace = trace.tb_next
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        return 1
    return 0


def _finish(status: int) -> NoReturn:
    """What the interpreter does at its end, down to the program's objects: files are flushed by theirs."""
    if len(threading._active) > 1 or threading._limbo or threading._threading_atexits:  # type: ignore[attr-defined]
        threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    if not flush(sys.stdout):
        status = status or 120
    flush(sys.stderr)
    sys.stdin, sys.stdout, sys.stderr = sys.__stdin__, sys.__stdout__, sys.__stderr__
    _flush_files()
    sys.modules.pop("__main__", None)
    gc.collect()
    flush(sys.stdout)
    flush(sys.stderr)
    os._exit(status)


def _flush_files() -> None:
    """Flush every file: in a cycle, the descriptor may be finalized, and so closed, before the buffer above it."""
    files = [one for one in gc.get_objects() if type(one) in _WRITERS]
    for kind in _WRITERS:
        for file in files:
            if type(file) is kind:
                flush(file)


def flush(stream: Any) -> bool:
    """Flush a standard stream; False when the program has broken it."""
    try:
        if stream is not None and not getattr(stream, "closed", False):
            stream.flush()
    except Exception:  # noqa: BLE001 - a stream that the program broke
        return False
    return True
