"""A grader service over the wire, as the contract's `Endpoint`.

One channel, dialled at the first call so that the object can be made outside an event loop. What is sent again after a
failure, and when, is `sender`.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import grpc
from google.rpc import status_pb2

from gradewire.v1 import grader_pb2, grader_pb2_grpc
from gradewire_protos import CallError, dial, make_status, status_from_rpc_error
from gradewire_trainer.errors import GradewireError

if TYPE_CHECKING:
    from gradewire.v1.grader_pb2_grpc import GraderServiceAsyncStub

_dialled_in: int | None = None
"""The process that was the first to use gRPC through us, seen from it and from its forked children."""


class RemoteEndpoint:
    """`GraderService` at a target that gRPC resolves. Belongs to the event loop of its first call."""

    def __init__(self, target: str, *, credentials: grpc.ChannelCredentials | None = None) -> None:
        self._target = target
        self._credentials = credentials
        self._channel: grpc.aio.Channel | None = None

    @property
    def target(self) -> str:
        """Where it is: `host:port`, `unix:path`, `ipv4:host1:port,host2:port`."""
        return self._target

    @property
    def credentials(self) -> grpc.ChannelCredentials | None:
        """As they were given."""
        return self._credentials

    async def grade(
        self, request: grader_pb2.GradeRequest, *, timeout_s: float | None = None
    ) -> AsyncIterator[grader_pb2.GradeResponse]:
        """Grade; responses come as results finish. `timeout_s` bounds the whole call. Raises CallError.

        A call that ends with CANCELLED raises CallError as well, unless it was this task that was cancelled: an
        overloaded server sheds calls so, and they may be sent again.
        """
        call = self._stub().Grade(request, timeout=timeout_s)
        try:
            async for response in call:
                yield response
        except grpc.aio.AioRpcError as error:
            raise CallError(status_from_rpc_error(error)) from None
        except asyncio.CancelledError:
            if _asked_to_stop():
                raise
            raise CallError(_closed(self._target)) from None
        finally:
            call.cancel()

    async def describe(self, *, timeout_s: float | None = None) -> grader_pb2.DescribeGradersResponse:
        """What is served there. Raises CallError."""
        try:
            return await self._stub().DescribeGraders(grader_pb2.DescribeGradersRequest(), timeout=timeout_s)
        except grpc.aio.AioRpcError as error:
            raise CallError(status_from_rpc_error(error)) from None
        except asyncio.CancelledError:
            if _asked_to_stop():
                raise
            raise CallError(_closed(self._target)) from None

    async def close(self) -> None:
        """Hang up. Calls in flight end with CANCELLED."""
        channel, self._channel = self._channel, None
        if channel is not None:
            await channel.close()

    def _stub(self) -> "GraderServiceAsyncStub":
        if self._channel is None:
            check_process()
            self._channel = dial(self._target, credentials=self._credentials)
        return grader_pb2_grpc.GraderServiceStub(self._channel)


def check_process() -> None:
    """gRPC in a child that was forked from its user crashes or hangs: say so instead. Raises GradewireError."""
    global _dialled_in
    if _dialled_in is None:
        _dialled_in = os.getpid()
    elif _dialled_in != os.getpid():
        raise GradewireError(
            "this process was forked from one that had used gRPC already, and gRPC cannot work in it. Start it by "
            "'spawn' or 'forkserver', or fork before the first use of the client"
        )


def _asked_to_stop() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _closed(target: str) -> status_pb2.Status:
    return make_status(grpc.StatusCode.CANCELLED, f"the channel to {target} was closed", "CHANNEL_CLOSED")
