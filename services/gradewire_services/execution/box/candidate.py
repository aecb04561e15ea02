"""The program's side of a test in two boxes: load the program, answer calls. Nothing here decides anything.

All that the program could do by writing to these pipes itself is to return values, which it may do anyway.
"""

import os
import types
from collections.abc import Callable
from typing import Any, NoReturn

from . import program, values
from .wire import ClosedError, Wire
from .worker import say


def serve(source: bytes, report: int, entry_point: str, wire: Wire) -> NoReturn:
    """Load `source` and answer questions until the other side ends."""
    code = program.compiled(source, report)
    module = program.new_module("solution")
    say(report, b"S")

    def answer() -> None:
        exec(code, module.__dict__)
        if program.find(module, entry_point) is None:
            say(report, b"M")
            return
        objects = _Objects(module, entry_point)
        wire.send(objects.offered())
        while True:
            try:
                question = wire.receive()
            except ClosedError:
                return
            wire.send(objects.answer(question))

    status = program.run(answer, lambda error: say(report, b"E" + program.summary(error)))
    os._exit(status)


class _Objects:
    """The program's objects that the other side holds references to. Reference 0 is the module."""

    def __init__(self, module: types.ModuleType, entry_point: str):
        self._module, self._entry_point = module, entry_point
        self._held: list[Any] = [module]

    def offered(self) -> dict[str, str]:
        """The module's public names: what kind of thing each is."""
        names = {}
        for name, value in self._module.__dict__.items():
            if not name.startswith("_"):
                is_module = isinstance(value, types.ModuleType)
                names[name] = f"module {value.__name__}" if is_module else "object"
        return names

    def answer(self, question: list[Any]) -> list[Any]:
        """Do what is asked and say what came of it."""
        what, of, name, args, kwargs = question
        try:
            value = self._do(what, self._held[of], name, self._local(args), self._local(kwargs))
        except BaseException as error:  # noqa: BLE001 - whatever the program raises is the answer
            kinds = [kind.__name__ for kind in type(error).__mro__]
            text = program.summary(error).decode("utf-8", "replace")
            given = list(error.args)
            return ["raise", [kinds, given if _plain(given) else [str(error)], text]]
        return value

    def _do(self, what: str, of: Any, name: str, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
        if what == "entry":
            return self._sent(program.find(self._module, self._entry_point))
        if what == "get":
            return self._sent(getattr(of, name))
        if what == "call":
            value = of(*args, **kwargs)
            return ["changed", args] if value is None and _plain(args) else self._sent(value)
        if what == "set":
            setattr(of, name, args[0])
            return self._sent(None)
        if what == "put":
            of[args[0]] = args[1]
            return self._sent(None)
        special: dict[str, Callable[..., Any]] = {"len": len, "iter": iter, "next": next, "str": str, "bool": bool}
        if what in special:
            return self._sent(special[what](of))
        return self._sent(of[args[0]])

    def _local(self, value: Any) -> Any:
        """What came over the wire, with the objects that its references stand for."""
        if type(value) is tuple and len(value) == 2 and value[0] == "\0reference":
            return self._held[value[1]]
        if type(value) in (list, tuple):
            return type(value)(self._local(one) for one in value)
        if type(value) is dict:
            return {key: self._local(one) for key, one in value.items()}
        return value

    def _sent(self, value: Any) -> list[Any]:
        if _plain(value):
            return ["value", value]
        self._held.append(value)
        return ["reference", [len(self._held) - 1, type(value).__name__]]


def _plain(value: Any) -> bool:
    """Whether all of `value` is plain data: then it travels, and the other side has a copy."""
    try:
        values.build(values.parse(values.encode(value, 1 << 24)))
    except (values.TooLarge, values.Malformed, TypeError):
        return False
    return True
