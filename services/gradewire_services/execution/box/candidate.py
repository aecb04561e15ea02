"""The program's side of a test in two boxes: load the program, answer calls. Nothing here decides anything.

All that the program could do by writing to these pipes itself is to return values, which it may do anyway.
"""

import os
from typing import NoReturn

from . import program
from .objects import Objects
from .wire import ClosedError, Wire
from .worker import say


def serve(source: bytes, report: int, entry_point: str | None, wire: Wire, prelude: bytes) -> NoReturn:
    """Load `source` and answer questions until the other side ends."""
    code = program.compiled(source, report)
    module = program.new_module("solution")
    program.add_prelude(prelude, module, report)
    say(report, b"S")

    def answer() -> None:
        exec(code, module.__dict__)
        if entry_point is not None and program.find(module, entry_point) is None:
            say(report, b"M")
            return
        objects = Objects(module, entry_point, wire)
        wire.send(objects.offered())
        while True:
            try:
                question = wire.receive()
            except ClosedError:
                return
            wire.send(objects.answer(question))

    status = program.run(answer, lambda error: say(report, b"E" + program.summary(error)))
    os._exit(status)
