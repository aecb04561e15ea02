"""Fixtures: servers that a test may break, and one that a module shares."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.services.service_wire import SERVED, Served, start, stop


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """Starts servers that a test may break."""
    running: list[Served] = []

    def serve(target: str, *options: str, folder: Path = SERVED) -> Served:
        running.append(start(target, *options, folder=folder))
        return running[-1]

    yield serve
    for served in running:
        stop(served)


@pytest.fixture(scope="module")
def hostile() -> Iterator[Served]:
    """The hostile grader on two workers, shared by a module's tests."""
    served = start("hostile:grade", "--workers", "2", "--memory-mib", "1024")
    yield served
    stop(served)
