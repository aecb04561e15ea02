"""A scripted grader: an endpoint in this process, or behind a real socket, that answers by the book or as it is told.

Its grade is a pure function of the response (its length in characters), so that a run with faults can be held against
one without. A script decides how each call goes; a test that gives none gets an honest server.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import grpc
import pytest

from gradewire.v1 import grader_pb2, grader_pb2_grpc, sample_pb2
from gradewire_protos import CallError, LimitValues, make_status, server_options, status_trailers


def grade_of(sample: sample_pb2.Sample) -> grader_pb2.Result:
    """The one right result."""
    grade = grader_pb2.Grade(score=len(sample.text), outcome=grader_pb2.OUTCOME_PASSED, reason="length")
    return grader_pb2.Result(sample_id=sample.sample_id, grade=grade, grader_version="1")


def samples_of(request: grader_pb2.GradeRequest) -> list[sample_pb2.Sample]:
    return [sample for group in request.groups for sample in group.samples]


async def honest(request: grader_pb2.GradeRequest, nth: int) -> AsyncIterator[grader_pb2.GradeResponse]:
    yield grader_pb2.GradeResponse(results=[grade_of(sample) for sample in samples_of(request)])


Script = Callable[[grader_pb2.GradeRequest, int], AsyncIterator[grader_pb2.GradeResponse]]


class ScriptedEndpoint:
    """An `Endpoint` in this process. Keeps every request, and how many calls were on their way at once."""

    def __init__(
        self,
        script: Script = honest,
        limits: LimitValues | None = None,
        *,
        names: tuple[str, ...] = ("length",),
        scope: "grader_pb2.Scope.ValueType" = grader_pb2.SCOPE_SAMPLE,
        target: str = "scripted",
    ) -> None:
        self.script = script
        self.limits = limits or LimitValues()
        self.names = names
        self.scope = scope
        self.target = target
        self.requests: list[grader_pb2.GradeRequest] = []
        self.on_their_way = 0
        self.most_on_their_way = 0
        self.cancelled = 0
        self.closed = False

    async def grade(
        self, request: grader_pb2.GradeRequest, *, timeout_s: float | None = None
    ) -> AsyncIterator[grader_pb2.GradeResponse]:
        self.requests.append(request)
        self.on_their_way += 1
        self.most_on_their_way = max(self.most_on_their_way, self.on_their_way)
        try:
            async for response in self.script(request, len(self.requests) - 1):
                yield response
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.on_their_way -= 1

    async def describe(self, *, timeout_s: float | None = None) -> grader_pb2.DescribeGradersResponse:
        graders = [
            grader_pb2.GraderDescription(
                name=name, scope=self.scope, version="1", parameters_schema_json='{"type": "object"}'
            )
            for name in self.names
        ]
        return grader_pb2.DescribeGradersResponse(
            graders=graders, limits=self.limits.message(), service="scripted", service_version="1"
        )

    async def close(self) -> None:
        self.closed = True


class _Servicer(grader_pb2_grpc.GraderServiceServicer):
    def __init__(self, endpoint: ScriptedEndpoint) -> None:
        self.endpoint = endpoint

    async def Grade(  # noqa: N802 -- the wire's name
        self, request: grader_pb2.GradeRequest, context: Any
    ) -> AsyncIterator[grader_pb2.GradeResponse]:
        try:
            async for response in self.endpoint.grade(request):
                yield response
        except CallError as error:
            context.set_trailing_metadata(status_trailers(error.status))
            code = next(code for code in grpc.StatusCode if code.value[0] == error.status.code)
            await context.abort(code, error.status.message, status_trailers(error.status))

    async def DescribeGraders(  # noqa: N802 -- the wire's name
        self, request: grader_pb2.DescribeGradersRequest, context: Any
    ) -> grader_pb2.DescribeGradersResponse:
        return await self.endpoint.describe()


@asynccontextmanager
async def served(endpoint: ScriptedEndpoint, address: str = "127.0.0.1:0") -> AsyncIterator[str]:
    """The endpoint behind a real socket; the value is its `host:port`."""
    server = grpc.aio.server(options=server_options())
    grader_pb2_grpc.add_GraderServiceServicer_to_server(_Servicer(endpoint), server)
    port = server.add_insecure_port(address)
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(grace=None)


def group_of(group_id: str, *texts: str, reference: str = '"x"') -> sample_pb2.Group:
    samples = [sample_pb2.Sample(sample_id=str(index), text=text) for index, text in enumerate(texts)]
    return sample_pb2.Group(group_id=group_id, reference_json=reference, samples=samples)


def refusal(code: grpc.StatusCode, reason: str = "REFUSED", **more: Any) -> CallError:
    return CallError(make_status(code, f"told to say {code.name}", reason, **more))


class Kit:
    """What tests of the client need, in one fixture."""

    Endpoint = ScriptedEndpoint
    served = staticmethod(served)
    group = staticmethod(group_of)
    grade = staticmethod(grade_of)
    samples = staticmethod(samples_of)
    honest = staticmethod(honest)
    refusal = staticmethod(refusal)

    @staticmethod
    def run(main: Awaitable[Any]) -> Any:
        async def bounded() -> Any:
            async with asyncio.timeout(10):
                return await main

        return asyncio.run(bounded())


@pytest.fixture(scope="session")
def kit() -> type[Kit]:
    return Kit
