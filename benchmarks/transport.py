"""Samples a second through a whole service: front, worker process, gRPC. With a grader that does next to nothing.

Batches of 256 samples in a call against calls of one sample, in one run, on one worker; and the front's and the
worker's CPU time a sample. The responses are 300 characters long, and distinct.

    python benchmarks/transport.py [--seconds 3] [--workers 1]
"""

import argparse
import asyncio
import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from gradewire.v1 import grader_pb2, grader_pb2_grpc, sample_pb2
from gradewire_protos import dial

BATCH, BATCH_CALLS = 256, 4
SINGLE_CALLS = 64


def grade(sample: dict[str, str], item: dict[str, str]) -> float:
    """The trivial grader, which the service imports out of this file."""
    return float(sample["output_text"].endswith(item["reference"]))


def request(first: int, count: int) -> grader_pb2.GradeRequest:
    filler = "the train leaves at noon and covers the distance in so many hours that " * 4
    group = sample_pb2.Group(group_id=f"g{first}", reference_json='"42"')
    for number in range(first, first + count):
        group.samples.add(sample_id=f"s{number}", text=f"{number} {filler} the answer is 42")
    return grader_pb2.GradeRequest(grader="grade", groups=[group])


async def caller(stub: Any, count: int, until: float, offset: int) -> int:
    graded = 0
    while time.monotonic() < until:
        expected = count
        async for response in stub.Grade(request(offset + graded, count)):
            expected -= len(response.results)
        assert not expected, "a sample was lost"
        graded += count
    return graded


async def rate(stub: Any, count: int, calls: int, seconds: float) -> float:
    began = time.monotonic()
    done = await asyncio.gather(*(caller(stub, count, began + seconds, 10**9 * n) for n in range(calls)))
    return sum(done) / (time.monotonic() - began)


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(server: "subprocess.Popen[str]", address: str, seconds: float) -> None:
    children = subprocess.run(["pgrep", "-P", str(server.pid)], capture_output=True, text=True, check=True)
    workers = [int(pid) for pid in children.stdout.split()]
    async with contextlib.AsyncExitStack() as stack:
        channel = await stack.enter_async_context(dial(address))
        stub = grader_pb2_grpc.GraderServiceStub(channel)
        await rate(stub, BATCH, 1, 0.5)
        rates = {}
        for name, count, calls in (("batches of 256", BATCH, BATCH_CALLS), ("one by one", 1, SINGLE_CALLS)):
            before = cpu_s(server.pid), sum(map(cpu_s, workers))
            rates[name] = await rate(stub, count, calls, seconds)
            spent = rates[name] * seconds
            front, work = (cpu_s(server.pid) - before[0]) / spent, (sum(map(cpu_s, workers)) - before[1]) / spent
            print(
                f"{name:<16}{rates[name]:>10,.0f} samples/s   front {front * 1e6:6.1f} us   "
                f"worker {work * 1e6:6.1f} us CPU a sample"
            )
        print(f"ratio           {rates['batches of 256'] / rates['one by one']:>10.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    command = [sys.executable, "-m", "gradewire_services.command", "transport:grade", "--listen", "127.0.0.1:0"]
    server = subprocess.Popen(
        [*command, "--workers", str(options.workers)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent
    )
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        asyncio.run(measure(server, line.partition(" on ")[2].partition(": ")[0], options.seconds))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
