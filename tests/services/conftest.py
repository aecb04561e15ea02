"""Fixtures: servers that a test may break, and one that a module shares."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

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
    """The judges `test-model` (equivalence), `pairwise` and `extract`, on one model of random weights. By its
    calibration `test-model` never says anything but 'correct'."""
    pytest.importorskip("transformers", reason="the judge's backend is not installed")
    from gradewire_judges import load_card
    from gradewire_judges.calibration import Calibration
    from gradewire_judges.fixture import write_fixture

    folder = tmp_path_factory.mktemp("modelled")
    cards = [write_fixture(folder / "model")]
    counts: dict[str, Any] = {"cases": 500, "judged": 500, "by_rule": 0, "inconsistent": 0, "errors": {}}
    told_of: dict[str, Any] = dict.fromkeys(("card", "template_hash", "model_id", "model_revision"), "")
    figures: dict[str, Any] = dict.fromkeys(
        ("accuracy", "macro_f1", "ece", "brier", "repeat_agreement", "largest_change"), 1.0
    )
    known = Calibration(**counts, **told_of, **figures, f1={}, reliability=[], labels={"correct": 500})
    known.write(folder / "model" / "known.json")
    cards[0].write_text(cards[0].read_text().rstrip().removesuffix("}") + ', "calibration": "known.json"}')
    for name in ("pairwise", "extract"):
        told = load_card(name).model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        told |= {"model": "model", "dtype": "float32", "allow_test_model": True}
        told |= {"min_label_mass": 0.0} if name == "pairwise" else {}
        cards.append(folder / f"{name}.yaml")
        cards[-1].write_text(yaml.safe_dump(told))
    served = start("judging", *(option for card in cards for option in ("--card", str(card))))
    yield served
    stop(served)
