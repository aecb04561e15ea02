"""Micro-batches: units of concurrent calls that ask the same of a model go to a worker together.

A training loop asks about one sample at a time, and a model reads thirty-two for little more than the price of one. So
units wait for a free worker, and then a few milliseconds more for company, unless the batch is full before. Calls take
turns, and whose turn it is chooses by its length who comes along: prompts of one length need no padding. Where there
are several workers, a unit's twins go to the worker that has it, which judges them once.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence

from google.rpc import status_pb2

from gradewire_services.errors import TimedOut, Unavailable, to_status
from gradewire_services.frames import ResultsFrame
from gradewire_services.job import Job, Plan
from gradewire_services.pool import Pool
from gradewire_services.twins import Whereabouts

WINDOW_S = 0.003
"""How long units wait for company, from when the first is there and a worker is free for it."""
_LOOK = 128
"""Units among which a batch is chosen."""

Unit = tuple[Job, int]
"""A call and the position of a unit in it."""


class Batch(Job):
    """Units of several calls on their way as one; what comes of each is handed on to its call at once."""

    __slots__ = ("_origins", "_over", "_owner", "began_ns", "worker")

    def __init__(self, units: Sequence[Unit], owner: "Batches", worker: int) -> None:
        first = units[0][0].plan
        self.worker = worker
        """Number of the worker that it is for."""
        self._origins = units
        self._owner = owner
        self._over = False
        self.began_ns = time.monotonic_ns()
        super().__init__(
            Plan(
                operation=first.operation,
                entries=[job.plan.entries[position] for job, position in units],
                samples=len(units),
                size=0,
                timeouts_ns=[job.plan.timeouts_ns[position] for job, position in units],
                pack=first.pack,
                error=self._error,
                batch=len(units),
                heavy=first.heavy,
                prefers=worker,
            )
        )

    def accept(self, frame: ResultsFrame) -> None:
        """Hand finished units on to their calls."""
        at = 0
        for position, length in zip(frame.positions, frame.lengths, strict=True):
            body, at = frame.payload[at : at + length], at + length
            if not self.done[position]:
                self._finish(position)
                job, own = self._origins[position]
                job.accept(ResultsFrame(0, (own,), (length,), body))
        self.settle()

    def abort(self, status: status_pb2.Status) -> None:
        """End all calls that have a unit here: they ask the same, so what is wrong with one is with all."""
        if self.failure is None and self.left:
            self.failure = status
            self.pending.clear()
            for position, (job, _) in enumerate(self._origins):
                if not self.done[position]:
                    self._owner.unqueue(job)
                    job.abort(status)
            self.settle()

    def forget(self, job: Job) -> list[int]:
        """Nobody waits for this call's units any more. Returns their positions, as far as they are not finished."""
        gone = [at for at, (one, _) in enumerate(self._origins) if one is job and not self.done[at]]
        for position in gone:
            self._finish(position)
        return gone

    def of(self, job: Job) -> list[int]:
        """The positions in this call of its units that are on their way here."""
        return [own for at, (one, own) in enumerate(self._origins) if one is job and not self.done[at]]

    def _finish(self, position: int) -> None:
        self.done[position] = 1
        self.left -= 1

    def settle(self) -> None:
        """Tell its owner when nothing more will come of it."""
        if not self._over and (not self.left or self.failure is not None):
            self._over = True
            self._owner.done(self)

    def _error(self, position: int, status: status_pb2.Status, elapsed_ns: int) -> bytes:
        job, own = self._origins[position]
        assert job.plan.error is not None
        return job.plan.error(own, status, elapsed_ns)


class _Lane:
    """The calls whose units may share a batch."""

    def __init__(self, now: float) -> None:
        self.calls: deque[Job] = deque()
        self.units = self.tokens = 0
        self.since = now

    def count(self, job: Job, positions: Sequence[int], sign: int) -> None:
        self.units += sign * len(positions)
        if job.plan.tokens:
            self.tokens += sign * sum(job.plan.tokens[position] for position in positions)

    @property
    def full(self) -> bool:
        plan = self.calls[0].plan
        read = self.tokens - self.units * plan.own_tokens
        return self.units >= plan.batch or 0 < plan.batch_tokens <= read

    def take(self, allowed: Callable[[Unit], bool]) -> list[Unit]:
        """A batch's worth of units that are allowed: the one whose turn it is, and those that fit best to it."""
        plan = self.calls[0].plan
        candidates = list(filter(allowed, self._in_turn()))
        if not candidates:
            return []
        first = _tokens(candidates[0])
        nearest = sorted(candidates[1:], key=lambda unit: abs(_tokens(unit) - first))
        taken, longest = candidates[:1], first
        for unit in nearest[: plan.batch - 1]:
            longest = max(longest, _tokens(unit))
            if plan.batch_tokens and (longest - plan.own_tokens) * (len(taken) + 1) > plan.batch_tokens:
                break
            taken.append(unit)
        for job in dict.fromkeys(job for job, _ in taken):
            gone = {position for one, position in taken if one is job}
            job.pending = deque(position for position in job.pending if position not in gone)
            self.count(job, list(gone), -1)
        self.calls.rotate(-1)
        self.calls = deque(job for job in self.calls if job.pending)
        return taken

    def _in_turn(self) -> Iterator[Unit]:
        turns = deque((job, iter(job.pending)) for job in self.calls)
        for _ in range(_LOOK):
            while turns:
                job, waiting = turns.popleft()
                position = next(waiting, None)
                if position is not None:
                    turns.append((job, waiting))
                    yield job, position
                    break


