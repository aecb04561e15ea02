"""Send samples to one endpoint, and bring back exactly one result for each before its deadline.

Callers hand in groups, one sample or many, from as many coroutines as they like. What is asked alike travels
together: samples wait up to 2 ms for company, fill calls of up to 256, and go as the window allows. A call that breaks
is no loss: what it left behind is sent again, after a pause, until the deadline; then the sample gets a typed error. A
call that is refused is parted in halves until the refusal meets only the samples it is about. Results seen twice are
delivered once.
"""

import asyncio
from collections import deque
from functools import partial
from random import Random

from google.rpc import status_pb2

from gradewire.v1 import grader_pb2, sample_pb2
from gradewire_protos import DEFAULT_LIMITS, CallError, Endpoint, LimitValues, parse_status
from gradewire_trainer.client import troubles
from gradewire_trainer.client.alarm import Alarm
from gradewire_trainer.client.backoff import Backoff
from gradewire_trainer.client.call import Ask, Call, Receipt, call_samples, pack, too_large
from gradewire_trainer.client.counts import Counts
from gradewire_trainer.client.line import Line
from gradewire_trainer.client.parcel import Delivery, Parcel, parcels_of
from gradewire_trainer.client.window import Window

COALESCE_S = 0.002
"""How long a sample waits for company while nothing else holds it back."""

_GRACE_S = 0.5
"""The call's own deadline comes this much after the last sample's, which we keep ourselves."""

_MOST_INCOMPLETE = 4
"""Calls that may end well without a sample's result before that is its error."""


