"""Numeric pairs a second through the extraction service: wall time, and CPU time of the server's processes."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.answering.pairs import Pair, pairs
from gradewire.v1 import grader_pb2, grader_pb2_grpc, sample_pb2
from gradewire_protos import dial

GROUP, BATCH, CALLS = 8, 256, 4


@dataclass(frozen=True)
class Throughput:
    """What the service did with `pairs` distinct pairs."""

    workers: int
    pairs: int
    wall_s: float
    front_s: float
    workers_s: float

    @property
    def per_core(self) -> float:
        """Pairs a second of one core's CPU time, front and workers together."""
        return self.pairs / (self.front_s + self.workers_s)


def requests(count: int, length: int) -> list[grader_pb2.GradeRequest]:
    """Calls of 256 samples in groups of eight that share a reference, which is (or nearly is) the first's."""
    made: list[Pair] = pairs("plain numbers", count, length, seed=11)
    calls = []
    for first in range(0, count, BATCH):
        call = grader_pb2.GradeRequest(grader="answer")
        for start in range(first, min(first + BATCH, count), GROUP):
            group = sample_pb2.Group(group_id=f"g{start}", reference_json=json.dumps(made[start].reference))
            for number, pair in enumerate(made[start : start + GROUP]):
                group.samples.add(sample_id=f"s{start + number}", text=pair.response)
            call.groups.append(group)
        calls.append(call)
    return calls


def measure(workers: int, count: int, length: int) -> Throughput:
    """One service with so many workers, started for this and ended."""
    command = [sys.executable, "-m", "gradewire_services.command", "extraction", "--listen", "127.0.0.1:0"]
    server = subprocess.Popen(
        [*command, "--workers", str(workers)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        if " on " not in line:
            raise RuntimeError(f"the service did not start; try: {' '.join(command)}")
        asked = requests(count + 2 * BATCH, length)
        return asyncio.run(_drive(server.pid, line.partition(" on ")[2].partition(": ")[0], asked, workers, count))
    finally:
        server.terminate()
        server.wait()


async def _drive(pid: int, address: str, asked: list[grader_pb2.GradeRequest], workers: int, count: int) -> Throughput:
    async with dial(address) as channel:
        stub = grader_pb2_grpc.GraderServiceStub(channel)
        waiting = iter(asked)

        async def call(request: grader_pb2.GradeRequest) -> None:
            missing = sum(len(group.samples) for group in request.groups)
            async for response in stub.Grade(request):
                if any(result.WhichOneof("outcome") != "grade" for result in response.results):
                    raise RuntimeError(f"a pair was not graded: {response.results[0]}")
                missing -= len(response.results)
            if missing:
                raise RuntimeError(f"{missing} results were lost")

        async def caller() -> None:
            for request in waiting:
                await call(request)

        await call(next(waiting))
        await call(next(waiting))
        before, began = _cpu_s(pid), time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(CALLS)))
        wall, after = time.perf_counter() - began, _cpu_s(pid)
    return Throughput(workers, count, wall, after[0] - before[0], after[1] - before[1])


def _cpu_s(pid: int) -> tuple[float, float]:
    """CPU seconds of a process, and of its children together, to the nanosecond: the ticks of `stat` are sampled."""
    own = children = 0.0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
            if pid not in (parent, int(entry.parent.name)):
                continue
            seconds = sum(int(task.read_text().split()[0]) for task in entry.parent.glob("task/*/schedstat")) / 1e9
        except OSError:
            continue  # it ended meanwhile
        if parent == pid:
            children += seconds
        else:
            own = seconds
    return own, children
