"""The methods that a server offers over the wire, each a few lines over the core."""

from collections.abc import AsyncGenerator, Sequence

import grpc
from google.protobuf.message import Message

from gradewire.v1 import grader_pb2
from gradewire_services import guard
from gradewire_services.core import Core
from gradewire_services.grading import grade
from gradewire_services.guard import Context, Handler
from gradewire_services.tooling import answer, stream
from gradewire_services.tools import Tool

GRADER_SERVICE = "gradewire.v1.GraderService"


def handlers(core: Core, tools: Sequence[Tool]) -> list[grpc.GenericRpcHandler]:
    """GraderService, and the typed services that these tools belong to."""

    def do_grade(request: grader_pb2.GradeRequest, context: Context) -> AsyncGenerator[bytes]:
        return grade(core, request, context.time_remaining())

    async def do_describe(_request: grader_pb2.DescribeGradersRequest, _context: Context) -> bytes:
        return core.told().SerializeToString()

    services: dict[str, dict[str, Handler]] = {
        GRADER_SERVICE: {
            "Grade": guard.streaming(do_grade, grader_pb2.GradeRequest),
            "DescribeGraders": guard.unary(do_describe, grader_pb2.DescribeGradersRequest),
        }
    }
    for tool in tools:
        services.setdefault(tool.service, {})[tool.method] = _handler(core, tool)
    return [grpc.method_handlers_generic_handler(name, methods) for name, methods in services.items()]


def _handler(core: Core, tool: Tool) -> Handler:
    def do_stream(request: Message, context: Context) -> AsyncGenerator[bytes]:
        return stream(core, tool, request, context.time_remaining())

    async def do_answer(request: Message, context: Context) -> bytes:
        return await answer(core, tool, request, context.time_remaining())

    return guard.streaming(do_stream, tool.request) if tool.streams else guard.unary(do_answer, tool.request)
