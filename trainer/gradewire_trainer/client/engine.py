"""What a client holds in one process: its loop, its channels, a sender for each endpoint."""

import asyncio
import os
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from gradewire.v1 import grader_pb2
from gradewire_trainer.client.call import Ask
from gradewire_trainer.client.counts import Counts
from gradewire_trainer.client.directory import Directory, Place
from gradewire_trainer.client.intake import Intake
from gradewire_trainer.client.journey import Route, Routes
from gradewire_trainer.client.loop_thread import LoopThread
from gradewire_trainer.client.sender import Sender
from gradewire_trainer.client.targets import Named
from gradewire_trainer.errors import Unavailable
from gradewire_trainer.spec import Leaf, RewardSpec

T = TypeVar("T")


class Engine:
    """Made at a client's first use, in the process that uses it. Knows nothing of its client, so that both can end."""

    def __init__(self, spec: RewardSpec, named: Named, *, missing_ok: bool = False) -> None:
        self._spec = spec
        self._named = named
        self._missing_ok = missing_ok
        self._process = os.getpid()
        self._thread = LoopThread("gradewire-client")
        self.intake = Intake(self._thread)
        self._finding = asyncio.Lock()
        self._directory: Directory | None = None
        self._routes: Routes | None = None
        self._senders: dict[int, Sender] = {}

    def submit(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Run it on the engine's loop."""
        return self._thread.submit(work)

    @property
    def is_current(self) -> bool:
        """Whether this code runs on the engine's own loop."""
        return self._thread.is_current

    @property
    def counts(self) -> Counts:
        """Of all senders together."""
        return Counts.total(sender.counts for sender in list(self._senders.values()))

    async def directory(self) -> Directory:
        """Who serves what. Asked once; after a failure, asked again by the next caller."""
        await self.routes()
        assert self._directory is not None
        return self._directory

    async def routes(self) -> Routes:
        """Where each leaf's calls go. Raises SpecError, Unavailable, MissingExtra."""
        if self._routes is None:
            async with self._finding:
                if self._routes is None:
                    self._routes = await self._find()
        return self._routes

    async def _find(self) -> Routes:
        directory = await Directory.ask(self._named)
        try:
            routes = {leaf.key: self._route(directory, leaf) for leaf in self._spec.leaves}
            missing = [route for route in routes.values() if isinstance(route, Unavailable)]
            if missing and (len(missing) == len(routes) or not self._missing_ok):
                raise missing[0]
        except BaseException:
            await directory.close()
            raise
        self._directory = directory
        return routes

    def _route(self, directory: Directory, leaf: Leaf) -> Route | Unavailable:
        try:
            place, grader = directory.find(leaf)
        except Unavailable as error:
            return error
        ask = Ask(leaf.grader, leaf.parameters_json, leaf.timeout_s, grader.scope == grader_pb2.SCOPE_GROUP)
        return Route(self._sender(place), ask)

    def _sender(self, place: Place) -> Sender:
        return self._senders.setdefault(id(place.endpoint), Sender(place.endpoint, place.limits))

    def close(self) -> bool:
        """End what runs, hang up, stop the thread. In a forked child, which has none of that, nothing; then False."""
        ours = os.getpid() == self._process
        if ours:
            self._thread.stop(self._hang_up())
        return ours

    async def _hang_up(self) -> None:
        await self.intake.close()
        for sender in self._senders.values():
            await sender.close()
        if self._directory is not None:
            await self._directory.close()
