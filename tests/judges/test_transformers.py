"""The transformers backend on random weights: it says what the library's own forward pass and `generate` say."""

import math
from pathlib import Path
from typing import Any, get_args

import pytest

from gradewire_judges import BackendFailed
from gradewire_judges.backend import Classification, Generation, LabelScores
from gradewire_judges.constraint import OneOf, SpanOf
from gradewire_judges.errors import Cancelled, TokenizerUnsuitable
from gradewire_judges.fixture import Model

FAMILIES = tuple(model for model in get_args(Model) if model not in ("reward", "wordpiece"))
SHARED = tuple(range(20, 60))
PROMPTS = [
    (*SHARED, *range(100, 109)),
    (*SHARED, *range(230, 250), 7),
    (*SHARED, 300),
    (*SHARED, *range(400, 413)),
]
LABELS = (((65,), (300,)), ((66, 301), (67,)), ((66, 302, 303),), ((68,),), ((68, 304),))
"""Several forms, several tokens, and one that begins another."""


class Loaded:
    """A backend, and the same weights as the library runs them."""

    def __init__(self, folder: Path, kind: Any = "causal") -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

        from gradewire_judges.backends.transformers import TransformersBackend

        self.torch = torch
        self.backend = TransformersBackend(folder, dtype="float32", device="cpu", batch_tokens=4096, kind=kind)
        auto: Any = AutoModelForCausalLM if kind == "causal" else AutoModelForSequenceClassification
        self.model: Any = auto.from_pretrained(folder, dtype=torch.float32).eval()

    def probabilities(self, ids: tuple[int, ...]) -> Any:
        """Of the next token, after a whole prompt alone."""
        with self.torch.inference_mode():
            return self.model(self.torch.tensor([ids])).logits[0, -1].double().softmax(0)

    def greedy(self, ids: tuple[int, ...], count: int) -> tuple[int, ...]:
        said = self.model.generate(
            self.torch.tensor([ids]), do_sample=False, min_new_tokens=count, max_new_tokens=count, eos_token_id=None
        )
        return tuple(said[0, len(ids) :].tolist())


@pytest.fixture(scope="module")
def folder_of(torch_installed: None, tmp_path_factory: pytest.TempPathFactory) -> Any:
    import torch

    from gradewire_judges.fixture import write_fixture

    torch.set_num_threads(1)
    return lambda model: write_fixture(tmp_path_factory.mktemp(model), model=model).parent


@pytest.fixture(scope="module", params=FAMILIES)
def loaded(request: pytest.FixtureRequest, folder_of: Any) -> Loaded:
    return Loaded(folder_of(request.param))


@pytest.fixture(scope="module")
def qwen(folder_of: Any) -> Loaded:
    return Loaded(folder_of("qwen2"))


def _scores(said: list[Any]) -> list[LabelScores]:
    assert not [one for one in said if not isinstance(one, LabelScores)]
    return said


def _said(said: list[Any]) -> list[Generation]:
    assert not [one for one in said if not isinstance(one, Generation)]
    return said


@pytest.mark.parametrize("shared", [0, len(SHARED)])
def test_labels_have_the_models_own_probabilities(loaded: Loaded, shared: int) -> None:
    said = _scores(loaded.backend.score_labels(PROMPTS, LABELS, shared=shared))
    for prompt, scores in zip(PROMPTS, said, strict=True):
        first = loaded.probabilities(prompt)
        after_66, after_68 = loaded.probabilities((*prompt, 66)), loaded.probabilities((*prompt, 68))
        after_66_302 = loaded.probabilities((*prompt, 66, 302))
        expected = [
            first[65] + first[300],
            first[66] * after_66[301] + first[67],
            first[66] * after_66[302] * after_66_302[303],
            first[68] * (1 - after_68[304]),
            first[68] * after_68[304],
        ]
        assert [math.exp(value) for value in scores.log_probs] == pytest.approx([float(p) for p in expected], abs=1e-6)
        assert scores.prompt_tokens == len(prompt)
        assert scores.cached_tokens == (shared if loaded.backend.info().prefix_cache else 0)


def test_only_models_of_ordinary_attention_share_a_prefix(loaded: Loaded) -> None:
    info = loaded.backend.info()
    assert info.prefix_cache is (info.architecture != "GptOssForCausalLM")


@pytest.mark.parametrize("shared", [0, len(SHARED)])
def test_what_is_most_probable_is_generated(loaded: Loaded, shared: int) -> None:
    said = _said(loaded.backend.generate(PROMPTS, max_tokens=40, shared=shared))
    for prompt, one in zip(PROMPTS, said, strict=True):
        assert one.ids == loaded.greedy(prompt, 40)
        assert (one.finish, one.output_tokens) == ("length", 40)


def test_a_generations_log_prob_is_the_models(qwen: Loaded) -> None:
    (one,) = _said(qwen.backend.generate(PROMPTS[:1], max_tokens=3))
    expected = sum(
        math.log(qwen.probabilities((*PROMPTS[0], *one.ids[:place]))[id_]) for place, id_ in enumerate(one.ids)
    )
    assert one.log_prob == pytest.approx(expected, abs=1e-4)


def test_a_stop_sequence_ends_what_is_said(qwen: Loaded) -> None:
    free = qwen.greedy(PROMPTS[1], 8)
    first = next(place for place in range(7) if free[place : place + 2] == free[3:5])
    (one,) = _said(qwen.backend.generate([PROMPTS[1]], max_tokens=8, stop=[free[3:5], (1, 2, 3)]))
    assert (one.ids, one.finish, one.output_tokens) == (free[:first], "stop", first + 2)


