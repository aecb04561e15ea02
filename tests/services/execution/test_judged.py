"""Checkers that are the author's code: what they are told, what they may answer, and that their failure is theirs."""

import pytest

from gradewire_services.execution import (
    Engine,
    FunctionCase,
    FunctionTests,
    GraderTests,
    InvalidRequest,
    Limits,
    Program,
    StdinCase,
    StdinTests,
    TestResult,
)

LIMITS = Limits(time_s=1, memory_mb=128)


def judged(engine: Engine, check: str, code: str = "print(input()[::-1])", given: str = "abc") -> TestResult:
    tests = StdinTests((StdinCase(given, "right"),))
    found = engine.run(Program("python", code), tests, LIMITS, checker="python", checker_code=check)
    return found.tests[0]


@pytest.mark.parametrize(
    ("body", "verdict", "credit", "message"),
    [
        ("return (input, output, expected) == ('abc', 'cba\\n', 'right')", "accepted", None, ""),
        ("return False, 'no good'", "wrong_answer", None, "no good"),
        ("return True, 'fine'", "accepted", None, "fine"),
        ("return 1", "accepted", 1.0, "credit 1"),
        ("return 0.25, 'a quarter'", "wrong_answer", 0.25, "a quarter"),
        ("return None", "grader_error", None, None),
        ("return 1.5", "grader_error", None, None),
        ("return float('nan')", "grader_error", None, None),
        ("return 10**400", "grader_error", None, None),
        ("return 'yes'", "grader_error", None, None),
        ("raise ValueError('oops')", "grader_error", None, "the checker: runtime_error: ValueError: oops"),
        ("import os; os._exit(0)", "grader_error", None, None),
    ],
)
def test_what_it_may_answer(engine: Engine, body: str, verdict: str, credit: float | None, message: str | None):
    found = judged(engine, f"def check(input, output, expected):\n    {body}")
    assert (found.verdict.value, found.credit) == (verdict, credit)
    assert message is None or found.message == message


@pytest.mark.parametrize("names", ["output, expected", "expected, output, input", "a, b, c", "*, output", "*told"])
def test_its_parameters_are_known_by_name(engine: Engine, names: str):
    seen = {"a, b, c": "b", "*told": "told[1]"}.get(names, "output")
    assert judged(engine, f"def check({names}): return {seen} == 'cba\\n'").verdict.value == "accepted"


def test_it_is_not_asked_about_a_program_that_failed(engine: Engine):
    found = judged(engine, "def check(*a): return True", "print('abc'); raise ValueError")
    assert found.verdict.value == "runtime_error"


def test_it_sees_bytes_that_are_no_text(engine: Engine):
    code = "import sys; sys.stdout.buffer.write(b'\\xff')"
    check = "def check(input, output, expected): return output.encode('utf-8', 'surrogateescape') == b'\\xff'"
    assert judged(engine, check, code).verdict.value == "accepted"


@pytest.mark.parametrize(
    "check", ["def chek(*a): return True", "def check(*a) return True", " ", "import nothing_at_all"]
)
def test_a_checker_that_is_none_names_its_field(engine: Engine, check: str):
    if "nothing" in check:
        assert judged(engine, check).verdict.value == "grader_error"
        return
    with pytest.raises(InvalidRequest) as refused:
        judged(engine, check)
    assert refused.value.field == "checker_code"


def test_it_judges_returned_values_too(engine: Engine):
    tests = FunctionTests("f", (FunctionCase(([3, 1],), [1, 3]), FunctionCase(([2],), [3])))
    check = "def check(args, output, expected): return sorted(output) == expected == sorted(args[0])"
    program = Program("python", "def f(xs): return xs")
    found = engine.run(program, tests, LIMITS, checker="python", checker_code=check)
    assert [test.verdict.value for test in found.tests] == ["accepted", "wrong_answer"]
    odd = Program("python", "def f(xs): return object()")
    found = engine.run(odd, tests, LIMITS, checker="python", checker_code="def check(*a): return True")
    assert [test.verdict.value for test in found.tests] == ["wrong_answer"] * 2


def test_other_kinds_have_nothing_to_check(engine: Engine):
    with pytest.raises(InvalidRequest, match="checker"):
        engine.run(
            Program("python", "def grade(s, i): return 1"), GraderTests({}, {}), checker="python", checker_code="x = 1"
        )
