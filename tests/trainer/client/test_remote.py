"""An endpoint over a real socket: how calls end, and what a fork may not do."""

import asyncio
import os
from typing import Any

import grpc
import pytest

from gradewire.v1 import grader_pb2
from gradewire_protos import CallError, parse_status
from gradewire_trainer.client import RemoteEndpoint, RewardClient
from gradewire_trainer.client.call import Ask
from gradewire_trainer.client.sender import Sender
from gradewire_trainer.errors import GradewireError
from gradewire_trainer.spec import RewardSpec
from gradewire_trainer.types import Group

S = grpc.StatusCode


async def all_of(endpoint: RemoteEndpoint, request: grader_pb2.GradeRequest) -> list[grader_pb2.Result]:
    return [result async for response in endpoint.grade(request, timeout_s=5) for result in response.results]


def test_results_and_the_description_come_through(kit: Any) -> None:
    async def main() -> None:
        async with kit.served(kit.Endpoint()) as target:
            endpoint = RemoteEndpoint(target)
            request = grader_pb2.GradeRequest(grader="length", groups=[kit.group("g", "a", "bb")])
            assert [result.grade.score for result in await all_of(endpoint, request)] == [1, 2]
            assert [grader.name for grader in (await endpoint.describe(timeout_s=5)).graders] == ["length"]
            await endpoint.close()

    kit.run(main())


@pytest.mark.parametrize("code", [S.CANCELLED, S.UNAVAILABLE, S.RESOURCE_EXHAUSTED, S.INVALID_ARGUMENT])
def test_a_call_that_ends_badly_tells_its_code_reason_and_when_to_come_back(kit: Any, code: grpc.StatusCode) -> None:
    async def refuses(request: grader_pb2.GradeRequest, nth: int) -> Any:
        yield grader_pb2.GradeResponse(results=[kit.grade(kit.samples(request)[0])])
        raise kit.refusal(code, "WHY", retry_after_s=0.25)

    async def main() -> None:
        async with kit.served(kit.Endpoint(refuses)) as target:
            endpoint = RemoteEndpoint(target)
            with pytest.raises(CallError) as caught:
                await all_of(endpoint, grader_pb2.GradeRequest(grader="length", groups=[kit.group("g", "a")]))
            parts = parse_status(caught.value.status)
            assert (parts.code, parts.reason, parts.retry_after_s) == (code, "WHY", 0.25)
            await endpoint.close()

    kit.run(main())


def test_closing_ends_calls_in_flight_as_cancelled_and_cancelling_the_task_does_not_look_like_it(kit: Any) -> None:
    started, ended = asyncio.Event(), asyncio.Event()

    async def waits(request: grader_pb2.GradeRequest, nth: int) -> Any:
        started.set()
        try:
            await asyncio.Event().wait()
            yield
        finally:
            ended.set()

    async def main() -> None:
        async with kit.served(kit.Endpoint(waits)) as target:
            endpoint = RemoteEndpoint(target)
            request = grader_pb2.GradeRequest(grader="length", groups=[kit.group("g", "a")])
            task = asyncio.create_task(all_of(endpoint, request))
            await started.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await ended.wait()

            started.clear()
            task = asyncio.create_task(all_of(endpoint, request))
            await started.wait()
            await endpoint.close()
            with pytest.raises(CallError) as caught:
                await task
            assert parse_status(caught.value.status).code is S.CANCELLED

    kit.run(main())


def test_a_server_that_sheds_calls_with_cancelled_loses_no_sample(kit: Any) -> None:
    async def sheds(request: grader_pb2.GradeRequest, nth: int) -> Any:
        if nth % 3 != 2:
            raise kit.refusal(S.CANCELLED)
        async for response in kit.honest(request, nth):
            yield response

    async def main() -> None:
        async with kit.served(kit.Endpoint(sheds)) as target:
            endpoint = RemoteEndpoint(target)
            sender = Sender(endpoint)
            group = kit.group("g", *("a" * n for n in range(500)))
            results = await sender.grade(Ask("length"), group, deadline_s=8)
            assert [result.grade.score for result in results] == list(range(500))
            assert sender.counts.duplicates == sender.counts.strangers == 0
            await endpoint.close()

    kit.run(main())


FORKS = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")  # Python 3.12 on


@FORKS
def test_a_forked_child_of_a_process_that_used_grpc_gets_a_clear_error_and_no_crash(kit: Any) -> None:
    async def use() -> None:
        async with kit.served(kit.Endpoint()) as target:
            endpoint = RemoteEndpoint(target)
            await endpoint.describe(timeout_s=5)
            await endpoint.close()

    kit.run(use())
    spec = RewardSpec.parse({"reward": {"grader": "length"}})
    client = RewardClient(spec, "127.0.0.1:1")
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            client.connect()
        except GradewireError as error:
            os.write(writes, str(error).encode())
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads) as said:
        assert "'spawn' or 'forkserver'" in said.read()
    assert os.waitpid(child, 0)[1] == 0


@FORKS
def test_a_forked_child_grades_by_an_endpoint_without_grpc_in_a_loop_of_its_own(kit: Any) -> None:
    spec = RewardSpec.parse({"reward": {"grader": "length"}})
    client = RewardClient(spec, kit.Endpoint())
    client.connect()
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        (got,) = client.grade([Group.of("g", ["aaa"])])
        os.write(writes, str(got.rewards[0].reward).encode())
        client.close()
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads) as said:
        assert said.read() == "3.0"
    assert os.waitpid(child, 0)[1] == 0
    client.close()


def test_a_proxy_for_the_internet_is_not_asked_for_this_machine(kit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)

    async def main() -> None:
        async with kit.served(kit.Endpoint()) as target:
            endpoint = RemoteEndpoint(target)
            assert (await endpoint.describe(timeout_s=5)).service == "scripted"
            await endpoint.close()

    kit.run(main())
