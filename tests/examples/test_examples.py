"""The examples do what their README says."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def load(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("words", "item", "score", "reason"),
    [
        (50, {}, 1.0, "short_enough"),
        (75, {}, 0.5, "too_long"),
        (4, {"max_words": 2}, 0.0, "too_long"),
        (0, {}, 1.0, "short_enough"),
    ],
)
def test_the_ten_line_grader(words: int, item: dict[str, Any], score: float, reason: str) -> None:
    graded = load("ten_line_grader").grade({"output_text": "word " * words}, item)
    assert (graded["score"], graded["reason"], graded["parts"]) == (score, reason, {"words": words})


def test_the_demos_reward_is_a_spec_with_a_case_for_every_kind_of_row() -> None:
    trainer = pytest.importorskip("gradewire_trainer", reason="the trainer is not installed here")
    spec = trainer.RewardSpec.load(EXAMPLES / "demo" / "reward.yaml")
    assert [leaf.path.removeprefix("reward.cases.").split(".")[0] for leaf in spec.leaves] == [
        "answer",
        "code",
        "prose",
        "prose",
    ]


def test_the_demos_reward_names_its_judges_so_that_any_service_with_them_can_grade_it() -> None:
    """`gradewire up` serves several cards, and refuses to guess which is meant."""
    trainer = pytest.importorskip("gradewire_trainer", reason="the trainer is not installed here")
    spec = trainer.RewardSpec.load(EXAMPLES / "demo" / "reward.yaml")
    named = [json.loads(leaf.parameters_json).get("judge") for leaf in spec.leaves if leaf.grader == "judge"]
    assert named == ["rules", "equivalence"]


def test_every_file_that_the_readme_names_is_there() -> None:
    text = (EXAMPLES / "README.md").read_text()
    named = [part.split(")")[0] for part in text.split("](")[1:]]
    assert len(named) >= 6
    assert [name for name in named if not (EXAMPLES / name).exists()] == []
