"""How much of a GPU's arithmetic label scoring uses, on a 7B-class model of random weights in bfloat16.

    python -m benchmarks.judge_gpu [--samples 64] [--rounds 5] [--out FILE.json]
    python -m benchmarks.judge_gpu --device cpu --tiny     the same steps on a model of no size, which measures nothing

Nothing is downloaded: the weights are drawn on the GPU, in the shape of a Llama-class model of 7 billion parameters.
Each sample has 512 tokens of its own, all of them new to the model, behind a shared prefix of 1,024, whose keys and
values are kept; labels are scored at its last token, and nothing is generated. The peak is measured in the same run:
the best rate of bfloat16 matrix products, of the model's own shapes and of a large square, taking turns with scoring.
Times are wall seconds around work that the device has finished, so that what Python takes counts against us. Counted
is what is computed for the new tokens: two operations a weight and token (the embedding left out, the output layer for
last tokens only), and attention over the prefix and the row's own tokens (in the last layer for last tokens only).

About 20 GB of the device's memory are needed; where a batch does not fit, half of it is tried.
"""

import argparse
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch

DTYPE = torch.bfloat16
_PRODUCTS = 10
"""Of one shape in a row, timed together."""

_CHECKED = 2
"""Samples whose probabilities are compared with those that the library gives for the whole prompt."""


@dataclass(frozen=True)
class Setting:
    """A model's shape, and what it reads."""

    vocab_size: int
    hidden_size: int
    intermediate_size: int
    num_hidden_layers: int
    num_attention_heads: int
    prefix: int
    """Tokens that all samples share."""

    own: int
    """Tokens of each sample's own."""

    square: int
    """Side of the large square matrices whose product may be the peak."""

    def config(self) -> dict[str, int]:
        """What transformers wants to know."""
        shape = {name: value for name, value in asdict(self).items() if name not in ("prefix", "own", "square")}
        return shape | {"num_key_value_heads": self.num_attention_heads, "max_position_embeddings": 4096}

    def weights(self) -> int:
        """Of the layers, without embedding and output layer."""
        return self.num_hidden_layers * self.hidden_size * (4 * self.hidden_size + 3 * self.intermediate_size)

    def operations(self, samples: int) -> float:
        """What scoring computes, in floating-point operations; a multiply-add is two."""
        seen = (self.num_hidden_layers - 1) * self.own * (self.prefix + (self.own + 1) / 2)
        seen += self.prefix + self.own
        attention = 4 * self.hidden_size * seen
        return samples * (2 * self.own * self.weights() + attention + 2 * self.hidden_size * self.vocab_size)


SEVEN_B = Setting(32_000, 4096, 11_008, 32, 32, prefix=1024, own=512, square=8192)
TINY = Setting(512, 64, 160, 2, 2, prefix=32, own=16, square=64)


def draw_model(setting: Setting, device: torch.device) -> Any:
    """A model of random weights on the device."""
    from transformers import LlamaConfig, LlamaForCausalLM

    default = torch.get_default_dtype()
    torch.set_default_dtype(DTYPE)
    try:
        with torch.device(device):
            return LlamaForCausalLM(LlamaConfig(**setting.config())).eval()
    finally:
        torch.set_default_dtype(default)


