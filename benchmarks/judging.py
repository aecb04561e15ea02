"""Label scoring in one forward pass, against one-by-one `generate`, on models of random weights.

    python benchmarks/judging.py [--sizes tiny small] [--prompts 64] [--rounds 5]

The peer is `generate`, greedy, a prompt at a time: one new token, the cheapest verdict there is, and eight,
a short one such as `Verdict: [[A]]`. All read the same prompts (the test model's card, with worked
examples) in one run on one CPU thread, taking turns. Times are CPU seconds, so that what else the machine
does counts little; the figure is each way's best round. What scoring gives is compared with scoring one by
one before anything is printed.
"""

import argparse
import math
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
import yaml
from transformers import AutoModelForCausalLM

from gradewire_judges import BackendFailed, Judge, JudgeRequest, load_card, parse_card
from gradewire_judges.backend import LabelScores
from gradewire_judges.engine import Engine
from gradewire_judges.fixture import write_fixture

_SAID = ("It is the", "It is {double}.", "It is {place}.")
_EXAMPLES = "".join(
    f"Example {place}. Question: What is {place} + {place}? Reference: {2 * place} "
    f"Response: {_SAID[place % 3].format(double=2 * place, place=place)} Letter: {'CAB'[place % 3]}\n"
    for place in range(2, 18)
)
"""With the card's own words about a thousand tokens: a rubric with examples."""


def open_judge(folder: Path, size: Any) -> Judge:
    card_path = write_fixture(folder, size=size)
    content = load_card(card_path).model_dump(mode="json", exclude_none=True)
    content["template"][0]["parts"].insert(1, {"text": _EXAMPLES})
    content["device"] = "cpu"
    return Judge.open(parse_card(yaml.safe_dump(content), source=card_path))


def prompts_for(engine: Engine, count: int) -> list[tuple[int, ...]]:
    return [
        engine.builder.build(
            JudgeRequest(
                id=str(place),
                question=f"What is {place} + {place * 7 % 13}?",
                reference=str(place + place * 7 % 13),
                response=f"It is {place + 3}." + " Let me check." * (place % 4),
            )
        ).ids
        for place in range(count)
    ]


def measure(ways: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Best CPU seconds of each way; the ways take turns, so that a busy moment does not hit one alone."""
    best = dict.fromkeys(ways, math.inf)
    for _ in range(rounds):
        for name, way in ways.items():
            started = time.process_time()
            way()
            best[name] = min(best[name], time.process_time() - started)
    return best


def probabilities(scores: Sequence[LabelScores | BackendFailed]) -> list[list[float]]:
    read = []
    for score in scores:
        if isinstance(score, BackendFailed):
            raise score
        read.append([math.exp(value) for value in score.log_probs])
    return read


def run(size: str, count: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        judge = open_judge(Path(folder), size)
        peer = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    engine = judge.engine
    if engine is None:
        raise SystemExit("the test model's card has a model")
    prompts = prompts_for(engine, count)
    shared = len(engine.builder.prefix)

    def generate(tokens: int) -> None:
        for prompt in prompts:
            ids = torch.tensor([prompt])
            length = {"max_new_tokens": tokens, "min_new_tokens": tokens}
            peer.generate(ids, attention_mask=torch.ones_like(ids), do_sample=False, **length)

    def one_by_one() -> list[LabelScores | BackendFailed]:
        return [engine.backend.score_labels([prompt], engine.labels)[0] for prompt in prompts]

    def batched() -> list[LabelScores | BackendFailed]:
        return engine.backend.score_labels(prompts, engine.labels)

    def cached() -> list[LabelScores | BackendFailed]:
        return engine.backend.score_labels(prompts, engine.labels, shared=shared)

    alone = probabilities(one_by_one())
    worst = max(
        abs(p - q)
        for other in (batched(), cached())
        for row, expected in zip(probabilities(other), alone, strict=True)
        for p, q in zip(row, expected, strict=True)
    )
    if worst > judge.card.tolerance:
        raise SystemExit(f"batched label probabilities differ by {worst:.1e}, the card allows {judge.card.tolerance:g}")
    ways: dict[str, Callable[[], object]] = {
        "generate 1 token, one by one": lambda: generate(1),
        "generate 8 tokens, one by one": lambda: generate(8),
        "label scoring, one by one": one_by_one,
        "label scoring, batched": batched,
        "label scoring, batched, prefix cached": cached,
    }
    seconds = measure(ways, rounds)
    mean = sum(map(len, prompts)) / count
    print(f"\n{size}: {engine.info.parameters / 1e6:.2f} M parameters, {engine.info.determinism}")
    print(f"{count} prompts of {mean:.0f} tokens, {shared} of them shared; largest difference {worst:.1e}")
    one, eight, *_ = seconds.values()
    print(f"  {'':<40}{'prompts/s':>10}{'of 1 token':>12}{'of 8 tokens':>13}")
    for name, taken in seconds.items():
        print(f"  {name:<40}{count / taken:>10.1f}{one / taken:>10.1f} x{eight / taken:>11.1f} x")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="+", default=["tiny", "small"], choices=["tiny", "small"])
    parser.add_argument("--prompts", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    torch.set_num_threads(1)
    for size in given.sizes:
        run(size, given.prompts, given.rounds)


if __name__ == "__main__":
    main()
