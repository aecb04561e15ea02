"""What both ends of the wire agree on beside the messages: limits, fingerprints, splitting, what may be sent again."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import grpc

from gradewire.v1 import grader_pb2, sample_pb2

DOMAIN = "gradewire"
"""The domain of every `google.rpc.ErrorInfo` of ours."""

DEFAULT_PORTS = {"extraction": 50251, "execution": 50252, "judging": 50253, "gateway": 50254}
"""The fixed localhost ports of `gradewire up`."""

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class LimitValues:
    """What a service accepts; the wire's `Limits` in Python's types."""

    max_request_bytes: int = 4 * MIB - 64 * 1024
    """Of one GradeRequest. Below gRPC's own default of 4 MiB, so that foreign clients meet our error, not theirs."""

    max_request_samples: int = 1024

    max_response_bytes: int = 1 * MIB
    """Of one sample, as UTF-8."""

    max_shared_bytes: int = 2 * MIB
    """Of what a group's samples share: prompt, reference, item."""

    max_queued_samples: int = 8192
    """Samples waiting and being worked on, over all calls."""

    default_sample_timeout_s: float = 10.0

    max_sample_timeout_s: float = 300.0

    max_queued_tokens: int = 0
    """Tokens, as estimated from bytes, that models still have to read and write; a call that is alone may be over it.
    0: not bounded in tokens."""

    def message(self) -> grader_pb2.Limits:
        """The same as a message."""
        limits = grader_pb2.Limits(
            max_request_bytes=self.max_request_bytes,
            max_request_samples=self.max_request_samples,
            max_response_bytes=self.max_response_bytes,
            max_shared_bytes=self.max_shared_bytes,
            max_queued_samples=self.max_queued_samples,
            max_queued_tokens=self.max_queued_tokens,
        )
        limits.default_sample_timeout.FromNanoseconds(round(self.default_sample_timeout_s * 1e9))
        limits.max_sample_timeout.FromNanoseconds(round(self.max_sample_timeout_s * 1e9))
        return limits

    @classmethod
    def of(cls, limits: grader_pb2.Limits) -> "LimitValues":
        """The message in Python's types; what it leaves at zero takes our default."""
        ours = cls()
        return cls(
            max_request_bytes=limits.max_request_bytes or ours.max_request_bytes,
            max_request_samples=limits.max_request_samples or ours.max_request_samples,
            max_response_bytes=limits.max_response_bytes or ours.max_response_bytes,
            max_shared_bytes=limits.max_shared_bytes or ours.max_shared_bytes,
            max_queued_samples=limits.max_queued_samples or ours.max_queued_samples,
            max_queued_tokens=limits.max_queued_tokens,
            default_sample_timeout_s=limits.default_sample_timeout.ToNanoseconds() / 1e9
            or ours.default_sample_timeout_s,
            max_sample_timeout_s=limits.max_sample_timeout.ToNanoseconds() / 1e9 or ours.max_sample_timeout_s,
        )


DEFAULT_LIMITS = LimitValues()

_RESEND = frozenset(
    {
        grpc.StatusCode.UNAVAILABLE,
        # grpc-core sheds calls beyond a thousand pending with CANCELLED. Who cancels a call knows that it did.
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
    }
)


def may_resend(code: grpc.StatusCode) -> bool:
    """Whether samples without a result may be sent again after a call ended with this code.

    Graders are pure, so a second grading does no harm; this says only whether it can help. INTERNAL and UNKNOWN are no
    such codes, except that a killed server shows as UNAVAILABLE. RESOURCE_EXHAUSTED is one only with RetryInfo: without
    it the message was too large, and will be again.
    """
    return code in _RESEND


def fingerprint(grader: str, version: str, parameters_json: str, group: sample_pb2.Group) -> bytes:
    """16 bytes that are equal when the grade must be: grader, version, parameters, what is shared, and the responses.

    Ids do not count. Two graders, or two samples that differ in any byte, differ here (BLAKE2b over length-prefixed
    parts).
    """
    digest = hashlib.blake2b(digest_size=16)

    def add(part: bytes) -> None:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)

    for text in (grader, version, parameters_json, group.reference_json, group.item_json):
        add(text.encode())
    for message in group.prompt:
        add(message.SerializeToString(deterministic=True))
    for sample in group.samples:
        anonymous = sample_pb2.Sample()
        anonymous.CopyFrom(sample)
        anonymous.ClearField("sample_id")
        add(anonymous.SerializeToString(deterministic=True))
    return digest.digest()


def split_groups(
    groups: Iterable[sample_pb2.Group], *, max_samples: int, max_bytes: int, whole_groups: bool = False
) -> Iterator[list[sample_pb2.Group]]:
    """Part groups into requests' worth: at most `max_samples` samples and about `max_bytes` bytes each.

    A group's shared fields are repeated in each part of it. With `whole_groups` no group is parted, for graders of
    scope GROUP. A single sample (or whole group) over the limits comes alone: the caller says what that means.
    """
    batch: list[sample_pb2.Group] = []
    batch_samples = batch_bytes = 0
    for group in groups:
        shared = sample_pb2.Group()
        shared.CopyFrom(group)
        shared.ClearField("samples")
        shared_bytes = shared.ByteSize() + 16
        pieces = [list(group.samples)] if whole_groups else [[sample] for sample in group.samples]
        part: sample_pb2.Group | None = None
        for piece in pieces:
            size = sum(sample.ByteSize() + 8 for sample in piece)
            extra = size if part is not None else size + shared_bytes
            if batch_samples and (batch_samples + len(piece) > max_samples or batch_bytes + extra > max_bytes):
                yield batch
                batch, batch_samples, batch_bytes, part = [], 0, 0, None
                extra = size + shared_bytes
            if part is None:
                part = sample_pb2.Group()
                part.CopyFrom(shared)
                batch.append(part)
            part.samples.extend(piece)
            batch_samples += len(piece)
            batch_bytes += extra
    if batch:
        yield batch
