"""What came of a cell, as a training loop reads it."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gradewire.v1 import session_pb2
from gradewire_trainer.errors import GradewireError


class CellOutcome(StrEnum):
    """How a cell ended; the wire's `CellOutcome`."""

    COMPLETED = "completed"
    RAISED = "raised"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    EXITED = "exited"
    STOPPED = "stopped"
    UNKNOWN = "unknown"
    """A word that a newer service has, and this client not."""


@dataclass(frozen=True, slots=True)
class CellResult:
    """A cell's result. What is printed and returned is the session's own word; outcome and `ended` are not."""

    outcome: CellOutcome
    cell: int
    """Which of the session's cells this was, from 1."""

    stdout: str = ""
    stderr: str = ""
    clipped: bool = False
    """Whether stdout, stderr or value is cut."""

    value: str = ""
    """repr() of the last expression; empty when there is none, or it is None."""

    value_json: str | None = None
    """The same exactly, when it is plain data."""

    error_type: str = ""
    error_message: str = ""
    traceback: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    """Those that were asked for and are there."""

    ended: str = ""
    """Why the session has ended with this cell (`CELL_LIMIT`, `EXITED` …); empty: it goes on."""

    message: str = ""
    """How a limit was exceeded, in a sentence."""

    cpu_s: float = 0.0
    wall_s: float = 0.0
    peak_mib: float = 0.0
    """The session's largest memory so far."""

    @property
    def ok(self) -> bool:
        """Whether the cell came to its end."""
        return self.outcome is CellOutcome.COMPLETED

    @property
    def data(self) -> Any:
        """The last expression's value as data, tuples as lists. Raises GradewireError when it has none."""
        if self.value_json is None:
            what = self.value or "it has no value"
            raise GradewireError(f"cell {self.cell} has no value that is plain data: {what[:80]}")
        return json.loads(self.value_json)

    @property
    def text(self) -> str:
        """All that a notebook would show: what is to be given to the policy."""
        parts = [self.stdout, self.stderr, self.value, self.traceback, self.message]
        shown = "\n".join(part.rstrip("\n") for part in parts if part)
        return f"{shown}\n[cut]" if self.clipped else shown

    @classmethod
    def of(cls, response: session_pb2.RunResponse) -> "CellResult":
        """A response in Python's types."""
        return cls(
            outcome=_outcome(response.outcome),
            cell=response.cell,
            stdout=response.stdout.decode("utf-8", "backslashreplace"),
            stderr=response.stderr.decode("utf-8", "backslashreplace"),
            clipped=response.stdout_clipped or response.stderr_clipped or response.value_clipped,
            value=response.value,
            value_json=response.value_json if response.HasField("value_json") else None,
            error_type=response.error_type,
            error_message=response.error_message,
            traceback=response.traceback,
            files={file.path: file.content for file in response.files},
            ended=end_name(response.ended),
            message=response.message,
            cpu_s=response.cpu.ToNanoseconds() / 1e9,
            wall_s=response.wall.ToNanoseconds() / 1e9,
            peak_mib=response.peak_mib,
        )


def _outcome(number: int) -> CellOutcome:
    known = session_pb2.CellOutcome.DESCRIPTOR.values_by_number.get(number)
    word = "" if known is None else known.name.removeprefix("CELL_OUTCOME_").lower()
    return CellOutcome(word) if word in list(CellOutcome) else CellOutcome.UNKNOWN


def end_name(number: int) -> str:
    """Why a session has ended, as a word; empty: it has not."""
    known = session_pb2.SessionEnd.DESCRIPTOR.values_by_number.get(number)
    name = "UNKNOWN" if known is None else known.name.removeprefix("SESSION_END_")
    return "" if name == "UNSPECIFIED" else name
