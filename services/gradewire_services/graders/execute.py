"""ExecutionService's messages and the engine's types, into each other."""

from __future__ import annotations  # the stubs' enum types are strings at run time

import re
from collections.abc import Callable
from typing import Any, Protocol

from google.protobuf.message import Message

from gradewire.v1 import execution_pb2
from gradewire_services.errors import BadRequest, BadSample
from gradewire_services.execution import (
    AssertTests,
    Case,
    FunctionCase,
    FunctionTests,
    GraderTests,
    InvalidRequest,
    Limits,
    Program,
    RunVerdict,
    StdinCase,
    StdinTests,
    Step,
    StepTests,
    TestResult,
    Tests,
    Verdict,
)
from gradewire_services.item import parse_json
from gradewire_services.work import RunUnit

_LEVELS = {
    execution_pb2.ISOLATION_LEVEL_UNSPECIFIED: None,
    execution_pb2.ISOLATION_LEVEL_A: "A",
    execution_pb2.ISOLATION_LEVEL_B: "B",
    execution_pb2.ISOLATION_LEVEL_C: "C",
}


class Runs(Protocol):
    """Who runs a case; see `code.Runner`."""

    def run(
        self,
        case: Case,
        *,
        min_isolation: str | None,
        timeout_s: float,
        path: Callable[[str], str],
        stop_at_first: bool = False,
    ) -> RunVerdict:
        """Run it. path: the caller's name of a field of the engine's."""


def execute_with(runner: Runs) -> RunUnit:
    """ExecutionService.Execute of one program."""

    def execute(request: Any, program: Any, timeout_s: float) -> Message:
        if request.min_isolation not in _LEVELS:  # a level that we do not know may be stronger than all of ours
            raise BadRequest.at(("min_isolation", f"is {request.min_isolation}; it is one of A (1), B (2), C (3)"))

        def named(where: str) -> str:
            return message_path(where, program.WhichOneof("tests"))

        try:
            case = _case(program)
        except InvalidRequest as error:
            raise BadSample.at(named(error.field), error.problem) from None
        verdict = runner.run(
            case,
            min_isolation=_LEVELS[request.min_isolation],
            timeout_s=timeout_s,
            path=named,
            stop_at_first=request.stop_at_first_failure,
        )
        result = execution_pb2.ProgramResult(id=program.id, verdict=_verdict(verdict))
        result.elapsed.FromNanoseconds(round(verdict.elapsed_ms * 1e6))
        return execution_pb2.ExecuteResponse(results=[result])

    return execute


_LIMIT_FIELDS = {"time_s": "cpu_time", "wall_s": "wall_time", "memory_mb": "memory_mib", "disk_mb": "disk_mib"}
_JSON = re.compile(r"\.(args|kwargs|expected|also|sample|item)\b")


def message_path(where: str, tests: str | None) -> str:
    """A field of the engine's by its name in Program. tests: which of its tests are set."""
    where = where.removeprefix("program.")
    group, _, rest = where.partition(".")
    if group == "limits":
        return f"limits.{_LIMIT_FIELDS.get(rest, rest)}"
    if group.startswith("tests") and tests is not None:
        return _JSON.sub(r".\1_json", tests + where.removeprefix("tests"))
    return where


def _case(program: execution_pb2.Program) -> Case:
    tests = _tests(program)
    code = tests.steps[0].code if isinstance(tests, StepTests) else program.code
    return Case(
        Program(program.language, code, dict(program.files), program.prelude),
        tests,
        _limits(program.limits) if program.HasField("limits") else Limits(),
        program.checker or ("python" if program.checker_code else "default"),
        tuple(program.fetch_files),
        program.checker_code or None,
    )


