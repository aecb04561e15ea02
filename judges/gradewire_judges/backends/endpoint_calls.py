"""Calls of an endpoint: sent side by side, retried within a deadline, given up when nobody waits. Failures are typed.

Knows HTTP, and nothing of chats. The calls live in an event loop of their own, in a thread, so that whoever asks may
be in any thread or loop, and connections are kept.
"""

import asyncio
import json
import os
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from gradewire_judges.backend import IsCancelled
from gradewire_judges.endpoint import Endpoint
from gradewire_judges.errors import (
    BackendFailed,
    BackendMissing,
    Cancelled,
    EndpointBroken,
    EndpointBusy,
    EndpointGarbled,
    EndpointRefused,
    EndpointTimeout,
)

_MOST_BYTES = 8 << 20
"""Of a reply."""

_LOOK_S = 0.02
"""How often is looked who still waits."""

_FIRST_WAIT_S = 0.5
"""Before the second attempt where the endpoint names no time; then twice as long each time."""

_LONGEST_WAIT_S = 86_400.0
"""That an endpoint may ask for."""

_SHOWN = 200
"""Characters of a refusal that are told on."""

Reply = dict[str, Any]


class EndpointCalls:
    """Posts JSON to one endpoint. Calls may come from several threads."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Connects to nothing yet.

        Raises:
            BackendMissing: the environment variable with the key is not set, or holds no key.
        """
        self._endpoint = endpoint
        self._key = _key(endpoint)
        self._loop = asyncio.new_event_loop()
        self._running = asyncio.Semaphore(endpoint.concurrency)
        self._client = httpx2.AsyncClient(
            headers={"Authorization": f"Bearer {self._key}"} if self._key else {},
            timeout=httpx2.Timeout(None),  # one deadline for all of a call is set where it is made
            limits=httpx2.Limits(max_connections=endpoint.concurrency),
        )
        thread = threading.Thread(target=_serve, args=(self._loop, self._client), name="endpoint-calls", daemon=True)
        thread.start()
        self.close = weakref.finalize(self, _stop, self._loop, thread)
        """Ends the connections and the thread. Happens by itself when nobody holds this any more."""

    def post_all(
        self, path: str, bodies: Sequence[Reply], cancelled: IsCancelled | None
    ) -> list[Reply | BackendFailed]:
        """The replies' JSON objects, in order, or why there is none."""
        made = asyncio.run_coroutine_threadsafe(self._post_all(path, bodies, cancelled), self._loop)
        return made.result()

    async def _post_all(
        self, path: str, bodies: Sequence[Reply], cancelled: IsCancelled | None
    ) -> list[Reply | BackendFailed]:
        calls = [asyncio.create_task(self._post(path, body)) for body in bodies]
        waiting = set(calls)
        while waiting:
            _, waiting = await asyncio.wait(waiting, timeout=None if cancelled is None else _LOOK_S)
            for place, call in enumerate(calls):
                if call in waiting and cancelled is not None and cancelled(place):
                    call.cancel()
        return [Cancelled() if call.cancelled() else call.result() for call in calls]

    async def _post(self, path: str, body: Reply) -> Reply | BackendFailed:
        """One call, all its attempts, within the card's time."""
        try:
            async with self._running, asyncio.timeout(self._endpoint.timeout_s):
                return await self._attempts(path, body, time.monotonic() + self._endpoint.timeout_s)
        except TimeoutError:
            return EndpointTimeout(f"{self._endpoint.url} did not answer within {self._endpoint.timeout_s:g} s")
        except BackendFailed as failure:
            return failure

    async def _attempts(self, path: str, body: Reply, deadline: float) -> Reply:
        wait = _FIRST_WAIT_S
        for left in range(self._endpoint.retries, -1, -1):
            try:
                return await self._attempt(path, body)
            except (EndpointBusy, EndpointBroken) as failure:
                asked = failure.retry_after_s if isinstance(failure, EndpointBusy) else None
                wait_now = wait if asked is None else asked
                if not left or time.monotonic() + wait_now >= deadline:
                    raise
                await asyncio.sleep(wait_now)
                wait *= 2
        raise AssertionError("the last attempt returns or raises")

    async def _attempt(self, path: str, body: Reply) -> Reply:
        where = self._endpoint.url
        try:
            async with self._client.stream("POST", f"{where.rstrip('/')}/{path}", json=body) as response:
                content = bytearray()
                async for chunk in response.aiter_bytes():
                    content += chunk
                    if len(content) > _MOST_BYTES:
                        raise EndpointGarbled(f"{where} answered with more than {_MOST_BYTES} bytes")
        except httpx2.DecodingError as error:
            raise EndpointGarbled(f"{where} answered in a broken encoding: {error}") from None
        except httpx2.TransportError as error:
            told = f"{where}: {type(error).__name__}: {self._without_key(str(error))}"
            raise EndpointBroken(f"{told}. Is it running, and is this the address in the card's endpoint?") from None
        except httpx2.InvalidURL as error:
            raise EndpointRefused(f"{where} is no address: {error}") from None
        return self._read(response, bytes(content))

    def _read(self, response: Any, content: bytes) -> Reply:
        status, where = response.status_code, self._endpoint.url
        if status != httpx2.codes.OK:
            said = self._without_key(content[: 4 * _SHOWN].decode("utf-8", "replace"))[:_SHOWN]
            told = f"{where} answered {status}: {said}"
            if status == httpx2.codes.TOO_MANY_REQUESTS or (status == 503 and "retry-after" in response.headers):
                raise EndpointBusy(told, _retry_after(response.headers.get("retry-after")))
            if status >= 500 or status == httpx2.codes.REQUEST_TIMEOUT:
                raise EndpointBroken(told)
            raise EndpointRefused(f"{told}. Check the card's endpoint: url, model, key_env")
        try:
            reply = json.loads(content)
        except (ValueError, RecursionError):
            raise EndpointGarbled(f"{where} answered with what is no JSON") from None
        if not isinstance(reply, dict):
            raise EndpointGarbled(f"{where} answered with JSON that is no object")
        return reply

    def _without_key(self, text: str) -> str:
        """`text` without the key, which an endpoint may send back."""
        return text.replace(self._key, "…") if self._key else text


def _key(endpoint: Endpoint) -> str:
    if endpoint.key_env is None:
        return ""
    key = os.environ.get(endpoint.key_env, "").strip()
    if not key or not (key.isascii() and key.isprintable()) or " " in key:
        raise BackendMissing(
            f"{endpoint.url}: environment variable {endpoint.key_env} is not set, or holds what can be no key. "
            "Set it to the endpoint's key, or leave `key_env` out"
        )
    return key


def _retry_after(header: str | None) -> float | None:
    """Seconds to wait, a day at most, by a number or a date; None where it says nothing that can be read."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return min(float(header), _LONGEST_WAIT_S)
    try:
        return min(max(0.0, parsedate_to_datetime(header).timestamp() - time.time()), _LONGEST_WAIT_S)
    except (ValueError, TypeError):
        return None


def _serve(loop: asyncio.AbstractEventLoop, client: Any) -> None:
    try:
        loop.run_forever()
        loop.run_until_complete(client.aclose())
    finally:
        loop.close()


def _stop(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    stop: Callable[[], None] = loop.stop
    loop.call_soon_threadsafe(stop)
    if thread is not threading.current_thread():
        thread.join()
