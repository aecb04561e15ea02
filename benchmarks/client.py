"""Single samples from many callers: calls shared by the client, against a call for each sample.

Both from one process to the same server (a function that returns a length, two workers), over one channel, with at most
`--window` calls on their way in the naive run. Samples are distinct. Prints both rates and their ratio.

    python benchmarks/client.py [--samples 8000] [--bytes 1000]
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from gradewire.v1 import grader_pb2
from gradewire_trainer.client import RemoteEndpoint, RewardClient
from gradewire_trainer.spec import RewardSpec
from gradewire_trainer.types import Group
from gradewire_trainer.wire import group_message

_GRADER = "def length(sample, item):\n    return len(sample['output_text'])\n"


async def one_call_a_sample(target: str, groups: list[Group], window: int) -> float:
    """Samples a second."""
    endpoint, room = RemoteEndpoint(target), asyncio.Semaphore(window)
    requests = [grader_pb2.GradeRequest(grader="length", groups=[group_message(group)]) for group in groups]

    async def one(request: grader_pb2.GradeRequest) -> int:
        async with room:
            return sum([len(response.results) async for response in endpoint.grade(request)])

    await one(requests[0])
    start = time.perf_counter()
    got = sum(await asyncio.gather(*(one(request) for request in requests)))
    took_s = time.perf_counter() - start
    await endpoint.close()
    assert got == len(groups)
    return got / took_s


def shared_calls(target: str, groups: list[Group]) -> tuple[float, int]:
    """Samples a second, and how many calls they took."""
    spec = RewardSpec.parse({"reward": {"grader": "length"}})
    with RewardClient(spec, target) as client:
        client.grade(groups[:1])
        start = time.perf_counter()
        futures = [client.submit(group) for group in groups]
        got = [future.result() for future in futures]
        took_s = time.perf_counter() - start
        calls = client.counts.calls - 1
    assert all(rewards.rewards[0].reward is not None for rewards in got)
    return len(got) / took_s, calls


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
            target = line.split("SERVING on ")[1].split(":", 2)
            address = f"{target[0]}:{target[1].rstrip(':')}"
            naive = asyncio.run(one_call_a_sample(address, groups, told.window))
            shared, calls = shared_calls(address, groups)
        finally:
            server.terminate()
            server.wait()
    print(f"one call a sample   {naive:9.0f} samples/s   {told.samples} calls, at most {told.window} at a time")
    print(f"shared calls        {shared:9.0f} samples/s   {calls} calls")
    print(f"ratio               {shared / naive:9.1f}")


if __name__ == "__main__":
    main()
