"""Fixtures: servers that a test may break, and one that a module shares."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

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


@pytest.fixture(scope="session")
def modelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The judges `test-model` (equivalence), `pairwise` and `extract`, on one model of random weights."""
    pytest.importorskip("transformers", reason="the judge's backend is not installed")
    from gradewire_judges import load_card
    from gradewire_judges.fixture import write_fixture

    folder = tmp_path_factory.mktemp("modelled")
    cards = [write_fixture(folder / "model")]
    for name in ("pairwise", "extract"):
        told = load_card(name).model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        told |= {"model": "model", "dtype": "float32", "allow_test_model": True}
        told |= {"min_label_mass": 0.0} if name == "pairwise" else {}
        cards.append(folder / f"{name}.yaml")
        cards[-1].write_text(yaml.safe_dump(told))
    served = start("judging", *(option for card in cards for option in ("--card", str(card))))
    yield served
    stop(served)
