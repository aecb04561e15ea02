"""The judging service: it starts without a model, says so per judge, and judges in batches with one."""

import json
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from gradewire.v1 import grader_pb2, judging_pb2, judging_pb2_grpc, sample_pb2
from gradewire_protos import parse_status
from tests.services.service_wire import Served, group, ledger, refused, request, start, stop

pytest.importorskip("gradewire_judges", reason="the judging engine is not installed")


TEST_MODEL = '{"judge": "test-model"}'


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


def test_what_is_lacking_is_a_component_with_a_health_of_its_own_and_is_said_at_the_start(judging: Served) -> None:
    told = judging.graders.DescribeGraders(grader_pb2.DescribeGradersRequest())
    components = {one.name: one for one in told.components}
    assert components["judge.rules"].ready
    assert not components["judge.equivalence"].ready
    assert "--model-dir" in components["judge.equivalence"].detail
    health = health_pb2_grpc.HealthStub(judging.channel)
    for name, status in (("", "SERVING"), ("judge.rules", "SERVING"), ("judge.equivalence", "NOT_SERVING")):
        answer = health.Check(health_pb2.HealthCheckRequest(service=name))
        assert health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status) == status
    assert judging.process.stdout is not None
    warning = judging.process.stdout.readline()
    assert warning.startswith("WARNING: ")
    assert "judge.equivalence" in warning
    assert "--model-dir" in warning


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


def six_times_seven(responses: list[str], name: str = "g") -> sample_pb2.Group:
    asked = group(responses, reference='"42"', name=name)
    asked.prompt.append(sample_pb2.Message(role="user", content="What is six times seven?"))
    return asked


def test_a_model_judges_a_batch(modelled: Served) -> None:
    served = modelled
    told = served.graders.DescribeGraders(grader_pb2.DescribeGradersRequest())
    assert [one.name for one in told.components if one.ready and one.name != "judge.rules"]
    asked = request(six_times_seven([f"The answer is {n}." for n in range(40)]), grader="judge", parameters=TEST_MODEL)
    results = ledger(asked, served.graders.Grade(asked, timeout=60))
    for result in results.values():
        assert sum(result.grade.parts.values()) == pytest.approx(1.0)
        assert result.grade.decided_by.startswith("model:")
        assert set(result.grade.versions) >= {"card", "template", "model"}
        assert result.grade.usage.prompt_tokens > result.grade.usage.cached_tokens > 0
        assert not result.grade.usage.reused
        detail = json.loads(result.grade.detail_json)
        assert {"label", "expected_score", "entropy", "label_mass", "determinism", "request_hash"} <= set(detail)


def test_single_calls_at_once_get_what_one_call_gets_and_what_was_judged_is_not_judged_again(modelled: Served) -> None:
    texts = [f"I say {n}." for n in range(24)]
    whole = request(six_times_seven(texts), grader="judge", parameters=TEST_MODEL)
    together = ledger(whole, modelled.graders.Grade(whole, timeout=60))
    again = [
        request(six_times_seven([text], name=f"s{n}"), grader="judge", parameters=TEST_MODEL)
        for n, text in enumerate(texts)
    ]
    calls = [modelled.graders.Grade(one, timeout=60) for one in again]
    for n, (one, call) in enumerate(zip(again, calls, strict=True)):
        (result,) = ledger(one, call).values()
        first = together[f"g-{n}"].grade
        assert (result.grade.score, dict(result.grade.parts)) == (first.score, dict(first.parts))
        assert result.grade.usage.reused
        assert "reused_verdict" in result.grade.flags


def test_what_models_cost_is_counted_and_repeating_costs_nothing(modelled: Served) -> None:
    def counted() -> dict[str, int]:
        told = modelled.graders.DescribeGraders(grader_pb2.DescribeGradersRequest()).properties
        return {name: int(value) for name, value in told.items() if name.startswith("usage.")}

    asked = request(
        six_times_seven([f"counted {n}" for n in range(5)] * 2, name="counted"), grader="judge", parameters=TEST_MODEL
    )
    results = ledger(asked, modelled.graders.Grade(asked, timeout=60)).values()
    before = counted()
    usages = [result.grade.usage for result in results]
    assert [usage.reused for usage in usages].count(False) == 5
    more = request(six_times_seven(["counted, too"]), grader="judge", parameters=TEST_MODEL)
    (one,) = ledger(more, modelled.graders.Grade(more, timeout=60)).values()
    after = counted()
    assert after["usage.verdicts"] == before["usage.verdicts"] + 1
    assert after["usage.prompt_tokens"] - before["usage.prompt_tokens"] == one.grade.usage.prompt_tokens
    ledger(more, modelled.graders.Grade(more, timeout=60))
    assert counted() == after | {
        "usage.verdicts": after["usage.verdicts"] + 1,
        "usage.reused_verdicts": after["usage.reused_verdicts"] + 1,
    }


def test_drift_from_the_calibration_is_told_in_the_judges_component(modelled: Served) -> None:
    texts = [f"drifting {n}" for n in range(110)]
    asked = request(six_times_seven(texts, name="drift"), grader="judge", parameters=TEST_MODEL)
    results = ledger(asked, modelled.graders.Grade(asked, timeout=60)).values()
    assert any(result.grade.score == 0 for result in results)
    told = modelled.graders.DescribeGraders(grader_pb2.DescribeGradersRequest()).components
    assert {one.name for one in told if "have drifted" in one.detail} == {"judge.test-model"}
    assert all(one.ready for one in told)


def test_the_tool_says_all_that_the_judge_said(modelled: Served) -> None:
    stub = judging_pb2_grpc.JudgingServiceStub(modelled.channel)
    long = "word " * 20_000
    query = judging_pb2.JudgeQuery(id="1", question="What is six times seven?", reference="42", response=long)
    (response,) = stub.Judge(judging_pb2.JudgeRequest(judge="test-model", queries=[query]), timeout=60)
    verdict = response.results[0].verdict
    assert verdict.clipped["response"].sent == len(long)
    assert verdict.clipped["response"].shown < len(long)
    assert verdict.HasField("expected_score")
    assert verdict.HasField("entropy")
    assert len(verdict.request_hash) == 64
    assert verdict.determinism


def test_a_call_that_was_cancelled_makes_room(modelled: Served) -> None:
    calls = [
        modelled.graders.Grade(
            request(
                six_times_seven([f"{n} " + "word " * 4000 for n in range(64)], name=f"c{c}"),
                grader="judge",
                parameters=TEST_MODEL,
            )
        )
        for c in range(8)
    ]
    for call in calls:
        call.cancel()
    asked = request(six_times_seven(["after them"]), grader="judge", parameters=TEST_MODEL)
    assert ledger(asked, modelled.graders.Grade(asked, timeout=20))["g-0"].HasField("grade")
