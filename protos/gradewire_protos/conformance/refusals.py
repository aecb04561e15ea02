"""What is not graded: requests that break the contract are refused as a whole, and say where."""

import grpc

from gradewire.v1 import grader_pb2
from gradewire_protos.conformance.session import Failed, Session, Skipped, books
from gradewire_protos.status import parse_status

_INVALID = grpc.StatusCode.INVALID_ARGUMENT


async def knows_its_graders(session: Session) -> str:
    """A grader that is not served is NOT_FOUND."""
    request = grader_pb2.GradeRequest(grader="no-such-grader", groups=[session.group("g")])
    await session.refused(request, grpc.StatusCode.NOT_FOUND, "an unknown grader")
    return "NOT_FOUND"


async def refuses_unknown_parameters(session: Session) -> str:
    """A parameter that the schema does not have is INVALID_ARGUMENT, with its path."""
    request = session.request(session.group("g"), no_such_parameter=1)
    await session.refused(request, _INVALID, "an unknown parameter", names="parameters")
    return "INVALID_ARGUMENT"


async def refuses_broken_parameters(session: Session) -> str:
    """parameters_json that is no JSON object is INVALID_ARGUMENT."""
    for text in ("{", "[1]", "NaN"):
        request = session.request(session.group("g"))
        request.parameters_json = text
        await session.refused(request, _INVALID, f"parameters_json {text!r}", names="parameters")
    return "INVALID_ARGUMENT"


async def refuses_empty_requests(session: Session) -> str:
    """No groups, and a group without samples."""
    await session.refused(session.request(), _INVALID, "a request without groups", names="groups")
    empty = session.request(session.group("g"), session.group("empty", []))
    await session.refused(empty, _INVALID, "a group without samples", names="groups[1]")
    return "INVALID_ARGUMENT"


async def refuses_ids_that_tell_nothing(session: Session) -> str:
    """A sample id that is there twice in a request, in one group or two, or empty."""
    twice = session.request(session.group("g"), session.group("g"))
    await session.refused(twice, _INVALID, "a sample id twice", names="sample_id")
    empty = session.request(session.group("g"))
    empty.groups[0].samples[0].sample_id = ""
    await session.refused(empty, _INVALID, "an empty sample id", names="sample_id")
    return "INVALID_ARGUMENT"


async def wants_whole_groups(session: Session) -> str:
    """A grader of scope GROUP refuses a part of one."""
    if not session.whole_groups:
        raise Skipped("it grades sample by sample")
    part = session.request(session.group("g"))
    del part.groups[0].samples[1:]
    await session.refused(part, _INVALID, "one sample of a group of several", names="groups[0]")
    return "INVALID_ARGUMENT"


async def bounds_a_response(session: Session) -> str:
    """A response over the limit is that sample's error, or refuses the call; its neighbour's grade is no other."""
    most = session.limits.max_response_bytes
    if most + 1000 > session.limits.max_request_bytes:
        raise Skipped("no request can hold a response over the limit")
    request = session.request(session.group("big", ["x" * (most + 1), "The answer is 42."]))
    reply = await session.ask(request)
    if reply.error is not None:
        if reply.error.code not in (grpc.StatusCode.RESOURCE_EXHAUSTED, _INVALID):
            raise Failed(
                f"a response of {most + 1} bytes: {reply.told()}; RESOURCE_EXHAUSTED or INVALID_ARGUMENT says why"
            )
        return reply.error.code.name
    results = books(request, reply)
    if session.whole_groups:
        return "a result each"
    big = results["big-0"]
    if not big.HasField("error"):
        raise Failed(
            f"a response of {most + 1} bytes was graded, and the limits say {most}; refuse it, or tell the limit"
        )
    return f"that sample's error is {parse_status(big.error).code.name}"


async def bounds_a_request(session: Session) -> str:
    """More samples than the limit are refused for good: RESOURCE_EXHAUSTED without RetryInfo."""
    most = session.limits.max_request_samples
    if most > 20_000:
        raise Skipped(f"its limit of {most} samples is high")
    request = session.request(session.group("many", ["x"] * (most + 1)))
    error = await session.refused(request, grpc.StatusCode.RESOURCE_EXHAUSTED, f"{most + 1} samples in a request")
    if error.retry_after_s is not None:
        raise Failed("a request over the limits is refused with RetryInfo, and will be too large again")
    return "RESOURCE_EXHAUSTED"