def _tests(program: execution_pb2.Program) -> Tests:
    match program.WhichOneof("tests"):
        case "stdin":
            cases = enumerate(program.stdin.cases)
            return StdinTests(tuple(StdinCase(*_texts(case, f"stdin.cases[{n}]")) for n, case in cases))
        case "function":
            asked = program.function
            calls = tuple(_function_case(case, f"function.cases[{n}]") for n, case in enumerate(asked.cases))
            return FunctionTests(asked.entry_point, calls, asked.float_tolerance or None)
        case "authored":
            return AssertTests(program.authored.test_code, program.authored.entry_point or None)
        case "grader":
            sample, item = program.grader.sample_json, program.grader.item_json
            return GraderTests(
                parse_json(sample or "null", "grader.sample_json"), parse_json(item or "null", "grader.item_json")
            )
        case "steps":
            return StepTests(tuple(_step(step, f"steps.steps[{n}]") for n, step in enumerate(program.steps.steps)))
        case _:
            raise BadSample.at("tests", "are not set; send stdin, function, authored, grader or steps tests")


def _step(step: execution_pb2.Step, path: str) -> Step:
    given, expected = _texts(step, path)
    return Step(step.code, expected, given)


def _texts(case: execution_pb2.StdinCase | execution_pb2.Step, path: str) -> tuple[str, str]:
    return _text(case.input, f"{path}.input"), _text(case.output, f"{path}.output")


def _text(data: bytes, path: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BadSample.at(path, f"is not UTF-8: {error.reason} at byte {error.start}") from None


def _function_case(case: execution_pb2.FunctionCase, path: str) -> FunctionCase:
    args = parse_json(case.args_json or "[]", f"{path}.args_json")
    kwargs = parse_json(case.kwargs_json or "{}", f"{path}.kwargs_json")
    if not isinstance(args, list):
        raise BadSample.at(f"{path}.args_json", "must be a JSON array")
    if not isinstance(kwargs, dict):
        raise BadSample.at(f"{path}.kwargs_json", "must be a JSON object")
    also = tuple(parse_json(text, f"{path}.also_json[{n}]") for n, text in enumerate(case.also_json))
    return FunctionCase(tuple(args), parse_json(case.expected_json, f"{path}.expected_json"), kwargs, also)


def _limits(limits: execution_pb2.ExecutionLimits) -> Limits:
    given: dict[str, Any] = {}
    if limits.HasField("cpu_time"):
        given["time_s"] = limits.cpu_time.ToNanoseconds() / 1e9
    if limits.HasField("wall_time"):
        given["wall_s"] = limits.wall_time.ToNanoseconds() / 1e9
    for theirs, ours in (
        ("memory_mib", "memory_mb"),
        ("output_bytes", "output_bytes"),
        ("processes", "processes"),
        ("disk_mib", "disk_mb"),
    ):
        if limits.HasField(theirs):  # type: ignore[arg-type]  # a name out of the table above
            given[ours] = getattr(limits, theirs)
    return Limits(**given)


def _verdict(verdict: RunVerdict) -> execution_pb2.ProgramVerdict:
    found = execution_pb2.ProgramVerdict(
        verdict=_word(verdict.verdict),
        tests=[_test(test) for test in verdict.tests],
        passed=verdict.passed,
        total=verdict.total,
        isolation=execution_pb2.IsolationLevel.Value(f"ISOLATION_LEVEL_{verdict.isolation.level}"),
        missing_layers=verdict.isolation.missing,
        assurance=verdict.assurance,
        skipped=verdict.skipped,
    )
    if verdict.score is not None:
        found.score = verdict.score
    return found


def _word(verdict: Verdict) -> execution_pb2.Verdict.ValueType:
    return execution_pb2.Verdict.Value(f"VERDICT_{verdict.value.upper()}")


def _test(test: TestResult) -> execution_pb2.TestResult:
    result = execution_pb2.TestResult(
        verdict=_word(test.verdict),
        peak_mib=test.peak_mb or None,
        stdout=test.stdout.encode("utf-8", "replace"),
        stdout_clipped=test.stdout_clipped,
        stderr=test.stderr.encode("utf-8", "replace"),
        stderr_clipped=test.stderr_clipped,
        message=test.message,
        files=test.files,
    )
    if test.credit is not None:
        result.credit = test.credit
    if test.exit_code is not None:
        result.exit_code = test.exit_code
    if test.signal is not None:
        result.signal = test.signal
    result.cpu.FromNanoseconds(round(test.cpu_ms * 1e6))
    result.wall.FromNanoseconds(round(test.wall_ms * 1e6))
    return result
