"""Label scoring in one forward pass, against one-by-one `generate` and against vLLM, on models of random weights.

    python -m benchmarks.judging [--sizes tiny small] [--rounds 5] [--vllm .venv-vllm]

The peers are the library's `generate`, greedy, a prompt at a time (one new token, the cheapest verdict there is, and
eight, a short one such as `Verdict: [[A]]`), and vLLM's label scoring behind its cached prefix, where `make test-vllm`
has made its environment. All read the same prompts in one run on one CPU thread, taking turns. Two kinds of prompts:

    short answers   508 ids of a rubric shared, and 42 to 58 of each prompt's own
    through a card  what the judge's builder makes of requests, fences and closing instructions included, behind a
                    rubric with worked examples

Times are CPU seconds, so that what else the machine does counts little; the figure is each way's best round. What
scoring gives is compared with scoring one by one, and with what vLLM gives, before anything is printed.
"""

import argparse
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import yaml
from transformers import AutoModelForCausalLM

from benchmarks.judges import readiness
from gradewire_judges import BackendFailed, Judge, JudgeRequest, load_card, parse_card
from gradewire_judges.backend import LabelScores
from gradewire_judges.engine import Engine
from gradewire_judges.fixture import write_fixture

_SAID = ("It is the", "It is {double}.", "It is {place}.")
_EXAMPLES = "".join(
    f"Example {place}. Question: What is {place} + {place}? Reference: {2 * place} "
    f"Response: {_SAID[place % 3].format(double=2 * place, place=place)} Letter: {'CAB'[place % 3]}\n"
    for place in range(2, 30)
)
"""With the card's own words about twelve hundred tokens: a rubric with examples."""

_SHARED = 508
_OWN = (42, 58)
"""Tokens of a short answer's prompt."""


def open_judge(folder: Path, size: Any) -> Judge:
    card_path = write_fixture(folder, size=size)
    content = load_card(card_path).model_dump(mode="json", exclude_none=True)
    content["template"][0]["parts"].insert(1, {"text": _EXAMPLES})
    content["device"] = "cpu"
    return Judge.open(parse_card(yaml.safe_dump(content), source=card_path))


@dataclass(frozen=True)
class Workload:
    """Prompts, and how many leading ids they share."""

    name: str
    prompts: list[tuple[int, ...]]
    shared: int


def short_answers(engine: Engine, count: int) -> Workload:
    """Responses of about fifty tokens behind a rubric of 508, and nothing else."""
    shared, draw = engine.builder.prefix[:_SHARED], random.Random(0)
    words = sorted(set(_EXAMPLES.split()))
    prompts = []
    for place in range(count):
        text = " ".join([str(place), *draw.choices(words, k=60)])
        own = engine.encoder.untrusted(text, field="response").ids[: draw.randint(*_OWN)]
        prompts.append((*shared, *own))
    return Workload("short answers", prompts, _SHARED)


