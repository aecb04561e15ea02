"""What each level of isolation is proved by, and that less than was proved is never served."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from gradewire_services.execution import (
    AssertTests,
    Engine,
    EngineConfig,
    FunctionCase,
    FunctionTests,
    IsolationUnavailable,
    Limits,
    Program,
    StdinCase,
    StdinTests,
    probes,
)
from gradewire_services.execution.lane import JobEnd, Lane, Stream
from gradewire_services.execution.verdicts import Isolation

SERVICES = Path(__file__).parents[3] / "services"
NOBODY = 65534

AS_NOBODY = """
import json, sys
sys.path.insert(0, {services!r})
from gradewire_services.execution import *
BOMB = "import os\\nwhile True:\\n try: os.fork()\\n except OSError: pass"
ORPHAN = "import os, time\\nif os.fork() == 0:\\n os.setsid()\\n time.sleep(99)\\nprint('ok')"
with Engine.open() as engine:
    def verdict(code, **limits):
        tests = StdinTests((StdinCase("", "ok"),))
        return engine.run(Program("python", code), tests, Limits(**limits)).verdict.value
    found = {{
        "level": engine.isolation.level,
        "missing": engine.isolation.missing,
        "fine": verdict("print('ok')"),
        "wrong": verdict("print('no')"),
        "memory": verdict("x = bytearray(400 << 20)", memory_mb=128),
        "fork bomb": verdict(BOMB, time_s=0.3, wall_s=2),
        "orphan": verdict(ORPHAN),
        "init": verdict("import os\\nos.kill(1, 9)\\nprint('ok')"),
        "memory of init": verdict("try: open('/proc/1/mem')\\nexcept OSError: print('ok')"),
        "loop": verdict("while True: pass", time_s=0.2),
        "memfd": verdict("import os\\ntry: os.memfd_create('x')\\nexcept OSError: print('ok')"),
    }}
print(json.dumps(found))
"""


def python_for_anyone() -> str:
    """An interpreter that another user may start; ours may lie in somebody's home."""
    for candidate in (os.path.realpath(sys.executable), "/usr/bin/python3"):
        try:
            subprocess.run(
                [candidate, "-c", "import sys; assert sys.version_info >= (3, 11)"],
                user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True, check=True,
            )  # fmt: skip
        except (OSError, subprocess.CalledProcessError):
            continue
        return candidate
    pytest.skip("no Python from 3.11 that a plain user may start")


