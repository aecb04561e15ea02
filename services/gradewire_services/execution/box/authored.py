"""The tests that an author's code defines and does not run itself: functions, `check`, classes of tests.

What looks like a test and cannot be run, such as a function that wants a fixture, is the author's mistake:
passed over, it would pass every program.
"""

import importlib
import inspect
import symtable
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import pytest_like
from .problems import NothingTestedError


@dataclass(frozen=True, slots=True)
class Names:
    """A test code's names. bound: what it defines or imports itself. defined: only the former. used: what it
    looks up, anywhere in it.
    """

    bound: frozenset[str]
    defined: frozenset[str]
    used: frozenset[str]


def names(source: bytes) -> Names:
    """The names of a source that compiles."""
    bound, defined, used = set(), set(), set()
    top = symtable.symtable(source, "test code", "exec")  # type: ignore[arg-type]  # it takes bytes as well
    scopes = [top]
    while scopes:
        scope = scopes.pop()
        scopes += scope.get_children()
        for symbol in scope.get_symbols():
            name = symbol.get_name()
            if scope is top or symbol.is_declared_global():
                bound |= {name} if symbol.is_assigned() or symbol.is_imported() else set()
                defined |= {name} if symbol.is_assigned() and not symbol.is_imported() else set()
            if symbol.is_referenced() and (scope is top or symbol.is_global()):
                used.add(name)
    return Names(frozenset(bound), frozenset(defined), frozenset(used))


def run(module: types.ModuleType, known: Names, entry: Any) -> None:
    """Run what the author's code has defined. entry: what `check` is called with."""
    for name, value in list(module.__dict__.items()):  # in the order of their definition
        if name not in known.defined:
            continue
        if isinstance(value, type):
            _run_class(value, used=name in known.used)
        elif callable(value) and name.startswith(("test", "check")):
            _run_function(name, value, entry, used=name in known.used)


def _run_function(name: str, function: Callable[..., Any], entry: Any, *, used: bool) -> None:
    if pytest_like.is_skipped(function):
        return
    needed = _needed(function)
    if pytest_like.cases_of(function) is not None:
        for given in _calls(name, function):
            _finish(name, function(**given))
    elif name == "check" and len(needed) == 1 and not used:
        if entry is None:
            raise NothingTestedError("check wants a function, and the tests name no entry_point")
        _finish(name, function(entry))
    elif name.startswith("test") and not needed:
        _finish(name, function())
    elif not used and (name == "check" or name.startswith("test")):
        raise NothingTestedError(
            f"{name} wants {', '.join(needed)}, which nothing gives it: there are no fixtures here"
        )


def _run_class(kind: type, *, used: bool) -> None:
    unittest = sys.modules.get("unittest")
    if unittest is not None and issubclass(kind, unittest.TestCase):
        result = unittest.TestResult()
        unittest.defaultTestLoader.loadTestsFromTestCase(kind).run(result)
        for _, trace in [*result.failures, *result.errors]:
            raise AssertionError(trace.strip().rpartition("\n")[2])
        if not result.wasSuccessful():
            raise AssertionError("a test that should fail has passed")
        return
    if pytest_like.is_skipped(kind):
        return
    if pytest_like.cases_of(kind) is not None:
        raise NothingTestedError(f"{kind.__name__} is parametrized as a class, which is not done here")
    tests = [name for name in dir(kind) if name.startswith("test") and callable(getattr(kind, name))]
    if not kind.__name__.startswith("Test") or not tests:
        return
    if "__init__" in vars(kind):
        if used:
            return
        raise NothingTestedError(f"{kind.__name__} has a constructor; classes of tests are made without one")
    _call_hook(kind, "setup_class", kind)
    for name in tests:
        for given in _calls(name, getattr(kind(), name)):
            of = kind()  # a new one for each case, as pytest has it
            for before in ("setup_method", "setup"):
                _call_hook(of, before, getattr(of, name))
            _finish(name, getattr(of, name)(**given))
            for after in ("teardown_method", "teardown"):
                _call_hook(of, after, getattr(of, name))
    _call_hook(kind, "teardown_class", kind)


def _call_hook(of: object, hook: str, told: object) -> None:
    function = getattr(of, hook, None)
    if function is not None:
        function(*[told] * len(_needed(function)))


def _calls(name: str, test: Callable[..., Any]) -> list[dict[str, Any]]:
    """The arguments of each call of a test; none when it is skipped."""
    if pytest_like.is_skipped(test):
        return []
    cases = pytest_like.cases_of(test)
    for case in [{}] if cases is None else cases:
        if missing := [one for one in _needed(test) if one not in case]:
            raise NothingTestedError(f"{name} wants {', '.join(missing)}, which nothing gives it: no fixtures here")
    return [{}] if cases is None else cases


def _needed(function: Callable[..., Any]) -> list[str]:
    """The parameters that a caller must give. A decorator's own signature counts, not what it wraps."""
    various = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    given = inspect.signature(function, follow_wrapped=False).parameters.values()
    return [p.name for p in given if p.default is p.empty and p.kind not in various]


def _finish(name: str, result: Any) -> None:
    """A test function has returned: a coroutine has not run yet."""
    if inspect.iscoroutine(result):
        importlib.import_module("asyncio").run(result)  # large, and every job would pay for it
    elif inspect.isgenerator(result) or inspect.isasyncgen(result):
        raise NothingTestedError(f"{name} yields: its body was not run")
