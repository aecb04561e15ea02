"""Where groups come in from any thread: each gets a future at once, and starts when there is room."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from functools import partial
from typing import Any

from gradewire_trainer.client.loop_thread import LoopThread
from gradewire_trainer.client.throttle import Throttle
from gradewire_trainer.types import Group, GroupRewards

ROOM_SAMPLES = 4096
"""As many as a sender's window holds. More at once are no faster, and their deadlines would run for nothing."""

Grade = Callable[[Group], Coroutine[Any, Any, GroupRewards]]


class Intake:
    """The queue of `submit`, and the room that it shares with `grade`."""

    def __init__(self, thread: LoopThread) -> None:
        self.room = Throttle(ROOM_SAMPLES)
        self._thread = thread
        self._queue: deque[tuple[Group, Grade, Future[GroupRewards]]] = deque()
        self._taking = False
        self._under_way: dict[Future[GroupRewards], asyncio.Task[GroupRewards]] = {}

    def put(self, group: Group, grade: Grade) -> "Future[GroupRewards]":
        """Take a group in, from any thread. Cancelling the future ends the work on it."""
        future: Future[GroupRewards] = Future()
        self._queue.append((group, grade, future))
        if not self._taking:
            # Two threads may both find it False. Then two takers run, and one of them finds nothing.
            self._taking = True
            self._thread.submit(self._take())
        return future

    async def close(self) -> None:
        """Cancel what has not started, and what has."""
        while self._queue:
            self._queue.popleft()[2].cancel()
        under_way = list(self._under_way.values())
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _take(self) -> None:
        """Start what is in the queue. It ends when that is empty, and `put` starts it again."""
        while True:
            while self._queue:
                await self._start(*self._queue.popleft())
            self._taking = False
            if not self._queue:  # looked at once more: a `put` just before would have relied on us
                return
            self._taking = True

    async def _start(self, group: Group, grade: Grade, future: "Future[GroupRewards]") -> None:
        samples = len(group.samples)
        try:
            await self.room.enter(samples)
        except asyncio.CancelledError:
            future.cancel()
            raise
        task = asyncio.get_running_loop().create_task(grade(group))
        self._under_way[future] = task
        task.add_done_callback(partial(self._finish, samples, future))
        future.add_done_callback(self._give_up)  # it holds no task: the caller may keep the future for long

    def _finish(self, samples: int, future: "Future[GroupRewards]", task: asyncio.Task[GroupRewards]) -> None:
        self.room.leave(samples)
        del self._under_way[future]
        if task.cancelled():
            future.cancel()
        if not future.set_running_or_notify_cancel():
            return
        error = task.exception()
        if error is None:
            future.set_result(task.result())
        else:
            future.set_exception(error)

    def _give_up(self, future: "Future[GroupRewards]") -> None:
        """From any thread: the caller has cancelled it."""
        task = self._under_way.get(future) if future.cancelled() else None
        if task is not None:
            self._thread.call(task.cancel)
