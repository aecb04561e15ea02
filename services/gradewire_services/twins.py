"""Which worker a unit went to, so that its twins follow: a verdict is kept by the worker that gave it.

Remembers the last units only. A twin that is sent elsewhere is worked on once more, and nothing is wrong.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable

from google.protobuf.message import Message

_REMEMBERED = 32_768
"""Units; about 5 MB."""


def twin_key(shared: bytes, unit: Message, name: str) -> bytes:
    """Equal for units that are equal but for the field `name`, and come with the same `shared` bytes."""
    same = type(unit)()
    same.CopyFrom(unit)
    same.ClearField(name)
    digest = hashlib.blake2b(len(shared).to_bytes(8, "big"), digest_size=16)
    digest.update(shared)
    digest.update(same.SerializeToString(deterministic=True))
    return digest.digest()


class Whereabouts:
    """By key, the worker that has a unit, or has had it."""

    def __init__(self) -> None:
        self._workers: OrderedDict[bytes, int] = OrderedDict()

    def allow(self, key: bytes | None, worker: int) -> bool:
        """Whether this worker may take a unit: it has its twin, or nobody has. None: it has no twins."""
        return key is None or self._workers.get(key, worker) == worker

    def note(self, keys: Iterable[bytes | None], worker: int) -> None:
        """These units go to this worker."""
        for key in keys:
            if key is not None:
                self._workers[key] = worker
                self._workers.move_to_end(key)
        while len(self._workers) > _REMEMBERED:
            self._workers.popitem(last=False)
