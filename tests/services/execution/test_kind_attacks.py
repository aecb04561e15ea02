"""Programs that attack an author's checker, tests in pytest's style, and the box through Go, Java and Rust.

None gets a verdict that it should not have, and none leaves a process or costs the lane.
"""

import shutil

import pytest

from gradewire_services.execution import (
    AssertTests,
    Engine,
    InvalidRequest,
    Limits,
    Program,
    StdinCase,
    StdinTests,
    language,
)

REFUSED = {"runtime_error", "time_limit", "memory_limit", "output_limit", "wrong_answer"}
LIMITS = Limits(time_s=0.5, wall_s=2, memory_mb=96, output_bytes=16 << 20, processes=16, disk_mb=16)
NATIVE = Limits(time_s=0.4, wall_s=2, memory_mb=256, output_bytes=1 << 20, processes=16, disk_mb=16)

CHECKER = """
import re
def check(input, output, expected):
    words = output.split()
    if len(words) != 2 or not all(re.fullmatch("[0-9]+", word) for word in words):
        return False
    return sum(map(int, words)) == int(expected), f"{len(words)} words"
"""

TESTS = """
import pytest
from solution import Pair, apply, double

@pytest.mark.parametrize("x, y", [(2, 4), (31, 62), (905, 1810)])
def test_double(x, y):
    assert double(x) == y

def test_double_refuses_text():
    with pytest.raises(ValueError):
        double("x")

def test_apply():
    def more(x):
        assert x < 3, "asked for what is not there"
        return x + 1
    assert apply(more, [1, 2]) == [2, 3]
    seen = []
    apply(seen.append, [7])
    assert seen == [7]

def test_pair():
    assert Pair(1, 2).swapped() == Pair(2, 1)
    assert Pair(1, 2) != Pair(2, 1)
"""


def sound(verdict: str) -> set[str]:
    return {name for word in verdict.split() for name in (REFUSED if word == "refused" else {word})}


@pytest.fixture
def left_as_it_was(engine: Engine, processes):
    """The lane after an attack is the lane before it."""
    engine.run(Program("python", "print('ok')"), StdinTests((StdinCase("", "ok"),)), LIMITS)
    lane, before = engine.lane_pid, processes.at_rest(engine.lane_pid)
    yield
    assert engine.lane_pid == lane, "the attack cost the lane"
    assert processes.at_rest(engine.lane_pid) == before, "a process of the job is left"
    after = engine.run(Program("python", "print('ok')"), StdinTests((StdinCase("", "ok"),)), LIMITS)
    assert after.verdict.value == "accepted"


@pytest.mark.programs("attacks_checker.txt")
@pytest.mark.usefixtures("left_as_it_was")
def test_a_checker(engine: Engine, code: str, verdict: str):
    tests = StdinTests((StdinCase("", "10"),))
    found = engine.run(Program("python", code), tests, LIMITS, checker="python", checker_code=CHECKER)
    assert found.verdict.value in sound(verdict), found.tests[0]


@pytest.mark.programs("attacks_proxy.txt")
@pytest.mark.usefixtures("left_as_it_was")
def test_tests_in_another_box(engine: Engine, code: str, verdict: str):
    try:
        found = engine.run(Program("python", code), AssertTests(TESTS), LIMITS).verdict.value
    except InvalidRequest:
        found = "error"
    assert found in sound(verdict)


def attack(engine: Engine, name: str, code: str, verdict: str) -> None:
    tool = language.known()[name].tool
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    found = engine.run(Program(name, code), StdinTests((StdinCase("", "ok"),)), NATIVE)
    assert found.verdict.value in sound(verdict), found.tests[0]


@pytest.mark.programs("attacks_go.txt")
@pytest.mark.usefixtures("left_as_it_was")
def test_go(engine: Engine, code: str, verdict: str):
    attack(engine, "go", code, verdict)


@pytest.mark.programs("attacks_java.txt")
@pytest.mark.usefixtures("left_as_it_was")
def test_java(engine: Engine, code: str, verdict: str):
    attack(engine, "java", code, verdict)


@pytest.mark.programs("attacks_rust.txt")
@pytest.mark.usefixtures("left_as_it_was")
def test_rust(engine: Engine, code: str, verdict: str):
    attack(engine, "rust", code, verdict)
