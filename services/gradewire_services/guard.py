"""What stands between gRPC and a handler: bytes that are no message, and anything that a handler raises.

gRPC answers UNKNOWN to both. Here the first is INVALID_ARGUMENT, and the second whatever `errors.to_status` says.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, TypeAlias

import grpc
from google.protobuf.message import Error as ProtobufError
from google.protobuf.message import Message
from google.rpc import status_pb2

from gradewire_protos import CallError, status_trailers
from gradewire_services.errors import BadRequest, to_status

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
Unary = Callable[[Any, Context], Awaitable[bytes]]
Streaming = Callable[[Any, Context], AsyncGenerator[bytes]]

_CODES = {code.value[0]: code for code in grpc.StatusCode}


class _Malformed:
    """Stands for a request that could not be read: gRPC's reader of messages has no way to say so."""


_MALFORMED = _Malformed()


def _reader(request: type[Message]) -> Callable[[bytes], Message | _Malformed]:
    def read(data: bytes) -> Message | _Malformed:
        try:
            return request.FromString(data)
        except ProtobufError:
            return _MALFORMED

    return read


async def abort(context: Context, status: status_pb2.Status) -> None:
    """End a call with this status."""
    await context.abort(_CODES[status.code], status.message, status_trailers(status))


def _status(error: Exception) -> status_pb2.Status:
    return error.status if isinstance(error, CallError) else to_status(error)


def _check(request: object) -> None:
    if request is _MALFORMED:
        raise BadRequest("the bytes of the request are no message of this method", reason="MALFORMED")


def unary(behaviour: Unary, request: type[Message]) -> Handler:
    """The handler of a unary method whose behaviour returns serialised bytes."""

    async def guarded(message: Any, context: Context) -> bytes:
        try:
            _check(message)
            return await behaviour(message, context)
        except Exception as error:  # noqa: BLE001 - typed by to_status, and logged there when it is not of the tree
            status = _status(error)
        await abort(context, status)
        return b""

    return grpc.unary_unary_rpc_method_handler(guarded, _reader(request))


def streaming(behaviour: Streaming, request: type[Message]) -> Handler:
    """The handler of a method that streams serialised bytes."""

    async def guarded(message: Any, context: Context) -> AsyncGenerator[bytes]:
        try:
            _check(message)
            async with aclosing(behaviour(message, context)) as bodies:
                async for body in bodies:
                    yield body
            return
        except Exception as error:  # noqa: BLE001 - the same
            status = _status(error)
        await abort(context, status)

    return grpc.unary_stream_rpc_method_handler(guarded, _reader(request))
