"""What running a program against its tests has shown. Failures of the machinery are in `errors`."""

from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """The outcome of a test, and of a program: that of its first test that is not accepted."""

    ACCEPTED = "accepted"
    WRONG_ANSWER = "wrong_answer"
    RUNTIME_ERROR = "runtime_error"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    COMPILE_ERROR = "compile_error"
    GRADER_ERROR = "grader_error"


@dataclass(frozen=True, slots=True)
class Isolation:
    """The box that a program ran in, as the probes at start found it.

    level: A namespaces and cgroups; B namespaces; C pod mode (rlimits, Landlock, seccomp, sweep).
    layers: what holds. missing: what a stronger level would hold and this one does not.
    """

    level: str
    layers: tuple[str, ...]
    missing: tuple[str, ...]

    def at_least(self, level: str) -> bool:
        """Whether this box is as strong as `level` (A is stronger than B, B than C)."""
        return self.level <= level


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test: one process run and what came of it.

    cpu_ms counts all processes of the job; peak_mb is their summed peak where a cgroup counts it, else the
    largest process. files: those asked for that the program left as regular files, and that fit. exit_code
    and signal: at most one is set; both are None when the job was killed at a limit. stdout and stderr are
    clipped to their first bytes; undecodable bytes are written as `\\xNN`. credit: what a checker of the
    author's gave, in [0, 1], where it gave a number.
    """

    __test__ = False  # not a test class for pytest

    verdict: Verdict
    cpu_ms: float = 0.0
    wall_ms: float = 0.0
    peak_mb: float = 0.0
    exit_code: int | None = None
    signal: int | None = None
    stdout: str = ""
    stderr: str = ""
    stdout_clipped: bool = False
    stderr_clipped: bool = False
    message: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    credit: float | None = None

    @property
    def share(self) -> float:
        """What this test is worth, in [0, 1]: a checker's credit, else whether it was accepted."""
        return float(self.verdict is Verdict.ACCEPTED) if self.credit is None else self.credit


@dataclass(frozen=True, slots=True)
class RunVerdict:
    """A program's verdict, with every test's own.

    assurance: 'outside' when the verdict was computed out of the untrusted process's reach.
    elapsed_ms: wall time in the lane, without any queue before it. score: what a grader program returned.
    skipped: tests that were not run: an earlier one was not accepted, and the caller wanted no more, or had no time.
    """

    verdict: Verdict
    tests: tuple[TestResult, ...]
    isolation: Isolation
    elapsed_ms: float
    assurance: str = "outside"
    score: float | None = None
    skipped: int = 0

    @property
    def passed(self) -> int:
        """Number of tests that were accepted."""
        return sum(test.verdict is Verdict.ACCEPTED for test in self.tests)

    @property
    def total(self) -> int:
        """Number of tests."""
        return len(self.tests) + self.skipped