def through_card(engine: Engine, count: int) -> Workload:
    """What the judge itself asks its model."""
    prompts = [
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
    return Workload("through a card", prompts, len(engine.builder.prefix))


def measure(ways: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Best CPU seconds of each way; the ways take turns, so that a busy moment does not hit one alone."""
    best = dict.fromkeys(ways, math.inf)
    for _ in range(rounds):
        for name, way in ways.items():
            best[name] = min(best[name], way())
    return best


def timed(work: Callable[[], object]) -> Callable[[], float]:
    def run() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return run


def probabilities(scores: Sequence[LabelScores | BackendFailed]) -> list[list[float]]:
    read = []
    for score in scores:
        if isinstance(score, BackendFailed):
            raise score
        read.append([math.exp(value) for value in score.log_probs])
    return read


def largest_difference(some: list[list[float]], others: list[list[float]]) -> float:
    return max(abs(p - q) for row, other in zip(some, others, strict=True) for p, q in zip(row, other, strict=True))


@contextmanager
def vllm_rounds(python: Path, folder: Path, work: Workload, labels: Sequence[int]) -> Iterator[Any]:
    """A function that has vLLM do a round, and gives what it says of it."""
    worker = subprocess.Popen(
        [python, Path(__file__).parent / "judges" / "vllm_worker.py", folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    pipe_in, pipe_out = worker.stdin, worker.stdout
    if pipe_in is None or pipe_out is None:
        raise TypeError("pipes were asked for")
    pipe_in.write(json.dumps({"prompts": work.prompts, "labels": labels, "shared": work.shared}) + "\n")

    def one_round() -> dict[str, Any]:
        pipe_in.write("\n")
        pipe_in.flush()
        answer: dict[str, Any] = json.loads(pipe_out.readline() or "null")
        if answer is None:
            raise SystemExit("vLLM's worker ended early: run benchmarks/judges/vllm_worker.py by itself")
        return answer

    try:
        yield one_round
    finally:
        pipe_in.close()
        worker.wait(60)


def compare(judge: Judge, engine: Engine, peer: Any, work: Workload, rounds: int, python: Path, folder: Path) -> None:
    prompts, shared = work.prompts, work.shared

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
    worst = max(largest_difference(probabilities(other), alone) for other in (batched(), cached()))
    if worst > judge.card.tolerance:
        raise SystemExit(f"batched label probabilities differ by {worst:.1e}: the card has {judge.card.tolerance:g}")
    ways = {
        "generate 1 token, one by one": timed(lambda: generate(1)),
        "generate 8 tokens, one by one": timed(lambda: generate(8)),
        "label scoring, one by one": timed(one_by_one),
        "label scoring, batched": timed(batched),
        "label scoring, batched, prefix cached": timed(cached),
    }
    if python.exists():
        ids = [form[0] for forms in engine.labels for form in forms]
        with vllm_rounds(python, folder, work, ids) as one_round:
            here = probabilities(engine.backend.score_labels(prompts, [[[id_]] for id_ in ids], shared=shared))
            theirs = [[math.exp(value) for value in row] for row in one_round()["log_probs"]]
            if (apart := largest_difference(here, theirs)) > judge.card.tolerance:
                raise SystemExit(f"vLLM's probabilities differ by {apart:.1e}")
            ways["vLLM's label scoring, prefix cached"] = lambda: float(one_round()["seconds"])
            seconds = measure(ways, rounds)
    else:
        seconds = measure(ways, rounds)
    mean = sum(map(len, prompts)) / len(prompts)
    one, eight, *_ = seconds.values()
    ours = seconds["label scoring, batched, prefix cached"]
    print(f"\n  {work.name}: {len(prompts)} prompts of {mean:.0f} tokens, {shared} of them shared; ", end="")
    print(f"largest difference {worst:.1e}")
    print(f"  {'':<40}{'prompts/s':>10}{'of 1 token':>12}{'of 8 tokens':>13}{'ours of it':>12}")
    for way, taken in seconds.items():
        rate = len(prompts) / taken
        print(f"  {way:<40}{rate:>10.1f}{one / taken:>10.1f} x{eight / taken:>11.1f} x{taken / ours:>10.2f} x")


def run(size: str, count: int, rounds: int, vllm: Path) -> None:
    python = vllm / "bin" / "python"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        judge = open_judge(folder, size)
        engine = judge.engine
        if engine is None:
            raise SystemExit("the test model's card has a model")
        peer = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
        print(f"\n{size}: {(engine.info.parameters or 0) / 1e6:.2f} M parameters, {engine.info.determinism}")
        print(f"  `gradewire serve judging` to SERVING, transformers: {readiness.serve(folder / 'card.yaml')}")
        opened = readiness.open_judge(sys.executable, folder / "card.yaml")
        print(f"  from a new process to an open judge, transformers: {opened}")
        if python.exists():
            on_vllm = folder / "vllm.yaml"
            on_vllm.write_text((folder / "card.yaml").read_text().replace('"transformers"', '"vllm"'))
            print(f"  from a new process to an open judge, vLLM: {readiness.open_judge(python, on_vllm)}")
        else:
            print(f"  vLLM not run: no {python}, which `make test-vllm` makes")
        for work in (short_answers(engine, 2 * count), through_card(engine, count)):
            compare(judge, engine, peer, work, rounds, python, folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="+", default=["tiny", "small"], choices=["tiny", "small"])
    parser.add_argument("--prompts", type=int, default=64, help="through a card; twice as many short answers")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--vllm", type=Path, default=Path(".venv-vllm"), help="vLLM's environment")
    given = parser.parse_args()
    torch.set_num_threads(1)
    for size in given.sizes:
        run(size, given.prompts, given.rounds, given.vllm)


if __name__ == "__main__":
    main()
