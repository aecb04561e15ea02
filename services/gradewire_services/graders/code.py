"""Code against tests: the engine `execution` as the grader 'code' and as ExecutionService.

The program is the response's last fenced block, else the whole response if it parses. The item has `tests`, and may
have `language`, `limits` and `checker`. Each worker keeps a lane of its own.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gradewire.v1 import grader_pb2
from gradewire_services import tools
from gradewire_services.errors import BadRequest, BadSample, Crashed, GradewireError, Missing, StartError, TimedOut
from gradewire_services.execution import (
    Case,
    DeadlineExceeded,
    Engine,
    EngineConfig,
    ExecutionError,
    InvalidRequest,
    IsolationUnavailable,
    Program,
    RunVerdict,
    SandboxFailed,
    StdinTests,
    ToolMissing,
    Verdict,
    parse_case,
    parse_checker,
)
from gradewire_services.execution.language import find, known
from gradewire_services.grader import Grade, Grader, grader
from gradewire_services.graders.execute import execute_with
from gradewire_services.graders.program import program_of
from gradewire_services.item import Item, Sample
from gradewire_services.work import Loaded

VERSION = version("gradewire-services")
_KINDS = {"stdin": "stdin", "cases": "function", "test_code": "assert"}
_WAYS = '{"stdin": […]}, or {"entry_point": …, "cases": […]}, or {"entry_point": …, "test_code": …}'
_NOTHING = "pass"
"""In place of a program, while the item is read."""

_ANSWERING_S = 0.1
"""Before a worker's time is over its engine gives up by itself, which keeps its lane."""


class CodeParameters(BaseModel):
    """How programs are judged."""

    model_config = ConfigDict(extra="forbid")

    scoring: Literal["all", "fraction"] = "all"
    """`all`: 1 when enough tests pass, else 0. `fraction`: the share of tests that pass."""

    threshold: float = Field(default=1.0, gt=0, le=1)
    """The share of tests that is enough to pass."""

    checker: str | None = None
    """How an output is compared: default, lines, tokens, tokens_nocase, lines_sorted, float:1e-6. Not given: the
    item's `checker`, else default."""

    min_isolation: Literal["A", "B", "C"] | None = None
    """The weakest isolation that will do."""


class Runner:
    """An open engine, with its errors in our words."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def run(self, case: Case, *, min_isolation: str | None, timeout_s: float, path: str) -> RunVerdict:
        """Run a case. Raises SampleError; fields that are wrong are named below `path`."""
        deadline = max(0.05, timeout_s - _ANSWERING_S)
        try:
            return self.engine.run(
                case.program,
                case.tests,
                case.limits,
                checker=case.checker,
                min_isolation=min_isolation,
                deadline_s=deadline,
            )
        except ExecutionError as error:
            raise in_our_words(error, path) from error


def in_our_words(error: ExecutionError, path: str) -> GradewireError:
    """An engine's error as one of ours; its field is named below `path`."""
    match error:
        case InvalidRequest():
            field = error.field.removeprefix("program.")
            return BadSample.at(".".join(filter(None, (path, field))), error.problem)
        case IsolationUnavailable():
            return Missing(str(error), reason="ISOLATION_UNAVAILABLE")
        case DeadlineExceeded():
            return TimedOut(str(error))
        case SandboxFailed():
            return Crashed(str(error), reason="SANDBOX_FAILED")
        case _:
            return Missing(str(error), reason="TOOL_MISSING")


def served(runner: Runner) -> Grader:
    """The grader over an open engine."""

    @grader(
        "code",
        CodeParameters,
        version=VERSION,
        description="Does the program in the response pass the item's tests? Run in a sandbox, judged outside of it.",
        properties={"isolation": runner.engine.isolation.level, "languages": ", ".join(_languages())},
    )
    def grade(how: CodeParameters, item: Item, sample: Sample) -> Grade:
        if how.checker is not None:
            _check(how.checker)
        # The item first: when its tests are wrong, a response without a program is an error too, and no 0.
        case = item.prepared(("code", how.checker), lambda: _case(item, how.checker))
        code = program_of(sample.text, case.program.language)
        if code is None or not code.strip():
            return Grade(
                score=0.0,
                outcome=grader_pb2.OUTCOME_NO_ANSWER,
                reason="no_program",
                explanation="The response has no program: no code in a fenced block, nor is it one as a whole.",
                versions={"gradewire-services": VERSION},
            )
        case = replace(case, program=_program(case.program.language, code))
        verdict = runner.run(case, min_isolation=how.min_isolation, timeout_s=sample.timeout_s, path="item_json")
        by = f"checker:{case.checker}" if isinstance(case.tests, StdinTests) else "tests"
        return grade_of(verdict, how, by)

    return grade


