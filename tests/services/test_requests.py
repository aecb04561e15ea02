"""What a request must be: a wrong one is refused with the path to what is wrong, a wrong sample is its own error."""

import json

import grpc
import pytest
from google.protobuf import duration_pb2

from gradewire.v1 import grader_pb2, sample_pb2
from gradewire_protos import StatusParts, parse_status
from tests.services.service_wire import Served, group, ledger, refused, request


def refusal(served: Served, asked: grader_pb2.GradeRequest) -> StatusParts:
    return refused(lambda: served.graders.Grade(asked, timeout=5))


def test_the_description_says_what_is_served(hostile: Served) -> None:
    told = hostile.graders.DescribeGraders(grader_pb2.DescribeGradersRequest())
    (grader,) = told.graders
    assert (told.service, grader.name, grader.scope) == ("hostile", "grade", grader_pb2.SCOPE_SAMPLE)
    assert grader.description == "1 if the response is the reference; commands do damage."
    assert json.loads(grader.parameters_schema_json)["type"] == "object"
    assert len(grader.version) == 12
    assert told.limits.max_request_samples == 1024


@pytest.mark.parametrize(
    ("asked", "paths"),
    [
        (request(), ["groups"]),
        (request(group([])), ["groups[0].samples"]),
        (
            request(
                group(["a"]),
                sample_pb2.Group(samples=[sample_pb2.Sample(text="x"), sample_pb2.Sample(sample_id="g-0")]),
            ),
            ["groups[1].samples[0].sample_id", "groups[1].samples[1].sample_id"],
        ),
        (
            grader_pb2.GradeRequest(
                grader="grade", groups=[group(["a"])], sample_timeout=duration_pb2.Duration(seconds=-1)
            ),
            ["sample_timeout"],
        ),
        (request(group(["a"]), parameters='{"colour": 1}'), ["parameters.colour"]),
        (request(group(["a"]), parameters="[1]"), ["parameters"]),
        (request(group(["a"]), parameters="{"), ["parameters"]),
        (request(group(["a"]), parameters="{" + '"' + "k" * 100_000 + '": 1}'), None),
    ],
)
def test_a_wrong_request_is_refused_with_paths(hostile: Served, asked, paths) -> None:
    parts = refusal(hostile, asked)
    assert (parts.code, parts.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "BAD_REQUEST")
    if paths is not None:
        assert [violation.field for violation in parts.violations] == paths
    assert all(violation.description for violation in parts.violations)


def test_an_unknown_grader_is_told_what_is_served(hostile: Served) -> None:
    parts = refusal(hostile, request(group(["a"]), grader="grae"))
    assert (parts.code, parts.reason) == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_GRADER")
    assert parts.message == "no grader named 'grae' is served here; served: grade"
    refusal(hostile, request(group(["a"]), grader="g" * 1_000_000))


def test_a_request_over_the_limits_is_refused_for_good(hostile: Served) -> None:
    for asked in (request(group(["a"] * 1025)), request(group(["x" * 500_000] * 9))):
        parts = refusal(hostile, asked)
        assert (parts.code, parts.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "REQUEST_TOO_LARGE")
        assert parts.retry_after_s is None


def test_a_sample_over_the_limits_is_its_own_error(hostile: Served) -> None:
    asked = request(group(["yes", "x" * (1 << 20) + "y", "no", "é" * (1 << 19)]))
    results = ledger(asked, hostile.graders.Grade(asked, timeout=5))
    assert results["g-3"].grade.score == 0.0
    parts = parse_status(results["g-1"].error)
    assert (parts.code, parts.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "SAMPLE_TOO_LARGE")
    assert parts.violations[0].field == "samples.response"
    assert [results[name].grade.score for name in ("g-0", "g-2")] == [1.0, 0.0]


def test_a_group_over_the_limits_is_an_error_of_each_of_its_samples(hostile: Served) -> None:
    asked = request(
        group(["yes", "no"], reference=json.dumps("z" * (2 << 20)), name="big"), group(["yes"], name="small")
    )
    results = ledger(asked, hostile.graders.Grade(asked, timeout=5))
    assert {parse_status(results[name].error).reason for name in ("big-0", "big-1")} == {"SAMPLE_TOO_LARGE"}
    assert results["small-0"].grade.score == 1.0


@pytest.mark.parametrize("reference", ["{", "NaN", "[" * 100_000, "1" * 10_000])
def test_a_wrong_item_is_an_error_of_its_samples_alone(hostile: Served, reference: str) -> None:
    asked = request(group(["yes", "no"], reference=reference, name="bad"), group(["yes"], name="good"))
    results = ledger(asked, hostile.graders.Grade(asked, timeout=5))
    for name in ("bad-0", "bad-1"):
        parts = parse_status(results[name].error)
        assert (parts.code, parts.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "BAD_SAMPLE")
        assert parts.violations[0].field == "reference_json"
    assert results["good-0"].grade.score == 1.0


def test_a_sample_is_a_text_or_messages(hostile: Served) -> None:
    said = [("user", "no"), ("assistant", "yes"), ("tool", "no")]
    messages = sample_pb2.Messages(messages=[sample_pb2.Message(role=role, content=text) for role, text in said])
    nobody = sample_pb2.Messages(messages=[sample_pb2.Message(role="user", content="yes")])
    samples = [
        sample_pb2.Sample(sample_id="messages", messages=messages),
        sample_pb2.Sample(sample_id="nobody", messages=nobody),
        sample_pb2.Sample(sample_id="nothing"),
        sample_pb2.Sample(sample_id="empty", text=""),
        sample_pb2.Sample(sample_id="fields", text="yes", fields_json="[]"),
    ]
    asked = request(sample_pb2.Group(group_id="g", reference_json='"yes"', samples=samples))
    results = ledger(asked, hostile.graders.Grade(asked, timeout=5))
    assert results["messages"].grade.score == 1.0
    assert results["empty"].grade.score == 0.0
    fields = {name: parse_status(results[name].error).violations[0].field for name in ("nobody", "nothing", "fields")}
    assert fields == {"nobody": "samples.messages", "nothing": "samples.response", "fields": "samples.fields_json"}


def test_a_large_call_comes_back_in_small_messages(hostile: Served) -> None:
    asked = request(*(group(["yes", "no"] * 16, name=f"g{n}") for n in range(32)))
    responses = list(hostile.graders.Grade(asked, timeout=10))
    assert max(len(response.results) for response in responses) <= 32
    results = ledger(asked, responses)
    assert sum(result.grade.score for result in results.values()) == 512
    assert {result.grader_version for result in results.values()} == {
        hostile.graders.DescribeGraders(grader_pb2.DescribeGradersRequest()).graders[0].version
    }
