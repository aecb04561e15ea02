"""Every shipped card is rendered and scored on random weights of its model's architecture."""

from pathlib import Path
from typing import Any, get_args

import pytest

from gradewire_judges import Judge, JudgeRequest, JudgeVerdict, ModelMissing, Outcome, load_card, shipped_cards
from gradewire_judges.card import Card, Golden
from gradewire_judges.defences import measure

_MADE_FOR = {
    "compassverifier": "qwen2",
    "llama-guard": "llama",
    "prometheus-2": "mistral",
    "qwen3": "qwen3",
    "skywork-reward": "reward",
    "gpt-oss": "gpt-oss",
}
"""Family of the fixture; the others work with any instruction-tuned model."""

_WITH_MODEL = [name for name in shipped_cards() if name != "rules"]


@pytest.fixture(scope="module")
def folder(torch_installed: None, tmp_path_factory: pytest.TempPathFactory) -> Any:
    import torch

    from gradewire_judges.fixture import write_fixture

    torch.set_num_threads(1)
    made: dict[str, Path] = {}

    def of(family: str) -> Path:
        if family not in made:
            made[family] = tmp_path_factory.mktemp(family)
            write_fixture(made[family], model=family)  # type: ignore[arg-type]
        return made[family]

    return of


def _for_random_weights(card: Card) -> Card:
    """The card as it is, for weights that have never learnt to answer or to end a thought."""
    changes: dict[str, Any] = {"dtype": "float32", "device": "cpu", "allow_test_model": True, "min_label_mass": 0.0}
    if card.reasoning is not None:
        changes["reasoning"] = card.reasoning.model_copy(update={"max_tokens": 6, "at_cap": "conclude"})
    if card.endpoint is not None:  # its words and labels, in this process; the endpoint itself is tested by its backend
        changes |= {"backend": "transformers", "endpoint": None}
    return card.model_copy(update=changes)


def _request(golden: Golden) -> JudgeRequest:
    return JudgeRequest(
        id="1",
        response=golden.response,
        question=golden.question,
        reference=golden.reference,
        response_b=golden.response_b,
        fields=golden.fields,
    )


@pytest.mark.parametrize("name", _WITH_MODEL)
def test_a_card_is_rendered_and_scored(name: str, folder: Any) -> None:
    card = load_card(name)
    judge = Judge.open(_for_random_weights(card), model_dir=folder(_MADE_FOR.get(name, "qwen2")))
    assert card.golden is not None
    request = _request(card.golden.better)
    (verdict,) = judge.judge([request])
    assert isinstance(verdict, JudgeVerdict)
    assert verdict.decided_by == "model"
    assert (verdict.score is None) == (verdict.outcome is Outcome.INCONSISTENT)
    assert verdict.isolation == "tokens"
    if verdict.score is not None:
        lowest, highest = card.score_range() or (0.0, 1.0)
        assert lowest <= verdict.score <= highest
    held = measure(judge, request, verdict)
    assert held == dict.fromkeys(held, True)


@pytest.mark.parametrize("name", _WITH_MODEL)
def test_a_card_says_that_it_has_no_weights(name: str) -> None:
    card = load_card(name)
    assert card.model is None
    assert not card.allow_test_model
    assert card.min_label_mass == 0.5
    if card.endpoint is None:
        with pytest.raises(ModelMissing, match="Name a directory"):
            Judge.open(card)


def test_all_modes_are_shipped() -> None:
    modes = {load_card(name).mode for name in _WITH_MODEL}
    assert modes == set(get_args(Card.model_fields["mode"].annotation))
