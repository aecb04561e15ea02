"""How much of a GPU's arithmetic label scoring uses, on a 7B-class model of random weights in bfloat16.

    python -m benchmarks.judge_gpu [--samples 64] [--rounds 5]

Nothing is downloaded: the weights are drawn on the GPU, in the shape of a Llama-class model of 7 billion parameters.
Each sample has 512 tokens of its own behind a shared prefix of 1,024, whose keys and values are kept. The peak is
measured in the same run: the best rate of bfloat16 matrix products, of the model's own shapes and of a large square,
taking turns with scoring. Counted is what the model must compute for the new tokens: two operations a weight and token
(the embedding left out, the last layer for last tokens only), and attention over the prefix and the row's own tokens.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial

import torch

_PREFIX = 1024
_OWN = 512
_SHAPE = {
    "vocab_size": 32_000,
    "hidden_size": 4096,
    "intermediate_size": 11_008,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 32,
    "max_position_embeddings": 4096,
}
_SQUARE = 8192


def draw_model() -> torch.nn.Module:
    """6.7 billion parameters, in bfloat16, on the GPU."""
    from transformers import LlamaConfig, LlamaForCausalLM

    default = torch.get_default_dtype()
    torch.set_default_dtype(torch.bfloat16)
    try:
        with torch.device("cuda"):
            return LlamaForCausalLM(LlamaConfig(**_SHAPE)).eval()
    finally:
        torch.set_default_dtype(default)


def operations(samples: int) -> float:
    """What scoring has to compute, in floating-point operations; a multiply-add is two."""
    hidden, inner, layers = _SHAPE["hidden_size"], _SHAPE["intermediate_size"], _SHAPE["num_hidden_layers"]
    weights = layers * (4 * hidden * hidden + 3 * hidden * inner)
    seen = _PREFIX + (_OWN + 1) / 2
    attention = layers * 4 * hidden * seen
    return samples * (_OWN * (2 * weights + attention) + 2 * hidden * _SHAPE["vocab_size"])


def seconds(work: Callable[[], object]) -> float:
    torch.cuda.synchronize()
    started = time.perf_counter()
    work()
    torch.cuda.synchronize()
    return time.perf_counter() - started


def ten_times(left: torch.Tensor, right: torch.Tensor) -> None:
    for _ in range(10):
        left @ right.T


def products(rows: int) -> list[tuple[Callable[[], object], float]]:
    """Matrix products and their operations."""
    hidden, inner = _SHAPE["hidden_size"], _SHAPE["intermediate_size"]
    made: list[tuple[Callable[[], object], float]] = []
    for m, k, n in ((_SQUARE, _SQUARE, _SQUARE), (rows, hidden, hidden), (rows, hidden, inner), (rows, inner, hidden)):
        left = torch.randn(m, k, device="cuda", dtype=torch.bfloat16)
        right = torch.randn(n, k, device="cuda", dtype=torch.bfloat16)
        made.append((partial(ten_times, left, right), 20.0 * m * k * n))
    return made


def run(samples: int, rounds: int, batch_tokens: int) -> None:
    from gradewire_judges.backends.reading import PackedReader, reader

    model = draw_model()
    chosen = reader(model)
    if not isinstance(chosen, PackedReader):
        raise SystemExit("this model is not read in packed rows, so that there is nothing to measure")
    draw = torch.Generator().manual_seed(0)
    ids = torch.randint(10, _SHAPE["vocab_size"], (samples + 2, _OWN), generator=draw).tolist()
    prefix = tuple(ids[-1] + ids[-2])
    rows = ids[:samples]
    at_once = max(1, batch_tokens // _OWN)

    def score() -> None:
        with torch.inference_mode():
            for first in range(0, samples, at_once):
                chosen.last(prefix, rows[first : first + at_once]).float().log_softmax(-1)[:, :8].cpu()

    score()
    peaks, best = products(at_once * _OWN), float("inf")
    for product, _ in peaks:
        product()
    rates = [0.0] * len(peaks)
    for _ in range(rounds):
        for place, (product, count) in enumerate(peaks):
            rates[place] = max(rates[place], count / seconds(product))
        best = min(best, seconds(score))
    reached, peak = operations(samples) / best, max(rates)
    parameters = sum(weight.numel() for weight in model.parameters())
    print(f"{torch.cuda.get_device_name()}, torch {torch.__version__}, {parameters / 1e9:.2f} B parameters, bfloat16")
    print(f"{samples} samples of {_OWN} tokens behind {_PREFIX} shared, {at_once} at once, best of {rounds} rounds")
    print(f"  scoring            {samples / best:9.1f} samples/s   {samples * _OWN / best:11.0f} new tokens/s")
    print(f"  scoring            {reached / 1e12:9.1f} TFLOP/s")
    print(f"  matrix product     {peak / 1e12:9.1f} TFLOP/s (best of {', '.join(f'{r / 1e12:.0f}' for r in rates)})")
    print(f"  fraction of peak   {reached / peak:9.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch-tokens", type=int, default=16_384, help="new tokens that go through the model at once")
    given = parser.parse_args()
    if not torch.cuda.is_available():
        print("not run: there is no GPU here")
        return
    run(given.samples, given.rounds, given.batch_tokens)


if __name__ == "__main__":
    main()
