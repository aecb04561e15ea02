"""SessionService at one address, as Python calls with this package's errors."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING, TypeVar

import grpc

from gradewire.v1 import session_pb2, session_pb2_grpc
from gradewire_protos import dial, parse_status, status_from_rpc_error
from gradewire_trainer.client.remote import check_process
from gradewire_trainer.errors import ServiceError, SessionGone, Unavailable
from gradewire_trainer.sessions.result import end_name

if TYPE_CHECKING:
    from gradewire.v1.session_pb2_grpc import SessionServiceAsyncStub

T = TypeVar("T")

_CLOSE_S = 10.0
_GONE = ("SESSION_LOST", "SESSION_ENDED")


class SessionPlace:
    """A service that has sessions. Belongs to the event loop of its first call."""

    def __init__(self, target: str) -> None:
        self.target = target
        check_process()
        # A name with several addresses: all calls go to one of them, since a session lives at one.
        self._channel = dial(target, balanced=False)
        self._stub: SessionServiceAsyncStub = session_pb2_grpc.SessionServiceStub(self._channel)

    async def open(self, request: session_pb2.OpenRequest, timeout_s: float) -> session_pb2.OpenResponse:
        """A new session. Raises Unavailable when there is no room, or no service, now; ServiceError."""
        return await self._asked(self._stub.Open(request, timeout=timeout_s))

    async def run(self, request: session_pb2.RunRequest, timeout_s: float) -> session_pb2.RunResponse:
        """A cell's result. Raises SessionGone, Unavailable, ServiceError."""
        return await self._asked(self._stub.Run(request, timeout=timeout_s))

    async def close(self, session_id: str) -> str:
        """Why it has ended. Raises SessionGone, Unavailable, ServiceError."""
        request = session_pb2.CloseRequest(session_id=session_id)
        return end_name((await self._asked(self._stub.Close(request, timeout=_CLOSE_S))).ended)

    async def describe(self, timeout_s: float) -> session_pb2.DescribeSessionsResponse:
        """How full it is. Raises Unavailable, ServiceError."""
        request = session_pb2.DescribeSessionsRequest()
        return await self._asked(self._stub.DescribeSessions(request, timeout=timeout_s))

    async def hang_up(self) -> None:
        """Close the channel."""
        await self._channel.close()

    async def _asked(self, call: Awaitable[T]) -> T:
        try:
            return await call
        except grpc.aio.AioRpcError as error:
            raise self._error(error) from None

    def _error(self, error: grpc.aio.AioRpcError) -> ServiceError:
        parts = parse_status(status_from_rpc_error(error))
        reason = parts.reason or parts.code.name
        message = parts.message or parts.code.name
        if reason in _GONE:
            return SessionGone(self.target, message, reason=reason, why=parts.metadata.get("why", "LOST"))
        passes = parts.code is grpc.StatusCode.UNAVAILABLE or parts.retry_after_s is not None
        return (Unavailable if passes else ServiceError)(self.target, message, reason=reason)
