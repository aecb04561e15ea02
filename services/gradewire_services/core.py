"""The one path of every call: admitted, worked on by the pool, bounded by its deadline, its results taken in order of
arrival. Grade and the typed services, over the wire or in process, are thin layers over `Core.results`.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

from gradewire.v1 import grader_pb2
from gradewire_protos import CallError, LimitValues
from gradewire_services.admission import Admission
from gradewire_services.batches import Batches
from gradewire_services.errors import RequestError, Unavailable
from gradewire_services.frames import ResultsFrame
from gradewire_services.job import Job, Plan
from gradewire_services.meters import USAGE
from gradewire_services.pool import Pool
from gradewire_services.process import Launch
from gradewire_services.tally import Ending, Tally

_DRIFTS = "; WARNING: its live verdicts have drifted from its calibration, as the log says: look, or calibrate anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreConfig:
    """What a core is made with."""

    launch: Launch
    workers: int
    limits: LimitValues


def answering_margin_s(remaining_s: float) -> float:
    """How long before a call's deadline its last results are sent, so that they arrive in time."""
    return min(0.15, max(0.02, remaining_s / 4))


class Core:
    """A service without its wire. Belongs to the event loop that starts it."""

    def __init__(self, config: CoreConfig, on_health: Callable[[bool], None] = lambda _: None) -> None:
        self.limits = config.limits
        self._pool = Pool(config.launch, config.workers, on_health)
        self._batches = Batches(self._pool)
        self._admission = Admission(config.limits.max_queued_samples, config.limits.max_queued_tokens)
        self._calls = 0
        self.tally = Tally()
        """What it has done since it began."""
        self._draining = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._description: grader_pb2.DescribeGradersResponse | None = None
        self.graders: dict[str, grader_pb2.GraderDescription] = {}

    async def start(self) -> None:
        """Load the workers. Raises StartError."""
        description = await self._pool.start()
        description.limits.CopyFrom(self.limits.message())
        self.graders = {grader.name: grader for grader in description.graders}
        self._description = description

    @property
    def pool(self) -> Pool:
        """The worker processes."""
        return self._pool

    @property
    def inside(self) -> int:
        """Samples in the service."""
        return self._admission.inside

    @property
    def calls(self) -> int:
        """Calls in flight."""
        return self._calls

    def description(self) -> grader_pb2.DescribeGradersResponse:
        """What is served. Raises Unavailable before the workers have loaded."""
        if self._description is None:
            raise Unavailable("the service is loading; come back soon", reason="STARTING", retry_after_s=0.5)
        return self._description

    def told(self) -> grader_pb2.DescribeGradersResponse:
        """The description, with what models have cost since the start, and which drift. Raises Unavailable."""
        told = grader_pb2.DescribeGradersResponse()
        told.CopyFrom(self.description())
        counted = self._pool.meters()
        if any(counted[name] for name in USAGE):
            told.properties.update({f"usage.{name}": str(counted[name]) for name in USAGE})
        drifting = self._pool.drifting()
        for place, component in enumerate(told.components):
            if drifting >> place & 1:
                component.detail += _DRIFTS
        return told

    async def results(self, plan: Plan, timeout_s: float | None) -> AsyncGenerator[ResultsFrame]:
        """Work a call off. Raises RequestError when it is not taken, CallError when it fails as a whole.

        Every unit of the plan comes once, before `timeout_s` is over. Closing the generator calls the work off.
        """
        tokens = sum(plan.tokens)
        try:
            self._enter(plan, tokens)
        except RequestError as error:
            self.tally.refused[error.reason] += 1
            raise
        began = time.monotonic()
        ending: Ending = "called_off"
        takes = self._pool if plan.together is None else self._batches
        job, waiting = Job(plan), plan.samples
        self._calls += 1
        self._idle.clear()
        timer = None
        try:
            takes.submit(job)
            if timeout_s is not None:
                wait = max(0.0, timeout_s - answering_margin_s(timeout_s))
                timer = asyncio.get_running_loop().call_later(wait, takes.expire, job)
            while (frame := await job.next()) is not None:
                yield frame
                gone = min(waiting, round(plan.samples * len(frame.positions) / plan.units))
                waiting -= gone
                read = sum(plan.tokens[position] for position in frame.positions) if tokens else 0
                tokens -= read
                self._admission.leave(gone, tokens=read)
            if job.failure is not None:
                ending = "failed"
                raise CallError(job.failure)
            ending = "finished"
        finally:
            if timer is not None:
                timer.cancel()
            takes.drop(job)
            self.tally.call(plan.operation, ending, time.monotonic() - began, plan.samples - waiting)
            self.tally.lost.update(job.lost)
            self._admission.leave(waiting, plan.size, tokens)
            self._calls -= 1
            if not self._calls:
                self._idle.set()

    def _enter(self, plan: Plan, tokens: int) -> None:
        self.description()
        if self._draining:
            raise Unavailable("the service is shutting down; ask another", reason="DRAINING", retry_after_s=1.0)
        self._admission.enter(plan.samples, plan.size, tokens)

    async def drain(self, grace_s: float) -> bool:
        """Take no new call, and wait for those in flight. Returns whether all were finished in time."""
        self._draining = True
        try:
            await asyncio.wait_for(self._idle.wait(), grace_s)
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """End the workers."""
        self._draining = True
        await self._pool.close()
