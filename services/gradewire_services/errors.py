"""Everything that can go wrong while serving, and its one mapping to `google.rpc.Status`.

GradewireError
├── RequestError          the call cannot be served; nothing of it was graded
│   ├── BadRequest · UnknownGrader · RequestTooLarge · Unauthenticated
│   └── Overloaded · Unavailable            trouble that passes: may be sent again
├── SampleError           this sample cannot be graded; its neighbours can
│   ├── BadSample · SampleTooLarge · Missing · Unsupported
│   ├── TimedOut · OutOfMemory · Crashed · CalledOff
│   ├── BackendBusy · BackendDown           a model behind the grader, somebody else's
│   └── GraderFailed                        the grader's own code is at fault, not the sample
└── StartError            the service cannot start: its configuration, or what it needs

A failure is never a score: whatever is raised while a sample is graded ends as its `Result.error`.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import ClassVar

import grpc
from google.rpc import status_pb2

from gradewire_protos import FieldViolation, make_status

log = logging.getLogger(__name__)


class GradewireError(Exception):
    """The root. `reason` is stable, in upper snake case; the message says what was wrong and what to do."""

    code: ClassVar[grpc.StatusCode] = grpc.StatusCode.INTERNAL
    reason: str = "INTERNAL"

    def __init__(
        self,
        message: str,
        *,
        reason: str | None = None,
        violations: Sequence[FieldViolation] = (),
        retry_after_s: float | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        if reason is not None:
            self.reason = reason
        self.violations = tuple(violations)
        self.retry_after_s = retry_after_s
        self.metadata = dict(metadata or {})


class RequestError(GradewireError):
    """The call cannot be served."""


class BadRequest(RequestError):
    """The request breaks the contract; names the field by its path."""

    code = grpc.StatusCode.INVALID_ARGUMENT
    reason = "BAD_REQUEST"

    @classmethod
    def at(cls, *violations: tuple[str, str]) -> "BadRequest":
        """Name what is wrong by path and sentence: `BadRequest.at(("groups[3].samples", "is empty"))`."""
        text = "; ".join(f"{path}: {why}" for path, why in violations[:3])
        more = f"; and {len(violations) - 3} more" if len(violations) > 3 else ""
        return cls(text + more, violations=[FieldViolation(*violation) for violation in violations])


class UnknownGrader(RequestError):
    """No grader of this name is served here."""

    code = grpc.StatusCode.NOT_FOUND
    reason = "UNKNOWN_GRADER"


class RequestTooLarge(RequestError):
    """The request is over a limit of the service. The same request will be again, so no RetryInfo."""

    code = grpc.StatusCode.RESOURCE_EXHAUSTED
    reason = "REQUEST_TOO_LARGE"


class Overloaded(RequestError):
    """The queue is full; RetryInfo says when to come back."""

    code = grpc.StatusCode.RESOURCE_EXHAUSTED
    reason = "OVERLOADED"


class Unauthenticated(RequestError):
    """The call brings no token, or another one."""

    code = grpc.StatusCode.UNAUTHENTICATED
    reason = "UNAUTHENTICATED"


class Unavailable(RequestError):
    """The service is starting, draining, or has no worker left."""

    code = grpc.StatusCode.UNAVAILABLE
    reason = "UNAVAILABLE"


class SampleError(GradewireError):
    """This sample cannot be graded."""


class BadSample(SampleError):
    """A field of the sample or of its item is not what the grader needs; names the field."""

    code = grpc.StatusCode.INVALID_ARGUMENT
    reason = "BAD_SAMPLE"

    @classmethod
    def at(cls, path: str, why: str) -> "BadSample":
        """Name the field, relative to the sample's group: `BadSample.at("reference_json", "is not JSON")`."""
        return cls(f"{path}: {why}", violations=[FieldViolation(path, why)])


class SampleTooLarge(BadSample):
    """The sample, or what its group shares, is over a limit."""

    reason = "SAMPLE_TOO_LARGE"


class Missing(SampleError):
    """Something that this grade needs is not here: a reference, a model, a tool chain."""

    code = grpc.StatusCode.FAILED_PRECONDITION
    reason = "MISSING"


class Unsupported(SampleError):
    """This grader does not do that."""

    code = grpc.StatusCode.UNIMPLEMENTED
    reason = "UNSUPPORTED"


class TimedOut(SampleError):
    """The sample took longer than its timeout, or the call ended before it was done."""

    code = grpc.StatusCode.DEADLINE_EXCEEDED
    reason = "SAMPLE_TIMEOUT"


class OutOfMemory(SampleError):
    """Grading the sample took more memory than a worker may have."""

    code = grpc.StatusCode.RESOURCE_EXHAUSTED
    reason = "OUT_OF_MEMORY"


class Crashed(SampleError):
    """The worker process died while it worked on the sample."""

    code = grpc.StatusCode.INTERNAL
    reason = "WORKER_CRASHED"


class BackendBusy(SampleError):
    """The model that the grader asks has no room; it may say when to come back."""

    code = grpc.StatusCode.RESOURCE_EXHAUSTED
    reason = "BACKEND_BUSY"


class BackendDown(SampleError):
    """The model that the grader asks does not answer, or answers what is no answer."""

    code = grpc.StatusCode.UNAVAILABLE
    reason = "BACKEND_DOWN"


class CalledOff(SampleError):
    """Nobody waits for this sample any more, so a batch went on without it. Not sent: who called it off knows."""

    code = grpc.StatusCode.CANCELLED
    reason = "CALLED_OFF"


class GraderFailed(SampleError):
    """The grader raised, or returned what is no grade."""

    code = grpc.StatusCode.INTERNAL
    reason = "GRADER_RAISED"


class StartError(GradewireError):
    """The service cannot start. For a person at a terminal: exit code 2, no traceback."""

    code = grpc.StatusCode.FAILED_PRECONDITION
    reason = "CANNOT_START"


def to_status(error: BaseException) -> status_pb2.Status:
    """The status of anything that was raised. Others are logged, with the traceback, and say UNEXPECTED."""
    if isinstance(error, MemoryError):
        error = OutOfMemory("grading this sample took more memory than a worker may have")
    if isinstance(error, GradewireError):
        return make_status(
            error.code,
            _clipped(str(error), 1000),
            error.reason,
            violations=[FieldViolation(_clipped(path), _clipped(why)) for path, why in error.violations],
            retry_after_s=error.retry_after_s,
            metadata=error.metadata,
        )
    log.error("unexpected %s", type(error).__name__, exc_info=error)
    message = f"unexpected {type(error).__name__} in the service; its log has the traceback"
    return make_status(grpc.StatusCode.INTERNAL, message, "UNEXPECTED")


def _clipped(text: str, most: int = 200) -> str:
    """What goes into a header must be short, and what a request holds may be long. No half of a surrogate pair."""
    text = text if len(text) <= most else f"{text[: most - 20]} … {len(text)} in all"
    return text.encode("utf-8", "replace").decode()
