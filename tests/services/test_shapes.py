"""Graders that take a batch or a group, parameters, and grades that are none: through the core, without a socket."""

import asyncio
import os

import grpc
import pytest

from gradewire.v1 import grader_pb2
from gradewire_protos import DEFAULT_LIMITS, CallError, parse_status
from gradewire_services.core import Core, CoreConfig
from gradewire_services.errors import BadRequest, StartError
from gradewire_services.grading import grade
from gradewire_services.process import Launch
from tests.services.service_wire import SERVED, gone_within, group, ledger, request


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    path = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", f"{SERVED}{os.pathsep}{path}" if path else str(SERVED))


def config(loader: str = "shapes:load") -> CoreConfig:
    return CoreConfig(launch=Launch(loader=loader, settings={}, memory_mib=1024), workers=2, limits=DEFAULT_LIMITS)


def graded(*asked: grader_pb2.GradeRequest, timeout_s: float | None = 10) -> list[dict[str, grader_pb2.Result]]:
    async def go() -> list[dict[str, grader_pb2.Result]]:
        core = Core(config())
        await core.start()
        try:
            books = []
            for one in asked:
                bodies = [body async for body in grade(core, one, timeout_s)]
                books.append(ledger(one, map(grader_pb2.GradeResponse.FromString, bodies)))
            return books
        finally:
            pids = core.pool.pids
            await core.close()
            assert gone_within(pids, 1.0)

    return asyncio.run(go())


def outcomes(results: dict[str, grader_pb2.Result]) -> list[float | str]:
    return [
        result.grade.score if result.HasField("grade") else parse_status(result.error).reason
        for _, result in sorted(results.items())
    ]


def test_parameters_reach_the_grader_and_wrong_ones_are_named() -> None:
    (few, many) = graded(
        request(group(["a", "aaa"]), grader="length"),
        request(group(["a", "aaa"]), grader="length", parameters='{"at_least": 2}'),
    )
    assert outcomes(few) == [1.0, 1.0]
    assert outcomes(many) == [0.0, 1.0]
    with pytest.raises(CallError) as refused:
        graded(request(group(["a"]), grader="length", parameters='{"at_least": -1}'))
    parts = parse_status(refused.value.status)
    assert parts.code is grpc.StatusCode.INVALID_ARGUMENT
    assert parts.violations[0].field == "parameters.at_least"


def test_a_batch_is_graded_as_one_and_errors_are_per_sample() -> None:
    texts = ["missing" if n == 3 else "fine" for n in range(20)]
    (results,) = graded(request(group(texts), grader="batched"))
    assert [name for name, result in results.items() if result.HasField("error")] == ["g-3"]
    assert parse_status(results["g-3"].error).code is grpc.StatusCode.FAILED_PRECONDITION


def test_a_batch_that_fails_as_a_whole_is_tried_one_by_one() -> None:
    texts = ["fine"] * 9
    texts[2], texts[7] = "crash", "sleep"
    (results,) = graded(request(group(texts), grader="batched", timeout_s=0.3))
    assert outcomes(results) == [1.0, 1.0, "WORKER_CRASHED", 1.0, 1.0, 1.0, 1.0, "SAMPLE_TIMEOUT", 1.0]


def test_a_group_grader_sees_whole_groups() -> None:
    groups = [group(["a", "b", "a"], name=f"g{n}") for n in range(5)]
    groups.append(group(["a", "exit"], name="h"))
    (results,) = graded(request(*groups, grader="majority"))
    for n in range(5):
        assert [results[f"g{n}-{m}"].grade.score for m in range(3)] == [1.0, 0.0, 1.0]
    assert {parse_status(results[f"h-{n}"].error).reason for n in range(2)} == {"WORKER_CRASHED"}


def test_a_group_in_parts_is_refused_by_a_group_grader() -> None:
    part = group(["a", "b"])
    part.group_size = 3
    with pytest.raises(BadRequest) as refused:
        graded(request(part, grader="majority"))
    assert refused.value.violations[0].field == "groups[0].samples"


def test_what_is_no_grade_is_an_error_of_the_grader() -> None:
    texts = ["undecided", "undecided_score", "no_score", "infinite", "number"]
    (results,) = graded(request(group(texts), grader="wrong"))
    assert results["g-0"].grade.outcome == grader_pb2.OUTCOME_UNDECIDED
    assert not results["g-0"].grade.HasField("score")
    assert outcomes(results)[1:] == ["GRADER_RETURNED"] * 4


@pytest.mark.parametrize(
    ("loader", "said"), [("shapes:load_not", "end before they are ready"), ("shapeless:load", "did not load")]
)
def test_workers_that_do_not_load_fail_the_start(loader: str, said: str) -> None:
    async def go() -> None:
        await Core(config(loader)).start()

    with pytest.raises(StartError, match=said):
        asyncio.run(go())
