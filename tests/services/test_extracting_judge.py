"""A judge that extracts, and a rule that compares what it points at: `answer_from`, through two real services."""

from pathlib import Path

import pytest
import yaml

pytest.importorskip("transformers", reason="the judge's backend is not installed")
pytest.importorskip("gradewire_trainer", reason="the trainer is not installed")

import gradewire_trainer as trainer
from gradewire_judges import load_card
from gradewire_judges.fixture import write_fixture
from tests.services.service_wire import start, stop

RESPONSES = ["I add them up. The answer is 42.", "Forty-one, or so I think.", "42", ""]


def test_the_rule_compares_what_the_judge_points_at(tmp_path: Path) -> None:
    write_fixture(tmp_path / "model")
    told = load_card("extract").model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    told |= {"model": "model", "dtype": "float32", "allow_test_model": True}
    (tmp_path / "card.yaml").write_text(yaml.safe_dump(told))
    judging = start("judging", "--card", str(tmp_path / "card.yaml"))
    rules = start("extraction", "--workers", "1")
    reward = {"grader": "answer", "answer_from": {"grader": "judge", "parameters": {"judge": "extract"}}}
    try:
        spec = trainer.RewardSpec.parse({"reward": reward})
        with trainer.RewardClient(spec, [judging.address, rules.address]) as client:
            asked = trainer.Group.of("g", RESPONSES, prompt="What is six times seven?", reference="42")
            (got,) = client.grade([asked])
    finally:
        stop(judging)
        stop(rules)
    for response, reward in zip(RESPONSES, got.rewards, strict=True):
        located = reward.parts["reward.answer_from"]
        assert located.error is None, located.error  # random weights point anywhere, and never outside of the response
        span = located.result.outcome.answer
        if span is None:
            assert located.result.outcome.outcome is trainer.types.Outcome.NO_ANSWER
            assert reward.reward == 0.0
            continue
        assert response[span.start : span.end] == span.text
        assert located.result.outcome.versions["card"] == "extract"
        compared = reward.parts["reward"].result.outcome
        if compared.answer is not None:
            assert span.start <= compared.answer.start <= compared.answer.end <= span.end
            assert response[compared.answer.start : compared.answer.end] == compared.answer.text
    assert got.rewards[-1].reward == 0.0  # empty: by rule
