"""One call of Grade: which parcels travel in it, under which ids, and to whom its results belong."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from gradewire.v1 import grader_pb2, sample_pb2
from gradewire_protos import LimitValues, split_groups
from gradewire_trainer.client.parcel import Parcel

CALL_SAMPLES = 256
"""Samples in a call. More gains nothing (a call costs 2 % of its samples here), and costs more when a stream breaks."""

_FRAME_BYTES = 1024
"""What a request weighs beside its groups and parameters, generously."""


class Ask(NamedTuple):
    """What is asked of a grader. Samples with an equal ask may travel together, whoever sends them."""

    grader: str
    parameters_json: str = ""
    sample_timeout_s: float | None = None
    """How long one sample may be worked on. None: the service's default."""
    whole_groups: bool = False
    """The grader's scope is GROUP: it must see a group in one message."""


class Receipt(Enum):
    """What became of a result that came in."""

    DELIVERED = "delivered"
    DUPLICATE = "duplicate"
    """The sample had one already."""
    STRANGER = "stranger"
    """No sample of this call has this id."""


class Call:
    """A request on its way, or waiting for the window."""

    def __init__(
        self,
        request: grader_pb2.GradeRequest,
        size: int,
        routes: dict[str, tuple[Parcel, int]],
        parcels: Sequence[Parcel],
    ) -> None:
        self.request = request
        self.size = size
        """Of the request, in bytes."""
        self._routes = routes
        self.parcels = parcels
        self.samples = len(routes)
        self.open = 0
        """Parcels that somebody still waits for, while it is on its way."""
        self.task: asyncio.Task[None] | None = None

    def depart(self) -> bool:
        """Mark its parcels as travelling. False: nobody waits for any of them, so it need not go."""
        for parcel in self.parcels:
            if parcel.missing:
                parcel.call = self
                self.open += 1
        return self.open > 0

    def deliver(self, result: grader_pb2.Result) -> Receipt:
        """Hand a result to whoever waits for it."""
        route = self._routes.get(result.sample_id)
        if route is None:
            return Receipt.STRANGER
        parcel, index = route
        if not parcel.put(index, result):
            return Receipt.DUPLICATE
        if not parcel.missing and parcel.call is self:
            parcel.call = None
            self.open -= 1
        return Receipt.DELIVERED

    def leave(self, parcel: Parcel) -> None:
        """Nobody waits for this parcel of it any more. With the last one, the call is cancelled."""
        parcel.call = None
        self.open -= 1
        if not self.open and self.task is not None:
            self.task.cancel()

    def arrive(self) -> list[Parcel]:
        """It has ended: what it leaves behind, in order."""
        left = [parcel for parcel in self.parcels if parcel.call is self]
        for parcel in left:
            parcel.call = None
        self.open = 0
        return left


def call_samples(limits: LimitValues) -> int:
    """How many samples a call carries; a whole group may be more."""
    return min(CALL_SAMPLES, limits.max_request_samples, limits.max_queued_samples)


def too_large(parcel: Parcel, ask: Ask, limits: LimitValues) -> tuple[str, str] | None:
    """Why a parcel cannot travel at all, as a sentence and a reason. None: it can."""
    shared, room = len(parcel.shared_key), request_bytes(ask, limits)
    if shared > limits.max_shared_bytes:
        return f"prompt, reference and item have {shared} of {limits.max_shared_bytes} bytes", "GROUP_TOO_LARGE"
    if len(parcel.samples) > limits.max_request_samples:
        return f"the group has {len(parcel.samples)} of {limits.max_request_samples} samples", "GROUP_TOO_LARGE"
    if parcel.size > limits.max_response_bytes:
        size = max(_response_bytes(sample) for sample in parcel.samples)
        if size > limits.max_response_bytes:
            return f"the response has {size} of {limits.max_response_bytes} bytes", "RESPONSE_TOO_LARGE"
    if parcel.size > room:
        return f"it has {parcel.size} of {room} bytes", "REQUEST_TOO_LARGE"
    return None


def _response_bytes(sample: sample_pb2.Sample) -> int:
    return len(sample.text.encode()) if sample.HasField("text") else sample.messages.ByteSize()


@lru_cache(maxsize=256)
def request_bytes(ask: Ask, limits: LimitValues) -> int:
    """What a request with these parameters has left for its groups, in bytes."""
    return limits.max_request_bytes - _FRAME_BYTES - len(ask.grader.encode()) - len(ask.parameters_json.encode())


def pack(ask: Ask, parcels: Sequence[Parcel], limits: LimitValues) -> list[Call]:
    """Put parcels into as few calls as the service's limits allow, in order.

    What a group's samples share is written once a call, whoever sent them. Ids are the callers' own where they can be;
    one that is taken in this call gets a number after it.
    """
    request = _request(ask)
    by_shared: dict[bytes, sample_pb2.Group] = {}
    group_ids: Counter[str] = Counter()
    sample_ids: Counter[str] = Counter()
    routes: dict[str, tuple[Parcel, int]] = {}
    for parcel in parcels:
        group = None if ask.whole_groups else by_shared.get(parcel.shared_key)
        if group is None:
            group = request.groups.add()
            group.CopyFrom(parcel.shared)
            group.group_id = _free(parcel.shared.group_id, group_ids)
            by_shared[parcel.shared_key] = group
        for index, sample in enumerate(parcel.samples):
            sent = group.samples.add()
            sent.CopyFrom(sample)
            sent.sample_id = _free(sample.sample_id, sample_ids)
            routes[sent.sample_id] = (parcel, index)
    size = request.ByteSize()
    if size <= limits.max_request_bytes and len(routes) <= call_samples(limits):
        return [Call(request, size, routes, parcels)]
    batches = split_groups(
        request.groups,
        max_samples=call_samples(limits),
        max_bytes=request_bytes(ask, limits),
        whole_groups=ask.whole_groups,
    )
    return [_call(ask, batch, routes) for batch in batches]


def _request(ask: Ask) -> grader_pb2.GradeRequest:
    request = grader_pb2.GradeRequest(grader=ask.grader, parameters_json=ask.parameters_json)
    if ask.sample_timeout_s is not None:
        request.sample_timeout.FromNanoseconds(round(ask.sample_timeout_s * 1e9))
    return request


def _call(ask: Ask, groups: list[sample_pb2.Group], routes: dict[str, tuple[Parcel, int]]) -> Call:
    request = _request(ask)
    request.groups.extend(groups)
    own = {sample.sample_id: routes[sample.sample_id] for group in groups for sample in group.samples}
    return Call(request, request.ByteSize(), own, list(dict.fromkeys(parcel for parcel, _ in own.values())))


def _free(wanted: str, taken: Counter[str]) -> str:
    """The id itself if it is free in this call, else the id with the first number that is."""
    name = wanted
    while name in taken:
        taken[wanted] += 1
        name = f"{wanted}#{taken[wanted]}"
    taken[name] = 1
    return name
