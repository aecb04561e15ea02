"""What stands around a question in the tests' box and has to be the same in the program's while it answers: replaced
standard streams, the environment, a shared folder.
"""

import builtins
import io
import os
import sys
from typing import Any

from .folder import Shared
from .problems import NothingTestedError

ABOUT_THE_BOX = frozenset({"replace", "share", "chdir"})
"""Questions that ask nothing of the program itself."""
_INPUT = builtins.input


class Around:
    """The tests' side. shared: the folder that both have, once there is one. input_is_carried: `builtins.input` is
    replaced in the program's box too.
    """

    def __init__(self) -> None:
        self.shared: Shared | None = None
        self.input_is_carried = False
        self._environ = dict(os.environ)
        self._reading: tuple[io.StringIO, int] | None = None

    def taken(self) -> list[Any] | None:
        """[whether stdout is replaced, whether stderr is, text to read, environment changed, files changed]; None
        where all is as it was.
        """
        streams = [sys.stdout is not sys.__stdout__, sys.stderr is not sys.__stderr__]
        given, environ = self._input(), self._changed()
        if not (any(streams) or environ or given is not None or self.shared is not None):
            return None
        try:
            return [*streams, given, environ, None if self.shared is None else self.shared.changes()]
        except (ValueError, OSError) as error:
            raise NothingTestedError(f"shares a folder with the program that cannot be carried over: {error}") from None

    def given(self, back: Any) -> None:
        """What has come of it there: texts printed, characters read, files changed."""
        out, err, read, files = back
        if out:
            sys.stdout.write(str(out))
        if err:
            sys.stderr.write(str(err))
        if self._reading is not None:
            stream, start = self._reading
            stream.seek(start + int(read))
        if self.shared is not None:
            self.shared.apply(files)

    def _input(self) -> str | None:
        if builtins.input is not _INPUT and not self.input_is_carried:
            raise NothingTestedError("assigns another input; patch it, with mock or monkeypatch")
        if sys.stdin is sys.__stdin__:
            self._reading = None
            return None
        if not isinstance(sys.stdin, io.StringIO):
            raise NothingTestedError("replaces what the program reads by something else than io.StringIO")
        self._reading = sys.stdin, sys.stdin.tell()
        return sys.stdin.read()

    def _changed(self) -> dict[str, str | None]:
        now = dict(os.environ)
        if now == self._environ:
            return {}
        gone = dict.fromkeys(name for name in self._environ if name not in now)
        changed = {name: value for name, value in now.items() if self._environ.get(name) != value}
        self._environ = now
        return {**gone, **changed}


class Inside:
    """The program's side, while one question is answered."""

    def __init__(self, taken: list[Any], shared: Shared | None):
        out, err, given, environ, files = taken
        self._shared = shared
        self._out, self._err = (io.StringIO() if one else None for one in (out, err))
        self._given = None if given is None else io.StringIO(given)
        self._before = sys.stdin, sys.stdout, sys.stderr
        for name, value in environ.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if shared is not None and files is not None:
            shared.apply(files)

    def __enter__(self) -> "Inside":
        new = (self._given, self._out, self._err)
        sys.stdin, sys.stdout, sys.stderr = (
            old if one is None else one for one, old in zip(new, self._before, strict=True)
        )
        return self

    def __exit__(self, *raised_inside: object) -> None:
        sys.stdin, sys.stdout, sys.stderr = self._before

    def back(self) -> list[Any]:
        """For `Around.given`."""
        out, err = ("" if one is None else one.getvalue() for one in (self._out, self._err))
        read = 0 if self._given is None else self._given.tell()
        return [out, err, read, [] if self._shared is None else self._shared.changes()]
