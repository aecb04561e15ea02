"""A model run by vLLM, in this process: its scheduler batches, and its prefix cache keeps what prompts share.

Labels are read with `logprob_token_ids`: `logprobs` would give the most probable ids of the vocabulary, and the labels
may not be among them. A constraint is `allowed_token_ids`, a token at a time, by the same cursors as everywhere; no
grammar over text is used.
"""

import json
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import torch
import vllm
from vllm import LLM, PoolingParams, SamplingParams
from vllm.platforms import current_platform

from gradewire_judges.backend import (
    BackendInfo,
    Classification,
    Generation,
    IsCancelled,
    Labels,
    LabelScores,
    Prompts,
)
from gradewire_judges.backends.decoding import Saying
from gradewire_judges.backends.tokenizer import ModelTokenizer
from gradewire_judges.backends.vllm_engine import Asked, VllmEngine
from gradewire_judges.constraint import Constraint
from gradewire_judges.errors import BackendFailed, ModelUnsuitable
from gradewire_judges.label_trie import LabelTrie, scores_of
from gradewire_judges.model_files import fingerprint

_CPU_BLOCK = 32
"""Tokens that are cached or computed again together; vLLM's own choice for a CPU is 128."""


class VllmBackend:
    """One model, loaded by vLLM, and its tokenizer. What several threads ask goes through the model together."""

    def __init__(
        self,
        folder: Path,
        *,
        dtype: str,
        device: str,
        batch_tokens: int,
        max_tokens: int,
        kind: Literal["causal", "classifier"] = "causal",
    ) -> None:
        """Load from a directory; nothing is fetched, and no code from the directory is run.

        Args:
            folder: with config.json, tokenizer.json and safetensors weights.
            dtype: `float32`, `bfloat16` or `float16`.
            device: `auto`, or the kind of device that this build of vLLM is for.
            batch_tokens: tokens that go through the model at once.
            max_tokens: of a prompt and what is generated after it; the model's own context bounds it too.
            kind: what its weights are.

        Raises:
            ModelUnsuitable: weights or tokenizer do not load, or do not belong together.
        """
        self.tokenizer = ModelTokenizer(folder)
        where = current_platform.device_type
        if device != "auto" and device.partition(":")[0] != where:
            raise ModelUnsuitable(f"device {device} is not what this vLLM is for ({where}): use `device: auto`")
        if where == "cpu":  # else its sampler's few lines are compiled at the first verdict, which takes seconds
            torch.compiler.set_stance("force_eager")
        context = _context(folder)
        try:
            llm = LLM(
                model=str(folder),
                skip_tokenizer_init=kind == "causal",  # the pooling runner asks for one
                runner="generate" if kind == "causal" else "pooling",
                dtype=dtype,
                max_model_len=min(max_tokens, context or max_tokens),
                max_num_batched_tokens=batch_tokens,
                enable_prefix_caching=True,
                **({"block_size": _CPU_BLOCK} if where == "cpu" else {}),
                enforce_eager=where == "cpu",
                trust_remote_code=False,
                disable_log_stats=True,
            )
        except Exception as error:  # a broken directory makes the library raise anything
            raise ModelUnsuitable(f"{folder} does not load in vLLM: {error}") from error
        model = llm.llm_engine.model_config
        vocabulary = int(model.get_vocab_size())
        self.tokenizer.check_rows(vocabulary)
        self._engine = VllmEngine(llm, vocabulary)
        (parameters,) = llm.apply_model(_parameters)
        self._info = BackendInfo(
            name="vllm",
            kind=kind,
            isolation="tokens",
            model_id=folder.resolve().name,
            fingerprint=fingerprint(folder),
            architecture=str(model.architecture),
            parameters=parameters,
            max_tokens=int(model.max_model_len),
            vocabulary=vocabulary,
            determinism=f"{where} {dtype} vllm, continuous batches",
            prefix_cache=True,
            versions=f"torch {torch.__version__}, vllm {vllm.__version__}",
        )

    def info(self) -> BackendInfo:
        """What is running."""
        return self._info

    def score_labels(
        self, prompts: Prompts, labels: Labels, *, shared: int = 0, cancelled: IsCancelled | None = None
    ) -> list[LabelScores | BackendFailed]:
        """See `Backend.score_labels`. vLLM finds by itself what prompts share."""
        del shared
        if self._info.kind != "causal":
            return [BackendFailed("a classifier says no labels") for _ in prompts]
        trie = LabelTrie(labels)
        params = {path: _one_token(logprob_token_ids=list(ids)) for path, ids in trie.asked.items()}
        started = time.perf_counter()
        asked = self._engine.run(
            [((*prompt, *path), params[path]) for prompt in prompts for path in trie.asked],
            None if cancelled is None else lambda place: cancelled(place // len(params)),
        )
        elapsed = time.perf_counter() - started

        def read(one: Asked, ids: Sequence[int], prompt: Sequence[int]) -> LabelScores | BackendFailed:
            if one.failed is not None:
                return one.failed
            told = one.output.outputs[0].logprobs[0]
            values = tuple(float(told[id_].logprob) for id_ in ids)
            return LabelScores(values, one.output.num_cached_tokens or 0, elapsed, len(prompt))

        results: list[LabelScores | BackendFailed] = []
        for place, prompt in enumerate(prompts):
            of_prompt = asked[place * len(params) : (place + 1) * len(params)]
            said = {
                path: read(one, ids, prompt) for (path, ids), one in zip(trie.asked.items(), of_prompt, strict=True)
            }
            results.append(scores_of(trie, said))
        return results

    def classify(
        self, prompts: Prompts, *, shared: int = 0, cancelled: IsCancelled | None = None
    ) -> list[Classification | BackendFailed]:
        """See `Backend.classify`."""
        del shared
        if self._info.kind != "classifier":
            return [BackendFailed("a language model has no classes") for _ in prompts]
        params = PoolingParams(task="classify", use_activation=False)
        started = time.perf_counter()
        asked = self._engine.run([(prompt, params) for prompt in prompts], cancelled)
        elapsed = time.perf_counter() - started
        results: list[Classification | BackendFailed] = []
        for one, prompt in zip(asked, prompts, strict=True):
            if one.failed is not None:
                results.append(one.failed)
                continue
            scores = tuple(one.output.outputs.data.float().tolist())
            if all(map(math.isfinite, scores)):
                results.append(Classification(scores, one.output.num_cached_tokens or 0, elapsed, len(prompt)))
            else:
                results.append(BackendFailed("the model's outputs are not finite"))
        return results

    def generate(
        self,
        prompts: Prompts,
        *,
        max_tokens: int,
        constraints: Sequence[Constraint] | None = None,
        stop: Sequence[Sequence[int]] = (),
        temperature: float = 0.0,
        seed: int = 0,
        shared: int = 0,
        cancelled: IsCancelled | None = None,
    ) -> list[Generation | BackendFailed]:
        """See `Backend.generate`."""
        del shared
        if self._info.kind != "causal":
            return [BackendFailed("a classifier says nothing") for _ in prompts]
        rows = [
            Saying(place, max_tokens, stop, constraints[place] if constraints else None, temperature, None)
            for place in range(len(prompts))
        ]
        how = {"temperature": temperature, "seed": seed} if temperature > 0 else {"temperature": 0}
        started = time.perf_counter()
        say = self._say_constrained if constraints else self._say_freely
        cached = say(prompts, rows, how, cancelled)
        elapsed = time.perf_counter() - started
        results: list[Generation | BackendFailed] = []
        for row, known, prompt in zip(rows, cached, prompts, strict=True):
            said = tuple(row.ids), row.finish or "length", row.log_prob, known, elapsed, len(prompt), row.tokens
            results.append(row.failed or Generation(*said))
        return results

    def _say_freely(
        self, prompts: Prompts, rows: Sequence[Saying], how: dict[str, Any], cancelled: IsCancelled | None
    ) -> list[int]:
        """One request a prompt, read along until its end is said. Returns cached tokens."""

        def enough(one: Asked) -> bool:
            _hear(rows[one.place], one)
            return not rows[one.place].is_open

        requests = [
            (prompt, SamplingParams(max_tokens=row.max_tokens, logprobs=0, detokenize=False, ignore_eos=True, **how))
            for prompt, row in zip(prompts, rows, strict=True)
        ]
        asked = self._engine.run(requests, cancelled, enough)
        for one in asked:
            _hear(rows[one.place], one)
        return [_cached(one) for one in asked]

    def _say_constrained(
        self, prompts: Prompts, rows: Sequence[Saying], how: dict[str, Any], cancelled: IsCancelled | None
    ) -> list[int]:
        """A request a token; what was read before is in vLLM's prefix cache. Returns cached tokens of the first."""
        cached: dict[int, int] = {}
        while going := [row for row in rows if row.is_open]:
            requests = [
                ((*prompts[row.place], *row.ids), _one_token(allowed_token_ids=row.allowed, logprobs=0, **how))
                for row in going
            ]
            asked = self._engine.run(requests, _by_place(cancelled, [row.place for row in going]))
            for row, one in zip(going, asked, strict=True):
                heard = one.output.outputs[0] if one.failed is None else None
                row.failed = one.failed
                if heard is not None:
                    (id_,) = heard.token_ids
                    row.say(id_, float(heard.logprobs[0][id_].logprob))
                cached.setdefault(row.place, _cached(one))
        return [cached[row.place] for row in rows]


def _hear(row: Saying, one: Asked) -> None:
    """Say what the engine has generated further."""
    row.failed = one.failed
    if one.failed is None:
        said = one.output.outputs[0]
        for place in range(row.tokens, len(said.token_ids)):
            if row.is_open:
                id_ = said.token_ids[place]
                row.say(id_, float(said.logprobs[place][id_].logprob))


def _by_place(cancelled: IsCancelled | None, places: Sequence[int]) -> IsCancelled | None:
    return None if cancelled is None else lambda at: cancelled(places[at])


def _cached(one: Asked) -> int:
    return (one.output.num_cached_tokens or 0) if one.failed is None else 0


def _one_token(**how: Any) -> SamplingParams:
    return SamplingParams(**({"temperature": 0} | how), max_tokens=1, detokenize=False, ignore_eos=True)


def _context(folder: Path) -> int | None:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    found = config.get("max_position_embeddings")
    return found if isinstance(found, int) else None


def _parameters(model: Any) -> int:
    return sum(weight.numel() for weight in model.parameters())
