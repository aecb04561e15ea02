"""Programs that read standard input: each verdict, from the program that earns it."""

import pytest

from gradewire_services.execution import (
    DeadlineExceeded,
    Engine,
    IsolationUnavailable,
    Limits,
    Program,
    StdinCase,
    StdinTests,
    Step,
    StepTests,
    Verdict,
)

ADD = "a, b = map(int, input().split())\nprint(a + b)"


@pytest.mark.programs("stdin.txt")
def test_each_verdict(run, code: str, verdict: str):
    found = run(code, "", "42\n", time_s=0.3, wall_s=1.5)
    assert found.verdict.value == verdict, found.tests[0]


def test_each_case_is_a_run_of_its_own(engine: Engine):
    code = "import os\nprint(os.path.exists('seen'), input())\nopen('seen', 'w').close()"
    tests = StdinTests((StdinCase("a", "False a"), StdinCase("b", "False b"), StdinCase("c", "False wrong")))
    found = engine.run(Program("python", code), tests)
    assert [test.verdict.value for test in found.tests] == ["accepted", "accepted", "wrong_answer"]
    assert (found.passed, found.total, found.verdict) == (2, 3, Verdict.WRONG_ANSWER)


def test_ten_megabytes_in_and_out(run):
    text = "".join(f"{i:08d}\n" for i in range(1_200_000))
    echo = "import sys\nsys.stdout.write(sys.stdin.read())"
    assert run(echo, text, text, time_s=5).verdict is Verdict.ACCEPTED
    assert run(echo, text, text[:-2] + "0\n", time_s=5).verdict is Verdict.WRONG_ANSWER


def test_output_beyond_the_limit_is_never_right(run):
    for _ in range(5):
        found = run("import os; os.write(1, b'ok\\n and more')", "", "ok", output_bytes=3)
        assert found.verdict is Verdict.OUTPUT_LIMIT


def test_input_that_nobody_reads_is_no_obstacle(run):
    assert run("print(42)", "x" * (5 << 20), "42").verdict is Verdict.ACCEPTED


def test_stderr_is_drained_and_clipped(run):
    flood = "import sys\nfor _ in range(3000): sys.stderr.write('d' * 1000)\nprint(42)"
    found = run(flood, "", "42").tests[0]
    assert found.verdict is Verdict.ACCEPTED
    assert found.stderr_clipped
    assert len(found.stderr) <= 4096


def test_a_traceback_shows_the_program_only(run):
    found = run("def f():\n    return 1 / 0\nf()", "", "")
    assert found.tests[0].message == "exit status 1: ZeroDivisionError: division by zero"
    assert "return 1 / 0" in found.tests[0].stderr
    assert "program.py" not in found.tests[0].stderr


def test_recursion_reaches_as_deep_as_in_plain_python(run):
    deep = "def f(n):\n    return n and f(n - 1)\nprint(f(990))"
    assert run(deep, "", "0").verdict is Verdict.ACCEPTED


def test_the_same_program_does_the_same_twice(run):
    code = "import random\nprint(random.random(), hash('text'), list({'a', 'b', 'c'}))"
    outputs = {run(code).tests[0].stdout for _ in range(3)}
    assert len(outputs) == 1


def test_usage_is_measured(run):
    busy = "x = bytearray(40 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1\nfor _ in range(3_000_000): pass"
    test = run(busy).tests[0]
    assert test.cpu_ms > 20
    assert test.wall_ms >= test.cpu_ms / 2
    assert 39 <= test.peak_mb < 128


def test_the_cpu_time_of_children_counts(run):
    code = "import os\nfor _ in range(4):\n    if os.fork() == 0:\n        while True: pass\nos.wait()"
    found = run(code, time_s=0.4, wall_s=30)
    assert found.verdict is Verdict.TIME_LIMIT
    assert found.tests[0].wall_ms < 10_000


def test_steps_share_nothing(engine: Engine):
    steps = StepTests(
        (
            Step("open('json.py', 'w').write('poison')\nopen('/tmp/x', 'w').close()\nprint(1)", "1"),
            Step(
                "import json, os\nprint(json.dumps([os.listdir('.'), os.listdir('/tmp')]))",
                '[["main.py"], []]',
            ),
        )
    )
    assert engine.run(Program("python", "pass"), steps).verdict is Verdict.ACCEPTED


def test_a_program_that_has_failed_a_test_before_the_deadline_has_failed(engine: Engine):
    code = "import time\nif input() == 'slow': time.sleep(30)\nprint('no')"
    cases = StdinTests((StdinCase("a", "no"), StdinCase("b", "yes"), StdinCase("slow", "no"), StdinCase("c", "no")))
    found = engine.run(Program("python", code), cases, Limits(time_s=30), deadline_s=1)
    assert [test.verdict.value for test in found.tests] == ["accepted", "wrong_answer"]
    assert (found.verdict.value, found.passed, found.total, found.skipped) == ("wrong_answer", 1, 4, 2)


def test_a_deadline_is_an_error_and_no_verdict(engine: Engine):
    sleeper = Program("python", "import time\ntime.sleep(100)")
    with pytest.raises(DeadlineExceeded):
        engine.run(sleeper, StdinTests((StdinCase("", ""),)), Limits(time_s=30), deadline_s=0.3)
    assert engine.run(Program("python", ADD), StdinTests((StdinCase("1 2", "3"),))).verdict is Verdict.ACCEPTED


def test_a_stronger_box_than_there_is_is_refused(engine: Engine):
    with pytest.raises(IsolationUnavailable, match="level 0"):
        engine.run(Program("python", ADD), StdinTests((StdinCase("1 2", "3"),)), min_isolation="0")
    weaker = engine.run(Program("python", ADD), StdinTests((StdinCase("1 2", "3"),)), min_isolation="C")
    assert weaker.isolation == engine.isolation
