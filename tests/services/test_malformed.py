"""Bytes that are no message, on every method: a status each time, and a server that is as well as before."""

import socket
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradewire.v1 import grader_pb2
from tests.services.service_wire import Served, group, ledger, request

GRADE = "/gradewire.v1.GraderService/Grade"
DESCRIBE = "/gradewire.v1.GraderService/DescribeGraders"
CHECK = "/grpc.health.v1.Health/Check"
VALID = request(group(["yes", "no"]), parameters="{}", timeout_s=1).SerializeToString()


def send(served: Served, method: str, body: bytes) -> grpc.StatusCode:
    """The status that raw bytes get."""
    call: Any = served.channel.unary_stream(method)(body, timeout=5)  # type: ignore[arg-type]  # bytes, as they are
    try:
        for _ in call:
            pass
    except grpc.RpcError as error:
        return error.code()
    return call.code()


@pytest.mark.parametrize("method", [GRADE, CHECK, "/grpc.health.v1.Health/Watch"])
def test_bytes_that_are_no_message_are_an_invalid_argument(hostile: Served, method: str) -> None:
    assert send(hostile, method, b"\xff\xff\xff") is grpc.StatusCode.INVALID_ARGUMENT


def test_an_unknown_method_is_unimplemented(hostile: Served) -> None:
    assert send(hostile, "/gradewire.v1.GraderService/Gradde", b"") is grpc.StatusCode.UNIMPLEMENTED
    assert send(hostile, "/no.such.Service/Method", b"") is grpc.StatusCode.UNIMPLEMENTED


EXPECTED = {
    grpc.StatusCode.OK,
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.NOT_FOUND,
}


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    body = bytearray(VALID)
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(body) - 1))
        body[place] = draw(st.integers(0, 255))
    return bytes(body[: draw(st.integers(0, len(body)))])


@settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.one_of(mutated(), st.binary(max_size=200)), method=st.sampled_from([GRADE, DESCRIBE, CHECK]))
def test_any_bytes_get_a_status_and_do_no_harm(hostile: Served, body: bytes, method: str) -> None:
    assert send(hostile, method, body) in EXPECTED


def test_the_server_is_well_after_all_that(hostile: Served) -> None:
    with socket.create_connection(hostile.address.rsplit(":", 1)) as raw:  # type: ignore[arg-type]  # host, port
        raw.sendall(b"GET / HTTP/1.1\r\n\r\n" + b"\x00" * 4096)
    checked = health_pb2_grpc.HealthStub(hostile.channel).Check(health_pb2.HealthCheckRequest())
    assert checked.status == health_pb2.HealthCheckResponse.SERVING
    asked = request(group(["yes", "no"]))
    results = ledger(asked, hostile.graders.Grade(asked, timeout=5))
    assert [results[f"g-{n}"].grade.score for n in range(2)] == [1.0, 0.0]


def test_reflection_lists_the_services_and_their_files(hostile: Served) -> None:
    stub = reflection_pb2_grpc.ServerReflectionStub(hostile.channel)
    asked = [
        reflection_pb2.ServerReflectionRequest(list_services=""),
        reflection_pb2.ServerReflectionRequest(file_containing_symbol="gradewire.v1.GraderService"),
    ]
    listed, files = stub.ServerReflectionInfo(iter(asked))
    names = {service.name for service in listed.list_services_response.service}
    assert {"gradewire.v1.GraderService", "grpc.health.v1.Health"} <= names
    assert files.file_descriptor_response.file_descriptor_proto
    assert grader_pb2.DESCRIPTOR.serialized_pb in files.file_descriptor_response.file_descriptor_proto
