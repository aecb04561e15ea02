"""Exceptions on their way between the two boxes of a test: by the names of their classes, their plain arguments and
attributes. No object travels.
"""

import builtins
import contextlib
from collections.abc import Mapping
from typing import Any

from . import values

_MOST = 1 << 20


class CandidateError(BaseException):
    """The program's end, or something that it raised and that no test can expect."""


class LeftError(SystemExit):
    """The program's SystemExit, which is no end of the test code."""


def described(error: BaseException, text: str) -> list[Any]:
    """[class names, arguments, text, attributes] of an exception."""
    args = list(error.args)
    if not is_data(args):
        try:
            args = [str(error)]
        except Exception:  # noqa: BLE001 - the program's own __str__
            args = []
    attributes = {name: value for name, value in vars(error).items() if _shown(name) and is_data(value)}
    return [[_known_as(kind) for kind in type(error).__mro__], args, text, attributes]


def _known_as(kind: type) -> str:
    """Its name; none where a built-in class has it and this is another one."""
    return kind.__name__ if getattr(builtins, kind.__name__, kind) is kind else ""


def rebuilt(description: list[Any], classes: Mapping[str, type[BaseException]]) -> BaseException:
    """An exception of the first of its classes that is in `classes`, or is built in and can be made here."""
    names, args, text, attributes = description
    error = _of_class(list(map(str, names)), list(args), str(text), classes)
    for name, value in dict(attributes).items():
        if isinstance(name, str) and _shown(name):
            with contextlib.suppress(AttributeError, TypeError):
                setattr(error, name, value)
    return error


def _of_class(
    names: list[str], args: list[Any], text: str, classes: Mapping[str, type[BaseException]]
) -> BaseException:
    for name in names:
        known = classes.get(name) or getattr(builtins, name, None)
        if isinstance(known, type) and issubclass(known, Exception) and known is not Exception:
            with contextlib.suppress(TypeError, ValueError):
                return known(*args)
    if "SystemExit" in names:
        return LeftError(*args)
    return Exception(*args) if "Exception" in names else CandidateError(text)


def local_class(names: list[str], classes: Mapping[str, type[BaseException]]) -> type[BaseException] | None:
    """A class that stands for the program's exception class of these names; None for one that is built in."""
    if not names or hasattr(builtins, names[0]):
        return None
    for name in names[1:]:
        base = classes.get(name) or getattr(builtins, name, None)
        if isinstance(base, type) and issubclass(base, Exception):
            return type(names[0], (base,), {})
    return None


def _shown(name: str) -> bool:
    return not name.startswith("_") and not hasattr(BaseException, name)


def is_data(value: Any) -> bool:
    """Whether all of `value` can travel."""
    try:
        values.encode(value, _MOST, strict=True, arrays=True)
    except ValueError:
        return False
    return True
