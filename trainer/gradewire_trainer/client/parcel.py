"""What is sent together, and where its results go.

A `Delivery` is one caller's group; its `Parcel`s are the pieces that may travel and be sent again apart: single
samples, or the whole group for graders that must see it at once. When and how they travel is `sender`.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from google.rpc import status_pb2

from gradewire.v1 import grader_pb2, sample_pb2

if TYPE_CHECKING:
    from gradewire_trainer.client.call import Call


class Delivery:
    """The results of one group, in the order of its samples; each is put once and counts once."""

    __slots__ = ("_missing", "_results", "_sample_ids", "complete", "deadline", "deadline_s", "parcels")

    def __init__(self, sample_ids: Sequence[str], deadline_s: float) -> None:
        loop = asyncio.get_running_loop()
        self._sample_ids = sample_ids
        self._results: list[grader_pb2.Result | None] = [None] * len(sample_ids)
        self._missing = len(sample_ids)
        self.deadline_s = deadline_s
        """In seconds from now."""
        self.deadline = loop.time() + deadline_s
        """The same by the loop's clock."""
        self.parcels: Sequence[Parcel] = ()
        self.complete: asyncio.Future[None] = loop.create_future()
        """Done when every sample has its result."""
        if not self._missing:
            self.complete.set_result(None)

    def put(self, index: int, result: grader_pb2.Result) -> bool:
        """Keep the first result of a sample, under the caller's own id. False: there was one already."""
        if self._results[index] is not None:
            return False
        result.sample_id = self._sample_ids[index]
        self._results[index] = result
        self._missing -= 1
        if not self._missing and not self.complete.done():
            self.complete.set_result(None)
        return True

    def results(self) -> list[grader_pb2.Result]:
        """Those that are here."""
        return [result for result in self._results if result is not None]


class Parcel:
    """Samples that travel in one piece, with what their group shares."""

    __slots__ = (
        *("delivery", "offset", "shared", "shared_key", "samples", "size"),
        *("missing", "trouble", "incomplete", "call"),
    )

    def __init__(
        self,
        delivery: Delivery,
        offset: int,
        shared: sample_pb2.Group,
        shared_key: bytes,
        samples: Sequence[sample_pb2.Sample],
        size: int,
    ) -> None:
        self.delivery = delivery
        self.offset = offset
        """Of its first sample in the delivery."""
        self.shared = shared
        self.shared_key = shared_key
        """Equal exactly when `shared` is."""
        self.samples = samples
        self.size = size
        """In bytes, when it travels alone."""
        self.missing = len(samples)
        """Results that somebody waits for; 0: nobody waits for anything in it."""
        self.trouble: status_pb2.Status | None = None
        """How the last call with it ended, when it is waiting to be sent again."""
        self.incomplete = 0
        """Calls that ended well without all of its results."""
        self.call: Call | None = None
        """The call that it travels with, while somebody waits for it."""

    def put(self, index: int, result: grader_pb2.Result) -> bool:
        """Deliver the result of its sample at `index`. False: seen before, or nobody waits."""
        if not self.missing or not self.delivery.put(self.offset + index, result):
            return False
        self.missing -= 1
        return True

    def fail(self, status: status_pb2.Status) -> None:
        """Give every sample without a result this error."""
        for index in range(len(self.samples)):
            self.put(index, grader_pb2.Result(error=status))

    def drop(self) -> None:
        """Nobody waits for it any more. A call in which nobody else waits for anything is cancelled."""
        self.missing = 0
        if self.call is not None:
            self.call.leave(self)


def parcels_of(delivery: Delivery, group: sample_pb2.Group, *, whole: bool) -> list[Parcel]:
    """Part a group: a sample each, or with `whole` all in one piece."""
    shared = sample_pb2.Group(
        group_id=group.group_id,
        prompt=group.prompt,
        reference_json=group.reference_json,
        item_json=group.item_json,
        group_size=group.group_size or (len(group.samples) if whole else 0),
    )
    key = shared.SerializeToString(deterministic=True)
    samples = list(group.samples)
    sizes = [sample.ByteSize() + 8 for sample in samples]
    if whole:
        parcels = [Parcel(delivery, 0, shared, key, samples, len(key) + sum(sizes))]
    else:
        parcels = [
            Parcel(delivery, offset, shared, key, (sample,), len(key) + size)
            for offset, (sample, size) in enumerate(zip(samples, sizes, strict=True))
        ]
    delivery.parcels = parcels
    return parcels
