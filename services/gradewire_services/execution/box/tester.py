"""The test's side of a test in two boxes: run the author's code, in which the program is only a remote voice.

The program's functions are called through `Remote`; what comes back is built-in values, made here from bytes.
A remote object never compares equal to anything but itself, whatever its class says. The author's names and
the built-in ones cannot be taken over: a name is looked up in the program only when nothing else defines it.

Reported: P the author's code came to its end · A an assertion failed · X another exception ended it · I the
author's code tests nothing, or cannot be run in two boxes.
"""

import builtins
import contextlib
import importlib
import os
import sys
import types
from collections.abc import Iterator
from typing import Any, NoReturn

from . import authored, program, values
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
        given, named = _outgoing(list(args)), _outgoing(kwargs)
        return _ask(self._wire, ["call", self._number, "", given, named], args)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _ask(self._wire, ["get", self._number, name, [], {}])

    def __setattr__(self, name: str, value: Any) -> None:
        _ask(self._wire, ["set", self._number, name, _outgoing([value]), {}])

    def __setitem__(self, key: Any, value: Any) -> None:
        _ask(self._wire, ["put", self._number, "", _outgoing([key, value]), {}])

    def __getitem__(self, key: Any) -> Any:
        return _ask(self._wire, ["item", self._number, "", [key], {}])

    def __bool__(self) -> bool:
        return bool(_ask(self._wire, ["bool", self._number, "", [], {}]))

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


def _outgoing(value: Any) -> Any:
    """An argument as it travels: what is the program's own goes back as a reference."""
    if type(value) is Remote:
        return ("\0reference", value._number)
    if type(value) is list:
        return [_outgoing(one) for one in value]
    if type(value) is tuple:
        return tuple(_outgoing(one) for one in value)
    if type(value) is dict:
        return {key: _outgoing(one) for key, one in value.items()}
    if not values.is_plain(value):
        what = type(value).__name__
        raise authored.NothingTestedError(f"passes the program a {what}; only plain data can go there")
    return value


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
        if kind == "changed":  # the call returned None: it may have been made for what it does to its arguments
            for mine, theirs in zip(args, content, strict=False):
                _update(mine, theirs)
            return None
        names, given, text = content
        raised = _exception(list(map(str, names)), list(given), str(text))
    except (ClosedError, ValueError, TypeError, IndexError, OverflowError) as error:
        raise CandidateError(f"the program ended or answered nonsense: {error}") from None
    if isinstance(raised, StopIteration) and question[0] != "next":  # in a loop of the author's, it would end that
        raise RuntimeError(f"the program raised {text}")
    raise raised


def _exception(names: list[str], args: list[Any], text: str) -> Exception:
    """What the program raised, as the first of its classes that is built in and can be made here."""
    for name in names:
        known = getattr(builtins, name, None)
        if isinstance(known, type) and issubclass(known, Exception) and known is not Exception:
            with contextlib.suppress(TypeError, ValueError):
                return known(*args)
    return Exception(*args) if "Exception" in names else CandidateError(text)


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
    known = authored.names(source)
    say(report, b"S")

    def test() -> None:
        try:
            offered = wire.receive()
        except ClosedError as error:
            raise CandidateError(f"the program did not load: {error}") from None
        used = _offer(module, offered, entry_point, wire, known)
        asked = wire.sent
        exec(code, module.__dict__)
        authored.run(module, known, getattr(module, entry_point.rpartition(".")[2]))
        if not used and wire.sent == asked:
            raise authored.NothingTestedError("comes to its end without having asked the program anything")

    try:
        test()
        say(report, b"P")
    except AssertionError as error:
        say(report, b"A" + program.summary(error))
    except SystemExit as leaving:
        say(report, b"P" if leaving.code in (None, 0, False) else b"A" + program.summary(leaving))
    except authored.NothingTestedError as error:
        say(report, b"I" + str(error).encode("utf-8", "replace")[:500])
    except BaseException as error:  # noqa: BLE001 - reported as it is
        say(report, b"X" + program.summary(error))
    for stream in (sys.stdout, sys.stderr):
        program.flush(stream)
    os._exit(0)


def _offer(
    module: types.ModuleType, offered: dict[str, str], entry_point: str, wire: Wire, known: authored.Names
) -> int:
    """Put what the author's code needs of the program into its names; how many objects that are."""
    whole = Remote(wire, 0, "module")
    given = 0
    for name, kind in offered.items():
        if name not in known.used - known.bound or hasattr(builtins, name) or name in _SKIPPED:
            continue
        if kind == "object":
            setattr(module, name, getattr(whole, name))
            given += name != entry_point
        elif kind == f"module {name}" and name in sys.stdlib_module_names:
            setattr(module, name, importlib.import_module(name))
    entry = _ask(wire, ["entry", 0, "", [], {}])
    setattr(module, entry_point.rpartition(".")[2], entry)
    if "candidate" in known.used - known.bound:
        module.__dict__["candidate"] = entry
    return given
