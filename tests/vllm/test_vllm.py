"""The vLLM backend says what the transformers backend says, for the same model: within 1e-5 in float32."""

import math
import threading
from pathlib import Path
from typing import Any

import pytest

from gradewire_judges import BackendFailed, Judge, JudgeRequest, JudgeVerdict, load_card, parse_card
from gradewire_judges.backend import Classification, Generation, LabelScores
from gradewire_judges.constraint import OneOf, SpanOf
from gradewire_judges.errors import Cancelled

SHARED = tuple(range(20, 60))
PROMPTS = [
    (*SHARED, *range(100, 109)),
    (*SHARED, *range(230, 250), 7),
    (*SHARED, 300),
    (*SHARED, *range(400, 413)),
]
LABELS = (((65,), (300,)), ((66, 301), (67,)), ((66, 302, 303),), ((68,),), ((68, 304),))
"""Several forms, several tokens, and one that begins another."""


def test_labels_have_the_same_probabilities(on_vllm: Any, on_transformers: Any) -> None:
    for labels in (LABELS, (((65,),), ((66,),))):
        ours = on_vllm.score_labels(PROMPTS, labels, shared=len(SHARED))
        theirs = on_transformers.score_labels(PROMPTS, labels, shared=len(SHARED))
        for one, other in zip(ours, theirs, strict=True):
            assert isinstance(one, LabelScores)
            assert [math.exp(p) for p in one.log_probs] == pytest.approx(
                [math.exp(p) for p in other.log_probs], abs=1e-5
            )


def test_what_prompts_share_is_read_once(on_vllm: Any) -> None:
    prompts = [(*range(100, 200), place) for place in range(3)]
    on_vllm.score_labels(prompts[:1], LABELS)
    (_, *others) = on_vllm.score_labels(prompts, LABELS)
    assert all(one.cached_tokens >= 64 for one in others)


def test_the_same_is_generated(on_vllm: Any, on_transformers: Any) -> None:
    ours = on_vllm.generate(PROMPTS, max_tokens=24)
    theirs = on_transformers.generate(PROMPTS, max_tokens=24)
    for one, other in zip(ours, theirs, strict=True):
        assert (one.ids, one.finish, one.output_tokens) == (other.ids, other.finish, other.output_tokens)
        assert one.log_prob == pytest.approx(other.log_prob, abs=1e-3)


def test_stop_sequences_end_it_alike(on_vllm: Any, on_transformers: Any) -> None:
    free = on_transformers.generate(PROMPTS, max_tokens=10)
    stop = [one.ids[4:6] for one in free]
    ours = on_vllm.generate(PROMPTS, max_tokens=10, stop=stop)
    theirs = on_transformers.generate(PROMPTS, max_tokens=10, stop=stop)
    assert [(one.ids, one.finish, one.output_tokens) for one in ours] == [
        (one.ids, one.finish, one.output_tokens) for one in theirs
    ]
    assert "stop" in {one.finish for one in ours}


def test_constraints_hold_alike(on_vllm: Any, on_transformers: Any) -> None:
    sequences = ((70, 71), (70, 72, 73), (80, 81), (80, 81, 82))
    for constraints in (
        [OneOf(sequences, end=2)] * len(PROMPTS),
        [SpanOf(prompt[len(SHARED) :], end=1) for prompt in PROMPTS],
    ):
        ours = on_vllm.generate(PROMPTS, max_tokens=32, constraints=constraints)
        theirs = on_transformers.generate(PROMPTS, max_tokens=32, constraints=constraints)
        assert [one.ids for one in ours] == [one.ids for one in theirs]
        assert [one.log_prob for one in ours] == pytest.approx([one.log_prob for one in theirs], abs=1e-3)


def test_what_is_drawn_depends_on_the_seed(on_vllm: Any) -> None:
    def draw(prompts: Any, seed: int) -> list[tuple[int, ...]]:
        return [one.ids for one in on_vllm.generate(prompts, max_tokens=12, temperature=1.0, seed=seed)]

    assert draw(PROMPTS, 5) == [draw([prompt], 5)[0] for prompt in PROMPTS]
    assert draw(PROMPTS, 5) != draw(PROMPTS, 6)


def test_cancelling_reaches_the_engine(on_vllm: Any) -> None:
    asked: list[int] = []

    def cancelled(place: int) -> bool:
        asked.append(place)
        return place == 2 and asked.count(2) > 3

    said = on_vllm.generate(PROMPTS, max_tokens=60, cancelled=cancelled)
    assert [type(one) for one in said] == [Generation, Generation, Cancelled, Generation]
    assert asked.count(2) == 4
    assert not on_vllm._engine._engine.has_unfinished_requests()


def test_bad_prompts_leave_the_others_alone(on_vllm: Any) -> None:
    rows = on_vllm.info().vocabulary
    said = on_vllm.score_labels([PROMPTS[0], (1, rows), (3,) * 5000, PROMPTS[1]], (((65,),), ((66,),)))
    assert [type(one) for one in said] == [LabelScores, BackendFailed, BackendFailed, LabelScores]
    assert "5000 tokens" in str(said[2])


def test_several_threads_are_batched_together(on_vllm: Any) -> None:
    expected = on_vllm.generate(PROMPTS, max_tokens=20)
    found: dict[int, Any] = {}

    def ask(place: int) -> None:
        (found[place],) = on_vllm.generate([PROMPTS[place]], max_tokens=20)

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(len(PROMPTS))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[place].ids for place in range(len(PROMPTS))] == [one.ids for one in expected]


def test_a_reward_models_logits_are_the_same(reward_folder: Path) -> None:
    from gradewire_judges.backends.transformers import TransformersBackend
    from gradewire_judges.backends.vllm import VllmBackend

    how: dict[str, Any] = {"dtype": "float32", "device": "auto", "batch_tokens": 4096, "kind": "classifier"}
    ours = VllmBackend(reward_folder, max_tokens=2048, **how).classify(PROMPTS)
    theirs = TransformersBackend(reward_folder, **how).classify(PROMPTS)
    for one, other in zip(ours, theirs, strict=True):
        assert isinstance(one, Classification)
        assert isinstance(other, Classification)
        assert one.scores == pytest.approx(other.scores, abs=1e-5)


def test_the_same_card_gives_the_same_verdicts(qwen_folder: Path) -> None:
    card_file = qwen_folder / "card.yaml"
    requests = [
        JudgeRequest(id=str(n), question=f"What is {n} + {n}?", reference=str(2 * n), response=f"It is {n + 3}.")
        for n in range(12)
    ]
    verdicts: dict[str, list[Any]] = {}
    for backend in ("transformers", "vllm"):
        content = load_card(card_file).model_dump_json(exclude_none=True).replace('"transformers"', f'"{backend}"')
        judge = Judge.open(parse_card(content, source=card_file))
        assert judge.info().backend is not None
        verdicts[backend] = judge.judge(requests)
    for one, other in zip(verdicts["vllm"], verdicts["transformers"], strict=True):
        assert isinstance(one, JudgeVerdict)
        assert one.probabilities == pytest.approx(other.probabilities, abs=1e-5)
        assert one.label_mass == pytest.approx(other.label_mass, abs=1e-5)
