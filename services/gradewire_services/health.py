"""The standard health service. SERVING: the workers have loaded, and can be replaced."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

import grpc
from grpc_health.v1 import health_pb2

from gradewire_services import guard
from gradewire_services.guard import Context

SERVICE = "grpc.health.v1.Health"
_Status = health_pb2.HealthCheckResponse


class Health:
    """One answer for all services of a server, and for ''."""

    def __init__(self, services: Sequence[str]) -> None:
        self._services = {"", *services}
        self._lacking: set[str] = set()
        self._serving = False
        self._ended = False
        self._changed = asyncio.Event()

    @property
    def serving(self) -> bool:
        """What is told."""
        return self._serving

    def tell_of(self, component: str, ready: bool) -> None:
        """Answer for a part of the server too; one that is not ready is NOT_SERVING."""
        (self._services.add if ready else self._lacking.add)(component)

    def tell(self, serving: bool) -> None:
        """Change the answer, now and to everyone who watches. After `end` it stays NOT_SERVING."""
        self._serving = serving and not self._ended
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def end(self) -> None:
        """NOT_SERVING from now on; who watches is told so, and then let go, so that nobody holds a shutdown up."""
        self._ended = True
        self.tell(False)

    def handler(self) -> grpc.GenericRpcHandler:
        """Check, List and Watch."""
        return grpc.method_handlers_generic_handler(
            SERVICE,
            {
                "Check": guard.unary(self._check, health_pb2.HealthCheckRequest),
                "List": guard.unary(self._list, health_pb2.HealthListRequest),
                "Watch": guard.streaming(self._watch, health_pb2.HealthCheckRequest),
            },
        )

    def _answer(self, service: str) -> int:
        if service in self._lacking:
            return int(_Status.NOT_SERVING)
        if service not in self._services:
            return int(_Status.SERVICE_UNKNOWN)
        return int(_Status.SERVING if self._serving else _Status.NOT_SERVING)

    async def _check(self, request: health_pb2.HealthCheckRequest, context: Context) -> bytes:
        if request.service not in self._services | self._lacking:
            await context.abort(grpc.StatusCode.NOT_FOUND, "no such service here; see the reflection service")
        return bytes(_Status(status=self._answer(request.service)).SerializeToString())

    async def _list(self, _request: health_pb2.HealthListRequest, _context: Context) -> bytes:
        statuses = {name: _Status(status=self._answer(name)) for name in self._services | self._lacking}
        return bytes(health_pb2.HealthListResponse(statuses=statuses).SerializeToString())

    async def _watch(self, request: health_pb2.HealthCheckRequest, _context: Context) -> AsyncGenerator[bytes]:
        told = None
        while True:
            changed, now = self._changed, self._answer(request.service)
            if now != told:
                told = now
                yield bytes(_Status(status=now).SerializeToString())
            if self._ended:
                return
            await changed.wait()
