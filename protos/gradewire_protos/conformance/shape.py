"""What a service says of itself, and whether its results are well-formed."""

import json
import math

import grpc

from gradewire.v1 import grader_pb2
from gradewire_protos.conformance.session import Failed, Session, Skipped
from gradewire_protos.status import parse_status

_SERVING = b"\x08\x01"
"""HealthCheckResponse{status: SERVING}: two bytes, for which nobody needs another package."""

_UNDECIDED = grader_pb2.OUTCOME_UNDECIDED


async def describes_itself(session: Session) -> str:
    """DescribeGraders: names, scope, version, schema, range."""
    names = [grader.name for grader in session.service.graders]
    if len(set(names)) < len(names):
        raise Failed(f"two graders have the same name: {', '.join(sorted(names))}")
    if not session.service.service:
        raise Failed("DescribeGraders: service is empty; it is the service's name")
    grader = session.grader
    where = f"grader {grader.name!r}"
    if grader.scope not in (grader_pb2.SCOPE_SAMPLE, grader_pb2.SCOPE_GROUP):
        raise Failed(f"{where}: scope is not set; it is SCOPE_SAMPLE or SCOPE_GROUP")
    if not grader.version:
        raise Failed(f"{where}: version is empty; it changes whenever the same sample could get another grade")
    try:
        schema = json.loads(grader.parameters_schema_json)
    except ValueError as error:
        raise Failed(f"{where}: parameters_schema_json is not JSON: {error}") from None
    if not isinstance(schema, dict) or schema.get("type", "object") != "object":
        raise Failed(
            f"{where}: parameters_schema_json is no schema of an object; without parameters it is {_NO_SCHEMA}"
        )
    if grader.HasField("min_score") != grader.HasField("max_score"):
        raise Failed(f"{where}: one of min_score and max_score is set; set both, or neither where scores are unbounded")
    if grader.HasField("min_score") and not grader.min_score <= grader.max_score:
        raise Failed(f"{where}: min_score {grader.min_score:g} is over max_score {grader.max_score:g}")
    return f"service {session.service.service!r}, version {grader.version}"


_NO_SCHEMA = '{"type": "object", "additionalProperties": false}'


async def says_it_is_well(session: Session) -> str:
    """The standard health service."""
    check: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes]
    check = session.channel.unary_unary("/grpc.health.v1.Health/Check")
    try:
        answer = await check(b"", timeout=session.timeout_s)
    except grpc.aio.AioRpcError as error:
        if error.code() is grpc.StatusCode.UNIMPLEMENTED:
            raise Skipped("no grpc.health.v1 here; load balancers ask it (package grpcio-health-checking)") from None
        raise Failed(f"grpc.health.v1 Check for '' ends with {error.code().name}; it should say SERVING") from None
    if answer != _SERVING:
        raise Failed("grpc.health.v1 says that it is not SERVING, and it grades")
    return "SERVING"


async def answers_every_sample_once(session: Session) -> str:
    """Exactly one result for each sample of several groups."""
    request = session.request(*(session.group(f"g{n}") for n in range(3)))
    results = await session.graded(request)
    return f"{len(results)} samples of 3 groups, a result each"


async def gives_grades_or_errors(session: Session) -> str:
    """Each result is a whole grade or a typed error; a failure is never a score."""
    results = await session.graded(session.request(session.group("g")))
    for result in results.values():
        _check(session.grader, result)
    grades = sum(result.HasField("grade") for result in results.values())
    if not grades:
        reason = parse_status(next(iter(results.values())).error)
        raise Skipped(
            f"it graded none of our samples ({reason.code.name}: {reason.message[:100]}); "
            "give it a row that it can grade with --item"
        )
    return f"{grades} grades, {len(results) - grades} errors"


async def takes_any_text(session: Session) -> str:
    """Odd responses have a result each, and no crash."""
    texts = [
        "",
        " ",
        "\x00",
        "\u202e\u200b\U0001f9ea",
        "x" * min(60_000, session.limits.max_response_bytes),
        "{[(" * 500,
    ]
    results = await session.graded(session.request(session.group("odd", texts)))
    for result in results.values():
        _check(session.grader, result)
    return f"{len(texts)} odd responses"


def _check(grader: grader_pb2.GraderDescription, result: grader_pb2.Result) -> None:
    """Raises Failed unless the result is as the contract says."""
    where = f"result of {result.sample_id!r}"
    which = result.WhichOneof("outcome")
    if which is None:
        raise Failed(f"{where}: neither a grade nor an error")
    if which == "error":
        parts = parse_status(result.error)
        if result.error.code == 0:
            raise Failed(f"{where}: an error with the code OK")
        if not parts.message:
            raise Failed(f"{where}: {parts.code.name} without a message; say what was wrong and what to do")
        if not parts.reason:
            raise Failed(f"{where}: {parts.code.name} without an ErrorInfo detail, whose reason is a stable code")
        return
    grade = result.grade
    if grade.outcome not in grader_pb2.Outcome.values() or not grade.outcome:
        raise Failed(f"{where}: outcome {grade.outcome} is none of the contract's")
    name = grader_pb2.Outcome.Name(grade.outcome)
    if grade.HasField("score") and grade.outcome == _UNDECIDED:
        raise Failed(f"{where}: {name} with the score {grade.score:g}; who cannot decide gives none")
    if not grade.HasField("score") and grade.outcome != _UNDECIDED:
        raise Failed(f"{where}: {name} without a score; a score is absent exactly when the outcome is UNDECIDED")
    if not math.isfinite(grade.score):
        raise Failed(f"{where}: the score is {grade.score}; what has no number is an error or undecided")
    if grader.HasField("min_score") and grade.HasField("score"):
        low, high = grader.min_score, grader.max_score
        if not low <= grade.score <= high:
            raise Failed(
                f"{where}: the score {grade.score:g} is outside of [{low:g}, {high:g}], the grader's own range"
            )
    if not grade.reason:
        raise Failed(f"{where}: reason is empty; it is a stable code such as 'label_correct'")
    if result.grader_version and result.grader_version != grader.version:
        raise Failed(
            f"{where}: grader_version {result.grader_version!r}, and it describes itself as {grader.version!r}"
        )
