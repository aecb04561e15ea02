"""A place where graders are served, seen from the client: over the wire, or in this process without a socket."""

from collections.abc import AsyncIterator
from typing import Protocol

from google.rpc import status_pb2

from gradewire.v1 import grader_pb2


class CallError(Exception):
    """A call to a grader service ended with an error; what is wrong with one sample is in its result instead."""

    def __init__(self, status: status_pb2.Status) -> None:
        super().__init__(status.message)
        self.status = status


class Endpoint(Protocol):
    """`GraderService` as Python calls. Both implementations pass the same messages and raise the same `CallError`."""

    @property
    def target(self) -> str:
        """Where it is: `host:port`, `unix:path`, or `local:NAME`."""

    def grade(
        self, request: grader_pb2.GradeRequest, *, timeout_s: float | None = None
    ) -> AsyncIterator[grader_pb2.GradeResponse]:
        """Grade; responses come as results finish. `timeout_s` bounds the whole call. Raises CallError."""

    async def describe(self, *, timeout_s: float | None = None) -> grader_pb2.DescribeGradersResponse:
        """What is served there. Raises CallError."""

    async def close(self) -> None:
        """Give back what it holds. Calls in flight end with CANCELLED."""
