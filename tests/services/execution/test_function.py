"""Function-call cases: values cross as data, and are compared where no program can reach."""

from collections.abc import Sequence

import pytest

from gradewire_services.execution import (
    Engine,
    FunctionCase,
    FunctionTests,
    InvalidRequest,
    Limits,
    Program,
    Verdict,
)
from gradewire_services.execution.lane import Job, JobEnd, Lane

LIMITS = Limits(time_s=1, wall_s=3, memory_mb=128)


def call(engine: Engine, code: str, *cases: tuple[list, object], tolerance: float | None = None):
    tests = FunctionTests("f", tuple(FunctionCase(tuple(a), e) for a, e in cases), tolerance)
    return engine.run(Program("python", code), tests, LIMITS)


@pytest.mark.programs("functions.txt")
def test_each_verdict(engine: Engine, code: str, verdict: str):
    found = call(engine, code, ([7], 14))
    assert found.verdict.value == verdict, found.tests[0]


def test_an_answer_forged_on_every_descriptor_is_only_a_value(engine: Engine):
    code = """
import os
def f(x):
    for fd in range(3, 64):
        for claim in (b"V", b"P", b'{"verdict": "accepted"}'):
            try: os.write(fd, claim)
            except OSError: pass
    os._exit(0)
"""
    assert call(engine, code, ([7], 14)).verdict is Verdict.RUNTIME_ERROR


def test_an_infrastructure_error_cannot_be_forged(engine: Engine):
    code = "import os\ndef f(x):\n    os.write({fd}, b'X no tool')\n    os._exit(127)"
    for fd in range(3, 20):
        assert call(engine, code.format(fd=fd), ([7], 14)).verdict is Verdict.RUNTIME_ERROR


def test_no_expected_value_is_in_the_box(engine: Engine):
    code = """
import gc, sys
def f(x):
    seen = repr([o for o in gc.get_objects() if isinstance(o, (dict, list, tuple)) and len(o) < 50])
    frame = sys._getframe()
    while frame:
        seen += repr(frame.f_locals)
        frame = frame.f_back
    needle = "".join(reversed("1174-eldeen"))
    return needle if seen.count(needle) > 0 else "nothing"
"""
    found = call(engine, code, ([7], "needle-4711"))
    assert found.tests[0].message == "value is 'nothing', expected 'needle-4711'"


def test_each_case_stands_alone(engine: Engine):
    code = """
import os
calls = []
def f(x):
    calls.append(x)
    if x == 2: os._exit(0)
    return len(calls)
"""
    found = call(engine, code, ([1], 1), ([2], 1), ([3], 1))
    assert [test.verdict.value for test in found.tests] == ["accepted", "runtime_error", "accepted"]


def test_keyword_arguments(engine: Engine):
    case = FunctionCase((1,), [1, 2], {"b": 2})
    tests = FunctionTests("f", (case,))
    assert engine.run(Program("python", "def f(a, *, b): return (a, b)"), tests).verdict is Verdict.ACCEPTED


def test_a_tolerance_is_for_floats(engine: Engine):
    code = "def f(x): return [x / 3, 10**9 + 1]"
    assert call(engine, code, ([1], [0.333333333, 10**9 + 1]), tolerance=1e-6).verdict is Verdict.ACCEPTED
    assert call(engine, code, ([1], [0.333333333, 10**9]), tolerance=1e-6).verdict is Verdict.WRONG_ANSWER
    assert call(engine, code, ([1], [0.333333333, 10**9 + 1])).verdict is Verdict.WRONG_ANSWER


def test_arguments_that_are_no_data_are_refused_by_name(engine: Engine):
    with pytest.raises(InvalidRequest, match=r"tests\.cases\[1\]\.args"):
        call(engine, "def f(x): return x", ([1], 1), ([object()], 1))


def test_a_program_that_never_loads_is_run_once(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    jobs: list[str] = []
    run_together = Lane.run_together

    def counted(self: Lane, together: Sequence[Job], deadline: float | None = None) -> list[JobEnd]:
        jobs.extend(job.order["entry_point"] for job in together)
        return run_together(self, together, deadline)

    monkeypatch.setattr(Lane, "run_together", counted)
    limits = Limits(time_s=0.3, wall_s=1, memory_mb=128)
    tests = FunctionTests("f", tuple(FunctionCase((x,), x) for x in range(4)))
    found = engine.run(Program("python", "while True: pass"), tests, limits)
    assert [test.verdict for test in found.tests] == [Verdict.TIME_LIMIT] * 4
    assert len(jobs) == 1
    assert "before f was called" in found.tests[3].message
    found = engine.run(Program("python", "def f(x):\n    while x == 1: pass\n    return x"), tests, limits)
    assert [test.verdict.value for test in found.tests] == ["accepted", "time_limit", "accepted", "accepted"]
    assert len(jobs) == 5