class Batches:
    """Jobs in, batches to the pool. It has the pool's face, and belongs to the pool's event loop."""

    def __init__(self, pool: Pool, window_s: float = WINDOW_S) -> None:
        self._pool = pool
        self._window_s = window_s
        self._lanes: dict[Hashable, _Lane] = {}
        self._flying: set[Batch] = set()
        self._whereabouts = Whereabouts()
        self._free_since = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def submit(self, job: Job) -> None:
        """Take up a call. Raises Unavailable as the pool does."""
        self._pool.require_workers()
        job.pending = deque(position for position in job.pending if not job.done[position])
        if not job.pending:
            return
        lane = self._lanes.get(job.plan.together)
        if lane is None:
            lane = self._lanes[job.plan.together] = _Lane(asyncio.get_running_loop().time())
        lane.calls.append(job)
        lane.count(job, job.pending, 1)
        self._launch()

    def expire(self, job: Job) -> None:
        """The call's own deadline has come: what is not finished ends with DEADLINE_EXCEEDED."""
        status = to_status(TimedOut("the call's deadline came before this sample was done", reason="CALL_DEADLINE"))
        now, waiting = time.monotonic_ns(), set(job.pending)
        begun = {position: now - batch.began_ns for batch in self._flying for position in batch.of(job)}
        for position in range(job.plan.units):
            if not job.done[position]:
                job.fail(position, status, 0 if position in waiting else begun.get(position, 0))
        self.drop(job)

    def drop(self, job: Job) -> None:
        """Nobody wants more of this call: what waits is forgotten, and what a model has is called off."""
        job.closed_ns = time.monotonic_ns()
        self.unqueue(job)
        for batch in list(self._flying):
            gone = batch.forget(job)
            if gone:
                self._pool.call_off(batch, gone)
                if not batch.left:
                    self._pool.drop(batch)
                batch.settle()

    def unqueue(self, job: Job) -> None:
        """Take a call's waiting units out."""
        lane = self._lanes.get(job.plan.together)
        if job.pending and lane is not None:
            lane.count(job, job.pending, -1)
            job.pending.clear()
            lane.calls.remove(job)
            if not lane.calls:
                del self._lanes[job.plan.together]

    def _launch(self) -> None:
        """Send off what is due, and look again when the next will be."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        loop = asyncio.get_running_loop()
        soonest = None
        waiting = deque(self._lanes)
        while waiting and len(self._flying) < self._pool.size:
            lane = self._lanes[key := waiting.popleft()]
            due = max(lane.since, self._free_since) + self._window_s
            if not lane.full and due > loop.time():
                soonest = due if soonest is None else min(due, soonest)
                continue
            batch = self._take(lane)
            if batch is None:  # what it has belongs to workers that are busy
                continue
            del self._lanes[key]
            if lane.calls:
                self._lanes[key] = lane  # behind the others: judges take turns too
                waiting.append(key)
            self._flying.add(batch)
            try:
                self._pool.submit(batch)
            except Unavailable as error:
                batch.abort(to_status(error))
        if soonest is not None:
            self._timer = loop.call_at(soonest, self._launch)

    def _take(self, lane: _Lane) -> Batch | None:
        """A batch for a worker that has none, and may take something of this lane."""
        busy = {batch.worker for batch in self._flying}
        for worker in range(self._pool.size):
            if worker not in busy:
                units = lane.take(lambda unit, worker=worker: self._whereabouts.allow(_twin(unit), worker))  # type: ignore[misc]
                if units:
                    self._whereabouts.note(map(_twin, units), worker)
                    return Batch(units, self, worker)
        return None

    def done(self, batch: Batch) -> None:
        """Nothing more will come of a batch: there is room for another."""
        self._flying.discard(batch)
        loop = asyncio.get_running_loop()
        self._free_since = loop.time()
        loop.call_soon(self._launch)


def _tokens(unit: Unit) -> int:
    job, position = unit
    return job.plan.tokens[position] if job.plan.tokens else 1


def _twin(unit: Unit) -> bytes | None:
    job, position = unit
    return job.plan.twins[position] if job.plan.twins else None
