"""The errors that the client itself makes, as the wire's statuses, and which of a service's errors blame what."""

import grpc
from google.rpc import status_pb2

from gradewire_protos import StatusParts, make_status, may_resend, parse_status

_MAY_BLAME_ONE = frozenset(
    {
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.OUT_OF_RANGE,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNKNOWN,
    }
)


def passes(parts: StatusParts) -> bool:
    """Whether a call that ended so may do better if it is sent again as it is."""
    if parts.code is grpc.StatusCode.RESOURCE_EXHAUSTED:
        return parts.retry_after_s is not None
    return may_resend(parts.code)


def blames_one(parts: StatusParts) -> bool:
    """Whether the call may have failed for one of its samples, so that its halves may do better.

    A violation of a field outside `groups` (the parameters, say) blames every sample.
    """
    if parts.violations and not any(violation.field.startswith("groups") for violation in parts.violations):
        return False
    return parts.code in _MAY_BLAME_ONE


def told(target: str, status: status_pb2.Status) -> status_pb2.Status:
    """The error of a call as that of a sample: the same, and where it comes from."""
    copy = status_pb2.Status()
    copy.CopyFrom(status)
    copy.message = f"{target}: {status.message or parse_status(status).code.name}"
    return copy


def too_late(target: str, waited_s: float) -> status_pb2.Status:
    """The deadline passed while the service worked on it, or before its turn came."""
    return make_status(
        grpc.StatusCode.DEADLINE_EXCEEDED,
        f"{target}: no result within {waited_s:.3g} s; allow more by deadline_s, or serve it by more workers",
        "DEADLINE_EXCEEDED",
    )


def never_answered(target: str, waited_s: float, last: status_pb2.Status) -> status_pb2.Status:
    """The deadline passed while we waited to send it again."""
    parts = parse_status(last)
    overloaded = parts.code is grpc.StatusCode.RESOURCE_EXHAUSTED
    state = "is overloaded" if overloaded else "cannot be reached"
    return make_status(
        grpc.StatusCode.UNAVAILABLE,
        f"{target}: {state}, tried for {waited_s:.3g} s; the last answer was {parts.code.name}: {parts.message}",
        "SERVICE_OVERLOADED" if overloaded else "SERVICE_UNAVAILABLE",
    )


def too_large(target: str, problem: str, reason: str) -> status_pb2.Status:
    """It is over the service's limits, so it was not sent."""
    return make_status(
        grpc.StatusCode.INVALID_ARGUMENT, f"{problem}; {target} takes no more, so it was not sent", reason
    )


def no_outcome(target: str) -> status_pb2.Status:
    """The service sent a result that is neither a grade nor an error."""
    message = f"{target}: the result is neither a grade nor an error; the grader there is faulty"
    return make_status(grpc.StatusCode.INTERNAL, message, "RESULT_EMPTY")


def broken(target: str) -> status_pb2.Status:
    """The service ended a call well, and results are missing."""
    message = f"{target}: the stream ended without all results"
    return make_status(grpc.StatusCode.UNAVAILABLE, message, "STREAM_INCOMPLETE")


def left_out(target: str, times: int) -> status_pb2.Status:
    """The service ended calls well without this sample's result."""
    message = f"{target}: {times} calls ended well without a result for this sample; the grader there is faulty"
    return make_status(grpc.StatusCode.INTERNAL, message, "RESULT_MISSING")


def closed(target: str) -> status_pb2.Status:
    """Our own client was closed."""
    return make_status(grpc.StatusCode.CANCELLED, f"{target}: the client was closed", "CLIENT_CLOSED")


def crashed(target: str, error: Exception) -> status_pb2.Status:
    """An endpoint raised what it must not."""
    message = f"{target}: {type(error).__name__}: {error}"
    return make_status(grpc.StatusCode.INTERNAL, message, "ENDPOINT_CRASHED")