def test_what_is_drawn_depends_on_the_seed_and_not_on_the_batch(qwen: Loaded) -> None:
    def draw(prompts: Any, seed: int) -> list[tuple[int, ...]]:
        said = qwen.backend.generate(prompts, max_tokens=12, temperature=1.0, seed=seed, shared=len(SHARED))
        return [one.ids for one in _said(said)]

    together = draw(PROMPTS, 5)
    assert together == [draw([prompt], 5)[0] for prompt in PROMPTS]
    assert together != draw(PROMPTS, 6)
    assert len(set(together)) > 1


def test_one_of_some_sequences(loaded: Loaded) -> None:
    sequences = ((70, 71), (70, 72, 73), (80, 81), (80, 81, 82))
    said = _said(
        loaded.backend.generate(PROMPTS, max_tokens=5, constraints=[OneOf(sequences, end=2)] * 4, shared=len(SHARED))
    )
    for prompt, one in zip(PROMPTS, said, strict=True):
        assert one.ids in sequences
        assert one.finish == "stop"
        first = loaded.probabilities(prompt)
        assert (one.ids[0] == 70) is bool(first[70] > first[80])


def test_a_span_of_the_prompts_own_data(loaded: Loaded) -> None:
    data = [prompt[len(SHARED) :] for prompt in PROMPTS]
    constraints = [SpanOf(ids, end=1) for ids in data]
    said = _said(loaded.backend.generate(PROMPTS, max_tokens=64, constraints=constraints, shared=len(SHARED)))
    for ids, one in zip(data, said, strict=True):
        assert any(ids[at : at + len(one.ids)] == one.ids for at in range(len(ids) + 1))
        assert one.finish == "stop"


def test_rows_of_a_batch_end_when_they_end(qwen: Loaded) -> None:
    constraints = [OneOf((tuple(range(70, 70 + count)),)) for count in (1, 9, 4, 2)]
    said = _said(qwen.backend.generate(PROMPTS, max_tokens=20, constraints=constraints, shared=len(SHARED)))
    assert [len(one.ids) for one in said] == [1, 9, 4, 2]


def test_cancelling_reaches_the_model_between_tokens(qwen: Loaded) -> None:
    asked: list[int] = []

    def cancelled(place: int) -> bool:
        asked.append(place)
        return place == 2 and asked.count(2) > 3

    said = qwen.backend.generate(PROMPTS, max_tokens=10, shared=len(SHARED), cancelled=cancelled)
    assert isinstance(said[2], Cancelled)
    assert asked.count(2) == 4
    assert [one.ids for one in said if isinstance(one, Generation)] == [
        qwen.greedy(prompt, 10) for place, prompt in enumerate(PROMPTS) if place != 2
    ]


def test_what_is_cancelled_is_never_scored(qwen: Loaded) -> None:
    said = qwen.backend.score_labels(PROMPTS, LABELS, cancelled=lambda place: place == 1)
    assert [type(one) for one in said] == [LabelScores, Cancelled, LabelScores, LabelScores]


def test_a_batch_that_fails_goes_one_by_one(qwen: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = qwen.backend._reader
    sound = reader.begin

    def out_of_memory(prefix: Any, rows: Any) -> Any:
        if len(rows) > 1 or len(rows[0]) == 1:
            raise RuntimeError("out of memory")
        return sound(prefix, rows)

    monkeypatch.setattr(reader, "begin", out_of_memory)
    said = qwen.backend.generate(PROMPTS, max_tokens=4, shared=len(SHARED))
    assert [type(one) for one in said] == [Generation, Generation, BackendFailed, Generation]


def test_ids_beyond_the_embedding_are_never_read(qwen: Loaded) -> None:
    rows = qwen.backend.info().vocabulary
    assert rows is not None
    said = qwen.backend.generate([(1, 2), (1, rows), (-1, 2)], max_tokens=2)
    assert [type(one) for one in said] == [Generation, BackendFailed, BackendFailed]


def test_a_reward_models_logit_is_the_models(folder_of: Any) -> None:
    reward = Loaded(folder_of("reward"), "classifier")
    reward.model.config.pad_token_id = None
    said = reward.backend.classify(PROMPTS, shared=len(SHARED))
    for prompt, one in zip(PROMPTS, said, strict=True):
        assert isinstance(one, Classification)
        with reward.torch.inference_mode():
            expected = reward.model(reward.torch.tensor([prompt])).logits[0].tolist()
        assert one.scores == pytest.approx(expected, abs=1e-5)
    assert all(isinstance(one, BackendFailed) for one in reward.backend.generate(PROMPTS, max_tokens=1))
    assert all(isinstance(one, BackendFailed) for one in reward.backend.score_labels(PROMPTS, LABELS))


def test_a_language_model_classifies_nothing(qwen: Loaded) -> None:
    assert all(isinstance(one, BackendFailed) for one in qwen.backend.classify(PROMPTS))


def test_a_wordpiece_model_is_refused(folder_of: Any) -> None:
    from gradewire_judges import Judge

    with pytest.raises(TokenizerUnsuitable, match="byte-level BPE or SentencePiece"):
        Judge.open(folder_of("wordpiece") / "card.yaml")


@pytest.mark.parametrize("model", [*FAMILIES, "reward"])
def test_each_family_judges_with_its_own_card(folder_of: Any, model: str) -> None:
    from gradewire_judges import Judge, JudgeRequest, JudgeVerdict

    judge = Judge.open(folder_of(model) / "card.yaml")
    (verdict,) = judge.judge([JudgeRequest(id="1", question="What is 2 + 3?", reference="5", response="It is 5.")])
    assert isinstance(verdict, JudgeVerdict)
    assert verdict.decided_by == "model"
