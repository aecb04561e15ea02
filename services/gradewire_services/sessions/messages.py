"""SessionService's messages and the engine's types, into each other."""

from __future__ import annotations  # the stubs' enum types are strings at run time

from collections.abc import Mapping
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message

from gradewire.v1 import execution_pb2, session_pb2
from gradewire_services.errors import BadRequest, RequestTooLarge
from gradewire_services.execution import InvalidRequest
from gradewire_services.execution.cells import CellLimits, CellResult, SessionEnd, SessionLimits
from gradewire_services.execution.verdicts import Isolation

MOST_FILES = 32
MOST_FILE_BYTES = 2 << 20
"""Of the files that come back with a cell, together."""
MOST_START_BYTES = 16 << 20
"""Of the files that a session starts with, together."""
_MOST_NAME = 255
_LEVELS = {
    execution_pb2.ISOLATION_LEVEL_UNSPECIFIED: None,
    execution_pb2.ISOLATION_LEVEL_A: "A",
    execution_pb2.ISOLATION_LEVEL_B: "B",
    execution_pb2.ISOLATION_LEVEL_C: "C",
}
_SESSION = {
    "idle_timeout": "idle_s",
    "lifetime": "lifetime_s",
    "cpu_time": "time_s",
    "memory_mib": "memory_mb",
    "processes": "processes",
    "disk_mib": "disk_mb",
}
_CELL = {"cpu_time": "time_s", "wall_time": "wall_s", "output_bytes": "output_bytes"}


def session_limits(message: session_pb2.SessionLimits, default: SessionLimits) -> SessionLimits:
    """What a session asks for. Raises BadRequest that names the field."""
    cell = cell_limits(message.cell, default.cell, "limits.cell")
    given = _given(message, _SESSION)
    try:
        return SessionLimits(**{**{name: getattr(default, name) for name in _SESSION.values()}, **given}, cell=cell)
    except InvalidRequest as error:
        raise _named(error, _SESSION, "limits") from None


def cell_limits(message: session_pb2.CellLimits, default: CellLimits, path: str = "limits") -> CellLimits:
    """What a cell asks for. Raises BadRequest."""
    given = _given(message, _CELL)
    if "time_s" in given:
        given.setdefault("wall_s", None)  # the default goes with the CPU time
    try:
        return CellLimits(**{**{name: getattr(default, name) for name in _CELL.values()}, **given})
    except InvalidRequest as error:
        raise _named(error, _CELL, path) from None


def _given(message: Message, names: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for theirs, ours in names.items():
        if message.HasField(theirs):
            value = getattr(message, theirs)
            given[ours] = value.ToNanoseconds() / 1e9 if isinstance(value, Duration) else value
    return given


def _named(error: InvalidRequest, names: Mapping[str, str], path: str) -> BadRequest:
    ours = error.field.rpartition(".")[2]
    theirs = next((their for their, our in names.items() if our == ours), ours)
    return BadRequest.at((f"{path}.{theirs}", error.problem))


def limits_message(limits: SessionLimits) -> session_pb2.SessionLimits:
    """Limits as they hold."""
    message = session_pb2.SessionLimits(
        memory_mib=limits.memory_mb, processes=limits.processes, disk_mib=limits.disk_mb
    )
    _set(message.idle_timeout, limits.idle_s)
    _set(message.lifetime, limits.lifetime_s)
    _set(message.cpu_time, limits.time_s)
    _set(message.cell.cpu_time, limits.cell.time_s)
    _set(message.cell.wall_time, limits.cell.wall)
    message.cell.output_bytes = limits.cell.output_bytes
    return message


def _set(duration: Duration, seconds: float) -> None:
    duration.FromNanoseconds(round(seconds * 1e9))


def min_isolation(level: int) -> str | None:
    """The level that is asked for. Raises BadRequest for an unknown one: it may be stronger than all of ours."""
    if level not in _LEVELS:
        raise BadRequest.at(("min_isolation", f"is {level}; it is one of A (1), B (2), C (3)"))
    return _LEVELS[level]  # type: ignore[index]


def isolation_level(isolation: Isolation) -> execution_pb2.IsolationLevel.ValueType:
    """A level as the wire has it."""
    return execution_pb2.IsolationLevel.Value(f"ISOLATION_LEVEL_{isolation.level}")


def files(request: session_pb2.OpenRequest, disk_mb: int) -> list[tuple[str, bytes]]:
    """The files that a session starts with. Raises BadRequest, RequestTooLarge."""
    given = [(file.path, file.content) for file in request.files]
    for number, (path, _) in enumerate(given):
        _check_path(path, f"files[{number}].path")
    if len({path for path, _ in given}) < len(given):
        raise BadRequest.at(("files", "name a path twice"))
    size = sum(len(content) for _, content in given)
    if size > MOST_START_BYTES:
        raise RequestTooLarge(f"the files have {size} bytes, and a session starts with {MOST_START_BYTES} at most")
    if size > disk_mb << 20:
        raise BadRequest.at(("files", f"have more than the {disk_mb} MiB that the session's files may have"))
    return given


def fetched_names(request: session_pb2.RunRequest) -> list[str]:
    """The files that a cell is to bring back. Raises BadRequest."""
    names = list(request.fetch_files)
    if len(names) > MOST_FILES:
        raise BadRequest.at(("fetch_files", f"has {len(names)} names, and {MOST_FILES} are taken"))
    for number, name in enumerate(names):
        _check_path(name, f"fetch_files[{number}]")
    return names


def _check_path(path: str, field: str) -> None:
    parts = path.split("/")
    if not all(parts) or ".." in parts or "." in parts or not path.isprintable() or len(path) > _MOST_NAME:
        what = f"must be a path inside the working folder of at most {_MOST_NAME} characters, such as data/in.csv"
        raise BadRequest.at((field, what))


def end_message(ended: SessionEnd | None) -> session_pb2.SessionEnd.ValueType:
    """Why a session has ended, if it has."""
    return session_pb2.SessionEnd.Value(f"SESSION_END_{'UNSPECIFIED' if ended is None else ended.value.upper()}")


def run_response(result: CellResult) -> session_pb2.RunResponse:
    """What came of a cell."""
    response = session_pb2.RunResponse(
        outcome=session_pb2.CellOutcome.Value(f"CELL_OUTCOME_{result.end.value.upper()}"),
        cell=result.number,
        stdout=result.stdout,
        stdout_clipped=result.stdout_clipped,
        stderr=result.stderr,
        stderr_clipped=result.stderr_clipped,
        value=result.value,
        value_clipped=result.value_clipped,
        value_json=result.value_json,
        error_type=result.error_type,
        error_message=result.error_message,
        traceback=result.traceback,
        files=[session_pb2.SessionFile(path=path, content=content) for path, content in result.files.items()],
        ended=end_message(result.ended),
        peak_mib=round(result.peak_bytes / 2**20, 2),
        message=result.message,
    )
    response.cpu.FromMicroseconds(result.cpu_us)
    response.wall.FromMicroseconds(result.wall_us)
    return response
