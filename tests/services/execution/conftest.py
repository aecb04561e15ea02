"""One engine for the session, at the strongest level that this machine has, and what a test asks of it.

Where a level must be reached, GRADEWIRE_REQUIRE_LEVEL=A makes its absence a failure and not a skip.
"""

import os
import select
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


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "programs(file): run once a program of testdata/file, with its verdict")


def read_programs(file: str) -> dict[str, tuple[str, str]]:
    """Code and verdict by name. Each follows a line `=== name: verdict`; ␀ stands for the character NUL."""
    text = (Path(__file__).parent / "testdata" / file).read_text()
    programs = {}
    for section in text.replace("␀", "\0").split("=== ")[1:]:
        header, _, code = section.partition("\n")
        name, _, verdict = header.partition(": ")
        programs[name] = (code.strip("\n") + "\n", verdict)
    return programs


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marker = metafunc.definition.get_closest_marker("programs")
    if marker is not None:
        cases = [pytest.param(*case, id=name) for name, case in read_programs(marker.args[0]).items()]
        metafunc.parametrize(("code", "verdict"), cases)


@pytest.fixture(scope="session")
def attacks() -> dict[str, tuple[str, str]]:
    return read_programs("attacks.txt")


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    required = os.environ.get("GRADEWIRE_REQUIRE_LEVEL")
    try:
        opened = Engine.open(EngineConfig(levels=("A", "B", "C") if required is None else (required,)))
    except IsolationUnavailable as error:
        if required is not None:
            pytest.fail(f"GRADEWIRE_REQUIRE_LEVEL is {required}: {error}")
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


class Processes:
    """What runs on this machine, seen from outside any box."""

    @staticmethod
    def below(root: int | None) -> set[int]:
        """All descendants of a process."""
        assert root is not None
        parents = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                parents[int(entry.name)] = int(fields[1])
        found = {root}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found - {root}

    @staticmethod
    def gone(pids: set[int]) -> bool:
        """Whether none of them is there."""
        return not any(Path(f"/proc/{pid}").exists() for pid in pids)

    @staticmethod
    def wait_gone(pids: set[int], seconds: float = 20) -> bool:
        """Wait for the end of processes that are not our children."""
        for pid in pids:
            try:
                fd = os.pidfd_open(pid)
            except ProcessLookupError:
                continue
            try:
                if not select.select([fd], [], [], seconds)[0]:
                    return False
            finally:
                os.close(fd)
        return True


@pytest.fixture(scope="session")
def processes() -> type[Processes]:
    return Processes
