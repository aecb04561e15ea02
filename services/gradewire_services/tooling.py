"""The typed services' calls over the core: the same checks, queue, workers and deadlines as Grade has."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from google.protobuf.message import Message
from google.rpc import status_pb2

from gradewire_services.core import Core
from gradewire_services.errors import BadRequest, RequestTooLarge
from gradewire_services.job import Plan
from gradewire_services.tokens import TokenBounds
from gradewire_services.tools import MAX_UNITS, Tool
from gradewire_services.twins import twin_key


async def stream(core: Core, tool: Tool, request: Message, timeout_s: float | None) -> AsyncGenerator[bytes]:
    """Serialised responses, entries in any order. Raises RequestError, CallError."""
    plan = _plan(core, tool, request)
    async with aclosing(core.results(plan, timeout_s)) as results:
        async for frame in results:
            yield frame.payload


async def answer(core: Core, tool: Tool, request: Message, timeout_s: float | None) -> bytes:
    """One serialised response, entries in the request's order. Raises RequestError, CallError."""
    plan = _plan(core, tool, request)
    entries = [b""] * plan.units
    async with aclosing(core.results(plan, timeout_s)) as results:
        async for frame in results:
            at = 0
            for position, length in zip(frame.positions, frame.lengths, strict=True):
                entries[position] = frame.payload[at : at + length]
                at += length
    return b"".join(entries)


def _plan(core: Core, tool: Tool, request: Message) -> Plan:
    """How to work the request off. Raises BadRequest, RequestTooLarge."""
    limits, entries = core.limits, tool.entries(request)
    size, count = request.ByteSize(), len(getattr(request, tool.units))
    if size > limits.max_request_bytes:
        raise RequestTooLarge(f"the request has {size} bytes, and {limits.max_request_bytes} are taken; split it")
    if count > MAX_UNITS:
        raise RequestTooLarge(f"the request has {count} {tool.units}, and {MAX_UNITS} are taken; split it")
    if not count:
        raise BadRequest.at((tool.units, "is empty"))
    if tool.has_ids:
        _check_ids(tool, entries)
    found = core.graders.get(tool.grader)
    bounds = TokenBounds.of(found.properties) if found is not None else None
    make_error, seconds = tool.error, limits.default_sample_timeout_s
    if tool.whole:
        seconds = min(seconds * count, limits.max_sample_timeout_s)

    def error(position: int, status: status_pb2.Status, elapsed_ns: int) -> bytes:
        assert make_error is not None
        return make_error(entries[position], status, elapsed_ns).SerializeToString()

    together = (tool.operation, tool.part(request, ())) if found and "together" in found.properties else None
    return Plan(
        operation=tool.operation,
        entries=entries,
        samples=count,
        size=size,
        timeouts_ns=[round(seconds * 1e9)] * len(entries),
        pack=lambda some: tool.part(request, some),
        error=None if make_error is None else error,
        batch=tool.batch,
        heavy=tool.heavy,
        together=together,
        tokens=[bounds.estimate(entry.ByteSize()) for entry in entries] if bounds else (),
        batch_tokens=bounds.batch if bounds else 0,
        own_tokens=bounds.own if bounds else 0,
        twins=[twin_key(together[1], entry, "id") for entry in entries] if together and core.pool.size > 1 else (),
    )


def _check_ids(tool: Tool, entries: Sequence[Any]) -> None:
    wrong, seen = [], set()
    for index, entry in enumerate(entries):
        if not entry.id:
            wrong.append((f"{tool.units}[{index}].id", "is empty"))
        elif entry.id in seen:
            wrong.append((f"{tool.units}[{index}].id", f"{entry.id!r} is there twice in this request"))
        seen.add(entry.id)
    if wrong:
        raise BadRequest.at(*wrong[:20])
