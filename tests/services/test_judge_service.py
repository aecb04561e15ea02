"""The judging service: it starts without a model, says so per judge, and judges in batches with one."""

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from gradewire.v1 import grader_pb2, judging_pb2, judging_pb2_grpc, sample_pb2
from gradewire_protos import parse_status
from tests.services.service_wire import Served, group, ledger, refused, request, start, stop

pytest.importorskip("gradewire_judges", reason="the judging engine is not installed")


@pytest.fixture(scope="module")
def judging() -> Iterator[Served]:
    served = start("judging")
    yield served
    stop(served)


def test_without_a_model_the_rules_are_served_and_the_others_say_what_to_do(judging: Served) -> None:
    told = judging.graders.DescribeGraders(grader_pb2.DescribeGradersRequest())
    assert told.properties["judge.rules"].startswith("ready")
    assert told.properties["judge.equivalence"].startswith("not ready: ")
    asked = request(group(["", "forty-two"]), grader="judge", parameters='{"judge": "rules"}')
    results = ledger(asked, judging.graders.Grade(asked, timeout=10))
    assert results["g-0"].grade.outcome == grader_pb2.OUTCOME_NO_ANSWER
    assert results["g-1"].grade.outcome == grader_pb2.OUTCOME_UNDECIDED
    assert not results["g-1"].grade.HasField("score")
    assert all(result.grade.explanation.endswith(".") for result in results.values())
    asked = request(group(["forty-two"]), grader="judge", parameters='{"judge": "equivalence"}')
    error = parse_status(ledger(asked, judging.graders.Grade(asked, timeout=10))["g-0"].error)
    assert (error.code, error.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "MODEL_MISSING")
    assert "--model-dir" in error.message


@pytest.mark.parametrize("parameters", ["", '{"judge": "solomon"}'])
def test_a_judge_must_be_named_and_served(judging: Served, parameters: str) -> None:
    parts = refused(lambda: judging.graders.Grade(request(group(["a"]), grader="judge", parameters=parameters)))
    assert parts.code is grpc.StatusCode.INVALID_ARGUMENT
    assert parts.violations[0].field == "parameters.judge"
    assert "equivalence" in parts.message


def test_judge_is_the_same_as_a_tool(judging: Served) -> None:
    stub = judging_pb2_grpc.JudgingServiceStub(judging.channel)
    queries = [judging_pb2.JudgeQuery(id=str(n), response="" if n % 2 else "x") for n in range(50)]
    responses = stub.Judge(judging_pb2.JudgeRequest(judge="rules", queries=queries), timeout=10)
    found = {one.id: one.verdict for response in responses for one in response.results}
    assert len(found) == 50
    assert (found["1"].decided_by, found["1"].reason, found["1"].score) == ("rule", "empty_response", 0.0)
    assert not found["2"].HasField("score")


def test_a_wrong_card_is_said_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "card.yaml"
    path.write_text("name: mine\nbackend: crystal\n")
    with pytest.raises(AssertionError, match=r"exit 2: gradewire serve: .*card\.yaml: backend"):
        start("judging", "--card", str(path))


def test_a_model_judges_a_batch(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="the judge's backend is not installed")
    from gradewire_judges.fixture import write_fixture

    card = write_fixture(tmp_path / "model")
    served = start("judging", "--card", str(card))
    try:
        told = served.graders.DescribeGraders(grader_pb2.DescribeGradersRequest())
        assert [name for name, state in told.properties.items() if state.startswith("ready")]
        asked_group = group([f"The answer is {n}." for n in range(40)], reference='"42"')
        asked_group.prompt.append(sample_pb2.Message(role="user", content="What is six times seven?"))
        asked = request(asked_group, grader="judge")
        results = ledger(asked, served.graders.Grade(asked, timeout=60))
        for result in results.values():
            if result.HasField("error"):  # random weights may put too little on the labels
                assert parse_status(result.error).reason == "LOW_LABEL_MASS"
                continue
            assert sum(result.grade.parts.values()) == pytest.approx(1.0)
            assert result.grade.decided_by.startswith("model:")
            assert set(result.grade.versions) >= {"card", "template", "model"}
    finally:
        stop(served)
