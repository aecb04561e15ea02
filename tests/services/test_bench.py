"""Opening judges: what runs the same model shares it, and what cannot be opened is kept with the reason."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("transformers", reason="the judge's backend is not installed")

import yaml

from gradewire_judges import Judge, NotReady, load_card
from gradewire_judges.fixture import write_fixture
from gradewire_services.errors import StartError
from gradewire_services.graders.bench import Bench, open_judges


def write_card(folder: Path, name: str, like: str, **changes: Any) -> str:
    """A shipped card, for the model of random weights in `folder/model`."""
    told = load_card(like).model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    told |= {"name": name, "model": "model", "dtype": "float32", "allow_test_model": True, **changes}
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(told))
    return str(path)


def test_cards_of_one_model_share_it(tmp_path: Path) -> None:
    write_fixture(tmp_path / "model")
    cards = [
        write_card(tmp_path, "same", "equivalence", min_label_mass=0.0),
        write_card(tmp_path, "stars", "quality", min_label_mass=0.0),
        write_card(tmp_path, "short", "equivalence", min_label_mass=0.0, dtype="bfloat16"),
        write_card(tmp_path, "strict", "equivalence", min_label_mass=1.0),
    ]
    judges = open_judges([*cards, "equivalence"], None)
    same, stars, short = judges["same"], judges["stars"], judges["short"]
    assert isinstance(same, Judge)
    assert isinstance(stars, Judge)
    assert isinstance(short, Judge)
    assert same.engine is not None
    assert stars.engine is not None
    assert short.engine is not None
    assert same.engine.backend is stars.engine.backend
    assert same.engine.backend is not short.engine.backend
    assert same.info().self_test.startswith("golden pair")
    assert stars.info().self_test != same.info().self_test
    assert isinstance(judges["strict"], NotReady)  # random weights do not say only labels
    assert isinstance(judges["equivalence"], NotReady)
    bench = Bench(judges)
    ready = {one.name: one.ready for one in bench.components()}
    assert ready == {
        "judge.same": True,
        "judge.stars": True,
        "judge.short": True,
        "judge.strict": False,
        "judge.equivalence": False,
        "judge.rules": True,
    }
    bounds = bench.bounds()
    assert bounds is not None
    assert 0 < bounds.template < bounds.prompt
    assert bounds.batch == 16_384


def test_two_cards_of_one_name_are_refused() -> None:
    with pytest.raises(StartError, match="a second card is named 'rules'"):
        open_judges(["rules", "rules"], None)
