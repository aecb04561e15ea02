"""What each kind of test asks of a lane, and how its answers become results.

A kind is a function of the task and of `run`, which puts jobs into the lane. No job is ever given an expected
value.
"""

import contextlib
import io
import math
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from . import compare, language, outcome
from .box import values
from .build import Builder
from .checkers import Checker
from .errors import InvalidRequest
from .lane import Job, JobEnd
from .language import Language
from .outcome import order
from .types import AssertTests, FunctionTests, GraderTests, Limits, Program, StdinTests, StepTests, Tests
from .verdicts import TestResult, Verdict

MOST_VALUE_BYTES = 16 << 20
TESTERS = "testers"
"""The profile that runs authors' test code, beside the program's own."""

Run = Callable[[list[Job]], list[JobEnd]]


@dataclass(frozen=True, slots=True)
class Task:
    """A program with everything that its run depends on.

    profile: the fork-server that suits it. fetch: names of files to bring back from each run.
    """

    program: Program
    tests: Tests
    limits: Limits
    checker: Checker
    profile: str
    builder: Builder
    fetch: tuple[str, ...] = ()

    @property
    def language(self) -> Language | None:
        """The program's language; None for Python."""
        return language.find(self.program.language)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a task: its tests' results, and a grader's score."""

    tests: tuple[TestResult, ...]
    score: float | None = None


def run(task: Task, lane: Run) -> Tried:
    """Run all tests of `task`. InvalidRequest when its language has no such tests."""
    if task.language is not None and not isinstance(task.tests, StdinTests | StepTests):
        raise InvalidRequest("tests", f"{task.program.language} programs take standard input only")
    match task.tests:
        case StdinTests():
            return Tried(_each(task, lane, [(c.input, c.output) for c in task.tests.cases]))
        case FunctionTests():
            return Tried(_function(task, lane, task.tests))
        case AssertTests():
            return Tried((_assert(task, lane, task.tests),))
        case GraderTests():
            return _grader(task, lane, task.tests)
        case StepTests():
            return Tried(_steps(task, lane, task.tests))


def _each(task: Task, lane: Run, cases: list[tuple[str, str]]) -> tuple[TestResult, ...]:
    results: list[TestResult] = []
    for given, expected in cases:
        results.append(_stdin(task, lane, given.encode(), expected.encode()))
        if results[-1].verdict is Verdict.COMPILE_ERROR:
            return tuple(results * len(cases))  # no test can run
    return tuple(results)


def _stdin(task: Task, lane: Run, given: bytes, expected: bytes) -> TestResult:
    spoken = task.language
    content = task.program.code.encode()
    asked: dict[str, Any] = {"do": "script"}
    if spoken is not None:
        built = task.builder.build(task.program, spoken, task.profile, lane)
        if isinstance(built, TestResult):
            return built
        content = built
        name = "main" if spoken.compile else spoken.source
        asked = {"do": "native", "name": name, "argv": list(spoken.run), "reserves": spoken.reserves}
    job = Job(
        task.profile,
        order(task.limits, **asked),
        content,
        stdin=given,
        stdout_most=task.limits.output_bytes,
        fetch=task.fetch,
        fetch_most=task.limits.output_bytes,
    )
    ended = outcome.read(lane([job])[0], task.limits)
    if ended.verdict is not None:
        return ended.result(ended.verdict, ended.message)
    wrong = task.checker.compare(bytes(ended.end.stdout.data), expected)
    return ended.result(Verdict.ACCEPTED if wrong is None else Verdict.WRONG_ANSWER, wrong or "")


def _steps(task: Task, lane: Run, tests: StepTests) -> tuple[TestResult, ...]:
    results: list[TestResult] = []
    for step in tests.steps:
        own = replace(task, program=Program(task.program.language, step.code))
        results += _each(own, lane, [(step.input, step.output)])
    return tuple(results)


def _function(task: Task, lane: Run, tests: FunctionTests) -> tuple[TestResult, ...]:
    results: list[TestResult] = []
    for i, case in enumerate(tests.cases):
        arguments = _encoded([list(case.args), case.kwargs], f"tests.cases[{i}].args")
        expected = _encoded(case.expected, f"tests.cases[{i}].expected")
        ended, answer = call(task, lane, tests.entry_point, arguments)
        results.append(_compared(ended, answer, expected, tests.float_tolerance))
        if results[-1].verdict is Verdict.COMPILE_ERROR:
            return tuple(results * len(tests.cases))
    return tuple(results)


def call(task: Task, lane: Run, entry_point: str, arguments: bytes) -> tuple[outcome.Ended, bytes]:
    """Call the program's `entry_point` in a box: how that ended, and the encoded value if it ended well."""
    most = min(task.limits.output_bytes, MOST_VALUE_BYTES)
    job = Job(
        task.profile,
        order(task.limits, do="function", entry_point=entry_point, most_value_bytes=most),
        task.program.code.encode(),
        arguments,
        stdout_most=task.limits.output_bytes,
        report_most=most + 1024,
    )
    ended = outcome.read(lane([job])[0], task.limits)
    kind, rest = ended.answer[:1], ended.answer[1:]
    if ended.verdict is None and kind == b"L":
        return replace(ended, verdict=Verdict.OUTPUT_LIMIT, message=f"a value of more than {most} bytes"), b""
    if ended.verdict is None and kind == b"M":
        return replace(ended, verdict=Verdict.RUNTIME_ERROR, message=f"defines no {entry_point}"), b""
    if ended.verdict is Verdict.RUNTIME_ERROR and kind == b"E":
        return replace(ended, message=rest.decode("utf-8", "replace")[:500]), b""
    size = int.from_bytes(rest[:8], "little")
    if ended.verdict is None and (kind != b"V" or size != len(rest) - 8):
        return replace(ended, verdict=Verdict.RUNTIME_ERROR, message="ended without returning a value"), b""
    return ended, rest[8:]