class Sender:
    """Everything that one process sends to one endpoint. Belongs to one event loop."""

    def __init__(
        self, endpoint: Endpoint, limits: LimitValues = DEFAULT_LIMITS, *, random: Random | None = None
    ) -> None:
        self.endpoint = endpoint
        self.limits = limits
        self.counts = Counts()
        self._backoff = Backoff(random or Random())
        self._window = Window(limits)
        self._lines: dict[Ask, Line] = {}
        self._packed: deque[tuple[Ask, Call]] = deque()
        self._calls: set[asyncio.Task[None]] = set()
        self._deliveries: set[Delivery] = set()
        self._departure = Alarm(self._pump)
        self._expiry = Alarm(self._expire)
        self._closed = False

    async def grade(self, ask: Ask, group: sample_pb2.Group, *, deadline_s: float) -> list[grader_pb2.Result]:
        """One result for each sample of the group, in order, within `deadline_s` seconds. Never raises for a sample.

        Cancelling it gives up its samples; a call in which nobody else waits for anything is cancelled too.
        """
        delivery = Delivery([sample.sample_id for sample in group.samples], deadline_s)
        parcels = parcels_of(delivery, group, whole=ask.whole_groups)
        self.counts.samples += len(group.samples)
        self._deliveries.add(delivery)
        self._expiry.set(delivery.deadline)
        try:
            self._accept(ask, parcels)
            await delivery.complete
            return delivery.results()
        finally:
            self._deliveries.discard(delivery)
            for parcel in parcels:
                parcel.drop()

    async def close(self) -> None:
        """End calls in flight, and give samples that still wait the error CLIENT_CLOSED. The endpoint stays open."""
        self._closed = True
        self._departure.cancel()
        self._expiry.cancel()
        for delivery in self._deliveries:
            for parcel in delivery.parcels:
                parcel.fail(troubles.closed(self.endpoint.target))
        calls = list(self._calls)
        for task in calls:
            task.cancel()
        await asyncio.gather(*calls, return_exceptions=True)

    def _accept(self, ask: Ask, parcels: list[Parcel]) -> None:
        sendable: list[Parcel] = []
        for parcel in parcels:
            if self._closed:
                parcel.fail(troubles.closed(self.endpoint.target))
            elif (problem := too_large(parcel, ask, self.limits)) is not None:
                parcel.fail(troubles.too_large(self.endpoint.target, *problem))
            else:
                sendable.append(parcel)
        if sendable:
            line = self._lines.setdefault(ask, Line())
            line.add(sendable, asyncio.get_running_loop().time() + COALESCE_S)
            if line.samples >= call_samples(self.limits):
                self._pump()
            else:
                # By the alarm, even when it is due: it rings after everybody in the loop's turn has been heard.
                self._departure.set(line.ripe_at)

    def _expire(self) -> None:
        """Give up what is due, and look again when the next will be."""
        now, target = asyncio.get_running_loop().time(), self.endpoint.target
        for delivery in list(self._deliveries):
            if now < delivery.deadline:
                self._expiry.set(delivery.deadline)
                continue
            for parcel in delivery.parcels:
                if parcel.call is None and parcel.trouble is not None:
                    parcel.fail(troubles.never_answered(target, delivery.deadline_s, parcel.trouble))
                else:
                    parcel.fail(troubles.too_late(target, delivery.deadline_s))
                parcel.drop()

    def _pump(self) -> None:
        """Send what may be sent now, and come back when more may."""
        now = asyncio.get_running_loop().time()
        if self._closed:
            return
        if now < self._backoff.not_before:
            self._departure.set(self._backoff.not_before)
            return
        while self._packed or self._pack_next(now):
            ask, call = self._packed[0]
            if not self._window.admits(call):
                return
            self._packed.popleft()
            if call.depart():
                self._window.take(call)
                call.task = asyncio.get_running_loop().create_task(self._carry(ask, call))
                self._calls.add(call.task)
                call.task.add_done_callback(partial(self._ended, call))

    def _pack_next(self, now: float) -> bool:
        """Pack the first line that is full or has waited long enough. False: there is none, or no room for it."""
        if self._window.full:
            return False
        most = call_samples(self.limits)
        for ask, line in list(self._lines.items()):
            if line.samples >= most or now >= line.ripe_at:
                taken = line.take(most)
                # Who was served goes to the end, so that every ask has its turn.
                del self._lines[ask]
                if line.parcels:
                    self._lines[ask] = line
                if taken:
                    self._pack(ask, taken)
                    return True
            else:
                self._departure.set(line.ripe_at)
        return False

    def _pack(self, ask: Ask, parcels: list[Parcel]) -> None:
        """Parcels as calls to send. What makes no message is an error of its samples, and not their silence."""
        try:
            calls = pack(ask, parcels, self.limits)
        except Exception as error:  # noqa: BLE001 -- whatever it is, somebody waits for these samples
            for parcel in parcels:
                parcel.fail(troubles.crashed(self.endpoint.target, error))
        else:
            self._packed.extend((ask, call) for call in calls)

    async def _carry(self, ask: Ask, call: Call) -> None:
        """One call from its start to its end."""
        self.counts.calls += 1
        self._settle(ask, call, await self._converse(call))

    def _ended(self, call: Call, task: asyncio.Task[None]) -> None:
        """Make room. A callback, since a task that is cancelled before its first step runs no line of its own."""
        self._calls.discard(task)
        self._window.give_back(call)
        self._pump()

    async def _converse(self, call: Call) -> status_pb2.Status | None:
        """How the call ended. None: well, as far as the service says."""
        now = asyncio.get_running_loop().time()
        timeout_s = max(parcel.delivery.deadline for parcel in call.parcels) - now + _GRACE_S
        try:
            async for response in self.endpoint.grade(call.request, timeout_s=timeout_s):
                self._backoff.answered()
                for result in response.results:
                    self._receive(call, result)
        except CallError as error:
            return error.status
        except Exception as error:  # noqa: BLE001 -- an endpoint of somebody's own must not cost us the samples
            return troubles.crashed(self.endpoint.target, error)
        return None

    def _receive(self, call: Call, result: grader_pb2.Result) -> None:
        if result.WhichOneof("outcome") is None:
            result.error.CopyFrom(troubles.no_outcome(self.endpoint.target))
        match call.deliver(result):
            case Receipt.DELIVERED:
                self.counts.results += 1
            case Receipt.DUPLICATE:
                self.counts.duplicates += 1
            case Receipt.STRANGER:
                self.counts.strangers += 1

    def _settle(self, ask: Ask, call: Call, status: status_pb2.Status | None) -> None:
        """What becomes of the samples that a call left behind."""
        left = call.arrive()
        if not left:
            self._window.went_well()
            return
        if status is None:
            self._settle_incomplete(ask, left)
            return
        parts = parse_status(status)
        if troubles.passes(parts):
            self._send_again(ask, left, status, parts.retry_after_s)
        elif troubles.blames_one(parts) and len(left) > 1:
            middle = len(left) // 2
            for half in (left[:middle], left[middle:]):
                self._pack(ask, half)
        else:
            for parcel in left:
                parcel.fail(troubles.told(self.endpoint.target, status))

    def _settle_incomplete(self, ask: Ask, left: list[Parcel]) -> None:
        again: list[Parcel] = []
        for parcel in left:
            parcel.incomplete += 1
            if parcel.incomplete < _MOST_INCOMPLETE:
                again.append(parcel)
            else:
                parcel.fail(troubles.left_out(self.endpoint.target, parcel.incomplete))
        self._send_again(ask, again, troubles.broken(self.endpoint.target), None)

    def _send_again(
        self, ask: Ask, parcels: list[Parcel], status: status_pb2.Status, retry_after_s: float | None
    ) -> None:
        news = self._backoff.failed(asyncio.get_running_loop().time(), retry_after_s)
        if news and retry_after_s is not None:
            self._window.overloaded()
        for parcel in parcels:
            parcel.trouble = status
            self.counts.resent += len(parcel.samples)
        self._lines.setdefault(ask, Line()).add_first(parcels)
