"""Run programs that nobody has read, and say what they did. The engine: no wire, no queue, one lane.

with Engine.open() as engine:
    verdict = engine.run(Program("python", code), StdinTests((StdinCase("3 4", "7"),)), Limits(time_s=2))
"""

from .checkers import Checker, parse_checker
from .engine import Engine, EngineConfig
from .errors import (
    DeadlineExceeded,
    ExecutionError,
    InvalidRequest,
    IsolationUnavailable,
    SandboxFailed,
    ToolMissing,
    UnsupportedLanguage,
)
from .rows import Case, parse_case
from .types import (
    AssertTests,
    FunctionCase,
    FunctionTests,
    GraderTests,
    Limits,
    Program,
    StdinCase,
    StdinTests,
    Step,
    StepTests,
    Tests,
)
from .verdicts import Isolation, RunVerdict, TestResult, Verdict

__all__ = [
    "AssertTests",
    "Case",
    "Checker",
    "DeadlineExceeded",
    "Engine",
    "EngineConfig",
    "ExecutionError",
    "FunctionCase",
    "FunctionTests",
    "GraderTests",
    "InvalidRequest",
    "Isolation",
    "IsolationUnavailable",
    "Limits",
    "Program",
    "RunVerdict",
    "SandboxFailed",
    "StdinCase",
    "StdinTests",
    "Step",
    "StepTests",
    "TestResult",
    "Tests",
    "ToolMissing",
    "UnsupportedLanguage",
    "Verdict",
    "parse_case",
    "parse_checker",
]
