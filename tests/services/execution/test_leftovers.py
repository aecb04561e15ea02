"""When a part of a lane is killed, nothing of the lane stays."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from gradewire_services.execution import Engine, Limits, Program, SandboxFailed, StdinCase, StdinTests

SLEEP = Program(
    "python", "import os, time\nos.fork()\nos.setsid() if os.getpid() != 2 else 0\ntime.sleep(1000)"
)
FINE = StdinTests((StdinCase("1", "1"),))
ECHO = Program("python", "print(input())")

ENGINE = """
import sys
from gradewire_services.execution import *
engine = Engine.open()
print(engine.lane_pid, flush=True)
engine.run(Program("python", {code!r}), StdinTests((StdinCase("", ""),)), Limits(time_s=100))
"""


def groups(lane: int) -> list[Path]:
    return list(Path("/sys/fs/cgroup").glob(f"**/gradewire-lane-{lane}"))


def test_closing_leaves_nothing(engine: Engine, processes):
    with Engine.open() as other:
        lane = other.lane_pid
        assert lane is not None
        inside = processes.below(lane)
        assert len(inside) >= 3
    assert processes.gone({lane, *inside})
    assert groups(lane) == []


def test_a_killed_engine_takes_its_lane_along(engine: Engine, processes):
    program = ENGINE.format(code=SLEEP.code)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lane = int(process.stdout.readline())
        inside = processes.below(lane)
        process.kill()
    assert processes.wait_gone({lane})
    assert processes.wait_gone(inside)
    assert groups(lane) == []


def test_a_killed_supervisor_takes_its_lane_along_and_the_engine_starts_another(processes):
    with Engine.open() as engine:
        lane = engine.lane_pid
        assert lane is not None
        inside = processes.below(lane)
        os.kill(lane, signal.SIGKILL)
        with pytest.raises(SandboxFailed):
            engine.run(ECHO, FINE)
        assert processes.wait_gone(inside)
        assert engine.run(ECHO, FINE).verdict.value == "accepted"
        assert engine.lane_pid != lane
        assert groups(lane) == [], "the next lane sweeps what a killed one could not"


def test_a_killed_fork_server_costs_the_lane_and_no_verdict(processes):
    with Engine.open() as engine:
        assert engine.lane_pid is not None
        youngest = max(processes.below(engine.lane_pid))
        others = processes.below(engine.lane_pid)
        os.kill(youngest, signal.SIGKILL)
        assert processes.wait_gone(others)
        with pytest.raises(SandboxFailed):
            engine.run(ECHO, FINE)
        assert engine.run(ECHO, FINE).verdict.value == "accepted"


def test_two_hundred_jobs_with_orphans_leave_nothing(engine: Engine, processes):
    code = """
import os, time
open("f", "w").close()
if os.fork() == 0:
    os.setsid()
    time.sleep(1000)
print(1)
"""
    engine.run(ECHO, FINE)
    assert engine.lane_pid is not None
    before = processes.below(engine.lane_pid)
    own = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(200):
        assert engine.run(Program("python", code), FINE, Limits(time_s=1)).verdict.value == "accepted"
    assert processes.below(engine.lane_pid) == before
    assert len(list(Path("/proc/self/fd").iterdir())) == own
