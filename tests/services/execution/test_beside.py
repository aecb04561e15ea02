"""Files beside a program, preludes, and stopping at the first failure."""

import shutil

import pytest

from gradewire_services.execution import (
    AssertTests,
    Engine,
    FunctionCase,
    FunctionTests,
    InvalidRequest,
    Limits,
    Program,
    StdinCase,
    StdinTests,
    Step,
    StepTests,
)

NOTHING = StdinTests((StdinCase("", ""),))


def said(engine: Engine, program: Program, expected: str) -> str:
    found = engine.run(program, StdinTests((StdinCase("", expected),)), Limits(time_s=2))
    return found.verdict.value


def test_files_are_there_in_each_run(engine: Engine):
    files = {"helper.py": b"X = 4", "data/in.txt": b"2"}
    program = Program("python", "import helper; print(helper.X + int(open('data/in.txt').read()))", files)
    assert said(engine, program, "6") == "accepted"
    tests = FunctionTests("f", (FunctionCase((), 4),))
    assert engine.run(Program("python", "import helper\ndef f(): return helper.X", files), tests).passed == 1
    asserted = engine.run(
        Program("python", "import helper\ndef f(): return helper.X", files), AssertTests("assert f() == 4")
    )
    assert asserted.verdict.value == "accepted"
    steps = StepTests((Step("print(open('data/in.txt').read()); open('data/in.txt', 'w')", "2"),) * 2)
    assert engine.run(Program("python", "pass", files), steps).passed == 2


def test_files_are_there_when_it_is_compiled(engine: Engine):
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed")
    code = '#include <stdio.h>\n#include "x.h"\nint main(){printf("%d", X);}'
    assert said(engine, Program("c", code, {"x.h": b"#define X 4"}), "4") == "accepted"
    assert said(engine, Program("c", code, {"x.h": b"#define X 5"}), "5") == "accepted"


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../x", "a/../b", "a//b", "", ".", "a\0b", "n" * 300, "main.py", "main.py/x", "main"]
)
def test_names_that_no_file_may_have(engine: Engine, name: str):
    with pytest.raises(InvalidRequest) as refused:
        engine.run(Program("python", "pass", {name: b""}), NOTHING)
    assert refused.value.field == "program.files"


def test_files_that_contradict_each_other_or_the_limits(engine: Engine):
    with pytest.raises(InvalidRequest, match="below something"):
        Program("python", "pass", {"a": b"", "a/b": b""})
    with pytest.raises(InvalidRequest, match="disk limit"):
        engine.run(Program("python", "pass", {"a": bytes(2 << 20)}), NOTHING, Limits(disk_mb=1))


def test_the_standard_prelude_is_for_annotations_and_the_usual_names(engine: Engine):
    code = "class Solution:\n    def f(self, xs: List[int]) -> int:\n        return isqrt(max(xs)) + Counter(xs)[9]"
    tests = FunctionTests("f", (FunctionCase(([9],), 4),))
    assert engine.run(Program("python", code), tests).verdict.value == "runtime_error"
    assert engine.run(Program("python", code, prelude="standard"), tests).verdict.value == "accepted"


def test_a_name_of_the_prelude_is_not_the_programs_own(engine: Engine):
    program = Program("python", "pass", prelude="standard")
    found = engine.run(program, FunctionTests("add", (FunctionCase((1, 2), 3),)))
    assert (found.verdict.value, found.tests[0].message) == ("runtime_error", "defines no add")
    found = engine.run(program, AssertTests("assert add(1, 2) == 3", "add"))
    assert found.verdict.value == "runtime_error"
    own = Program("python", "def pow(a, b): return 7\nprint(pow(2, 2), 'pow' in dir())", prelude="standard")
    assert said(engine, own, "7 True") == "accepted"


def test_a_prelude_that_fails_is_its_authors_error(engine: Engine):
    with pytest.raises(InvalidRequest, match="ZeroDivisionError") as refused:
        engine.run(Program("python", "pass", prelude="1 / 0"), NOTHING)
    assert refused.value.field == "program.prelude"
    with pytest.raises(InvalidRequest, match="Python"):
        engine.run(Program("bash", "true", prelude="import re"), NOTHING)


def test_no_test_after_the_first_failure_when_that_is_enough(engine: Engine):
    tests = StdinTests((StdinCase("1", "1"), StdinCase("2", "3"), StdinCase("4", "4")))
    found = engine.run(Program("python", "print(input())"), tests, stop_at_first=True)
    assert (found.verdict.value, len(found.tests), found.passed, found.total) == ("wrong_answer", 2, 1, 3)
