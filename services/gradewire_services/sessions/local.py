"""SessionService in this process: the same front and host process as behind the server, without a socket."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import grpc

from gradewire.v1 import session_pb2
from gradewire_protos import CallError, make_status
from gradewire_services.errors import GradewireError, to_status
from gradewire_services.sessions.front import SessionFront


class LocalSessions:
    """Sessions that end with this process. Every call raises CallError. Belongs to the event loop of its first call.

    settings: of the execution service; None where it has no room for sessions.
    """

    def __init__(self, target: str, settings: dict[str, Any] | None) -> None:
        self.target = target
        self._front = None if settings is None else SessionFront(settings)

    async def open(self, request: session_pb2.OpenRequest, *, timeout_s: float) -> session_pb2.OpenResponse:
        """A new session."""
        return session_pb2.OpenResponse.FromString(await _answered(self._there().open(request, timeout_s), timeout_s))

    async def run(self, request: session_pb2.RunRequest, *, timeout_s: float) -> session_pb2.RunResponse:
        """A cell's result."""
        return session_pb2.RunResponse.FromString(await _answered(self._there().run(request, timeout_s), timeout_s))

    async def close_session(self, request: session_pb2.CloseRequest, *, timeout_s: float) -> session_pb2.CloseResponse:
        """Why it has ended."""
        body = await _answered(self._there().close_session(request, timeout_s), timeout_s)
        return session_pb2.CloseResponse.FromString(body)

    async def describe(
        self, request: session_pb2.DescribeSessionsRequest, *, timeout_s: float
    ) -> session_pb2.DescribeSessionsResponse:
        """How full it is."""
        body = await _answered(self._there().describe(request, timeout_s), timeout_s)
        return session_pb2.DescribeSessionsResponse.FromString(body)

    async def close(self) -> None:
        """End all sessions, and the process that keeps them."""
        if self._front is not None:
            await self._front.close()

    def _there(self) -> SessionFront:
        if self._front is None:
            words = "there is room for no sessions: execution.sessions.max_open is 0"
            raise CallError(make_status(grpc.StatusCode.UNIMPLEMENTED, words, "UNIMPLEMENTED"))
        return self._front


async def _answered(call: Awaitable[bytes], timeout_s: float) -> bytes:
    try:
        return await asyncio.wait_for(call, timeout_s)
    except GradewireError as error:
        raise CallError(to_status(error)) from error
    except TimeoutError:
        words = f"no answer within {timeout_s:g} s"
        raise CallError(make_status(grpc.StatusCode.DEADLINE_EXCEEDED, words, "DEADLINE_EXCEEDED")) from None