def _languages() -> list[str]:
    """What can be run here."""
    installed = {one.names[0] for one in known().values() if Path(one.tool).exists()}
    return ["python", *sorted(installed)]


def _check(checker: str) -> None:
    try:
        parse_checker(checker)
    except InvalidRequest as error:
        raise BadRequest.at(("parameters.checker", error.problem)) from None


def _language(item: Item) -> str:
    language = item.fields.get("language", "python")
    if not isinstance(language, str):
        raise BadSample.at("item_json.language", "must be text")
    return language


def _case(item: Item, checker: str | None) -> Case:
    """The item's tests around an empty program. Raises BadSample that names the item's field."""
    fields = item.fields
    row = {"language": _language(item), "code": _NOTHING, "limits": fields.get("limits"), **_tests(fields)}
    row["checker"] = checker or fields.get("checker")
    try:
        case = parse_case(row)
        parse_checker(case.checker)
        with suppress(ToolMissing):  # that is this machine's fault, and told for the programs that need it
            find(case.program.language)
    except InvalidRequest as error:
        where = f"item_json.{error.field.removeprefix('program.')}"
        if row["kind"] == "stdin":
            where = where.replace("item_json.tests[", "item_json.tests.stdin[")
        raise BadSample.at(where, error.problem) from None
    return case


def _program(language: str, code: str) -> Program:
    try:
        return Program(language, code)
    except InvalidRequest as error:
        raise BadSample.at("samples.response", error.problem) from None


def _tests(fields: Mapping[str, Any]) -> dict[str, Any]:
    tests = fields.get("tests")
    if not isinstance(tests, dict):
        raise BadSample.at("item_json.tests", f"is no object; write {_WAYS}")
    kinds = [key for key in _KINDS if key in tests]
    if len(kinds) != 1:
        what = f"has {' and '.join(kinds)}, and one kind decides" if kinds else "has no tests"
        raise BadSample.at("item_json.tests", f"{what}; write {_WAYS}")
    return {"kind": _KINDS[kinds[0]], "tests": tests["stdin"] if kinds == ["stdin"] else tests}


def grade_of(verdict: RunVerdict, how: CodeParameters, decided_by: str) -> Grade:
    """A program's verdict as a Grade."""
    share = verdict.passed / verdict.total
    passed = share >= how.threshold
    if passed:
        outcome = grader_pb2.OUTCOME_PASSED
    else:
        part = how.scoring == "fraction" and verdict.passed
        outcome = grader_pb2.OUTCOME_PARTIAL if part else grader_pb2.OUTCOME_FAILED
    first = next((test for test in verdict.tests if test.verdict is not Verdict.ACCEPTED), None)
    said = f" The first that fails: {first.message}" if first is not None and first.message else ""
    grade = Grade(
        score=share if how.scoring == "fraction" else float(passed),
        outcome=outcome,
        reason=verdict.verdict.value,
        explanation=f"{verdict.passed} of {verdict.total} tests pass.{said}",
        decided_by=decided_by,
        flags=[f"isolation_{verdict.isolation.level.lower()}"],
    )
    for number, test in enumerate(verdict.tests):
        grade.parts[f"test_{number}"] = float(test.verdict is Verdict.ACCEPTED)
    grade.versions["gradewire-services"] = VERSION
    return grade


def load(settings: dict[str, Any]) -> Loaded:
    """Open an engine. Raises StartError where no isolation that will do can be had."""
    least = settings.get("min_isolation")
    try:
        engine = Engine.open(EngineConfig())
    except ExecutionError as error:
        raise StartError(f"no program can be boxed in here: {error}") from error
    if least is not None and not engine.isolation.at_least(least):
        missing = ", ".join(engine.isolation.missing)
        raise StartError(
            f"min_isolation is {least}, and this machine reaches {engine.isolation.level}, without {missing}"
        )
    runner = Runner(engine)
    return Loaded(
        service="execution",
        graders=[served(runner)],
        version=VERSION,
        tools={tools.EXECUTE: execute_with(runner)},
        properties={
            "isolation": engine.isolation.level,
            "isolation.layers": ", ".join(engine.isolation.layers),
            "isolation.missing": ", ".join(engine.isolation.missing),
        },
    )