@pytest.mark.skipif(os.geteuid() != 0, reason="takes root to become somebody else")
def test_a_plain_user_reaches_level_b():
    python = python_for_anyone()
    ran = subprocess.run(
        [python, "-B", "-c", AS_NOBODY.format(services=str(SERVICES))],
        user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip
    if "IsolationUnavailable" in ran.stderr and "unshare" in ran.stderr:
        pytest.skip("this machine gives plain users no user namespaces")
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found.pop("level") == "B"
    assert found.pop("missing") == ["memory summed over processes", "CPU time of orphans"]
    assert found.pop("memory") in ("memory_limit", "runtime_error")
    assert found.pop("fork bomb") in ("time_limit", "runtime_error", "wrong_answer")
    wrong = {"wrong": "wrong_answer", "loop": "time_limit"}
    assert found == dict.fromkeys(found, "accepted") | wrong


def test_level_a_misses_nothing(level_a: Engine):
    assert level_a.isolation.missing == ()
    assert {"files", "network", "processes", "survivors", "memory summed over processes"} <= set(
        level_a.isolation.layers
    )


def test_a_weaker_level_can_be_chosen_and_says_what_it_lacks(level_a: Engine):
    with Engine.open(EngineConfig(levels=("B",))) as engine:
        assert engine.isolation.level == "B"
        assert "memory summed over processes" in engine.isolation.missing


SUMS = ("memory summed over processes", "CPU time of orphans")
MISSING = {"B": SUMS, "C": (*SUMS, "disk summed over files", "own /tmp and /dev/shm")}
TRIED = (
    "fork bomb", "many orphans", "an orphan that keeps stdout open", "kill the parent", "kill everything",
    "limit the parent", "folders that nobody may enter", "memory", "memory files", "disk",
    "stop itself", "sockets of every family", "raise its limits", "other processes", "become root",
)  # fmt: skip


@pytest.mark.parametrize("level", ["B", "C"])
def test_weaker_levels_hold_what_they_say(processes, attacks: dict[str, tuple[str, str]], level: str):
    try:
        engine = Engine.open(EngineConfig(levels=(level,)))
    except IsolationUnavailable as error:
        pytest.skip(str(error))
    limits = Limits(time_s=0.4, wall_s=1.5, memory_mb=96, processes=16, disk_mb=16)
    stdin = StdinTests((StdinCase("", "ok"),))
    right, wrong = Program("python", "def f(x): return 2 * x"), Program("python", "def f(x): return 3")
    with engine:
        assert engine.isolation.missing == MISSING[level]
        before = processes.below(engine.lane_pid)
        for name in TRIED:
            code, sound = attacks[name]
            found = engine.run(Program("python", code), stdin, limits)
            if sound == "refused":
                assert found.verdict.value != "accepted", (name, found.tests[0])
            assert processes.below(engine.lane_pid) == before, name
            assert engine.run(Program("python", "print('ok')"), stdin, limits).verdict.value == "accepted"
        for tests in (FunctionTests("f", (FunctionCase((7,), 14),)), AssertTests("assert f(7) == 14", "f")):
            assert engine.run(right, tests, limits).verdict.value == "accepted"
            assert engine.run(wrong, tests, limits).verdict.value == "wrong_answer"


def test_a_busy_machine_makes_no_time_limit(engine: Engine):
    busy = "import os\nwhile os.getppid() == {parent}: pass"
    others = [
        subprocess.Popen([sys.executable, "-c", busy.format(parent=os.getpid())])
        for _ in range(4 * (os.cpu_count() or 1))
    ]
    try:
        code = "import time\nwhile time.process_time() < 0.4: pass\nprint('ok')"
        tests = StdinTests((StdinCase("", "ok"),))
        found = engine.run(Program("python", code), tests, Limits(time_s=1, wall_s=0.6))
    finally:
        for other in others:
            other.kill()
            other.wait()
    assert found.verdict.value == "accepted", found.tests[0]


@pytest.mark.parametrize("layer", ["files", "network", "processes", "privileges", "system calls", "disk"])
def test_a_level_whose_probe_gets_through_is_refused(engine: Engine, monkeypatch, layer: str):
    real = probes._escapes

    def leaky(lane: Lane) -> dict[str, list[str]]:
        return real(lane) | {layer: ["a hole"]}

    monkeypatch.setattr(probes, "_escapes", leaky)
    with pytest.raises(IsolationUnavailable, match=f"{layer}: a hole"):
        Engine.open()


def test_a_lane_without_summed_memory_is_no_level_a(level_a: Engine, monkeypatch):
    real = probes._run

    def unlimited(lane: Lane, source: str, stdin: bytes = b"") -> JobEnd:
        if source is probes._MEMORY:
            empty = Stream(0, 0)
            return JobEnd(0, None, 0, 0, 0, 0, empty, empty, b"RS", {}, native=False)
        return real(lane, source, stdin)

    monkeypatch.setattr(probes, "_run", unlimited)
    with Engine.open() as engine:
        assert engine.isolation.level == "B"


def test_nothing_to_try_is_a_refusal():
    with pytest.raises(IsolationUnavailable):
        Engine.open(EngineConfig(levels=()))


@pytest.mark.parametrize(("have", "want", "enough"), [("A", "B", True), ("B", "A", False), ("B", "B", True)])
def test_levels_are_ordered(have: str, want: str, enough: bool):
    assert Isolation(have, (), ()).at_least(want) is enough
