"""A whole service behind one client channel: programs a second, and how much of the machine it keeps busy."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from gradewire.v1 import execution_pb2, execution_pb2_grpc
from gradewire_protos import dial

_CALLS, _PROGRAMS = 8, 64


def measure(seconds: float, workers: tuple[int, ...]) -> None:
    """Print the rate with each number of lanes, through one channel, eight calls at a time."""
    print(f"\n{'one client channel':<28}{'jobs/s':>9}{'busy':>9}")
    first = 0.0
    for count in workers:
        found, busy = _served(seconds, count)
        first = first or found
        lanes = f"{count} lane{'s' * (count > 1)}"
        print(f"{lanes:<28}{found:>9.0f}{busy:>8.0%}" + (f"{found / first:>10.2f} × one" if count > 1 else ""))


def _served(seconds: float, workers: int) -> tuple[float, float]:
    command = [sys.executable, "-m", "gradewire_services.command", "execution", "--listen", "127.0.0.1:0"]
    server = subprocess.Popen(
        [*command, "--workers", str(workers)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        return asyncio.run(_ask(line.partition(" on ")[2].partition(": ")[0], seconds))
    finally:
        server.terminate()
        server.wait()


async def _ask(address: str, seconds: float) -> tuple[float, float]:
    async with dial(address) as channel:
        stub = execution_pb2_grpc.ExecutionServiceStub(channel)
        await _caller(stub, time.monotonic() + 0.5, 0)
        began, idle = time.monotonic(), _idle_s()
        done = await asyncio.gather(*(_caller(stub, began + seconds, n + 1) for n in range(_CALLS)))
        took = time.monotonic() - began
        return sum(done) / took, 1 - (_idle_s() - idle) / took / (os.cpu_count() or 1)


async def _caller(stub: Any, until: float, caller: int) -> int:
    done = 0
    while time.monotonic() < until:
        request = execution_pb2.ExecuteRequest()
        for number in range(done, done + _PROGRAMS):
            case = execution_pb2.StdinCase(input=b"3 4", output=b"%d" % (7 + number))
            request.programs.add(
                id=str(number),
                language="python",
                code=f"a, b = map(int, input().split())\nprint(a + b + {number})  # {caller}",
                stdin=execution_pb2.StdinTests(cases=[case]),
            )
        async for response in stub.Execute(request):
            for result in response.results:
                assert result.verdict.verdict == execution_pb2.VERDICT_ACCEPTED, result
                done += 1
    return done


def _idle_s() -> float:
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    return (int(fields[4]) + int(fields[5])) / os.sysconf("SC_CLK_TCK")
