"""What travels between the front and the process that keeps the sessions: calls, answers, and cancellations.

A frame is a length, the call's number, what it is, how long the call may take (nanoseconds; 0: no deadline), and
protobuf bytes. START and READY or FAILED come first, numbered 0.
"""

import struct
from enum import IntEnum
from typing import NamedTuple

_HEAD = struct.Struct("=IIBQ")
HEAD_BYTES = _HEAD.size


class Kind(IntEnum):
    """What a frame is."""

    START = 1
    READY = 2
    FAILED = 3
    OPEN = 4
    RUN = 5
    CLOSE = 6
    DESCRIBE = 7
    CANCEL = 8
    DONE = 9
    ERROR = 10


class Head(NamedTuple):
    """What stands before a frame's body."""

    length: int
    call: int
    kind: Kind
    timeout_ns: int


def pack(call: int, kind: Kind, body: bytes = b"", timeout_ns: int = 0) -> bytes:
    """A frame."""
    return _HEAD.pack(len(body), call, kind, timeout_ns) + body


def read_head(data: bytes) -> Head:
    """The first `HEAD_BYTES` of a frame. Raises ValueError when it is none."""
    length, call, kind, timeout_ns = _HEAD.unpack(data)
    return Head(length, call, Kind(kind), timeout_ns)
