"""The endpoint backend against vLLM's own OpenAI-compatible server."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gradewire_judges import Judge, JudgeRequest, JudgeVerdict, load_card, parse_card
from gradewire_judges.backend import Generation, LabelScores
from gradewire_judges.backends.openai import OpenAIBackend
from gradewire_judges.characters import CharacterEncoder, render_chat
from gradewire_judges.constraint import OneOf
from gradewire_judges.endpoint import Endpoint
from gradewire_judges.errors import EndpointRefused

_START_S = 300
ENCODER = CharacterEncoder()
PROMPTS = [ENCODER.trusted(render_chat([{"role": "user", "content": f"Is {n} odd?"}])) for n in range(6)]


@pytest.fixture(scope="module")
def url(qwen_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log.txt"
    command = [sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--model", str(qwen_folder)]
    command += ["--served-model-name", "judge", "--dtype", "float32", "--enforce-eager", "--max-model-len", "2048"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(
            command,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=os.environ
            | {"VLLM_CPU_KVCACHE_SPACE": "1", "HF_HUB_OFFLINE": "1", "VLLM_ENABLE_V1_MULTIPROCESSING": "1"},
        )
    try:
        until = time.monotonic() + _START_S
        while not _serves(f"http://127.0.0.1:{port}/health"):
            if server.poll() is not None or time.monotonic() > until:
                pytest.fail(f"vLLM's server did not start:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait(30)


def _serves(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _backend(url: str, **how: Any) -> OpenAIBackend:
    return OpenAIBackend(Endpoint(url=url, model="judge", **how))


def test_labels_have_the_probabilities_that_the_same_weights_give_here(url: str, on_transformers: Any) -> None:
    """Labels are what these random weights say first; the server's tokenizer makes the same ids of such a text."""
    from gradewire_judges.encoder import TextEncoder

    backend = _backend(url, max_answer_tokens=1)
    encoder = TextEncoder(on_transformers.tokenizer.json())
    render = on_transformers.tokenizer.chat_renderer()
    for n, prompt in enumerate(PROMPTS):
        (first,) = backend.generate([prompt], max_tokens=1)
        assert isinstance(first, Generation)
        word = ENCODER.written(first.ids)
        if not word.isprintable() or not word.strip():
            continue
        (told,) = backend.score_labels([prompt], [[ENCODER.trusted(word.strip())], [ENCODER.trusted("@@@")]])
        assert isinstance(told, LabelScores)
        ids = encoder.trusted(render([{"role": "user", "content": f"Is {n} odd?"}]), first=True)
        forms = [encoder.trusted(form) for form in (word.strip(), f" {word.strip()}")]
        single = [form for form in forms if len(form) == 1]
        (here,) = on_transformers.score_labels([ids], [single, [[7]]])
        assert told.log_probs[0] == pytest.approx(here.log_probs[0], abs=1e-4)
        assert told.prompt_tokens == len(ids)
        break
    else:
        pytest.fail("the model says nothing that can be printed")


def test_a_choice_is_kept_to(url: str) -> None:
    backend = _backend(url, answers="said", constrain="structured_outputs", max_answer_tokens=8)
    labels = [[ENCODER.trusted(text)] for text in ("yes", "no", "perhaps")]
    said = backend.score_labels(PROMPTS, labels)
    assert all(isinstance(one, LabelScores) and one.said for one in said)
    one = OneOf(tuple(tuple(ENCODER.trusted(text)) for text in ("first", "second")))
    chosen = backend.generate(PROMPTS, max_tokens=8, constraints=[one] * len(PROMPTS))
    assert {ENCODER.written(said.ids) for said in chosen if isinstance(said, Generation)} <= {"first", "second"}
    assert all(isinstance(said, Generation) for said in chosen)


def test_a_model_that_is_not_there_is_refused(url: str) -> None:
    (said,) = OpenAIBackend(Endpoint(url=url, model="other")).score_labels(PROMPTS[:1], [[[65]], [[66]]])
    assert isinstance(said, EndpointRefused)
    assert "other" in str(said)


def test_a_judge_behind_vllms_server(url: str, qwen_folder: Path) -> None:
    content = load_card(qwen_folder / "card.yaml").model_dump(mode="json", exclude_none=True, exclude={"model"})
    endpoint = {"url": url, "model": "judge", "answers": "said", "constrain": "structured_outputs"}

    judge = Judge.open(parse_card(json.dumps(content | {"backend": "openai", "endpoint": endpoint})))
    (verdict,) = judge.judge([JudgeRequest(id="1", question="What is 2 + 3?", reference="5", response="It is 5.")])
    assert isinstance(verdict, JudgeVerdict)
    assert verdict.isolation == "text"
    assert verdict.label in {"correct", "incorrect", "invalid"}
    assert verdict.usage.prompt_tokens > 100
