"""A causal language model of the transformers library, in this process.

Label probabilities come from one forward pass. The state (KV cache) of the prefix that all prompts share is
computed once and kept; what follows it goes through the model in batches of similar length, padded on the
right, where padding is seen by no token that counts. Only the hidden states of last tokens become logits.
"""

import math
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast
from transformers.cache_utils import DynamicCache, DynamicLayer

from gradewire_judges.backend import BackendInfo, IsCancelled, Labels, LabelScores, Prompts
from gradewire_judges.errors import BackendFailed, Cancelled, ModelUnsuitable
from gradewire_judges.label_trie import LabelTrie
from gradewire_judges.layout import RenderChat
from gradewire_judges.model_files import fingerprint

_ROWS = 32
"""Most prompts of a batch: bounds the logits, which are rows × lengths × vocabulary."""

_LOCAL = {"local_files_only": True, "trust_remote_code": False}

_STRETCH = 1.25
"""Longest prompt of a batch over its shortest: bounds what is padding."""


class TransformersBackend:
    """One loaded model and its tokenizer."""

    def __init__(self, folder: Path, *, dtype: str, device: str, batch_tokens: int) -> None:
        """Load from a directory; nothing is fetched, and no code from the directory is run.

        Args:
            folder: with config.json, tokenizer.json and safetensors weights.
            dtype: `float32`, `bfloat16` or `float16`.
            device: a torch device, or `auto`.
            batch_tokens: tokens, padding and shared prefix included, that go through the model at once.

        Raises:
            ModelUnsuitable: weights or tokenizer do not load, or do not belong together.
        """
        transformers.utils.logging.disable_progress_bar()
        self._folder = folder
        self._batch_tokens = batch_tokens
        self._lock = threading.Lock()
        self._prefix: tuple[tuple[int, ...], list[tuple[torch.Tensor, torch.Tensor]]] | None = None
        self._device = _pick_device(device)
        try:
            # AutoTokenizer would build some architectures' tokenizers anew, whatever tokenizer.json says.
            self._tokenizer: Any = PreTrainedTokenizerFast.from_pretrained(folder, **_LOCAL)
            self._model: Any
            self._model, loading = AutoModelForCausalLM.from_pretrained(
                folder, use_safetensors=True, dtype=getattr(torch, dtype), output_loading_info=True, **_LOCAL
            )
        except Exception as error:  # a broken directory makes the libraries raise anything
            raise ModelUnsuitable(f"{folder} does not load: {error}") from error
        # The library fills in what a checkpoint lacks with random numbers.
        if lacking := sorted(loading["missing_keys"]):
            raise ModelUnsuitable(
                f"{folder}: the weights lack {lacking[0]} and {len(lacking) - 1} more: "
                "they are no whole causal language model"
            )
        self._model.to(self._device).eval()
        self._rows = int(self._model.get_input_embeddings().weight.shape[0])
        self._info = self._describe(dtype)

    def info(self) -> BackendInfo:
        """What is running."""
        return self._info

    def tokenizer_json(self) -> str:
        """The tokenizer in the `tokenizers` library's own form."""
        return str(self._tokenizer.backend_tokenizer.to_str())

    def chat_renderer(self) -> RenderChat | None:
        """Renders messages by the model's chat template; None where it has none."""
        if not self._tokenizer.chat_template:
            return None
        return lambda messages: str(
            self._tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        )

    def score_labels(
        self, prompts: Prompts, labels: Labels, *, shared: int = 0, cancelled: IsCancelled | None = None
    ) -> list[LabelScores | BackendFailed]:
        """See `Backend.score_labels`."""
        trie = LabelTrie(labels)
        by_path = {
            path: self._score_next([(*prompt, *path) for prompt in prompts], [[id_] for id_ in ids], shared, cancelled)
            for path, ids in trie.asked.items()
        }
        results: list[LabelScores | BackendFailed] = []
        for place, first in enumerate(by_path[()]):
            of_prompt = {path: rows[place] for path, rows in by_path.items()}
            failed = next((said for said in of_prompt.values() if isinstance(said, BackendFailed)), None)
            if failed is not None or isinstance(first, BackendFailed):
                results.append(failed or BackendFailed("the model said nothing"))
                continue
            log_probs = {path: said.log_probs for path, said in of_prompt.items() if isinstance(said, LabelScores)}
            results.append(replace(first, log_probs=trie.combine(log_probs), prompt_tokens=len(prompts[place])))
        return results

    def _score_next(
        self, prompts: Prompts, labels: Sequence[Sequence[int]], shared: int, cancelled: IsCancelled | None
    ) -> list[LabelScores | BackendFailed]:
        results: dict[int, LabelScores | BackendFailed] = {}
        sound: list[int] = []
        for place, prompt in enumerate(prompts):
            if min(prompt) >= 0 and max(prompt) < self._rows:
                sound.append(place)
            else:
                results[place] = BackendFailed(f"a token id is beyond the model's {self._rows} rows")
        for grouped in self._batches(prompts, sound):
            batch = [place for place in grouped if cancelled is None or not cancelled(place)]
            results |= {place: Cancelled() for place in set(grouped) - set(batch)}
            if not batch:
                continue
            with self._lock, torch.inference_mode():  # taken a batch, so that calls take turns
                rows = self._score([prompts[place] for place in batch], labels, shared)
            results |= dict(zip(batch, rows, strict=True))
        return [results[place] for place in range(len(prompts))]

    def _score(
        self, prompts: Sequence[Sequence[int]], labels: Sequence[Sequence[int]], shared: int
    ) -> list[LabelScores | BackendFailed]:
        """One batch. Where it fails as a whole, as for lack of memory, its prompts go one by one."""
        started = time.perf_counter()
        try:
            log_probs, cached = self._forward(prompts, labels, shared)
        except RuntimeError as error:
            if len(prompts) > 1:
                return [row for prompt in prompts for row in self._score([prompt], labels, shared)]
            return [BackendFailed(f"failed on a prompt of {len(prompts[0])} tokens: {error}")]
        elapsed = time.perf_counter() - started
        return [
            LabelScores(tuple(row), cached, elapsed, 0)
            if all(map(math.isfinite, row))
            else BackendFailed("the model's label probabilities are not finite")
            for row in log_probs
        ]

    def _batches(self, prompts: Sequence[Sequence[int]], places: Sequence[int]) -> Iterator[list[int]]:
        """`places`, put together by their prompts' lengths, so that a batch has little padding."""
        batch: list[int] = []
        for place in sorted(places, key=lambda place: len(prompts[place])):
            length = len(prompts[place])
            full = len(batch) == _ROWS or (len(batch) + 1) * length > self._batch_tokens
            if batch and (full or length > len(prompts[batch[0]]) * _STRETCH):
                yield batch
                batch = []
            batch.append(place)
        if batch:
            yield batch

    def _forward(
        self, prompts: Sequence[Sequence[int]], labels: Sequence[Sequence[int]], shared: int
    ) -> tuple[list[list[float]], int]:
        cache, cached = self._state(tuple(prompts[0][:shared]), len(prompts))
        rest = [prompt[cached:] for prompt in prompts]
        longest = max(map(len, rest))
        ids = torch.tensor([[*tail, *[0] * (longest - len(tail))] for tail in rest], device=self._device)
        lengths = torch.tensor([len(tail) for tail in rest], device=self._device)
        ends, row_end = torch.unique(lengths - 1, return_inverse=True)
        # No mask: a token sees only what stands before it, and the padding stands after all that counts.
        logits = self._model(
            input_ids=ids,
            past_key_values=cache,
            use_cache=cache is not None,
            logits_to_keep=ends,
        ).logits
        last = logits[torch.arange(len(rest), device=self._device), row_end].float()
        log_probs = torch.log_softmax(last, dim=-1)
        by_label = torch.stack([log_probs[:, list(forms)].logsumexp(dim=-1) for forms in labels], dim=1)
        return by_label.tolist(), cached

    def _state(self, prefix: tuple[int, ...], rows: int) -> tuple[DynamicCache | None, int]:
        """The prefix's state for a batch, and how many tokens it covers."""
        if not prefix or not self._info.prefix_cache:
            return None, 0
        if self._prefix is None or self._prefix[0] != prefix:
            cache = DynamicCache(config=self._model.config)
            ids = torch.tensor([prefix], device=self._device)
            self._model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1)
            self._prefix = prefix, [(layer.keys, layer.values) for layer in cache.layers]
        batch = DynamicCache(config=self._model.config)
        for layer, (keys, values) in zip(batch.layers, self._prefix[1], strict=True):
            layer.lazy_initialization(keys, values)
            layer.keys, layer.values = keys.expand(rows, -1, -1, -1), values.expand(rows, -1, -1, -1)
        return batch, len(prefix)

    def _describe(self, dtype: str) -> BackendInfo:
        config = self._model.config.get_text_config()
        largest = max(self._tokenizer.get_vocab().values())
        if largest >= self._rows:
            raise ModelUnsuitable(
                f"{self._folder}: the tokenizer has id {largest}, and the embedding {self._rows} rows: "
                "these files do not belong together"
            )
        layers = DynamicCache(config=self._model.config).layers
        attention = getattr(self._model.config, "_attn_implementation", "unknown")
        return BackendInfo(
            name="transformers",
            kind="causal",
            isolation="tokens",
            model_id=self._folder.resolve().name,
            fingerprint=fingerprint(self._folder),
            architecture=type(self._model).__name__,
            parameters=sum(weight.numel() for weight in self._model.parameters()),
            max_tokens=getattr(config, "max_position_embeddings", None),
            vocabulary=self._rows,
            determinism=f"{self._device.type} {dtype} {attention}, batched",
            # Sliding and recurrent states cannot be shared by laying them under a batch.
            prefix_cache=bool(layers) and all(type(layer) is DynamicLayer for layer in layers),
            versions=f"torch {torch.__version__}, transformers {transformers.__version__}",
        )


def _pick_device(wanted: str) -> torch.device:
    if wanted == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    device = torch.device(wanted)
    available = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not available[device.type]:
        raise ModelUnsuitable(f"device {wanted} is not available here: use `device: auto`")
    return device
