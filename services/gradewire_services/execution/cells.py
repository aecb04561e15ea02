"""What passes in a session: limits, a cell's result, and the reading of what an interpreter says of it."""

import json
import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .box import values
from .errors import InvalidRequest
from .types import _within as within

MOST_CODE = 1 << 20
"""Bytes of a cell."""
MOST_OUTPUT = 1 << 20
"""Bytes of each of a cell's two streams that can come back."""
_MOST_JSON = 64 << 10


class CellEnd(StrEnum):
    """How a cell ended; `SessionService` has what each means."""

    COMPLETED = "completed"
    RAISED = "raised"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    EXITED = "exited"
    STOPPED = "stopped"


class SessionEnd(StrEnum):
    """Why a session has ended."""

    CLOSED = "closed"
    IDLE_TIMEOUT = "idle_timeout"
    LIFETIME = "lifetime"
    CPU_TIME = "cpu_time"
    CELL_LIMIT = "cell_limit"
    MEMORY_LIMIT = "memory_limit"
    EXITED = "exited"


@dataclass(frozen=True, slots=True)
class CellLimits:
    """Of one cell.

    time_s: CPU seconds of all the session's processes. wall_s: seconds on the clock; None: 2 · time_s + 1.
    output_bytes: what is kept of each stream.
    """

    time_s: float = 10.0
    wall_s: float | None = None
    output_bytes: int = 32 << 10

    def __post_init__(self) -> None:
        within("cell.time_s", self.time_s, 0.05, 3600)
        if self.wall_s is not None:
            within("cell.wall_s", self.wall_s, 0.05, 3600)
        within("cell.output_bytes", self.output_bytes, 0, MOST_OUTPUT, whole=True)

    @property
    def wall(self) -> float:
        """Seconds on the clock, the default filled in."""
        return 2 * self.time_s + 1 if self.wall_s is None else self.wall_s


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """Of a session, over its whole life.

    idle_s: seconds without a cell. lifetime_s: seconds on the clock. time_s: CPU seconds of all its processes.
    memory_mb: MiB beyond the fresh interpreter's. processes: with threads. disk_mb: MiB of files. cell: of each cell.
    """

    idle_s: float = 300.0
    lifetime_s: float = 3600.0
    time_s: float = 600.0
    memory_mb: int = 512
    processes: int = 32
    disk_mb: int = 64
    cell: CellLimits = CellLimits()

    def __post_init__(self) -> None:
        within("idle_s", self.idle_s, 0.05, 7 * 86400)
        within("lifetime_s", self.lifetime_s, 0.05, 7 * 86400)
        within("time_s", self.time_s, 0.05, 7 * 86400)
        within("memory_mb", self.memory_mb, 16, 65536, whole=True)
        within("processes", self.processes, 1, 512, whole=True)
        within("disk_mb", self.disk_mb, 1, 4096, whole=True)

    def order(self) -> dict[str, Any]:
        """What the box needs to know, in the words of its messages."""
        return {
            "do": "session",
            "cpu_s": self.time_s,
            "wall_s": self.lifetime_s,
            "memory_mb": self.memory_mb,
            "processes": self.processes,
            "disk_mb": self.disk_mb,
        }


@dataclass(slots=True)
class CellResult:
    """What came of a cell. `ended`: not None when it was the session's last."""

    end: CellEnd
    number: int
    stdout: bytes = b""
    stdout_clipped: bool = False
    stderr: bytes = b""
    stderr_clipped: bool = False
    value: str = ""
    value_clipped: bool = False
    value_json: str | None = None
    error_type: str = ""
    error_message: str = ""
    traceback: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    ended: SessionEnd | None = None
    cpu_us: int = 0
    wall_us: int = 0
    peak_bytes: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an interpreter says of a cell."""

    raised: bool
    value: str
    clipped: bool
    data: bytes
    error_type: str
    error_message: str
    traceback: str


_FORM = ("i", "s", "s", "TF", "b", "s", "s", "s")


def read_answer(data: bytes, number: int) -> Answer | None:
    """What `box.session` sends, for the cell of this number. None: it is not that."""
    try:
        node = values.parse(data, most_nodes=32)
    except (values.Malformed, RecursionError):
        return None
    parts: list[values.Node] = node.content if node.tag == "l" else []
    if len(parts) != len(_FORM) or any(part.tag not in form for part, form in zip(parts, _FORM, strict=True)):
        return None
    said, how, value, clipped, plain, *words = (part.content for part in parts)
    if said != number or how not in ("ok", "raised"):
        return None
    return Answer(how == "raised", _text(value), clipped, plain, *map(_text, words))


def json_of(data: bytes) -> str | None:
    """An encoded value as JSON; None when it is none: an object, a set, bytes, NaN, a key that is no text."""
    if not data:
        return None
    try:
        text = json.dumps(_jsonable(values.parse(data, most_nodes=1 << 16)), ensure_ascii=False, allow_nan=False)
    except (values.Malformed, _NoJson, RecursionError, ValueError):
        return None
    return text if len(text) <= _MOST_JSON else None


class _NoJson(Exception):
    """Not a value that JSON has."""


def _jsonable(node: values.Node) -> Any:
    if node.tag in "NTFi":
        return node.content
    if node.tag == "d" and math.isfinite(node.content):
        return node.content
    if node.tag == "s":
        return _text(node.content)
    if node.tag in "lt":
        return [_jsonable(one) for one in node.content]
    if node.tag == "m" and all(key.tag == "s" for key in node.content[::2]):
        pairs = zip(node.content[::2], node.content[1::2], strict=True)
        return {_text(key.content): _jsonable(value) for key, value in pairs}
    raise _NoJson


def _text(text: str) -> str:
    """Without lone surrogates, which no protobuf text may hold."""
    return text.encode("utf-8", "backslashreplace").decode()


def check_code(code: object) -> str:
    """A cell's code. InvalidRequest when it cannot be one."""
    if not isinstance(code, str):
        raise InvalidRequest("code", "must be text")
    size = len(code.encode("utf-8", "surrogatepass"))
    if size > MOST_CODE:
        raise InvalidRequest("code", f"has {size} bytes; at most {MOST_CODE} are taken")
    return code
