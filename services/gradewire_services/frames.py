"""What travels between the front and a worker: length-prefixed frames over a socket pair, protobuf bytes inside.

Front to worker: START once, then CHUNK. Worker to front: READY or FAILED once, then RESULTS (some positions of a chunk,
each with its bytes), ENDED (no more of this chunk) or REFUSED (its parameters are wrong: the whole call is).
A position is the index of a unit of work within its call.
"""

import array
import struct
from collections.abc import Iterator, Sequence
from enum import IntEnum
from io import IOBase
from typing import NamedTuple

_HEAD = struct.Struct("=IB")
_CHUNK = struct.Struct("=IQHH")
_RESULTS = struct.Struct("=IH")
_ENDED = struct.Struct("=IQB")
_REFUSED = struct.Struct("=I")


class Kind(IntEnum):
    """What a frame is."""

    START = 1
    CHUNK = 2
    READY = 3
    FAILED = 4
    RESULTS = 5
    ENDED = 6
    REFUSED = 7


class ChunkFrame(NamedTuple):
    """Some units of a call, to be worked on."""

    chunk: int
    timeout_ns: int
    operation: str
    positions: Sequence[int]
    payload: memoryview


class ResultsFrame(NamedTuple):
    """Finished units. Their bytes lie one after the other in `payload`."""

    chunk: int
    positions: Sequence[int]
    lengths: Sequence[int]
    payload: bytes


class EndedFrame(NamedTuple):
    """The worker is through with a chunk; what it did not report, it skipped."""

    chunk: int
    busy_ns: int
    retiring: bool


def pack(kind: Kind, *parts: bytes) -> bytes:
    """A frame."""
    return b"".join((_HEAD.pack(sum(map(len, parts)), kind), *parts))


def pack_chunk(chunk: int, timeout_ns: int, operation: str, positions: Sequence[int], payload: bytes) -> bytes:
    """A CHUNK frame."""
    name = operation.encode()
    head = _CHUNK.pack(chunk, timeout_ns, len(name), len(positions))
    return pack(Kind.CHUNK, head, name, array.array("H", positions).tobytes(), payload)


def read_chunk(body: bytes) -> ChunkFrame:
    """The body of a CHUNK frame."""
    chunk, timeout_ns, name_length, count = _CHUNK.unpack_from(body)
    at = _CHUNK.size
    name = body[at : at + name_length].decode()
    at += name_length
    positions = array.array("H", body[at : at + 2 * count])
    return ChunkFrame(chunk, timeout_ns, name, positions, memoryview(body)[at + 2 * count :])


def pack_results(chunk: int, positions: Sequence[int], results: Sequence[bytes]) -> bytes:
    """A RESULTS frame."""
    lengths = array.array("I", map(len, results)).tobytes()
    head = _RESULTS.pack(chunk, len(positions))
    return pack(Kind.RESULTS, head, array.array("H", positions).tobytes(), lengths, *results)


def read_results(body: bytes) -> ResultsFrame:
    """The body of a RESULTS frame."""
    chunk, count = _RESULTS.unpack_from(body)
    at = _RESULTS.size
    positions = array.array("H", body[at : at + 2 * count])
    at += 2 * count
    lengths = array.array("I", body[at : at + 4 * count])
    return ResultsFrame(chunk, positions, lengths, body[at + 4 * count :])


def pack_ended(chunk: int, busy_ns: int, retiring: bool) -> bytes:
    """An ENDED frame."""
    return pack(Kind.ENDED, _ENDED.pack(chunk, busy_ns, retiring))


def read_ended(body: bytes) -> EndedFrame:
    """The body of an ENDED frame."""
    chunk, busy_ns, retiring = _ENDED.unpack(body)
    return EndedFrame(chunk, busy_ns, bool(retiring))


def pack_refused(chunk: int, status: bytes) -> bytes:
    """A REFUSED frame."""
    return pack(Kind.REFUSED, _REFUSED.pack(chunk), status)


def read_refused(body: bytes) -> tuple[int, bytes]:
    """The body of a REFUSED frame: the chunk, and a serialised status."""
    return _REFUSED.unpack_from(body)[0], body[_REFUSED.size :]


def read_frame(stream: IOBase) -> tuple[Kind, bytes] | None:
    """The next frame of a blocking stream; None at its end."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    length, kind = _HEAD.unpack(head)
    body = stream.read(length)
    return (Kind(kind), body) if len(body) == length else None


class FrameBuffer:
    """Puts frames together again out of whatever pieces arrive."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[Kind, bytes]]:
        """Add a piece; yields the frames that are complete."""
        self._data += data
        at = 0
        while len(self._data) - at >= _HEAD.size:
            length, kind = _HEAD.unpack_from(self._data, at)
            end = at + _HEAD.size + length
            if end > len(self._data):
                break
            yield Kind(kind), bytes(self._data[at + _HEAD.size : end])
            at = end
        if at:
            del self._data[:at]
