"""Everything that can go wrong between a reward spec and a reward.

GradewireError
├── SpecError            the reward spec is wrong; has the path into it, and the line where that is known
├── ItemError            this group cannot be graded; the others can
│   └── RowError         the same, of a row in a file; has its line and field
├── FileError            a file of rows cannot be read at all
├── RecordError          the record of a run cannot be written or read
├── MissingExtra         this needs a part of Gradewire that is not installed
├── StepFailed           a sample failed at a node whose `on_error` is `raise`
└── ServiceError         a grader's service, not the sample, is in trouble; has its target and reason
    ├── Unavailable      nobody answers there
    └── SessionGone      a tool session has ended, or was lost; says why

What goes wrong with one sample is no exception but data: a `Failure` in its result (`types.py`).
"""

import difflib
from collections.abc import Iterable
from typing import Any


class GradewireError(Exception):
    """The root of the tree. Its text is a sentence for the user: what was wrong, where, what to do."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors travel whole between processes: training loops grade in workers."""
        return _again, (type(self), self.args, self.__dict__)


class SpecError(GradewireError):
    """The reward spec is wrong."""

    def __init__(self, path: str, message: str, *, file: str = "", line: int | None = None) -> None:
        self.path = path
        """Into the spec, as `reward.parts.style.parameters.tolerance`. Empty: the whole file."""
        self.message = message
        self.file = file
        self.line = line
        """In the file, from 1. None: not known."""
        self.others: tuple[SpecError, ...] = ()
        """What else is wrong in the same spec."""
        place = f"{file}:{line}" if file and line else file
        super().__init__(": ".join(part for part in (place, path, message) if part))


class ItemError(GradewireError):
    """A group cannot be graded as it is. The others can."""

    def __init__(self, group_id: str, field: str, message: str) -> None:
        self.group_id = group_id
        self.field = field
        """The field that is wrong, as `samples[2].response`. Empty: the group as a whole."""
        self.message = message
        super().__init__(": ".join(part for part in (f"group {group_id!r}", field, message) if part))


class RowError(ItemError):
    """A row of a file cannot be graded."""

    def __init__(self, line: int, field: str, message: str, *, file: str = "") -> None:
        super().__init__("", field, message)
        self.line = line
        """In the file, from 1."""
        self.file = file
        place = f"{file}:{line}" if file else f"line {line}"
        self.args = (": ".join(part for part in (place, field, message) if part),)


class FileError(GradewireError):
    """A file cannot be read at all."""

    def __init__(self, file: str, message: str) -> None:
        self.file = file
        super().__init__(f"{file}: {message}")


class RecordError(GradewireError):
    """The record of a run cannot be written or read."""


class MissingExtra(GradewireError):
    """Something needs a package that is not installed."""

    def __init__(self, what: str, install: str) -> None:
        self.install = install
        """What to give to `pip install`."""
        super().__init__(f"{what}: not installed here. pip install '{install}'")


class StepFailed(GradewireError):
    """A sample has no score at a node whose `on_error` is `raise`."""

    def __init__(self, group_id: str, sample_id: str, node: str, reason: str, message: str) -> None:
        self.group_id = group_id
        self.sample_id = sample_id
        self.node = node
        """The node's path in the spec."""
        self.reason = reason
        super().__init__(f"group {group_id!r}, sample {sample_id!r}: {node}: {reason}: {message} (on_error: raise)")


class ServiceError(GradewireError):
    """A grader's service is in trouble, or refuses to serve."""

    def __init__(self, target: str, message: str, *, reason: str = "", grader: str = "") -> None:
        self.target = target
        """Where it is: `host:port`, `unix:path`, `local:NAME`."""
        self.message = message
        self.reason = reason
        """Stable, in upper snake case; the ErrorInfo's."""
        self.grader = grader
        super().__init__(": ".join(part for part in (target, grader, message) if part))


class Unavailable(ServiceError):
    """Nobody answers there."""


class SessionGone(ServiceError):
    """A tool session is no longer there: nothing more can be run in it. Open another."""

    def __init__(self, target: str, message: str, *, reason: str = "SESSION_LOST", why: str = "LOST") -> None:
        super().__init__(target, message, reason=reason)
        self.why = why
        """`LOST`, or the service's `SessionEnd`: `CLOSED`, `IDLE_TIMEOUT`, `CELL_LIMIT` …"""


def _again(kind: type[GradewireError], args: tuple[Any, ...], state: dict[str, Any]) -> GradewireError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` Did you mean 'x'?` for the closest known word, else the empty string. Starts with a space."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" Did you mean {close[0]!r}?" if close else ""