class Scoring:
    """The judge's reader over samples behind their prefix."""

    def __init__(self, setting: Setting, device: torch.device, samples: int, batch_tokens: int) -> None:
        from gradewire_judges.backends.reading import PackedReader, reader

        self.setting = setting
        self.model = draw_model(setting, device)
        chosen = reader(self.model)
        if not isinstance(chosen, PackedReader):
            raise SystemExit("this model is not read in packed rows, so that there is nothing to measure")
        self._reader = chosen
        draw = torch.Generator().manual_seed(0)
        ids = torch.randint(10, setting.vocab_size, (samples * setting.own + setting.prefix,), generator=draw).tolist()
        self.prefix = tuple(ids[: setting.prefix])
        self.rows = [ids[at : at + setting.own] for at in range(setting.prefix, len(ids), setting.own)]
        self.at_once = min(samples, max(1, batch_tokens // setting.own))

    def __call__(self) -> None:
        """Score all samples."""
        for first in range(0, len(self.rows), self.at_once):
            self._logits(self.rows[first : first + self.at_once]).log_softmax(-1)[:, :8].cpu()

    def fit(self) -> None:
        """Compute the prefix, warm up, and find a batch that fits."""
        while True:
            try:
                self()
            except torch.OutOfMemoryError:
                if self.at_once == 1:
                    raise
                self.at_once //= 2
                torch.cuda.empty_cache()
            else:
                return

    def difference(self) -> float:
        """Largest total variation between the next token's distributions here and those of the library's own attention
        over the whole prompt."""
        rows = self.rows[:_CHECKED]
        here = self._logits(rows).softmax(-1)
        kind = self.model.config._attn_implementation
        self.model.set_attn_implementation("sdpa")
        whole = torch.tensor([[*self.prefix, *row] for row in rows], device=self.model.device)
        with torch.inference_mode():
            there = self.model(whole, use_cache=False, logits_to_keep=1).logits[:, -1].float().softmax(-1)
        self.model.set_attn_implementation(kind)
        return float((here - there).abs().sum(-1).max()) / 2

    def _logits(self, rows: Sequence[Sequence[int]]) -> torch.Tensor:
        with torch.inference_mode():
            return self._reader.last(self.prefix, rows).float()


def multiply(left: torch.Tensor, right: torch.Tensor) -> None:
    for _ in range(_PRODUCTS):
        left @ right.T


def products(setting: Setting, rows: int, device: torch.device) -> dict[str, tuple[Callable[[], object], float]]:
    """By name, matrix products and their operations."""
    square, hidden, inner = setting.square, setting.hidden_size, setting.intermediate_size
    made: dict[str, tuple[Callable[[], object], float]] = {}
    for m, k, n in ((square, square, square), (rows, hidden, hidden), (rows, hidden, inner), (rows, inner, hidden)):
        left = torch.randn(m, k, device=device, dtype=DTYPE)
        right = torch.randn(n, k, device=device, dtype=DTYPE)
        made[f"{m} x {k} x {n}"] = partial(multiply, left, right), 2.0 * _PRODUCTS * m * k * n
    return made


def seconds(work: Callable[[], object], device: torch.device) -> float:
    """Wall seconds until the device has done it."""
    settle(device)
    started = time.perf_counter()
    work()
    settle(device)
    return time.perf_counter() - started


def settle(device: torch.device) -> None:
    """Wait for what the device was told to do."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def measure(scoring: Scoring, rounds: int, device: torch.device) -> dict[str, Any]:
    """What is known of the run, every round's seconds included."""
    setting, samples = scoring.setting, len(scoring.rows)
    scoring.fit()
    peaks = products(setting, scoring.at_once * setting.own, device)
    for product, _ in peaks.values():
        product()
    scored: list[float] = []
    multiplied: dict[str, list[float]] = {name: [] for name in peaks}
    for _ in range(rounds):
        for name, (product, _) in peaks.items():
            multiplied[name].append(seconds(product, device))
        scored.append(seconds(scoring, device))
    rates = {name: operations / min(multiplied[name]) for name, (_, operations) in peaks.items()}
    reached, peak = setting.operations(samples) / min(scored), max(rates.values())
    on_gpu = device.type == "cuda"
    return {
        "device": torch.cuda.get_device_name(device) if on_gpu else "cpu",
        "memory_gb": torch.cuda.max_memory_allocated(device) / 1e9 if on_gpu else None,
        "versions": {"torch": torch.__version__, "cuda": torch.version.cuda},
        "setting": asdict(setting),
        "parameters": sum(weight.numel() for weight in scoring.model.parameters()),
        "samples": samples,
        "at_once": scoring.at_once,
        "operations": setting.operations(samples),
        "scoring_s": scored,
        "products_s": multiplied,
        "products_per_call": _PRODUCTS,
        "scoring_flops": reached,
        "product_flops": rates,
        "fraction_of_peak": reached / peak,
        "samples_per_s": samples / min(scored),
        "difference": scoring.difference(),
    }


def show(found: dict[str, Any]) -> None:
    """The run in words."""
    setting, rates = found["setting"], found["product_flops"]
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items() if version)
    print(f"{found['device']}, {versions}; {found['parameters'] / 1e9:.2f} B parameters, bfloat16")
    print(
        f"{found['samples']} samples of {setting['own']} tokens behind {setting['prefix']} shared, "
        f"{found['at_once']} at once, best of {len(found['scoring_s'])} rounds"
    )
    new = found["samples_per_s"] * setting["own"]
    print(f"  scoring            {found['samples_per_s']:9.1f} samples/s   {new:11.0f} new tokens/s")
    print(f"  scoring            {found['scoring_flops'] / 1e12:9.1f} TFLOP/s")
    told = ", ".join(f"{name} {rate / 1e12:.0f}" for name, rate in rates.items())
    print(f"  matrix product     {max(rates.values()) / 1e12:9.1f} TFLOP/s (the best of {told})")
    print(f"  fraction of peak   {found['fraction_of_peak']:9.1%}")
    print(f"  next token's distribution beside the library's own over the whole prompt: {found['difference']:.1e} away")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch-tokens", type=int, default=16_384, help="new tokens that go through the model at once")
    parser.add_argument("--device", default="cuda", help="a torch device")
    parser.add_argument("--tiny", action="store_true", help="a model of no size: tries the script, measures nothing")
    parser.add_argument("--out", type=Path, help="where all of it goes, as JSON")
    given = parser.parse_args(arguments)
    device = torch.device(given.device)
    if device.type == "cuda" and not torch.cuda.is_available():
        print("not run: there is no GPU here")
        return
    setting = TINY if given.tiny else SEVEN_B
    try:
        found = measure(Scoring(setting, device, given.samples, given.batch_tokens), given.rounds, device)
    except torch.OutOfMemoryError as error:
        raise SystemExit(f"not run: the device's memory is too small, or in use: {error}") from None
    if not math.isfinite(found["difference"]):
        raise SystemExit("the model's outputs are not finite: nothing was measured")
    show(found)
    if given.out is not None:
        given.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
