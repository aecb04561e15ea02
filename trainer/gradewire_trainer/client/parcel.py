"""What is sent together, and where its results go.

A `Delivery` is one caller's group; its `Parcel`s are the pieces that may travel and be sent again apart: single
samples, or the whole group for graders that must see it at once. When and how they travel is `sender`.
"""

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from google.rpc import status_pb2

from gradewire.v1 import grader_pb2, sample_pb2

if TYPE_CHECKING:
    from gradewire_trainer.client.call import Call


class Delivery:
    """The results of one group, in the order of its samples; each is put once and counts once."""

    def __init__(self, sample_ids: Sequence[str], deadline: float) -> None:
        self._sample_ids = sample_ids
        self.deadline = deadline
        """By the loop's clock, in seconds."""
        self._results: list[grader_pb2.Result | None] = [None] * len(sample_ids)
        self._missing = len(sample_ids)
        self._complete = asyncio.Event()
        self.parcels: list[Parcel] = []
        if not self._missing:
            self._complete.set()

    def put(self, index: int, result: grader_pb2.Result) -> bool:
        """Keep the first result of a sample, under the caller's own id. False: there was one already."""
        if self._results[index] is not None:
            return False
        result.sample_id = self._sample_ids[index]
        self._results[index] = result
        self._missing -= 1
        if not self._missing:
            self._complete.set()
        return True

    def has(self, index: int) -> bool:
        """Whether the sample's result is here."""
        return self._results[index] is not None

    async def results(self) -> list[grader_pb2.Result]:
        """All results, once they are complete."""
        await self._complete.wait()
        return [result for result in self._results if result is not None]


class Parcel:
    """Samples that travel in one piece, with what their group shares."""

    __slots__ = (
        *("delivery", "offset", "shared", "shared_key", "samples", "size"),
        *("trouble", "incomplete", "dropped", "call"),
    )

    def __init__(
        self,
        delivery: Delivery,
        offset: int,
        shared: sample_pb2.Group,
        shared_key: bytes,
        samples: Sequence[sample_pb2.Sample],
    ) -> None:
        self.delivery = delivery
        self.offset = offset
        """Of its first sample in the delivery."""
        self.shared = shared
        self.shared_key = shared_key
        """Equal exactly when `shared` is."""
        self.samples = samples
        self.size = len(shared_key) + sum(sample.ByteSize() + 8 for sample in samples)
        """In bytes, when it travels alone."""
        self.trouble: status_pb2.Status | None = None
        """How the last call with it ended, when it is waiting to be sent again."""
        self.incomplete = 0
        """Calls that ended well without all of its results."""
        self.dropped = False
        """The caller no longer waits for it."""
        self.call: Call | None = None
        """The call that it travels with, while somebody waits for it."""
        delivery.parcels.append(self)

    @property
    def done(self) -> bool:
        """Whether nobody waits for anything in it."""
        return self.dropped or all(self.delivery.has(self.offset + i) for i in range(len(self.samples)))

    def put(self, index: int, result: grader_pb2.Result) -> bool:
        """Deliver the result of its sample at `index`. False: seen before, or nobody waits."""
        return not self.dropped and self.delivery.put(self.offset + index, result)

    def fail(self, status: status_pb2.Status) -> None:
        """Give every sample without a result this error."""
        for index in range(len(self.samples)):
            self.put(index, grader_pb2.Result(error=status))


def parcels_of(delivery: Delivery, group: sample_pb2.Group, *, whole: bool) -> Iterator[Parcel]:
    """Part a group: a sample each, or with `whole` all in one piece."""
    shared = sample_pb2.Group()
    shared.CopyFrom(group)
    shared.ClearField("samples")
    if whole:
        shared.group_size = shared.group_size or len(group.samples)
    key = shared.SerializeToString(deterministic=True)
    if whole:
        yield Parcel(delivery, 0, shared, key, list(group.samples))
        return
    for offset, sample in enumerate(group.samples):
        yield Parcel(delivery, offset, shared, key, [sample])
