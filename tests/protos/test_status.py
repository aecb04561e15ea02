"""Every error is a Status with a stable reason, and comes back from the wire as it was sent."""

import asyncio

import grpc
import pytest
from google.rpc import status_pb2

from gradewire_protos import FieldViolation, dial, make_status, parse_status, status_from_rpc_error, status_trailers


def test_a_status_has_its_parts() -> None:
    status = make_status(
        grpc.StatusCode.INVALID_ARGUMENT,
        "groups[0].samples: is empty; send at least one sample.",
        "INVALID_REQUEST",
        violations=[FieldViolation("groups[0].samples", "is empty")],
        retry_after_s=0.25,
        metadata={"limit": "3"},
    )
    parts = parse_status(status)
    assert parts.code is grpc.StatusCode.INVALID_ARGUMENT
    assert parts.reason == "INVALID_REQUEST"
    assert parts.violations == (FieldViolation("groups[0].samples", "is empty"),)
    assert parts.retry_after_s == pytest.approx(0.25)
    assert parts.metadata == {"limit": "3"}


def test_a_foreign_status_is_read_as_far_as_it_goes() -> None:
    parts = parse_status(status_pb2.Status(code=999, message="?"))
    assert (parts.code, parts.reason, parts.retry_after_s) == (grpc.StatusCode.UNKNOWN, "", None)


async def _fail_and_read(trailers: bool) -> status_pb2.Status:
    sent = make_status(grpc.StatusCode.RESOURCE_EXHAUSTED, "the queue is full", "QUEUE_FULL", retry_after_s=1)

    async def refuse(_request: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        if trailers:
            context.set_trailing_metadata(status_trailers(sent))
        await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, sent.message)
        raise AssertionError

    server = grpc.aio.server()
    handler = grpc.method_handlers_generic_handler("t.T", {"Refuse": grpc.unary_unary_rpc_method_handler(refuse)})
    server.add_generic_rpc_handlers((handler,))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    channel = dial(f"127.0.0.1:{port}")
    try:
        call: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary("/t.T/Refuse")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call(b"")
        return status_from_rpc_error(caught.value)
    finally:
        await channel.close()
        await server.stop(None)


def test_details_travel_in_the_trailers() -> None:
    parts = parse_status(asyncio.run(_fail_and_read(trailers=True)))
    assert (parts.code, parts.reason, parts.retry_after_s) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "QUEUE_FULL", 1.0)


def test_without_trailers_the_code_and_message_are_left() -> None:
    parts = parse_status(asyncio.run(_fail_and_read(trailers=False)))
    assert (parts.code, parts.message, parts.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "the queue is full", "")
