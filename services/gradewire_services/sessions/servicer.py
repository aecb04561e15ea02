"""The methods of SessionService over the wire, each a line over `front`."""

import grpc

from gradewire.v1 import session_pb2
from gradewire_services import guard
from gradewire_services.guard import Context
from gradewire_services.sessions.front import SessionFront

SESSION_SERVICE = "gradewire.v1.SessionService"


def handler(front: SessionFront) -> grpc.GenericRpcHandler:
    """SessionService."""

    async def do_open(request: session_pb2.OpenRequest, context: Context) -> bytes:
        opened = await front.open(request, context.time_remaining())
        # A call may still be cancelled while its answer is on the way to the wire.
        context.add_done_callback(
            lambda ended: front.unheard(opened) if ended.cancelled() else None  # type: ignore[arg-type]  # the stubs' own
        )
        return opened

    async def do_run(request: session_pb2.RunRequest, context: Context) -> bytes:
        return await front.run(request, context.time_remaining())

    async def do_close(request: session_pb2.CloseRequest, context: Context) -> bytes:
        return await front.close_session(request, context.time_remaining())

    async def do_describe(request: session_pb2.DescribeSessionsRequest, context: Context) -> bytes:
        return await front.describe(request, context.time_remaining())

    methods = {
        "Open": guard.unary(do_open, session_pb2.OpenRequest),
        "Run": guard.unary(do_run, session_pb2.RunRequest),
        "Close": guard.unary(do_close, session_pb2.CloseRequest),
        "DescribeSessions": guard.unary(do_describe, session_pb2.DescribeSessionsRequest),
    }
    return grpc.method_handlers_generic_handler(SESSION_SERVICE, methods)
