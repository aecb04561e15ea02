"""Programs that attack the box itself, at every level that this machine reaches.

Each gets a sound verdict, leaves no process, and costs no lane. What only level A can hold is tried there alone.
"""

import platform
from collections.abc import Iterator

import pytest

from gradewire_services.execution import (
    AssertTests,
    Engine,
    EngineConfig,
    IsolationUnavailable,
    Limits,
    Program,
    StdinCase,
    StdinTests,
)

from .conftest import at_level, read_programs

REFUSED = {"runtime_error", "time_limit", "memory_limit", "output_limit", "wrong_answer"}
SOUND = {"accepted": {"accepted"}, "refused": REFUSED, "accepted refused": REFUSED | {"accepted"}}
LIMITS = Limits(time_s=0.3, wall_s=0.8, memory_mb=96, output_bytes=1 << 20, processes=16, disk_mb=16)
TESTS = StdinTests((StdinCase("", "ok\n"),))
PROGRAMS = read_programs("box_attacks.txt")
PRELUDE, _ = PROGRAMS.pop("prelude")


@pytest.fixture(scope="module", params=["A", "B", "C"])
def boxed(request: pytest.FixtureRequest, anyones_python: str) -> Iterator[Engine]:
    """An engine at each level."""
    if platform.machine() != "x86_64":
        pytest.skip("the call numbers are x86-64's")
    with pytest.MonkeyPatch.context() as patch:
        at_level(request.param, anyones_python, patch)
        try:
            opened = Engine.open(EngineConfig(levels=(request.param,)))
        except IsolationUnavailable as error:
            pytest.skip(str(error))
        with opened:
            opened.run(Program("python", "print('ok')"), TESTS, LIMITS)
            yield opened


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_box_holds(boxed: Engine, processes, name: str):
    code, verdict = PROGRAMS[name]
    if verdict.endswith(" A") and boxed.isolation.level != "A":
        pytest.skip("needs a control group, which this level is said to lack")
    lane, before = boxed.lane_pid, processes.at_rest(boxed.lane_pid)

    found = boxed.run(Program("python", PRELUDE + code), TESTS, LIMITS)

    assert found.verdict.value in SOUND[verdict.removesuffix(" A")], found.tests[0]
    assert processes.at_rest(boxed.lane_pid) == before, "a process of the job is left"
    assert boxed.lane_pid == lane, "the attack cost the lane"


@pytest.mark.parametrize("junk", ["b'j'", "b'junk' * 100", "bytes(8)", "bytes(40)"])
def test_junk_between_the_boxes_is_not_waited_for(boxed: Engine, junk: str):
    code = f"""
import os
def f(x):
    for fd in range(3, 100):
        try: os.write(fd, {junk})
        except OSError: pass
    return 2 * x
"""
    found = boxed.run(Program("python", code), AssertTests("assert f(7) == 14", "f"), LIMITS)
    assert found.verdict.value == "runtime_error", found.tests[0]
