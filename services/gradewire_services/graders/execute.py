"""ExecutionService's messages and the engine's types, into each other."""

from __future__ import annotations  # the stubs' enum types are strings at run time

from typing import Any, Protocol

from google.protobuf.message import Message

from gradewire.v1 import execution_pb2
from gradewire_services.errors import BadRequest, BadSample
from gradewire_services.execution import (
    Case,
    FunctionCase,
    FunctionTests,
    InvalidRequest,
    Limits,
    Program,
    RunVerdict,
    StdinCase,
    StdinTests,
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

    def run(self, case: Case, *, min_isolation: str | None, timeout_s: float, path: str) -> RunVerdict:
        """Run it."""


def execute_with(runner: Runs) -> RunUnit:
    """ExecutionService.Execute of one program."""

    def execute(request: Any, program: Any, timeout_s: float) -> Message:
        if request.min_isolation not in _LEVELS:  # a level that we do not know may be stronger than all of ours
            raise BadRequest.at(("min_isolation", f"is {request.min_isolation}; it is one of A (1), B (2), C (3)"))
        try:
            case = _case(program)
        except InvalidRequest as error:
            raise BadSample.at(_path(error.field), error.problem) from None
        verdict = runner.run(case, min_isolation=_LEVELS[request.min_isolation], timeout_s=timeout_s, path="")
        result = execution_pb2.ProgramResult(id=program.id, verdict=_verdict(verdict))
        result.elapsed.FromNanoseconds(round(verdict.elapsed_ms * 1e6))
        return execution_pb2.ExecuteResponse(results=[result])

    return execute


def _path(field: str) -> str:
    """The engine's path as the message's."""
    return field.removeprefix("program.")


def _case(program: execution_pb2.Program) -> Case:
    return Case(
        Program(program.language, program.code),
        _tests(program),
        _limits(program.limits) if program.HasField("limits") else Limits(),
        program.checker or "default",
    )


def _tests(program: execution_pb2.Program) -> Tests:
    match program.WhichOneof("tests"):
        case "stdin":
            return StdinTests(
                tuple(_stdin_case(case, f"stdin.cases[{n}]") for n, case in enumerate(program.stdin.cases))
            )
        case "function":
            tests = program.function
            cases = tuple(_function_case(case, f"function.cases[{n}]") for n, case in enumerate(tests.cases))
            return FunctionTests(tests.entry_point, cases, tests.float_tolerance or None)
        case _:
            raise BadSample.at("tests", "are not set; send stdin or function tests")


def _stdin_case(case: execution_pb2.StdinCase, path: str) -> StdinCase:
    return StdinCase(_text(case.input, f"{path}.input"), _text(case.output, f"{path}.output"))


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
    return FunctionCase(tuple(args), parse_json(case.expected_json, f"{path}.expected_json"), kwargs)


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
    return execution_pb2.ProgramVerdict(
        verdict=_word(verdict.verdict),
        tests=[_test(test) for test in verdict.tests],
        passed=verdict.passed,
        total=verdict.total,
        isolation=execution_pb2.IsolationLevel.Value(f"ISOLATION_LEVEL_{verdict.isolation.level}"),
        missing_layers=verdict.isolation.missing,
        assurance=verdict.assurance,
    )


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
    )
    if test.exit_code is not None:
        result.exit_code = test.exit_code
    if test.signal is not None:
        result.signal = test.signal
    result.cpu.FromNanoseconds(round(test.cpu_ms * 1e6))
    result.wall.FromNanoseconds(round(test.wall_ms * 1e6))
    return result
