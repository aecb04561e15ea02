"""answer_from over the wire: what one grader points at is what the other is sent."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gradewire.v1 import grader_pb2, sample_pb2
from gradewire_trainer.client import RewardClient
from gradewire_trainer.errors import SpecError
from gradewire_trainer.spec import RewardSpec
from gradewire_trainer.types import FinishReason, Grade, Group, Sample

SPEC = RewardSpec.parse({"reward": {"grader": "length", "answer_from": {"grader": "locate"}}})


def located(sample: sample_pb2.Sample) -> grader_pb2.Result:
    start = sample.text.find("[")
    if start < 0:
        grade = grader_pb2.Grade(score=0, outcome=grader_pb2.OUTCOME_NO_ANSWER)
    else:
        end = sample.text.index("]") + 1
        span = grader_pb2.Span(text=sample.text[start:end], start=start, end=end, method="model")
        grade = grader_pb2.Grade(score=1, outcome=grader_pb2.OUTCOME_PASSED, answer=span)
    return grader_pb2.Result(sample_id=sample.sample_id, grade=grade)


def measured(sample: sample_pb2.Sample) -> grader_pb2.Result:
    span = grader_pb2.Span(text=sample.text[1:-1], start=1, end=len(sample.text) - 1)
    grade = grader_pb2.Grade(score=len(sample.text), outcome=grader_pb2.OUTCOME_PASSED, answer=span)
    return grader_pb2.Result(sample_id=sample.sample_id, grade=grade)


async def script(request: grader_pb2.GradeRequest, _nth: int) -> AsyncIterator[grader_pb2.GradeResponse]:
    grade = located if request.grader == "locate" else measured
    samples = [sample for group in request.groups for sample in group.samples]
    yield grader_pb2.GradeResponse(results=[grade(sample) for sample in samples])


def test_the_answer_travels_in_place_of_the_response_and_spans_are_the_responses_own(kit: Any) -> None:
    endpoint = kit.Endpoint(script, names=("length", "locate"))
    samples = [
        Sample("a", "it is [42]", FinishReason.LENGTH),
        Sample("b", "I do not know"),
        Sample("c", [{"role": "user", "content": "go on"}, {"role": "assistant", "content": "so [é12]."}]),
    ]
    endpoint_groups = [Group("g", samples, reference="42")]

    async def texts(request: grader_pb2.GradeRequest, nth: int) -> AsyncIterator[grader_pb2.GradeResponse]:
        for sample in (sample for group in request.groups for sample in group.samples):
            if sample.WhichOneof("response") == "messages":
                sample.text = sample.messages.messages[-1].content
        async for response in script(request, nth):
            yield response

    endpoint.script = texts
    with RewardClient(SPEC, endpoint) as client:
        (got,) = client.grade(endpoint_groups)
    assert [reward.reward for reward in got.rewards] == [4.0, 0.0, 5.0]
    second = [sample for group in endpoint.requests[1].groups for sample in group.samples]
    assert [sample.text for sample in second] == ["[42]", "[é12]"]
    assert all(not sample.finish_reason for sample in second)
    for reward, text in ((got.rewards[0], "it is [42]"), (got.rewards[2], "so [é12].")):
        result = reward.parts["reward"].result
        assert result is not None
        assert isinstance(result.outcome, Grade)
        span = result.outcome.answer
        assert span is not None
        assert text[span.start : span.end] == span.text


def test_a_grader_of_whole_groups_takes_responses_only(kit: Any) -> None:
    endpoint = kit.Endpoint(script, names=("length", "locate"), scope=grader_pb2.SCOPE_GROUP)
    with (
        RewardClient(SPEC, endpoint) as client,
        pytest.raises(SpecError, match=r"reward\.answer_from: .*whole groups"),
    ):
        client.grade([Group.of("g", ["[1]"])])


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        ({"formula": "a", "parts": {"a": {"grader": "x"}}}, r"reward\.answer_from: is a formula"),
        ({"grader": "x", "on_error": "abstain"}, r"reward\.answer_from: abstains"),
        ({"grader": ""}, r"reward\.answer_from\.grader"),
    ],
)
def test_only_a_grader_points_at_an_answer(inner: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecError, match=said):
        RewardSpec.parse({"reward": {"grader": "answer", "answer_from": inner}})


def test_who_the_answer_is_from_is_part_of_what_is_asked() -> None:
    (leaf, inner) = SPEC.leaves
    assert (leaf.grader, inner.grader) == ("length", "locate")
    plain = RewardSpec.parse({"reward": {"grader": "length"}}).leaves[0]
    assert leaf.key != plain.key
    assert RewardSpec.parse(SPEC.to_dict()) == SPEC
