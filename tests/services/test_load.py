"""Too much at once: the queue is bounded and says when to come back, and a slow reader costs no memory."""

import asyncio
import itertools
from pathlib import Path

import grpc

from gradewire.v1 import grader_pb2_grpc
from gradewire_protos import dial
from tests.services.service_wire import Served, group, ledger, refused, request


def test_a_full_queue_refuses_and_says_when_to_come_back(serve, tmp_path: Path) -> None:
    path = tmp_path / "serve.yaml"
    path.write_text("workers: 1\nlimits: {max_request_samples: 8, max_queued_samples: 8}\n")
    served = serve("hostile:grade", "--config", str(path))
    call = served.graders.Grade(request(group(["yes", *["sleep 30"] * 7]), timeout_s=30))
    next(call)
    parts = refused(lambda: served.graders.Grade(request(group(["yes"] * 8))))
    assert (parts.code, parts.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "OVERLOADED")
    assert parts.retry_after_s is not None
    assert 0.05 <= parts.retry_after_s <= 5
    call.cancel()


def test_ten_thousand_calls_through_a_window_are_all_answered(hostile: Served) -> None:
    numbers = itertools.count()

    async def caller(stub) -> int:
        answered = 0
        while (number := next(numbers)) < 10_000:
            asked = request(group(["yes"], name=f"c{number}"))
            results = ledger(asked, [response async for response in stub.Grade(asked, timeout=30)])
            answered += results[f"c{number}-0"].grade.score == 1.0
        return answered

    async def everyone() -> int:
        async with dial(hostile.address) as channel:
            stub = grader_pb2_grpc.GraderServiceStub(channel)
            return sum(await asyncio.gather(*(caller(stub) for _ in range(256))))

    assert asyncio.run(everyone()) == 10_000


def test_a_short_call_is_not_kept_waiting_by_a_long_one(serve) -> None:
    served = serve("hostile:grade", "--workers", "1")
    long = request(group(["sleep 0.02"] * 80, name="long"))
    finished = []
    call = served.graders.Grade(long)
    first = next(call)
    short = request(group(["yes"] * 3, name="short"))
    ledger(short, served.graders.Grade(short, timeout=3))
    finished.append("short")
    results = ledger(long, [first, *call])
    finished.append("long")
    assert finished == ["short", "long"]
    assert len(results) == 80


def resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def test_a_client_that_does_not_read_fills_the_queue_and_nothing_else(serve, tmp_path: Path) -> None:
    path = tmp_path / "serve.yaml"
    path.write_text("workers: 2\nlimits: {max_queued_samples: 2048}\n")
    served = serve("hostile:grade", "--config", str(path))
    names = ["x" * 4_000 + str(n) for n in range(64)]

    async def hoard() -> tuple[int, int]:
        taken = turned_away = 0
        # A window of 64 KiB, which stays so, stands for a client whose own memory is full.
        narrow = [("grpc.http2.bdp_probe", 0), ("grpc.http2.lookahead_bytes", 65_535)]
        async with grpc.aio.insecure_channel(served.address, options=narrow) as channel:
            stub = grader_pb2_grpc.GraderServiceStub(channel)
            calls = []
            for number in range(60):
                asked = request(group(["yes"] * 256, name=f"{number}-{names[number % 64]}"))
                call = stub.Grade(asked, timeout=20)
                calls.append(call)
                try:
                    await call.read()
                    taken += 1
                except grpc.aio.AioRpcError as error:
                    turned_away += error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
            for call in calls:
                call.cancel()
        return taken, turned_away

    taken, turned_away = asyncio.run(hoard())
    assert taken + turned_away == 60
    assert turned_away
    assert resident_mib(served.process.pid) < 200
    asked = request(group(["yes"] * 64))
    assert len(ledger(asked, served.graders.Grade(asked, timeout=10))) == 64
