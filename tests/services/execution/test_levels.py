"""What each level of isolation is proved by, and that less than was proved is never served."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

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
    SandboxFailed,
    StdinCase,
    StdinTests,
    lane,
    probes,
)
from gradewire_services.execution.lane import JobEnd, Lane, Stream
from gradewire_services.execution.verdicts import Isolation

SERVICES = Path(__file__).parents[3] / "services"

SUMS = ("memory summed over processes", "CPU time of orphans")
MISSING = {"B": SUMS, "C": (*SUMS, "disk summed over files", "own /tmp and /dev/shm", "names of host files")}
TRIED = (
    "fork bomb", "many orphans", "an orphan that keeps stdout open", "kill the parent", "kill everything",
    "limit the parent", "folders that nobody may enter", "memory", "memory files", "disk",
    "stop itself", "its first thread ends", "sockets of every family", "raise its limits", "other processes",
    "become root",
)  # fmt: skip

AS_NOBODY = """
import json, os, socket, sys, tempfile
sys.path.insert(0, {services!r})
from gradewire_services.execution import *
attacks = json.loads(sys.stdin.read())
stdin = StdinTests((StdinCase("", "ok"),))
limits = Limits(time_s=0.4, wall_s=1.5, memory_mb=128, processes=16, disk_mb=16)
right, wrong = Program("python", "def f(x): return 2 * x"), Program("python", "def f(x): return 3")
lists = (FunctionTests("f", (FunctionCase((7,), 14),)), AssertTests("assert f(7) == 14", "f"))
told = {{}}
with Engine.open(EngineConfig(levels=({level!r},))) as engine:
    told["missing"] = engine.isolation.missing
    told["lane"] = engine.lane_pid
    for name, code in attacks.items():
        told[name] = engine.run(Program("python", code), stdin, limits).verdict.value
    told["right"] = [engine.run(right, tests, limits).verdict.value for tests in lists]
    told["wrong"] = [engine.run(wrong, tests, limits).verdict.value for tests in lists]
    folder = tempfile.mkdtemp()
    file, address = os.path.join(folder, "file"), os.path.join(folder, "socket")
    open(file, "w").close()
    host = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    host.bind(address)
    reach = Program("python", {reach!r}.replace("FILE", file).replace("SOCKET", address))
    told["reach"] = engine.run(reach, stdin, limits).tests[0].stdout
    try:
        told["received"] = host.recv(9, socket.MSG_DONTWAIT).decode()
    except BlockingIOError:
        told["received"] = ""
    os.remove(file), os.remove(address), os.rmdir(folder)
print(json.dumps(told))
"""
REACH = """
import os, socket
hits = []
def attempt(name, call, *args):
    try: call(*args)
    except OSError: return
    hits.append(name)
attempt("mode", os.chmod, "FILE", 0o600)
attempt("times", os.utime, "FILE", (0, 0))
attempt("owner", os.chown, "FILE", os.getuid(), os.getgid())
attempt("attribute", os.setxattr, "FILE", "user.x", b"x")
for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_STREAM, socket.SOCK_SEQPACKET):
    try: ours, _ = socket.socketpair(socket.AF_UNIX, kind)
    except OSError: continue
    try: ours.sendto(b"x", "SOCKET")  # a connected one may send to its own peer instead
    except OSError: pass
    attempt(f"connect {kind}", ours.connect, "SOCKET")
