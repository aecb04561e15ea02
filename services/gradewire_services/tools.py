"""The typed services as the core sees them: a call is a row of units, each of which ends with one entry of a response.

A tool is just another kind of job for the same workers, queue and deadlines as Grade. What the units do is the
engine's side, in `graders/`; here is only how a request is parted, and how an error of one unit looks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message
from google.rpc import status_pb2

from gradewire.v1 import execution_pb2, extraction_pb2, judging_pb2

MAX_UNITS = 1000
"""Of a typed call: responses, pairs, programs, queries."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A method of a typed service."""

    service: str
    method: str
    request: type[Message]
    response: type[Message]
    units: str
    """The request's repeated field whose entries are the units."""

    error: Callable[[Any, status_pb2.Status, int], Message] | None
    """The response that carries one unit's error: of the unit, its status, nanoseconds of work. None: all entries are
    one unit, and its error is the call's."""

    streams: bool = False
    """Results in any order as they finish; else one response with the entries in the request's order."""

    has_ids: bool = False
    batch: int = 0
    """Units that a worker takes as one; 0: it takes them one by one."""

    heavy: bool = False
    """As a Grader's."""

    grader: str = ""
    """The grader whose engine it asks, and whose queue and batches it shares the rules of. Empty: none that matters."""

    @property
    def whole(self) -> bool:
        """Whether a call is one unit."""
        return self.error is None

    @property
    def operation(self) -> str:
        """Its name between the front and a worker."""
        return f"/{self.service}/{self.method}"

    def entries(self, request: Message) -> Sequence[Any]:
        """The units of a request."""
        found: Sequence[Any] = getattr(request, self.units)
        return [found] if self.whole else found

    def part(self, request: Message, units: Sequence[Any]) -> bytes:
        """The same request with these units, serialised."""
        if self.whole:
            return request.SerializeToString()
        shared = type(request)()
        for descriptor, value in request.ListFields():
            if descriptor.name == self.units:
                continue
            if isinstance(value, Message):
                getattr(shared, descriptor.name).CopyFrom(value)
            else:
                setattr(shared, descriptor.name, value)
        getattr(shared, self.units).extend(units)
        return shared.SerializeToString()


def _extract_error(_unit: str, status: status_pb2.Status, _ns: int) -> Message:
    return extraction_pb2.ExtractResponse(extractions=[extraction_pb2.Extraction(error=status)])


def _compare_error(_unit: Any, status: status_pb2.Status, _ns: int) -> Message:
    return extraction_pb2.CompareResponse(comparisons=[extraction_pb2.Comparison(error=status)])


def _execute_error(unit: execution_pb2.Program, status: status_pb2.Status, elapsed_ns: int) -> Message:
    result = execution_pb2.ProgramResult(id=unit.id, error=status)
    result.elapsed.FromNanoseconds(elapsed_ns)
    return execution_pb2.ExecuteResponse(results=[result])


def _judge_error(unit: judging_pb2.JudgeQuery, status: status_pb2.Status, elapsed_ns: int) -> Message:
    result = judging_pb2.JudgeResult(id=unit.id, error=status)
    result.elapsed.FromNanoseconds(elapsed_ns)
    return judging_pb2.JudgeResponse(results=[result])


_EXTRACTION = "gradewire.v1.ExtractionService"

EXTRACT = Tool(
    _EXTRACTION,
    "Extract",
    extraction_pb2.ExtractRequest,
    extraction_pb2.ExtractResponse,
    "responses",
    _extract_error,
)
COMPARE = Tool(
    _EXTRACTION, "Compare", extraction_pb2.CompareRequest, extraction_pb2.CompareResponse, "pairs", _compare_error
)
CLUSTER = Tool(
    _EXTRACTION,
    "Cluster",
    extraction_pb2.ClusterRequest,
    extraction_pb2.ClusterResponse,
    "answers",
    None,
)
EXECUTE = Tool(
    "gradewire.v1.ExecutionService",
    "Execute",
    execution_pb2.ExecuteRequest,
    execution_pb2.ExecuteResponse,
    "programs",
    _execute_error,
    streams=True,
    has_ids=True,
)
JUDGE = Tool(
    "gradewire.v1.JudgingService",
    "Judge",
    judging_pb2.JudgeRequest,
    judging_pb2.JudgeResponse,
    "queries",
    _judge_error,
    streams=True,
    has_ids=True,
    batch=64,
    heavy=True,
    grader="judge",
)

TOOLS = {tool.operation: tool for tool in (EXTRACT, COMPARE, CLUSTER, EXECUTE, JUDGE)}
