"""What a caller hands to the engine: a program, its tests, its limits. All are checked when they are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import InvalidRequest

MAX_CODE_BYTES = 4 << 20
MAX_TEXT_BYTES = 64 << 20
MAX_CASES = 1000
MAX_FILES = 64
MAX_NAME = 255
MAX_PRELUDE_BYTES = 1 << 20


def utf8(text: object, where: str, most: int) -> bytes:
    """`text` as UTF-8, refused with its field's path when it is no text, cannot be encoded or is too long."""
    if not isinstance(text, str):
        raise InvalidRequest(where, f"must be text, not {type(text).__name__}")
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise InvalidRequest(where, f"has a lone surrogate at character {error.start}") from None
    if len(data) > most:
        raise InvalidRequest(where, f"has {len(data)} bytes; at most {most} are taken")
    return data


@dataclass(frozen=True, slots=True)
class Program:
    """Source text in one of the supported languages. At most 4 MiB.

    files: what lies beside it in its work folder when it starts, by path; for compiled languages also when it is
    compiled. At most 64, of 64 MiB together. prelude: Python that runs before a Python program, whose names it then
    finds as it finds the built-in ones; `standard` is `preludes.STANDARD`.
    """

    language: str
    code: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    prelude: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.language, str) or not self.language:
            raise InvalidRequest("program.language", "must name a language")
        if not utf8(self.code, "program.code", MAX_CODE_BYTES).strip():
            raise InvalidRequest("program.code", "is empty")
        utf8(self.prelude, "program.prelude", MAX_PRELUDE_BYTES)
        _files(self.files)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process run (one test) may use.

    time_s: CPU seconds of all its processes. wall_s: seconds on the clock, less the time that the job was
    ready to run and the machine was busy; None is 2·time_s + 1. memory_mb: MiB beyond the interpreter's own,
    summed over its processes at level A. output_bytes: of standard output. processes: processes and threads
    at one time. disk_mb: MiB of files. Out of range is InvalidRequest.
    """

    time_s: float = 4.0
    wall_s: float | None = None
    memory_mb: int = 512
    output_bytes: int = 16 << 20
    processes: int = 32
    disk_mb: int = 64

    def __post_init__(self) -> None:
        _within("time_s", self.time_s, 0.05, 300)
        if self.wall_s is not None:
            _within("wall_s", self.wall_s, 0.05, 1200)
        _within("memory_mb", self.memory_mb, 16, 65536, whole=True)
        _within("output_bytes", self.output_bytes, 1, MAX_TEXT_BYTES, whole=True)
        _within("processes", self.processes, 1, 512, whole=True)
        _within("disk_mb", self.disk_mb, 1, 4096, whole=True)

    @property
    def wall(self) -> float:
        """The wall cap in seconds, its default filled in."""
        return 2 * self.time_s + 1 if self.wall_s is None else self.wall_s


def is_file_name(name: object) -> bool:
    """Whether it can be the path of a file inside a work folder."""
    if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME or not name.isprintable():
        return False
    return all(part not in ("", ".", "..") for part in name.split("/"))


def _files(files: object) -> None:
    if not isinstance(files, Mapping):
        raise InvalidRequest("program.files", "must be an object of contents by file name")
    if len(files) > MAX_FILES:
        raise InvalidRequest("program.files", f"has {len(files)} entries; at most {MAX_FILES} are taken")
    room = MAX_TEXT_BYTES
    for name, content in files.items():
        if not is_file_name(name):
            raise InvalidRequest("program.files", f"has a name that no file in the work folder can have: {name!r:.80}")
        if any(parent in files for parent in _parents(name)):
            raise InvalidRequest("program.files", f"has {name!r:.80} below something that is a file itself")
        if not isinstance(content, bytes):
            raise InvalidRequest(f"program.files[{name}]", f"must be bytes, not {type(content).__name__}")
        room -= len(content)
    if room < 0:
        raise InvalidRequest("program.files", f"has {MAX_TEXT_BYTES - room} bytes; at most {MAX_TEXT_BYTES} are taken")


def _parents(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def _within(name: str, value: Any, low: float, high: float, *, whole: bool = False) -> None:
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        raise InvalidRequest(f"limits.{name}", f"must be {'a whole number' if whole else 'a number'}")
    if not low <= value <= high:  # NaN is refused too
        raise InvalidRequest(f"limits.{name}", f"is {value}; must be {low} to {high}")


@dataclass(frozen=True, slots=True)
class StdinCase:
    """One process run: text in, the text that should come out."""

    input: str
    output: str


@dataclass(frozen=True, slots=True)
class StdinTests:
    """The program reads standard input and writes standard output, once a case."""

    cases: tuple[StdinCase, ...]

    def __post_init__(self) -> None:
        _count("tests.cases", len(self.cases))
        for i, case in enumerate(self.cases):
            utf8(case.input, f"tests.cases[{i}].input", MAX_TEXT_BYTES)
            utf8(case.output, f"tests.cases[{i}].output", MAX_TEXT_BYTES)


@dataclass(frozen=True, slots=True)
class FunctionCase:
    """One call: plain data in (None, bool, int, float, str, bytes, list, tuple, dict, set), plain data
    expected. also: other values that are as right.
    """

    args: tuple[Any, ...]
    expected: Any
    kwargs: dict[str, Any] = field(default_factory=dict)
    also: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionTests:
    """The program defines `entry_point`, a function or a method of `class Solution`, called once a case.

    float_tolerance: |a − e| ≤ tolerance · max(1, |e|) counts as equal where a float is concerned; None is
    exact.
    """

    entry_point: str
    cases: tuple[FunctionCase, ...]
    float_tolerance: float | None = None

    def __post_init__(self) -> None:
        _entry_point(self.entry_point)
        _count("tests.cases", len(self.cases))
        tolerance = self.float_tolerance
        if tolerance is not None:
            if isinstance(tolerance, bool) or not isinstance(tolerance, (int, float)):
                raise InvalidRequest("tests.float_tolerance", "must be a number")
            if not 0 <= tolerance < 1:
                raise InvalidRequest("tests.float_tolerance", f"is {tolerance}; must be at least 0 and below 1")


@dataclass(frozen=True, slots=True)
class AssertTests:
    """The author's test code, which calls `entry_point`. It runs in a box of its own, the program in
    another. entry_point: None where the test code names what it calls itself.
    """

    test_code: str
    entry_point: str | None = None

    def __post_init__(self) -> None:
        if self.entry_point is not None:
            _entry_point(self.entry_point)
        if not utf8(self.test_code, "tests.test_code", MAX_CODE_BYTES).strip():
            raise InvalidRequest("tests.test_code", "is empty")


@dataclass(frozen=True, slots=True)
class GraderTests:
    """The program defines `grade(sample, item)`; its finite number is the score."""

    sample: Any
    item: Any


@dataclass(frozen=True, slots=True)
class Step:
    """One program of a sequence, each in a fresh box."""

    code: str
    output: str
    input: str = ""


@dataclass(frozen=True, slots=True)
class StepTests:
    """Programs that run one after the other in the same lane; what one leaves behind must not reach the
    next.
    """

    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        _count("tests.steps", len(self.steps))
        for i, step in enumerate(self.steps):
            utf8(step.code, f"tests.steps[{i}].code", MAX_CODE_BYTES)
            utf8(step.input, f"tests.steps[{i}].input", MAX_TEXT_BYTES)
            utf8(step.output, f"tests.steps[{i}].output", MAX_TEXT_BYTES)


Tests = StdinTests | FunctionTests | AssertTests | GraderTests | StepTests


def _count(where: str, count: int) -> None:
    if not 1 <= count <= MAX_CASES:
        raise InvalidRequest(where, f"has {count} entries; must have 1 to {MAX_CASES}")


def _entry_point(name: object) -> None:
    if not isinstance(name, str) or len(name) > 255 or not all(map(str.isidentifier, name.split("."))):
        raise InvalidRequest("tests.entry_point", f"must be a name such as add or Solution.add, not {name!r:.60}")