print(hits)
"""
IMPORTS = "import asyncio, pickle, tempfile, subprocess\ntempfile.NamedTemporaryFile()\nprint('ok')"


@pytest.mark.skipif(os.geteuid() != 0, reason="takes root to become somebody else")
@pytest.mark.parametrize("plain", ["B", "C"])
def test_a_plain_user_reaches_level(attacks: dict[str, tuple[str, str]], anyones_python: str, plain: str):
    programs = {name: attacks[name][0] for name in TRIED} | {"imports": IMPORTS, "fine": "print('ok')"}
    ran = subprocess.run(
        [anyones_python, "-B", "-c", AS_NOBODY.format(services=str(SERVICES), level=plain, reach=REACH)],
        user=65534, group=65534, extra_groups=[], capture_output=True, text=True, check=False, cwd="/",
        input=json.dumps(programs),
    )  # fmt: skip
    if "IsolationUnavailable" in ran.stderr:
        pytest.skip(ran.stderr.strip().rpartition("\n")[2])
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert set(told["missing"]) - {"process count"} == set(MISSING[plain])
    assert (told["reach"], told["received"]) == ("[]\n", "")
    assert (told["right"], told["wrong"]) == (["accepted"] * 2, ["wrong_answer"] * 2)
    assert (told["imports"], told["fine"]) == ("accepted", "accepted")
    for name in TRIED:
        assert attacks[name][1] != "refused" or told[name] != "accepted", name
    assert not list(Path("/tmp").glob(f"gradewire-lane-{told['lane']}-*"))


def test_level_a_misses_nothing(level_a: Engine):
    assert level_a.isolation.missing == ()
    assert {"files", "network", "processes", "survivors", "memory summed over processes"} <= set(
        level_a.isolation.layers
    )


def test_a_weaker_level_can_be_chosen_and_says_what_it_lacks(level_a: Engine):
    with Engine.open(EngineConfig(levels=("B",))) as engine:
        assert engine.isolation.level == "B"
        assert "memory summed over processes" in engine.isolation.missing


def test_each_level_holds_what_they_say(processes, attacks: dict[str, tuple[str, str]], level: str):
    engine = Engine.open(EngineConfig(levels=(level,)))
    limits = Limits(time_s=0.4, wall_s=1.5, memory_mb=96, processes=16, disk_mb=16)
    stdin = StdinTests((StdinCase("", "ok"),))
    right, wrong = Program("python", "def f(x): return 2 * x"), Program("python", "def f(x): return 3")
    with engine:
        assert engine.isolation.missing == MISSING.get(level, ())
        before = processes.at_rest(engine.lane_pid)
        for name in TRIED:
            code, sound = attacks[name]
            found = engine.run(Program("python", code), stdin, limits)
            if sound == "refused":
                assert found.verdict.value != "accepted", (name, found.tests[0])
            assert processes.at_rest(engine.lane_pid) == before, name
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

    def leaky(one: Lane) -> dict[str, list[str]]:
        return real(one) | {layer: ["a hole"]}

    monkeypatch.setattr(probes, "_escapes", leaky)
    with pytest.raises(IsolationUnavailable, match=f"{layer}: a hole"):
        Engine.open()


def test_a_lane_without_summed_memory_is_no_level_a(level_a: Engine, monkeypatch):
    real = probes._run

    def unlimited(one: Lane, source: str, stdin: bytes = b"") -> JobEnd:
        if source is probes._MEMORY:
            empty = Stream(0, 0)
            return JobEnd(0, None, 0, 0, 0, 0, empty, empty, b"RS", {}, native=False)
        return real(one, source, stdin)

    monkeypatch.setattr(probes, "_run", unlimited)
    with Engine.open() as engine:
        assert engine.isolation.level == "B"


def test_a_lane_that_breaks_by_itself_is_no_missing_level(monkeypatch):
    monkeypatch.setattr(lane, "_BOOT", "{!r}; raise RuntimeError('a mistake of ours')")
    with pytest.raises(SandboxFailed, match="a mistake of ours"):
        Engine.open()


def test_a_kernel_that_refuses_is_a_missing_level(monkeypatch):
    monkeypatch.setattr(lane, "_BOOT", "{!r}; raise PermissionError(1, 'unshare: Operation not permitted')")
    with pytest.raises(IsolationUnavailable, match=r"level A: .*unshare.*level B: .*level C: "):
        Engine.open()


@pytest.mark.parametrize("asked", ["A", "B", "C"])
def test_a_lane_that_does_not_start_leaves_nothing(monkeypatch, asked: str):
    started: list[int] = []
    real = subprocess.Popen

    def noted(*args: Any, **options: Any) -> object:
        process = real(*args, **options)
        started.append(process.pid)
        return process

    monkeypatch.setattr(subprocess, "Popen", noted)
    broken = "import sys; sys.path.append({!r}); from box import server, supervisor\nserver.Server = None"
    monkeypatch.setattr(lane, "_BOOT", broken + "; supervisor.main()")
    with pytest.raises((SandboxFailed, IsolationUnavailable)):
        Engine.open(EngineConfig(levels=(asked,)))
    name = f"gradewire-lane-{started[0]}-*"
    assert not list(Path(tempfile.gettempdir()).glob(name))
    assert not list(Path("/sys/fs/cgroup").glob(f"**/{name}"))


def test_nothing_to_try_is_a_refusal():
    with pytest.raises(IsolationUnavailable):
        Engine.open(EngineConfig(levels=()))


@pytest.mark.parametrize(("have", "want", "enough"), [("A", "B", True), ("B", "A", False), ("B", "B", True)])
def test_levels_are_ordered(have: str, want: str, enough: bool):
    assert Isolation(have, (), ()).at_least(want) is enough
