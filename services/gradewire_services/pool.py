"""Worker processes and the work among them: chunks fairly from all calls, kills at deadlines, replacement.

A unit of work is finished exactly once. When its worker is killed or dies, the unit that was being worked on ends with
a typed error; finished ones are taken from the worker's board, and the others go to another worker.
"""

import asyncio
import functools
import logging
import operator
import signal
import time
from collections.abc import Callable, Collection

from google.rpc import status_pb2

from gradewire.v1 import grader_pb2
from gradewire_services import frames, meters
from gradewire_services.board import Doing
from gradewire_services.dispatch import Dispatch
from gradewire_services.errors import Crashed, OutOfMemory, StartError, TimedOut, Unavailable, to_status
from gradewire_services.frames import Kind
from gradewire_services.job import Job
from gradewire_services.process import Chunk, Launch, WorkerProcess
from gradewire_services.restarts import Restarts

log = logging.getLogger(__name__)

_TICK_S = 0.01
_PREFETCH_NS = 1e7
"""A worker that will be through sooner than this gets a second chunk, so that it never waits for one."""
_STUCK_NS = 50_000_000
"""A unit that takes longer keeps its neighbours waiting no more: they go to another worker."""
_ABANDONED_NS = 50_000_000
"""Work that nobody waits for is killed after so much."""
_LETTING_GO_NS = 5_000_000_000
"""How long an engine that takes long to load may take to let go of a batch; then it is killed like any other."""
_SILENT_NS = 5_000_000_000
"""A worker with work that does none of it for so long is frozen."""
_ATTEMPTS = 3


