"""A service in this process: the same messages through the same core and worker processes, without a socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

from gradewire.v1 import grader_pb2
from gradewire_protos import CallError
from gradewire_services.catalog import find
from gradewire_services.config import ServiceConfig
from gradewire_services.core import Core
from gradewire_services.errors import GradewireError, TimedOut, to_status
from gradewire_services.grading import grade
from gradewire_services.sessions.local import LocalSessions


class LocalEndpoint:
    """`gradewire_protos.Endpoint` over a core of its own. Loads at its first call, and belongs to that call's loop."""

    def __init__(self, target: str, config: ServiceConfig | None = None) -> None:
        self._name = target
        self._config = config or ServiceConfig()
        self._core: Core | None = None
        self._loading: asyncio.Task[Core] | None = None

    @property
    def target(self) -> str:
        """`local:NAME`."""
        return f"local:{self._name}"

    async def grade(
        self, request: grader_pb2.GradeRequest, *, timeout_s: float | None = None
    ) -> AsyncIterator[grader_pb2.GradeResponse]:
        """Grade; responses come as results finish. Raises CallError."""
        try:
            core = await self._loaded()
            async with aclosing(grade(core, request, timeout_s)) as bodies:
                async for body in bodies:
                    yield grader_pb2.GradeResponse.FromString(body)
        except GradewireError as error:
            raise CallError(to_status(error)) from error

    async def describe(self, *, timeout_s: float | None = None) -> grader_pb2.DescribeGradersResponse:
        """What is served here. Raises CallError; `timeout_s` bounds the wait for the workers to load."""
        try:
            core = await asyncio.wait_for(self._loaded(), timeout_s)
            return core.told()
        except TimeoutError:
            raise CallError(to_status(TimedOut("the workers have not loaded in time", reason="LOADING"))) from None
        except GradewireError as error:
            raise CallError(to_status(error)) from error

    def sessions(self) -> LocalSessions:
        """Its SessionService, which has a process of its own and outlives this endpoint."""
        return LocalSessions(self.target, find(self._name, self._config).sessions)

    async def close(self) -> None:
        """End the workers. Calls in flight end with an error."""
        loading, self._loading = self._loading, None
        if loading is not None:
            loading.cancel()
            await asyncio.wait({loading})
        if self._core is not None:
            await self._core.close()

    async def _loaded(self) -> Core:
        if self._loading is None:
            self._loading = asyncio.create_task(self._load())
        return await asyncio.shield(self._loading)

    async def _load(self) -> Core:
        core = self._core = Core(find(self._name, self._config).core_config(self._config))
        await core.start()
        return core


def extraction() -> LocalEndpoint:
    """Entry point `gradewire.local`: extraction."""
    return LocalEndpoint("extraction")


def execution() -> LocalEndpoint:
    """Entry point `gradewire.local`: execution."""
    return LocalEndpoint("execution")


def judging() -> LocalEndpoint:
    """Entry point `gradewire.local`: judging."""
    return LocalEndpoint("judging")
