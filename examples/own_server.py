"""A judge of your own as a server of your own: plain grpcio and the contract, nothing else of Gradewire.

    python examples/own_server.py 127.0.0.1:7411
    gradewire conformance 127.0.0.1:7411

Replace `judge` by whatever you ask: a model in this process, somebody's endpoint, a rule. In another language it is the
same: `protos/gradewire/v1/grader.proto` is all that a server needs.
"""

import sys
from collections.abc import Iterator
from concurrent import futures
from typing import Any, NoReturn

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from gradewire.v1 import grader_pb2, grader_pb2_grpc, sample_pb2
from gradewire_protos import FieldViolation, LimitValues, make_status, server_options, status_trailers

NAME, VERSION = "politeness", "1"
LIMITS = LimitValues(max_request_samples=256, max_response_bytes=100_000)
POLITE = ("please", "thank", "sorry", "could you", "would you")


def judge(response: str) -> grader_pb2.Grade:
    """1 for a response that says something polite, 0 for one that does not; it cannot tell of an empty one."""
    if not response.strip():
        return grader_pb2.Grade(outcome=grader_pb2.OUTCOME_UNDECIDED, reason="empty_response")
    polite = any(word in response.lower() for word in POLITE)
    outcome = grader_pb2.OUTCOME_PASSED if polite else grader_pb2.OUTCOME_FAILED
    return grader_pb2.Grade(score=float(polite), outcome=outcome, reason="polite" if polite else "blunt")


class Judge(grader_pb2_grpc.GraderServiceServicer):
    """The contract's two calls."""

    def DescribeGraders(self, _request: Any, _context: Any) -> grader_pb2.DescribeGradersResponse:  # noqa: N802 - the wire's
        grader = grader_pb2.GraderDescription(
            name=NAME,
            description="Is the response polite?",
            scope=grader_pb2.SCOPE_SAMPLE,
            version=VERSION,
            parameters_schema_json='{"type": "object", "additionalProperties": false}',
            min_score=0,
            max_score=1,
            deterministic=True,
        )
        return grader_pb2.DescribeGradersResponse(
            graders=[grader], limits=LIMITS.message(), service=NAME, service_version=VERSION
        )

    def Grade(self, request: grader_pb2.GradeRequest, context: Any) -> Iterator[grader_pb2.GradeResponse]:  # noqa: N802
        check(request, context)
        samples = [sample for group in request.groups for sample in group.samples]
        for start in range(0, len(samples), 32):  # in chunks: a caller need not wait for the slowest
            yield grader_pb2.GradeResponse(results=[result_of(sample) for sample in samples[start : start + 32]])


def result_of(sample: sample_pb2.Sample) -> grader_pb2.Result:
    """A grade, or an error of this sample alone: never a score for something that failed."""
    result = grader_pb2.Result(sample_id=sample.sample_id, grader_version=VERSION)
    text = sample.text or next((m.content for m in reversed(sample.messages.messages) if m.role == "assistant"), "")
    try:
        if len(text.encode()) > LIMITS.max_response_bytes:
            too_large = f"has over {LIMITS.max_response_bytes} bytes"
            result.error.CopyFrom(make_status(grpc.StatusCode.INVALID_ARGUMENT, too_large, "SAMPLE_TOO_LARGE"))
        else:
            result.grade.CopyFrom(judge(text))
    except Exception as error:  # noqa: BLE001 - whatever your judge raises is this sample's error
        result.error.CopyFrom(make_status(grpc.StatusCode.INTERNAL, f"the judge failed: {error}", "JUDGE_FAILED"))
    return result


def check(request: grader_pb2.GradeRequest, context: Any) -> None:
    """Refuse what breaks the contract, with the field's path."""
    wrong: list[FieldViolation] = []
    if request.grader != NAME:
        refuse(
            context, grpc.StatusCode.NOT_FOUND, f"no grader named {request.grader!r}; here is {NAME}", "UNKNOWN_GRADER"
        )
    if request.parameters_json not in ("", "{}"):
        wrong.append(FieldViolation("parameters_json", "this grader takes no parameters"))
    if not request.groups:
        wrong.append(FieldViolation("groups", "is empty"))
    ids: set[str] = set()
    for g, group in enumerate(request.groups):
        if not group.samples:
            wrong.append(FieldViolation(f"groups[{g}].samples", "is empty"))
        for s, sample in enumerate(group.samples):
            if not sample.sample_id or sample.sample_id in ids:
                wrong.append(FieldViolation(f"groups[{g}].samples[{s}].sample_id", "is empty, or there twice"))
            ids.add(sample.sample_id)
    if wrong:
        refuse(context, grpc.StatusCode.INVALID_ARGUMENT, wrong[0].description, "BAD_REQUEST", wrong[:20])
    if len(ids) > LIMITS.max_request_samples:
        most = f"{len(ids)} samples, and {LIMITS.max_request_samples} are taken; split the request"
        refuse(context, grpc.StatusCode.RESOURCE_EXHAUSTED, most, "REQUEST_TOO_LARGE")


def refuse(
    context: Any, code: grpc.StatusCode, message: str, reason: str, violations: list[FieldViolation] | None = None
) -> NoReturn:
    """End the call."""
    context.set_trailing_metadata(status_trailers(make_status(code, message, reason, violations=violations or ())))
    context.abort(code, message)
    raise AssertionError("abort raises")


def serve(address: str) -> tuple[grpc.Server, int]:
    """Start; the second value is the port."""
    server = grpc.server(futures.ThreadPoolExecutor(16), options=server_options())
    grader_pb2_grpc.add_GraderServiceServicer_to_server(Judge(), server)
    wellness = health.HealthServicer()
    wellness.set("", health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(wellness, server)
    port = server.add_insecure_port(address)
    server.start()
    return server, port


if __name__ == "__main__":
    running, port = serve(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:7411")
    print(f"{NAME} on port {port}", flush=True)
    running.wait_for_termination()