class Pool:
    """See the module. Belongs to the event loop in which it was started."""

    def __init__(self, launch: Launch, workers: int, on_health: Callable[[bool], None] = lambda _: None) -> None:
        self._launch = launch
        self._size = workers
        self._on_health = on_health
        self._workers: list[WorkerProcess] = []
        self._dispatch = Dispatch(workers)
        self._restarts = Restarts()
        self._ticking = False
        self._closing = False
        self._counted = [0] * len(meters.NAMES)
        self._started: asyncio.Future[grader_pb2.DescribeGradersResponse] | None = None
        self._all_gone = asyncio.Event()

    @property
    def size(self) -> int:
        """Worker processes when all are well."""
        return self._size

    @property
    def pids(self) -> list[int]:
        """Of the workers that are there."""
        return [worker.pid for worker in self._workers]

    def meters(self) -> dict[str, int]:
        """What all workers have counted, those that are gone included."""
        sums = list(self._counted)
        for worker in self._workers:
            sums = [one + more for one, more in zip(sums, worker.board.meters(), strict=True)]
        return dict(zip(meters.NAMES, sums, strict=True))

    def drifting(self) -> int:
        """A bit for each component that drifts, as any live worker sees it."""
        return functools.reduce(operator.or_, (worker.board.drifting() for worker in self._workers), 0)

    async def start(self) -> grader_pb2.DescribeGradersResponse:
        """Start the workers and wait until all have loaded. Raises StartError when one cannot."""
        self._loop = asyncio.get_running_loop()
        self._started = self._loop.create_future()
        for _ in range(self._size):
            self._spawn()
        try:
            return await self._started
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """End all workers; what is in flight ends with UNAVAILABLE."""
        self._closing = True
        status = to_status(Unavailable("the service has stopped", reason="STOPPED"))
        for job in [
            *self._dispatch.clear(),
            *(chunk.job for worker in self._workers for chunk in worker.chunks.values()),
        ]:
            job.abort(status)
        for worker in self._workers:
            worker.kill()
        if self._workers:
            await self._all_gone.wait()

    def require_workers(self) -> None:
        """Raises Unavailable when there is no worker and no hope of one."""
        if self._closing or self._restarts.broken:
            raise Unavailable(
                "no worker of this service can be started; its log says why",
                reason="NO_WORKERS",
                retry_after_s=1.0,
            )

    def submit(self, job: Job) -> None:
        """Take up a call. Raises Unavailable as `require_workers` does."""
        self.require_workers()
        self._dispatch.add(job)
        self._pump()

    def expire(self, job: Job) -> None:
        """The call's own deadline has come: what is not finished ends with DEADLINE_EXCEEDED."""
        now = time.monotonic_ns()
        status = to_status(TimedOut("the call's deadline came before this sample was done", reason="CALL_DEADLINE"))
        begun = {
            (id(chunk.job), doing.position): now - doing.since_ns
            for worker in self._workers
            if not worker.lost
            and (doing := worker.board.doing()) is not None
            and (chunk := worker.chunks.get(doing.chunk)) is not None
        }
        for worker in self._workers:
            self._salvage(worker)
        job.pending.clear()
        if job.plan.error is None:
            job.abort(status)
        for position in range(job.plan.units):
            if not job.done[position]:
                job.fail(position, status, begun.get((id(job), position), 0))
        self.drop(job)

    def drop(self, job: Job) -> None:
        """Nobody wants more of this call: unstarted work is forgotten, running work ends soon."""
        job.closed_ns = time.monotonic_ns()
        job.pending.clear()
        for worker in self._workers:
            for number, chunk in worker.chunks.items():
                if chunk.job is job and not worker.lost:
                    worker.board.skip(number)

    def call_off(self, job: Job, positions: Collection[int]) -> None:
        """Nobody wants these units of a batch any more; the others of its chunk go on."""
        for worker in self._workers:
            for number, chunk in worker.chunks.items():
                if chunk.job is job and not worker.lost:
                    for index, position in enumerate(chunk.positions):
                        if position in positions:
                            worker.board.call_off(number, index)

    # Giving out work.

    def _pump(self) -> None:
        while self._dispatch and (worker := self._free_worker(self._dispatch.prefers)) is not None:
            chunk = self._dispatch.next()
            if chunk is not None:
                worker.send(chunk, chunk.job.plan.part(chunk.positions))
                self._watch()

    def _free_worker(self, number: int | None) -> WorkerProcess | None:
        best, least = None, 2.0
        for worker in self._workers:
            if worker.number == number and worker.ready and not worker.lost and worker.is_through:
                return worker
            if worker.ready and not worker.lost and len(worker.chunks) < least:
                if worker.chunks and sum(chunk.expected_ns for chunk in worker.chunks.values()) > _PREFETCH_NS:
                    continue
                best, least = worker, len(worker.chunks)
        return best

    # Hearing from workers.

    def on_frame(self, worker: WorkerProcess, kind: Kind, body: bytes) -> None:
        """Of Owner."""
        if kind is Kind.RESULTS:
            frame = frames.read_results(body)
            worker.chunks[frame.chunk].job.accept(frame)
        elif kind is Kind.ENDED:
            self._on_ended(worker, frames.read_ended(body))
        elif kind is Kind.REFUSED:
            number, status = frames.read_refused(body)
            job = worker.chunks[number].job
            job.abort(status_pb2.Status.FromString(status))
            self.drop(job)
        elif kind is Kind.READY:
            self._on_ready(worker, body)
        elif kind is Kind.FAILED:
            status = status_pb2.Status.FromString(body)
            if not self._cannot_start(status.message):
                log.error("a worker did not load: %s", status.message, extra={"pid": worker.pid})

    def _on_ready(self, worker: WorkerProcess, body: bytes) -> None:
        worker.ready = True
        if self._restarts.worker_ready():
            self._on_health(True)
        all_ready = sum(one.ready for one in self._workers) == self._size
        assert self._started is not None
        if all_ready and not self._started.done():
            self._started.set_result(grader_pb2.DescribeGradersResponse.FromString(body))
        self._pump()

    def _cannot_start(self, why: str) -> bool:
        """Fail the start, unless it is over. Returns whether this is, or was, a failed start."""
        assert self._started is not None
        if not self._started.done():
            self._started.set_exception(StartError(why))
        return self._started.exception() is not None

    def _on_ended(self, worker: WorkerProcess, frame: frames.EndedFrame) -> None:
        chunk = worker.chunks.pop(frame.chunk)
        job = chunk.job
        if not chunk.recalled and not job.closed_ns:
            self._dispatch.learn(chunk, frame.busy_ns)
            if chunk.overdue:  # each of the batch is tried alone, with a timeout of its own
                job.solo.update(chunk.positions)
            self._requeue(chunk)
        if frame.retiring:
            log.warning("a worker ran out of memory and is replaced", extra={"pid": worker.pid})
            self._lose(worker, TimedOut(""))
        self._pump()

    def on_exit(self, worker: WorkerProcess) -> None:
        """Of Owner: a worker's process has ended, by our hand or by itself."""
        if not worker.lost:
            code = worker.returncode or 0
            log.warning("a worker ended by itself", extra={"pid": worker.pid, "exit": code})
            if code == -signal.SIGKILL:
                error: Crashed | OutOfMemory = OutOfMemory(
                    "the worker was killed from outside while it worked on this sample, most likely by the kernel for "
                    "want of memory",
                    reason="WORKER_KILLED",
                )
            else:
                how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
                error = Crashed(f"the worker process ended with {how} while it worked on this sample")
            self._lose(worker, error)
        if worker in self._workers:
            self._workers.remove(worker)
            self._counted = [one + more for one, more in zip(self._counted, worker.board.meters(), strict=True)]
        if self._closing and not self._workers:
            self._all_gone.set()

    # Losing workers, and what they had.

    def _lose(self, worker: WorkerProcess, blame: Crashed | OutOfMemory | TimedOut) -> None:
        """Take a worker's work away and start another; the unit it was at ends with `blame`."""
        doing = worker.board.doing()
        named = doing is not None and doing.chunk in worker.chunks
        self._salvage(worker)
        for number, chunk in worker.chunks.items():
            at = doing.position if doing is not None and doing.chunk == number else None
            if at is not None:
                assert doing is not None
                if chunk.job.plan.batch and len(chunk.positions) > 1:
                    chunk.job.solo.update(chunk.positions)
                elif not chunk.job.done[at]:
                    chunk.job.fail(at, to_status(blame), time.monotonic_ns() - doing.since_ns)
            if not chunk.recalled:
                self._requeue(chunk, tried=not named)
        worker.chunks.clear()
        was_ready = worker.ready
        if worker.returncode is None:
            worker.kill()
        worker.lost, worker.ready = True, False
        if not self._closing:
            self._replace(was_ready)
        self._pump()

    def _replace(self, was_ready: bool) -> None:
        delay = self._restarts.worker_lost(was_ready)
        if self._restarts.broken:
            self._on_health(False)
            self._cannot_start("its workers end before they are ready; the log says how")
            status = to_status(Unavailable("no worker of this service can be started", reason="NO_WORKERS"))
            for job in self._dispatch.clear():
                job.abort(status)
        self._loop.call_later(delay, self._spawn)

    def _spawn(self) -> None:
        if self._closing:
            return
        try:
            taken = {worker.number for worker in self._workers if not worker.lost}
            number = min(set(range(self._size)) - taken)
            self._workers.append(WorkerProcess(self._launch, self, self._loop, number))
        except OSError as error:
            log.error("a worker cannot be started: %s", error)
            self._replace(was_ready=False)

    def _requeue(self, chunk: Chunk, *, tried: bool = True) -> None:
        """Give what is not done to others. `tried`: any of it may be what ends workers, so not for ever."""
        job = chunk.job
        if job.closed_ns or job.failure is not None:
            return
        for position in reversed(chunk.positions):
            if job.done[position]:
                continue
            tries = job.attempts[position] = job.attempts.get(position, 0) + tried
            if tries > _ATTEMPTS:
                job.fail(position, to_status(Crashed("worker after worker ended before this sample was graded")), 0)
            else:
                job.pending.appendleft(position)
        self._dispatch.add(job, first=True)

    def _salvage(self, worker: WorkerProcess) -> None:
        """Take finished results that the worker has not sent yet; it may be caught in the next unit for long."""
        if worker.returncode is None:
            doing = worker.board.doing()
            if doing is None:
                return
        number, kept = worker.board.kept()
        if worker.returncode is None and worker.board.doing() != doing:
            return
        chunk = worker.chunks.get(number)
        if chunk is not None and kept:
            positions = [position for position, _ in kept]
            results = [result for _, result in kept]
            lengths = [len(result) for result in results]
            chunk.job.accept(frames.ResultsFrame(number, positions, lengths, b"".join(results)))

    # Watching.

    def _watch(self) -> None:
        if not self._ticking:
            self._ticking = True
            self._loop.call_later(_TICK_S, self._tick)

    def _tick(self) -> None:
        self._ticking = False
        for worker in list(self._workers):
            if worker.chunks and not worker.lost:
                self._look_at(worker)
        if any(worker.chunks for worker in self._workers):
            self._watch()

    def _look_at(self, worker: WorkerProcess) -> None:
        now, doing = time.monotonic_ns(), worker.board.doing()
        chunk = worker.chunks.get(doing.chunk) if doing is not None else None
        if doing is None or chunk is None:
            if now - max(worker.heard_ns, *(one.sent_ns for one in worker.chunks.values())) > _SILENT_NS:
                log.warning("a worker is frozen and is replaced", extra={"pid": worker.pid})
                self._lose(worker, Crashed("the worker froze"))
            return
        busy = now - doing.since_ns
        job = chunk.job
        if busy > _TICK_S * 1e9:
            self._salvage(worker)
        if job.closed_ns:
            if not job.plan.heavy and now - job.closed_ns > _ABANDONED_NS and busy > _ABANDONED_NS:
                log.info("a worker is stopped: nobody waits for its work", extra={"pid": worker.pid})
                self._lose(worker, TimedOut(""))
        elif busy > (allowed := self._allowed_ns(chunk, doing.position)):
            if not self._lets_go(worker, doing, busy - allowed, allowed / 1e9):
                told = {"pid": worker.pid, "allowed_s": allowed / 1e9}
                log.info("a worker is stopped: its sample's time is over", extra=told)
                self._lose(worker, TimedOut(f"not done after {allowed / 1e9:g} s, so its worker was stopped"))
        elif busy > _STUCK_NS and not job.plan.batch and len(self._workers) > 1:
            self._recall(worker, doing)

    def _lets_go(self, worker: WorkerProcess, doing: Doing, late_ns: int, allowed_s: float) -> bool:
        """Ask a heavy engine to let go of what is over its time, rather than load it anew. False: it does not."""
        chunk = worker.chunks[doing.chunk]
        if not chunk.job.plan.heavy or late_ns > _LETTING_GO_NS:
            return False
        if not chunk.overdue:
            chunk.overdue = True
            worker.board.skip(doing.chunk)
            if len(chunk.positions) == 1 or not chunk.job.plan.batch:
                status = to_status(TimedOut(f"not done after {allowed_s:g} s, so it was called off"))
                chunk.job.fail(doing.position, status, time.monotonic_ns() - doing.since_ns)
        return True

    def _allowed_ns(self, chunk: Chunk, position: int) -> int:
        return chunk.timeout_ns if chunk.job.plan.batch else chunk.job.plan.timeouts_ns[position]

    def _recall(self, worker: WorkerProcess, at: Doing) -> None:
        """Give what a stuck worker has not begun to others."""
        for number, chunk in worker.chunks.items():
            keep = at.position if at.chunk == number else None
            rest = [p for p in chunk.positions if p != keep and not chunk.job.done[p]]
            if rest and not chunk.recalled:
                chunk.recalled = True
                worker.board.skip(number)
                if not chunk.job.closed_ns:
                    chunk.job.pending.extendleft(reversed(rest))
                    self._dispatch.add(chunk.job, first=True)
        self._pump()
