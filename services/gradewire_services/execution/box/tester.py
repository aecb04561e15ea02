"""The test's side of a test in two boxes: run the author's code, in which the program is only a remote voice.

The program's functions are called through `Remote`; what comes back is built-in values, made here from bytes.
A remote object never compares equal to anything but itself, whatever its class says. The author's names and
the built-in ones cannot be taken over: a name is looked up in the program only when nothing else defines it.

Reported: P the author's code came to its end · A an assertion failed · X another exception ended it.
"""

import builtins
import importlib
import inspect
import os
import sys
import types
from collections.abc import Iterator
from typing import Any, NoReturn

from . import program
from .wire import ClosedError, Wire
from .worker import say

_SKIPPED = {"__builtins__", "__file__", "__annotations__"}


class CandidateError(Exception):
    """The program's end, or something that it raised and that no test can expect."""


class Remote:
    """An object of the program's. Comparisons are not forwarded; what else it is used for is."""

    def __init__(self, wire: Wire, number: int, kind: str):
        self.__dict__.update(_wire=wire, _number=number, _kind=kind)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102 - as a function has it
        given = [("\0reference", arg._number) if type(arg) is Remote else arg for arg in args]
        return _ask(self._wire, ["call", self._number, "", given, kwargs], args)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _ask(self._wire, ["get", self._number, name, [], {}])

    def __getitem__(self, key: Any) -> Any:
        return _ask(self._wire, ["item", self._number, "", [key], {}])

    def __len__(self) -> int:
        return int(_ask(self._wire, ["len", self._number, "", [], {}]))

    def __iter__(self) -> Iterator[Any]:
        return iter(_items(self._wire, _ask(self._wire, ["iter", self._number, "", [], {}])))

    def __next__(self) -> Any:
        return _ask(self._wire, ["next", self._number, "", [], {}])

    def __str__(self) -> str:
        return str(_ask(self._wire, ["str", self._number, "", [], {}]))

    def __repr__(self) -> str:
        return f"<{self._kind} in the program's box>"


def _items(wire: Wire, remote: Any) -> Iterator[Any]:
    while True:
        try:
            yield _ask(wire, ["next", remote._number, "", [], {}])
        except StopIteration:
            return


def _ask(wire: Wire, question: list[Any], args: tuple[Any, ...] = ()) -> Any:
    try:
        wire.send(question)
        kind, content = wire.receive()
        if kind == "value":
            return content
        if kind == "reference":
            return Remote(wire, int(content[0]), str(content[1]))
        if (
            kind == "changed"
        ):  # the call returned None: it may have been made for what it does to its arguments
            for mine, theirs in zip(args, content, strict=False):
                _update(mine, theirs)
            return None
        names, text = content
    except (ClosedError, ValueError, TypeError, IndexError) as error:
        raise CandidateError(f"the program ended or answered nonsense: {error}") from None
    for name in names:
        known = getattr(builtins, str(name), None)
        if isinstance(known, type) and issubclass(known, Exception) and known is not Exception:
            raise known(text)
    raise (Exception if "Exception" in names else CandidateError)(text)


def _update(mine: Any, theirs: Any) -> None:
    if type(mine) is not type(theirs):
        return
    if isinstance(mine, list):
        mine[:] = theirs
    elif isinstance(mine, (dict, set)):
        mine.clear()
        mine.update(theirs)


def run_tests(source: bytes, report: int, entry_point: str, wire: Wire) -> NoReturn:
    """Run the author's code to its end; then the tests that it defines and does not call itself."""
    code = program.compiled(source, report)
    module = program.new_module("__main__")
    say(report, b"S")

    def test() -> None:
        try:
            offered = wire.receive()
        except ClosedError as error:
            raise CandidateError(f"the program did not load: {error}") from None
        _offer(module, offered, entry_point, wire, _names(code))
        defined = set(module.__dict__)
        exec(code, module.__dict__)
        _run_defined(module, defined, entry_point)

    try:
        test()
        say(report, b"P")
    except AssertionError as error:
        say(report, b"A" + program.summary(error))
    except SystemExit as leaving:
        say(report, b"P" if leaving.code in (None, 0, False) else b"A" + program.summary(leaving))
    except BaseException as error:  # noqa: BLE001 - reported as it is
        say(report, b"X" + program.summary(error))
    for stream in (sys.stdout, sys.stderr):
        program.flush(stream)
    os._exit(0)


def _names(code: types.CodeType) -> set[str]:
    """Every name that the code looks up, nested functions included."""
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= _names(constant)
    return names


def _offer(
    module: types.ModuleType, offered: dict[str, str], entry_point: str, wire: Wire, wanted: set[str]
) -> None:
    """Put what the author's code needs of the program into its names."""
    whole = Remote(wire, 0, "module")
    for name, kind in offered.items():
        if name not in wanted or hasattr(builtins, name) or name in _SKIPPED:
            continue
        if kind == "object":
            setattr(module, name, getattr(whole, name))
        elif kind == f"module {name}" and name in sys.stdlib_module_names:
            setattr(module, name, importlib.import_module(name))
    entry = _ask(wire, ["entry", 0, "", [], {}])
    setattr(module, entry_point.rpartition(".")[2], entry)
    if "candidate" in wanted:
        module.__dict__["candidate"] = entry


def _run_defined(module: types.ModuleType, before: set[str], entry_point: str) -> None:
    unittest = sys.modules.get("unittest")
    for name, value in list(module.__dict__.items()):
        if name in before:
            continue
        if isinstance(value, types.FunctionType):
            needed = [p for p in inspect.signature(value).parameters.values() if p.default is p.empty]
            if name.startswith("test") and not needed:
                value()
            elif name == "check" and len(needed) == 1:
                value(getattr(module, entry_point.rpartition(".")[2]))
        elif unittest is not None and isinstance(value, type) and issubclass(value, unittest.TestCase):
            result = unittest.TestResult()
            unittest.defaultTestLoader.loadTestsFromTestCase(value).run(result)
            for _, trace in [*result.failures, *result.errors]:
                raise AssertionError(trace.strip().rpartition("\n")[2])
