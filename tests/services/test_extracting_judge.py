"""A judge that extracts, and a rule that compares what it points at: `answer_from`, through two real services."""

import pytest

pytest.importorskip("transformers", reason="the judge's backend is not installed")
pytest.importorskip("gradewire_trainer", reason="the trainer is not installed")

import gradewire_trainer as trainer
from gradewire_trainer.types import Grade, Outcome
from tests.services.service_wire import Served, start, stop

RESPONSES = ["I add them up. The answer is 42.", "Forty-one, or so I think.", "42", ""]


def test_the_rule_compares_what_the_judge_points_at(modelled: Served) -> None:
    node = {"grader": "answer", "answer_from": {"grader": "judge", "parameters": {"judge": "extract"}}}
    rules = start("extraction", "--workers", "1")
    try:
        with trainer.RewardClient(
            trainer.RewardSpec.parse({"reward": node}), [modelled.address, rules.address]
        ) as client:
            asked = trainer.Group.of("g", RESPONSES, prompt="What is six times seven?", reference="42")
            (got,) = client.grade([asked])
    finally:
        stop(rules)
    for response, reward in zip(RESPONSES, got.rewards, strict=True):
        located = reward.parts["reward.answer_from"]
        assert located.error is None
        assert located.result is not None
        grade = located.result.outcome
        assert isinstance(grade, Grade)
        span = grade.answer  # random weights point anywhere, and never outside of the response
        if span is None:
            assert grade.outcome is Outcome.NO_ANSWER
            assert reward.reward == 0.0
            continue
        assert response[span.start : span.end] == span.text
        assert grade.versions["card"] == "extract"
        compared = reward.parts["reward"].result
        assert compared is not None
        if isinstance(compared.outcome, Grade) and (answer := compared.outcome.answer) is not None:
            assert span.start <= answer.start <= answer.end <= span.end
            assert response[answer.start : answer.end] == answer.text
    assert got.rewards[-1].reward == 0.0  # empty: by rule