def _compared(ended: outcome.Ended, answer: bytes, expected: bytes, tolerance: float | None) -> TestResult:
    if ended.verdict is not None:
        return ended.result(ended.verdict, ended.message)
    found = compare.encoded_difference(answer, expected, tolerance)
    return ended.result(Verdict.ACCEPTED if found is None else Verdict.WRONG_ANSWER, found or "")


def _grader(task: Task, lane: Run, tests: GraderTests) -> Tried:
    arguments = _encoded([[tests.sample, tests.item], {}], "tests")
    ended, answer = call(task, lane, "grade", arguments)
    if ended.verdict is not None:
        own_fault = ended.verdict is Verdict.RUNTIME_ERROR
        verdict = Verdict.GRADER_ERROR if own_fault else ended.verdict
        return Tried((ended.result(verdict, ended.message),))
    score = values.Node("o", "no number")
    if answer[:1] in (b"i", b"d"):  # nothing else is worth the reading
        with contextlib.suppress(values.Malformed):
            score = values.parse(answer)
    if score.tag not in "id" or not abs(score.content) < math.inf:
        words = f"grade() must return a finite int or float, not {score.content!r:.60}"
        return Tried((ended.result(Verdict.GRADER_ERROR, words),))
    return Tried((ended.result(Verdict.ACCEPTED, ""),), _finite(score.content))


def _finite(number: float) -> float:
    """An int may be larger than any float: then the largest there is."""
    try:
        return float(number)
    except OverflowError:
        return math.copysign(sys.float_info.max, number)


def _assert(task: Task, lane: Run, tests: AssertTests) -> TestResult:
    """The author's code calls the program in another box. Only the author's code can end in 'passed'."""
    questions, answers = _pipe(), _pipe()
    common = {"entry_point": tests.entry_point}
    jobs = [
        Job(
            TESTERS,
            order(task.limits, do="tests", **common),
            tests.test_code.encode(),
            stdout_most=task.limits.output_bytes,
            pipes=(answers[0], questions[1]),
        ),
        Job(
            task.profile,
            order(task.limits, do="candidate", **common),
            task.program.code.encode(),
            stdout_most=task.limits.output_bytes,
            pipes=(questions[0], answers[1]),
        ),
    ]
    try:
        tester, program = lane(jobs)
    finally:
        for end in (*questions, *answers):
            end.close()
    return _two_boxes(outcome.read(tester, task.limits), outcome.read(program, task.limits), tests)


def _pipe() -> tuple[io.FileIO, io.FileIO]:
    reading, writing = os.pipe2(os.O_CLOEXEC)
    return io.FileIO(reading, "r"), io.FileIO(writing, "w")


def _two_boxes(tester: outcome.Ended, program: outcome.Ended, tests: AssertTests) -> TestResult:
    if tester.verdict is Verdict.COMPILE_ERROR:
        raise InvalidRequest("tests.test_code", tester.message)
    said, words = tester.answer[:1], tester.answer[1:].decode("utf-8", "replace")
    if tester.verdict is None and said == b"I":
        raise InvalidRequest("tests.test_code", words)
    if program.verdict is not None:
        verdict, message = program.verdict, program.message
        if program.answer[:1] == b"E":
            message = program.answer[1:].decode("utf-8", "replace")[:500]
        return program.result(verdict, message)
    if program.answer[:1] == b"M":
        return program.result(Verdict.RUNTIME_ERROR, f"defines no {tests.entry_point}")
    if tester.verdict is not None:
        return program.result(tester.verdict, f"in the test code: {tester.message}")
    verdict = {b"P": Verdict.ACCEPTED, b"A": Verdict.WRONG_ANSWER}.get(said, Verdict.RUNTIME_ERROR)
    return program.result(verdict, words)


def _encoded(value: Any, where: str) -> bytes:
    """A caller's value in the box's form; InvalidRequest when it is not plain data."""
    try:
        data = values.encode(value, MOST_VALUE_BYTES)
        if any(node in _NO_DATA for node in _tags(values.parse(data))):
            raise InvalidRequest(where, "holds something that is no plain data, or is nested too deeply")
    except (values.TooLarge, values.Malformed) as error:
        raise InvalidRequest(where, str(error)) from None
    return data


_NO_DATA = "ox"


def _tags(root: values.Node) -> set[str]:
    tags, stack = set(), [root]
    while stack:
        node = stack.pop()
        tags.add(node.tag)
        if node.tag in "ltezm":
            stack.extend(node.content)
    return tags
