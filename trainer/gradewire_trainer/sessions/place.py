"""A service that has sessions, over the wire or in this process, as Python calls with this package's errors."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Protocol, TypeVar

import grpc

from gradewire.v1 import session_pb2, session_pb2_grpc
from gradewire_protos import CallError, dial, parse_status, status_from_rpc_error
from gradewire_trainer.client.remote import check_process
from gradewire_trainer.errors import ServiceError, SessionGone, Unavailable
from gradewire_trainer.sessions.result import end_name

if TYPE_CHECKING:
    from gradewire.v1.session_pb2_grpc import SessionServiceAsyncStub

T = TypeVar("T")

_CLOSE_S = 10.0
_GONE = ("SESSION_LOST", "SESSION_ENDED")


class SessionCalls(Protocol):
    """SessionService as Python calls, each of which raises CallError. Belongs to the event loop of its first call."""

    @property
    def target(self) -> str:
        """Where it is: `host:port`, `unix:path`, or `local:NAME`."""

    async def open(self, request: session_pb2.OpenRequest, *, timeout_s: float) -> session_pb2.OpenResponse:
        """A new session."""

    async def run(self, request: session_pb2.RunRequest, *, timeout_s: float) -> session_pb2.RunResponse:
        """A cell's result."""

    async def close_session(self, request: session_pb2.CloseRequest, *, timeout_s: float) -> session_pb2.CloseResponse:
        """Why it has ended."""

    async def describe(
        self, request: session_pb2.DescribeSessionsRequest, *, timeout_s: float
    ) -> session_pb2.DescribeSessionsResponse:
        """How full it is."""

    async def close(self) -> None:
        """Give back what it holds."""


class RemoteSessions:
    """SessionService over the wire. credentials: as `RemoteEndpoint` has them."""

    def __init__(self, target: str, credentials: grpc.ChannelCredentials | None = None) -> None:
        self.target = target
        check_process()
        # A name with several addresses: all calls go to one of them, since a session lives at one.
        self._channel = dial(target, credentials=credentials, balanced=False)
        self._stub: SessionServiceAsyncStub = session_pb2_grpc.SessionServiceStub(self._channel)

    async def open(self, request: session_pb2.OpenRequest, *, timeout_s: float) -> session_pb2.OpenResponse:
        """See SessionCalls."""
        return await _answered(self._stub.Open(request, timeout=timeout_s))

    async def run(self, request: session_pb2.RunRequest, *, timeout_s: float) -> session_pb2.RunResponse:
        """See SessionCalls."""
        return await _answered(self._stub.Run(request, timeout=timeout_s))

    async def close_session(self, request: session_pb2.CloseRequest, *, timeout_s: float) -> session_pb2.CloseResponse:
        """See SessionCalls."""
        return await _answered(self._stub.Close(request, timeout=timeout_s))

    async def describe(
        self, request: session_pb2.DescribeSessionsRequest, *, timeout_s: float
    ) -> session_pb2.DescribeSessionsResponse:
        """See SessionCalls."""
        return await _answered(self._stub.DescribeSessions(request, timeout=timeout_s))

    async def close(self) -> None:
        """Close the channel."""
        await self._channel.close()


class SessionPlace:
    """Where a session lives."""

    def __init__(self, calls: SessionCalls) -> None:
        self._calls = calls
        self.target = calls.target

    async def open(self, request: session_pb2.OpenRequest, timeout_s: float) -> session_pb2.OpenResponse:
        """A new session. Raises Unavailable when there is no room, or no service, now; ServiceError."""
        return await self._asked(self._calls.open(request, timeout_s=timeout_s))

    async def run(self, request: session_pb2.RunRequest, timeout_s: float) -> session_pb2.RunResponse:
        """A cell's result. Raises SessionGone, Unavailable, ServiceError."""
        return await self._asked(self._calls.run(request, timeout_s=timeout_s))

    async def close(self, session_id: str) -> str:
        """Why it has ended. Raises SessionGone, Unavailable, ServiceError."""
        request = session_pb2.CloseRequest(session_id=session_id)
        return end_name((await self._asked(self._calls.close_session(request, timeout_s=_CLOSE_S))).ended)

    async def describe(self, timeout_s: float) -> session_pb2.DescribeSessionsResponse:
        """How full it is. Raises Unavailable, ServiceError."""
        return await self._asked(self._calls.describe(session_pb2.DescribeSessionsRequest(), timeout_s=timeout_s))

    async def hang_up(self) -> None:
        """Give back what it holds."""
        await self._calls.close()

    async def _asked(self, call: Awaitable[T]) -> T:
        try:
            return await call
        except CallError as error:
            raise self._error(error) from None

    def _error(self, error: CallError) -> ServiceError:
        parts = parse_status(error.status)
        reason = parts.reason or parts.code.name
        message = parts.message or parts.code.name
        if reason in _GONE:
            return SessionGone(self.target, message, reason=reason, why=parts.metadata.get("why", "LOST"))
        passes = parts.code is grpc.StatusCode.UNAVAILABLE or parts.retry_after_s is not None
        return (Unavailable if passes else ServiceError)(self.target, message, reason=reason)


async def _answered(call: Awaitable[T]) -> T:
    try:
        return await call
    except grpc.aio.AioRpcError as error:
        raise CallError(status_from_rpc_error(error)) from None
