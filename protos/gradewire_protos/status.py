"""`google.rpc.Status` with details: how every error of Gradewire looks on the wire, written and read here only.

An error has a gRPC code, a sentence that says what was wrong and what to do, and an ErrorInfo with a stable reason in
upper snake case. A bad field adds a BadRequest with its path, trouble that passes adds a RetryInfo.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import grpc
from google.rpc import error_details_pb2, status_pb2

from gradewire_protos.contract import DOMAIN

_DETAILS_KEY = "grpc-status-details-bin"
_CODES = {code.value[0]: code for code in grpc.StatusCode}


class FieldViolation(NamedTuple):
    """A field that is wrong, by its path in the request, and why."""

    field: str
    description: str


@dataclass(frozen=True, slots=True)
class StatusParts:
    """A status taken apart."""

    code: grpc.StatusCode
    message: str
    reason: str = ""
    """The ErrorInfo's; empty when the sender is not one of ours."""

    retry_after_s: float | None = None
    violations: tuple[FieldViolation, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)


def make_status(
    code: grpc.StatusCode,
    message: str,
    reason: str,
    *,
    violations: Sequence[FieldViolation] = (),
    retry_after_s: float | None = None,
    metadata: Mapping[str, str] | None = None,
) -> status_pb2.Status:
    """Put a status together. `reason` is stable, in upper snake case; `message` is for people."""
    status = status_pb2.Status(code=code.value[0], message=message)
    status.details.add().Pack(error_details_pb2.ErrorInfo(reason=reason, domain=DOMAIN, metadata=metadata or {}))
    if violations:
        bad = error_details_pb2.BadRequest()
        for path, description in violations:
            bad.field_violations.add(field=path, description=description)
        status.details.add().Pack(bad)
    if retry_after_s is not None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromNanoseconds(round(retry_after_s * 1e9))
        status.details.add().Pack(retry)
    return status


def parse_status(status: status_pb2.Status) -> StatusParts:
    """Take a status apart. Details that we do not know are left out; an unknown code is UNKNOWN."""
    reason, retry, violations, metadata = "", None, [], {}
    for detail in status.details:
        info, bad, retry_info = (
            error_details_pb2.ErrorInfo(),
            error_details_pb2.BadRequest(),
            error_details_pb2.RetryInfo(),
        )
        if detail.Unpack(info):
            reason, metadata = info.reason, dict(info.metadata)
        elif detail.Unpack(bad):
            violations = [FieldViolation(v.field, v.description) for v in bad.field_violations]
        elif detail.Unpack(retry_info):
            retry = retry_info.retry_delay.ToNanoseconds() / 1e9
    code = _CODES.get(status.code, grpc.StatusCode.UNKNOWN)
    return StatusParts(code, status.message, reason, retry, tuple(violations), metadata)


def status_trailers(status: status_pb2.Status) -> tuple[tuple[str, bytes], ...]:
    """The trailing metadata that carries a status with its details beside an RPC's own code and message."""
    return ((_DETAILS_KEY, status.SerializeToString()),)


def status_from_rpc_error(error: grpc.aio.AioRpcError) -> status_pb2.Status:
    """The status of a failed call: from its trailers, or, when the sender put none there, from code and message."""
    for key, value in tuple(error.trailing_metadata() or ()):
        if key == _DETAILS_KEY and isinstance(value, bytes):
            status = status_pb2.Status()
            status.ParseFromString(value)
            return status
    return status_pb2.Status(code=error.code().value[0], message=error.details() or "")
