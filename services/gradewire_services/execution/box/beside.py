"""What a program brings with it: files for its work folder, and a prelude.

They travel in one piece with its source, as values, so that a job without them is sent as it always was.
"""

import builtins
import contextlib
import os
import sys
import types
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from . import values
from .worker import say

_MOST = 1 << 30


def pack(source: bytes, files: Mapping[str, bytes], prelude: bytes) -> bytes:
    """One piece, for `place`."""
    return values.encode([source, dict(files), prelude], _MOST, strict=True)


def place(packed: bytes) -> tuple[bytes, bytes]:
    """In the box: write the files into the work folder; the source and the prelude. OSError when they do not fit."""
    source, files, prelude = values.build(values.parse(packed))
    for name, content in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return source, prelude


def run_prelude(prelude: bytes, module: types.ModuleType, report: int) -> None:
    """Run it, and let `module` find its names where it finds the built-in ones: so none of them can pass for the
    program's own. Reports Q and ends when it fails.
    """
    space = types.ModuleType("prelude")
    try:
        exec(compile(prelude, "prelude", "exec"), space.__dict__)
    except BaseException as error:  # noqa: BLE001 - reported as it is
        _fail(report, error)
    names = types.ModuleType("builtins")
    names.__dict__.update(builtins.__dict__)
    names.__dict__.update({name: value for name, value in space.__dict__.items() if not name.startswith("__")})
    module.__dict__["__builtins__"] = names


def _fail(report: int, error: BaseException) -> NoReturn:
    with contextlib.suppress(OSError):
        say(report, b"Q" + f"{type(error).__name__}: {error}".encode("utf-8", "replace")[:500])
    sys.stdout = sys.stderr = None  # nothing is flushed twice
    os._exit(1)
