"""What it costs to have a sample graded: a call for each, against calls that the client shares.

All runs from one process to the same server (a function that returns a length, a worker a CPU), on distinct samples:
a call a sample with at most `--window` on their way (`grpc.aio`, as a first adapter would do it); single samples by
`submit`, as verl's reward workers send them; groups of eight by `grade`, as TRL does. CPU is the client's and the
server's together: on a machine with other work, it says more than the rate.

    python benchmarks/client.py [--samples 8000] [--bytes 1000]
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from gradewire.v1 import grader_pb2
from gradewire_trainer.client import RemoteEndpoint, RewardClient
from gradewire_trainer.spec import RewardSpec
from gradewire_trainer.types import Group
from gradewire_trainer.wire import group_message

_GRADER = "def length(sample, item):\n    return len(sample['output_text'])\n"
_SPEC = RewardSpec.parse({"reward": {"grader": "length"}})


def one_call_a_sample(target: str, groups: list[Group], window: int) -> int:
    """Every sample in a call of its own. Returns the number of calls."""

    async def all_of_them() -> None:
        endpoint, room = RemoteEndpoint(target), asyncio.Semaphore(window)

        async def one(group: Group) -> None:
            request = grader_pb2.GradeRequest(grader="length", groups=[group_message(group)])
            async with room:
                results = [result async for response in endpoint.grade(request) for result in response.results]
            assert results[0].grade.score == len(str(group.samples[0].response))

        await asyncio.gather(*(one(group) for group in groups))
        await endpoint.close()

    asyncio.run(all_of_them())
    return len(groups)


def submitted_singly(target: str, groups: list[Group]) -> int:
    """Every sample a group of its own, submitted at once. Returns the number of calls."""
    with RewardClient(_SPEC, target) as client:
        futures = [client.submit(group) for group in groups]
        for group, future in zip(groups, futures, strict=True):
            assert future.result().rewards[0].reward == len(str(group.samples[0].response))
        return client.counts.calls


def graded_by_eights(target: str, groups: list[Group]) -> int:
    """The same samples as groups of eight. Returns the number of calls."""
    texts = [str(group.samples[0].response) for group in groups]
    eights = [Group.of(f"e{n}", texts[n : n + 8], reference=n) for n in range(0, len(texts), 8)]
    with RewardClient(_SPEC, target) as client:
        for group, got in zip(eights, client.grade(eights), strict=True):
            assert [reward.reward for reward in got.rewards] == [len(str(s.response)) for s in group.samples]
        return client.counts.calls


@contextmanager
def serving() -> Iterator[tuple[str, int]]:
    """A server process: its address and its process id."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bench_grader.py").write_text(_GRADER)
        server = subprocess.Popen(
            [sys.executable, "-m", "gradewire_services.command", "bench_grader:length", "--listen", "127.0.0.1:0"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert server.stdout is not None
            line = server.stdout.readline().decode()
            yield line.split("SERVING on ")[1].split(": ")[0], server.pid
        finally:
            server.terminate()
            server.wait()


def cpu_s(pid: int) -> float:
    """CPU seconds of this process, and of that one with its workers."""
    ours, seconds = time.process_time(), 0.0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(entry.parent.name) == pid or int(fields[1]) == pid:
            seconds += (int(fields[11]) + int(fields[12])) / 100
    return ours + seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=8000)
    parser.add_argument("--bytes", type=int, default=1000)
    parser.add_argument("--window", type=int, default=256)
    told = parser.parse_args()
    random = Random(1)
    groups = [
        Group.of(f"g{n}", [f"{random.getrandbits(64):x}".ljust(told.bytes, "x")], reference=n)
        for n in range(told.samples)
    ]
    runs: list[tuple[str, Callable[[str], int]]] = [
        ("a call a sample", lambda target: one_call_a_sample(target, groups, told.window)),
        ("shared, single samples", lambda target: submitted_singly(target, groups)),
        ("shared, groups of eight", lambda target: graded_by_eights(target, groups)),
    ]
    first: tuple[float, float] | None = None
    print(f"{'':24}{'samples/s':>10}{'ratio':>7}{'CPU us/sample':>15}{'ratio':>7}{'calls':>7}")
    for name, run in runs:
        with serving() as (target, pid):
            run_groups, start_cpu, start = told.samples, cpu_s(pid), time.perf_counter()
            calls = run(target)
            rate = run_groups / (time.perf_counter() - start)
            cpu = (cpu_s(pid) - start_cpu) / run_groups * 1e6
        first = first or (rate, cpu)
        print(f"{name:24}{rate:10.0f}{rate / first[0]:7.1f}{cpu:15.0f}{first[1] / cpu:7.1f}{calls:7}")


if __name__ == "__main__":
    main()
