"""How a service behaves when it is asked at once, asked again, left, or sent rubbish."""

import asyncio
from typing import Any

import grpc

from gradewire.v1 import grader_pb2
from gradewire_protos.conformance.session import Failed, Reply, Session, Skipped, books
from gradewire_protos.status import parse_status

_CALLS = 24
_SLACK_S = 2.0
"""How long after a call's deadline its end may come."""


def _many(session: Session) -> int:
    """Samples of a large call. Fewer where they are one group, whose cost may grow with its square."""
    return min(40 if session.whole_groups else 200, session.limits.max_request_samples)


async def grades_many_calls_at_once(session: Session) -> str:
    """Each call gets its own results and no other's."""
    requests = [session.request(session.group(f"c{n}")) for n in range(_CALLS)]
    replies = await asyncio.gather(*(session.ask(request) for request in requests))
    busy = 0
    for request, reply in zip(requests, replies, strict=True):
        books(request, reply)
        if reply.error is None:
            continue
        error = reply.error
        if error.code is not grpc.StatusCode.RESOURCE_EXHAUSTED or error.retry_after_s is None:
            raise Failed(f"{_CALLS} calls at once: {reply.told()}; too many are RESOURCE_EXHAUSTED with RetryInfo")
        busy += 1
    return f"{_CALLS - busy} of {_CALLS} graded" + (f", {busy} told to come back" if busy else "")


async def says_the_same_again(session: Session) -> str:
    """The same request gets the same grades: a client sends again what it has no result for."""
    request = session.request(session.group("g"))
    first, again = await session.graded(request), await session.graded(request)
    _same(session, first, again, "sent again")
    if session.whole_groups:
        return "twice the same"
    parts: dict[str, grader_pb2.Result] = {}
    for sample in request.groups[0].samples:
        alone = session.request(session.group("g"))
        del alone.groups[0].samples[:]
        alone.groups[0].samples.append(sample)
        parts |= await session.graded(alone)
    _same(session, first, parts, "sent alone")
    return "again and one by one" if session.grader.deterministic else "again and one by one, as far as models can"


def _same(session: Session, first: dict[str, grader_pb2.Result], other: dict[str, grader_pb2.Result], how: str) -> None:
    for sample_id, result in first.items():
        before, after = _gist(result), _gist(other[sample_id])
        if session.grader.deterministic and before != after:
            raise Failed(
                f"{sample_id!r} was {before}, and {how} is {after}; it describes itself as deterministic, and a client "
                "that lost the first would train on the second"
            )


def _gist(result: grader_pb2.Result) -> str:
    if result.HasField("error"):
        parts = parse_status(result.error)
        return f"{parts.code.name} {parts.reason}"
    score = f"{result.grade.score!r}" if result.grade.HasField("score") else "no score"
    return f"{grader_pb2.Outcome.Name(result.grade.outcome)} ({score}, {result.grade.reason})"


async def streams_what_is_done(session: Session) -> str:
    """Results in chunks of at most 32, none empty."""
    count = _many(session)
    request = session.request(session.group("s", [f"The answer is {n}." for n in range(count)]))
    reply = await session.ask(request)
    if reply.error is not None:
        raise Failed(f"{count} samples in a call: {reply.told()}")
    books(request, reply)
    largest = max(len(message) for message in reply.messages)
    if largest > 32 and not session.whole_groups:
        raise Failed(f"a message with {largest} results; at most 32 travel together, so that a fast one need not wait")
    if not all(reply.messages):
        raise Failed("a message without results")
    return f"{count} results in {len(reply.messages)} messages"


async def keeps_a_calls_deadline(session: Session) -> str:
    """At the call's deadline the rest is DEADLINE_EXCEEDED, and nothing is there twice."""
    count = _many(session)
    request = session.request(session.group("late", [f"The answer is {n}. " * 20 for n in range(count)]))
    loop = asyncio.get_running_loop()
    began, deadline = loop.time(), 0.03
    reply = await session.ask(request, deadline)
    took = loop.time() - began
    if took > deadline + _SLACK_S:
        raise Failed(f"a call with a deadline of {deadline} s ended after {took:.1f} s")
    if reply.error is not None and reply.error.code is not grpc.StatusCode.DEADLINE_EXCEEDED:
        raise Failed(f"a call with a deadline of {deadline} s: {reply.told()}; it should end with DEADLINE_EXCEEDED")
    books(request, reply)
    await session.alive("a call's deadline")
    return f"{len(reply.results)} of {count} results came in {deadline} s"


async def survives_a_client_that_leaves(session: Session) -> str:
    """Cancelled calls, before the first result and after it, leave nothing behind."""
    count = _many(session)
    calls = []
    for n in range(8):
        call: Any = session.stub.Grade(session.request(session.group(f"l{n}", [f"It is {n}."] * count)))
        calls.append(call)
    try:
        await asyncio.wait_for(calls[0].read(), session.timeout_s)
    except grpc.aio.AioRpcError as error:
        raise Failed(f"{count} samples in a call: it ended with {error.code().name}") from None
    for call in calls:
        call.cancel()
    await session.alive("eight calls were cancelled")
    return "8 calls cancelled"


async def survives_rubbish(session: Session) -> str:
    """Bytes that are no message end with an error, and nothing else."""
    raw: Any = session.channel.unary_stream("/gradewire.v1.GraderService/Grade")
    for body in (b"\xff" * 40, b"\x0a\x05ab", b"\x1a\xff\xff\xff\xff\x0f"):
        reply = Reply()
        try:
            async for _ in raw(body, timeout=session.timeout_s):
                reply.messages.append([])
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
                raise Failed("bytes that are no message: the call never ended") from None
            continue
        raise Failed(f"bytes that are no message: {reply.told()}; it should end with INVALID_ARGUMENT")
    await session.alive("bytes that were no message")
    return "an error each"


async def takes_parts_of_groups(session: Session) -> str:
    """A grader of scope SAMPLE takes a group's samples in any order, with or without the others."""
    if session.whole_groups:
        raise Skipped("it grades whole groups")
    request = session.request(session.group("g"))
    backwards = session.request(session.group("g"))
    samples = list(backwards.groups[0].samples)
    del backwards.groups[0].samples[:]
    backwards.groups[0].samples.extend(reversed(samples))
    _same(session, await session.graded(request), await session.graded(backwards), "in another order")
    return "in any order"
