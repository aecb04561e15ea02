"""Many small calls to a judge, against one big call: what micro-batches across calls are worth.

    python -m benchmarks.judging_calls [--size tiny|small] [--samples 256] [--at-once 64] [--rounds 5]

One service with a model of random weights on the CPU; every response is new, so that no verdict is reused. The ways
take turns: one call with all samples; a call a sample, so many at once; a call a sample, one after the other. Printed
are the medians of samples a second and of CPU milliseconds a sample (front and worker), which a busy machine moves
less.
"""

import argparse
import asyncio
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from benchmarks.judges.readiness import cpu_s
from gradewire.v1 import grader_pb2, grader_pb2_grpc, sample_pb2
from gradewire_judges.fixture import write_fixture
from gradewire_protos import dial


def request(tag: str, numbers: range) -> grader_pb2.GradeRequest:
    """Samples that ask the same question, each with a response of its own."""
    made = grader_pb2.GradeRequest(grader="judge")
    group = made.groups.add(group_id=tag, reference_json='"42"')
    group.prompt.append(sample_pb2.Message(role="user", content="What is six times seven?"))
    for n in numbers:
        group.samples.add(sample_id=f"{tag}-{n}", text=f"{tag} {n}: it is {n}." + " Let me check." * (n % 5))
    return made


async def measure(
    address: str, front: int, samples: int, at_once: int, rounds: int
) -> dict[str, list[tuple[float, float]]]:
    """By way, samples a second and CPU milliseconds a sample of each round."""
    async with dial(address) as channel:
        stub: Any = grader_pb2_grpc.GraderServiceStub(channel)

        async def ask(asked: grader_pb2.GradeRequest) -> int:
            count = 0
            async for response in stub.Grade(asked, timeout=600):
                assert not any(result.HasField("error") for result in response.results), response
                count += len(response.results)
            return count

        async def big(tag: str) -> int:
            return await ask(request(tag, range(samples)))

        async def small(tag: str) -> int:
            room = asyncio.Semaphore(at_once)

            async def one(n: int) -> int:
                async with room:
                    return await ask(request(f"{tag}.{n}", range(n, n + 1)))

            return sum(await asyncio.gather(*(one(n) for n in range(samples))))

        async def alone(tag: str) -> int:
            return sum([await ask(request(f"{tag}.{n}", range(n, n + 1))) for n in range(max(8, samples // 16))])

        ways: dict[str, Callable[[str], Awaitable[int]]] = {
            "one call": big,
            f"a call a sample, {at_once} at once": small,
            "a call a sample, one by one": alone,
        }
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        await big("warm")
        for number in range(rounds):
            for place, (name, way) in enumerate(ways.items()):
                began, cpu = time.perf_counter(), cpu_s(front)
                count = await way(f"{place}.{number}")
                found[name].append((count / (time.perf_counter() - began), 1000 * (cpu_s(front) - cpu) / count))
        return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", choices=("tiny", "small"), default="tiny")
    parser.add_argument("--samples", type=int, default=256)
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        card = write_fixture(Path(folder) / "model", size=options.size)
        command = [sys.executable, "-m", "gradewire_services.command", "judging", "--listen", "127.0.0.1:0"]
        with subprocess.Popen([*command, "--card", str(card)], stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            line = server.stdout.readline()
            address = re.search(r" on ([^ ]+): ", line)
            assert address is not None, line
            try:
                found = asyncio.run(measure(address[1], server.pid, options.samples, options.at_once, options.rounds))
            finally:
                server.terminate()
    print(f"{options.samples} samples, model {options.size}, {options.rounds} rounds, medians")
    print(f"{'':<34} {'samples/s':>10} {'ratio':>6} {'CPU ms a sample':>16} {'ratio':>6}")
    first: tuple[float, float] | None = None
    for name, rounds in found.items():
        rate, cpu = (statistics.median(values) for values in zip(*rounds, strict=True))
        first = first or (rate, cpu)
        print(f"{name:<34} {rate:>10.0f} {rate / first[0]:>6.2f} {cpu:>16.2f} {cpu / first[1]:>6.2f}")


if __name__ == "__main__":
    main()
