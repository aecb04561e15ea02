"""One engine for the session, at the strongest level that this machine has, and what a test asks of it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gradewire_services.execution import (
    Engine,
    EngineConfig,
    IsolationUnavailable,
    Limits,
    Program,
    RunVerdict,
    StdinCase,
    StdinTests,
)

Run = Callable[..., RunVerdict]


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    try:
        opened = Engine.open(EngineConfig())
    except IsolationUnavailable as error:
        pytest.skip(f"this machine cannot box a program: {error}")
    with opened:
        yield opened


@pytest.fixture
def level_a(engine: Engine) -> Engine:
    if engine.isolation.level != "A":
        pytest.skip(f"needs level A; this machine lacks {', '.join(engine.isolation.missing)}")
    return engine


@pytest.fixture
def run(engine: Engine) -> Run:
    """Run a Python program on one input; the whole verdict."""

    def once(code: str, given: str = "", expected: str = "", **limits: float) -> RunVerdict:
        tests = StdinTests((StdinCase(given, expected),))
        chosen = Limits(**{"time_s": 2, "memory_mb": 128, **limits})  # type: ignore[arg-type]
        return engine.run(Program("python", code), tests, chosen)

    return once


def descendants(root: int) -> set[int]:
    """All processes below `root`, as the host sees them."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found = {root}
    while True:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        if not more:
            return found - {root}
        found |= more


def gone(pids: set[int]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


def wait_gone(pid: int, seconds: float = 20) -> bool:
    """Wait for the end of a process that is not our child."""
    import select

    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([fd], [], [], seconds)[0])
    finally:
        os.close(fd)
