"""The sender against a scripted endpoint: for every sample sent exactly one result, whatever the calls do."""

import asyncio
from random import Random
from typing import Any

import grpc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradewire.v1 import grader_pb2
from gradewire_protos import LimitValues, parse_status
from gradewire_trainer.client.call import Ask
from gradewire_trainer.client.sender import Sender

LENGTH = Ask("length")
S = grpc.StatusCode


def scores(results: list[grader_pb2.Result]) -> list[float]:
    return [result.grade.score for result in results if result.WhichOneof("outcome") == "grade"]


def errors(results: list[grader_pb2.Result]) -> list[tuple[str, str, str]]:
    told = [parse_status(result.error) for result in results if result.WhichOneof("outcome") == "error"]
    return [(parts.code.name, parts.reason, parts.message) for parts in told]


def settled(sender: Sender) -> None:
    """The ledger of a run in which every sample got its grade, and nothing is left over."""
    assert sender.counts.results == sender.counts.samples
    assert sender.counts.strangers == 0
    assert not sender._deliveries


async def grade_all(sender: Sender, groups: list[Any], deadline_s: float = 8.0) -> list[list[grader_pb2.Result]]:
    return await asyncio.gather(*(sender.grade(LENGTH, group, deadline_s=deadline_s) for group in groups))


def test_a_thousand_callers_with_one_sample_share_a_few_calls(kit: Any) -> None:
    async def main() -> None:
        endpoint = kit.Endpoint()
        sender = Sender(endpoint)
        groups = [kit.group(f"g{n}", "a" * (n % 50), reference=str(n)) for n in range(1000)]
        results = await grade_all(sender, groups)
        assert [scores(result) for result in results] == [[n % 50] for n in range(1000)]
        assert [result[0].sample_id for result in results] == ["0"] * 1000
        assert 4 <= len(endpoint.requests) <= 6
        settled(sender)

    kit.run(main())


def test_what_a_group_shares_travels_once_a_call_though_its_samples_come_one_by_one(kit: Any) -> None:
    async def main() -> None:
        endpoint = kit.Endpoint()
        groups = [kit.group("g", text) for text in ("a", "bb", "ccc")]
        results = await grade_all(Sender(endpoint), groups)
        assert [scores(result) for result in results] == [[1], [2], [3]]
        (request,) = endpoint.requests
        assert [len(group.samples) for group in request.groups] == [3]

    kit.run(main())


def test_groups_of_the_same_name_that_share_other_things_stay_apart(kit: Any) -> None:
    async def main() -> None:
        endpoint = kit.Endpoint()
        await grade_all(Sender(endpoint), [kit.group("g", "a", reference="1"), kit.group("g", "a", reference="2")])
        (request,) = endpoint.requests
        assert [(group.group_id, group.reference_json) for group in request.groups] == [("g", "1"), ("g#2", "2")]
        ids = [sample.sample_id for sample in kit.samples(request)]
        assert len(ids) == len(set(ids)) == 2

    kit.run(main())


def test_other_parameters_are_another_call(kit: Any) -> None:
    async def main() -> None:
        endpoint = kit.Endpoint()
        sender = Sender(endpoint)
        asks = [Ask("length", '{"a": 1}'), Ask("length", '{"a": 2}'), Ask("length", '{"a": 1}')]
        await asyncio.gather(*(sender.grade(ask, kit.group("g", "a"), deadline_s=5) for ask in asks))
        assert sorted(request.parameters_json for request in endpoint.requests) == ['{"a": 1}', '{"a": 2}']

    kit.run(main())


@pytest.mark.parametrize("code", [S.UNAVAILABLE, S.CANCELLED])
def test_a_broken_stream_costs_nothing_and_only_what_is_missing_goes_again(kit: Any, code: grpc.StatusCode) -> None:
    async def breaks_twice(request: grader_pb2.GradeRequest, nth: int) -> Any:
        samples = kit.samples(request)
        if nth < 2:
            yield grader_pb2.GradeResponse(results=[kit.grade(sample) for sample in samples[: len(samples) // 2]])
            raise kit.refusal(code)
        yield grader_pb2.GradeResponse(results=[kit.grade(sample) for sample in samples])

    async def main() -> None:
        endpoint = kit.Endpoint(breaks_twice)
        sender = Sender(endpoint, random=Random(1))
        (results,) = await grade_all(sender, [kit.group("g", *("a" * n for n in range(100)))])
        assert scores(results) == list(range(100))
        assert [len(kit.samples(request)) for request in endpoint.requests] == [100, 50, 25]
        assert sender.counts.resent == 75
        settled(sender)

    kit.run(main())


def test_a_stream_that_ends_well_without_all_results_is_broken_too(kit: Any) -> None:
    async def forgets_once(request: grader_pb2.GradeRequest, nth: int) -> Any:
        samples = kit.samples(request)
        yield grader_pb2.GradeResponse(results=[kit.grade(sample) for sample in samples[(3 if nth == 0 else 0) :]])

    async def main() -> None:
        sender = Sender(kit.Endpoint(forgets_once), random=Random(1))
        (results,) = await grade_all(sender, [kit.group("g", "a", "bb", "ccc", "dddd", "eeeee")])
        assert scores(results) == [1, 2, 3, 4, 5]
        assert sender.counts.resent == 3
        settled(sender)

    kit.run(main())


def test_a_grader_that_always_leaves_a_sample_out_is_named_and_the_others_are_graded(kit: Any) -> None:
    async def forgets(request: grader_pb2.GradeRequest, nth: int) -> Any:
        kept = [sample for sample in kit.samples(request) if sample.text != "bb"]
        yield grader_pb2.GradeResponse(results=[kit.grade(sample) for sample in kept])

    async def main() -> None:
        (results,) = await grade_all(Sender(kit.Endpoint(forgets)), [kit.group("g", "a", "bb", "ccc")])
        assert scores(results) == [1, 3]
        ((code, reason, message),) = errors(results)
        assert (code, reason) == ("INTERNAL", "RESULT_MISSING")
        assert "scripted" in message

    kit.run(main())


def test_a_result_that_comes_twice_is_delivered_once_and_a_strangers_is_counted(kit: Any) -> None:
    async def stutters(request: grader_pb2.GradeRequest, nth: int) -> Any:
        samples = kit.samples(request)
        again = kit.grade(samples[0])
        again.grade.score = 99
        stranger = grader_pb2.Result(sample_id="nobody's", grade=again.grade)
        yield grader_pb2.GradeResponse(results=[kit.grade(samples[0]), again, stranger])
        yield grader_pb2.GradeResponse(results=[kit.grade(sample) for sample in samples[1:]])

    async def main() -> None:
        sender = Sender(kit.Endpoint(stutters))
        (results,) = await grade_all(sender, [kit.group("g", "a", "bb")])
        assert scores(results) == [1, 2]
        assert (sender.counts.duplicates, sender.counts.strangers) == (1, 1)

    kit.run(main())


def test_a_result_that_is_neither_a_grade_nor_an_error_is_an_error(kit: Any) -> None:
    async def empty(request: grader_pb2.GradeRequest, nth: int) -> Any:
        yield grader_pb2.GradeResponse(results=[grader_pb2.Result(sample_id="0")])

    async def main() -> None:
        (results,) = await grade_all(Sender(kit.Endpoint(empty)), [kit.group("g", "a")])
        assert [(code, reason) for code, reason, _ in errors(results)] == [("INTERNAL", "RESULT_EMPTY")]

    kit.run(main())


def test_a_full_queue_is_tried_again_when_it_said_and_not_before(kit: Any) -> None:
    times: list[float] = []

    async def full_once(request: grader_pb2.GradeRequest, nth: int) -> Any:
        times.append(asyncio.get_running_loop().time())
        if nth == 0:
            raise kit.refusal(S.RESOURCE_EXHAUSTED, "QUEUE_FULL", retry_after_s=0.3)
        async for response in kit.honest(request, nth):
            yield response

    async def main() -> None:
        sender = Sender(kit.Endpoint(full_once))
        results = await grade_all(sender, [kit.group(f"g{n}", "a") for n in range(20)])
        assert [scores(result) for result in results] == [[1]] * 20
        assert times[1] - times[0] >= 0.3
        settled(sender)

    kit.run(main())


def test_who_is_told_of_no_room_sends_less_at_once_and_finds_its_share(kit: Any) -> None:
    room, inside = 600, 0

    async def narrow(request: grader_pb2.GradeRequest, nth: int) -> Any:
        nonlocal inside
        samples = kit.samples(request)
        if inside + len(samples) > room:
            raise kit.refusal(S.RESOURCE_EXHAUSTED, "OVERLOADED", retry_after_s=0.001)
        inside += len(samples)
        try:
            await asyncio.sleep(0)
            yield grader_pb2.GradeResponse(results=[kit.grade(sample) for sample in samples])
        finally:
            inside -= len(samples)

    async def main() -> None:
        endpoint = kit.Endpoint(narrow)
        sender = Sender(endpoint, random=Random(1))
        results = await grade_all(sender, [kit.group(f"g{n}", *["a"] * 256) for n in range(100)])
        assert sum(len(scores(result)) for result in results) == 100 * 256
        assert sender.counts.resent < 100 * 256 // 2
        settled(sender)

    kit.run(main())


def test_what_finished_before_the_deadline_is_delivered_and_the_work_on_the_rest_is_stopped(kit: Any) -> None:
    async def finishes_half(request: grader_pb2.GradeRequest, nth: int) -> Any:
        yield grader_pb2.GradeResponse(results=[kit.grade(sample) for sample in kit.samples(request)[:2]])
        await asyncio.Event().wait()

    async def main() -> None:
        endpoint = kit.Endpoint(finishes_half)
        sender = Sender(endpoint)
        (results,) = await grade_all(sender, [kit.group("g", "a", "bb", "ccc", "dddd")], deadline_s=0.2)
        assert scores(results) == [1, 2]
        assert [(code, reason) for code, reason, _ in errors(results)] == [("DEADLINE_EXCEEDED",) * 2] * 2
        await sender.close()
        assert endpoint.cancelled == 1

    kit.run(main())


def test_a_service_that_never_answers_is_unavailable_and_the_error_says_what_it_last_said(kit: Any) -> None:
    async def down(request: grader_pb2.GradeRequest, nth: int) -> Any:
        raise kit.refusal(S.UNAVAILABLE)
        yield

    async def main() -> None:
        endpoint = kit.Endpoint(down)
        (results,) = await grade_all(Sender(endpoint), [kit.group("g", "a", "bb")], deadline_s=0.4)
        assert len(endpoint.requests) >= 2
        for code, reason, message in errors(results):
            assert (code, reason) == ("UNAVAILABLE", "SERVICE_UNAVAILABLE")
            assert "told to say UNAVAILABLE" in message
        assert len(errors(results)) == 2

    kit.run(main())


@settings(max_examples=25, deadline=None)
@given(bad=st.sets(st.integers(0, 63)), code=st.sampled_from([S.INVALID_ARGUMENT, S.INTERNAL, S.RESOURCE_EXHAUSTED]))
def test_any_poisoned_samples_fail_alone(kit: Any, bad: set[int], code: grpc.StatusCode) -> None:
    async def chokes(request: grader_pb2.GradeRequest, nth: int) -> Any:
        if any(sample.text.startswith("bad") for sample in kit.samples(request)):
            raise kit.refusal(code, "POISON")
        async for response in kit.honest(request, nth):
            yield response

    async def main() -> None:
        texts = ["bad" if n in bad else "a" * n for n in range(64)]
        results = await grade_all(Sender(kit.Endpoint(chokes)), [kit.group(f"g{n}", t) for n, t in enumerate(texts)])
        for n, (result,) in enumerate(results):
            if n in bad:
                assert errors([result])[0][:2] == (code.name, "POISON")
            else:
                assert scores([result]) == [n]

    kit.run(main())


def test_wrong_parameters_are_everybodys_fault_so_nobody_is_asked_again(kit: Any) -> None:
    async def refuses(request: grader_pb2.GradeRequest, nth: int) -> Any:
        raise kit.refusal(
            S.INVALID_ARGUMENT, "BAD_PARAMETERS", violations=[("parameters_json.tolerance", "is negative")]
        )
        yield

    async def main() -> None:
        endpoint = kit.Endpoint(refuses)
        (results,) = await grade_all(Sender(endpoint), [kit.group("g", "a", "bb", "ccc")])
        assert [reason for _, reason, _ in errors(results)] == ["BAD_PARAMETERS"] * 3
        assert len(endpoint.requests) == 1

    kit.run(main())


def test_what_is_over_the_limits_is_not_sent_and_its_neighbours_are(kit: Any) -> None:
    async def main() -> None:
        endpoint = kit.Endpoint()
        sender = Sender(endpoint, LimitValues(max_response_bytes=100, max_shared_bytes=200))
        groups = [kit.group("g", "a", "é" * 51, "é" * 50), kit.group("h", "a", reference="1" * 300)]
        first, second = await grade_all(sender, groups)
        assert scores(first) == [1, 50]
        assert [(code, reason) for code, reason, _ in errors(first)] == [("INVALID_ARGUMENT", "RESPONSE_TOO_LARGE")]
        assert [(code, reason) for code, reason, _ in errors(second)] == [("INVALID_ARGUMENT", "GROUP_TOO_LARGE")]
        assert "102 of 100 bytes" in errors(first)[0][2]

    kit.run(main())


def test_requests_keep_within_the_services_bytes_and_samples(kit: Any) -> None:
    limits = LimitValues(max_request_bytes=20_000, max_request_samples=30)

    async def main() -> None:
        endpoint = kit.Endpoint()
        sender = Sender(endpoint, limits)
        groups = [kit.group(f"g{n}", *("a" * random.randrange(3000) for _ in range(8))) for n in range(40)]
        results = await grade_all(sender, groups)
        assert [scores(result) for result in results] == [[len(s.text) for s in group.samples] for group in groups]
        assert max(request.ByteSize() for request in endpoint.requests) <= 20_000
        assert max(len(kit.samples(request)) for request in endpoint.requests) <= 30
        settled(sender)

    random = Random(5)
    kit.run(main())


def test_no_more_than_sixteen_calls_are_on_their_way(kit: Any) -> None:
    gate = asyncio.Event()

    async def waits(request: grader_pb2.GradeRequest, nth: int) -> Any:
        if nth == 15:
            gate.set()
        await gate.wait()
        async for response in kit.honest(request, nth):
            yield response

    async def main() -> None:
        endpoint = kit.Endpoint(waits)
        sender = Sender(endpoint)
        results = await grade_all(sender, [kit.group(f"g{n}", *["a"] * 256) for n in range(40)])
        assert sum(len(scores(result)) for result in results) == 40 * 256
        assert endpoint.most_on_their_way == 16
        settled(sender)

    kit.run(main())


def test_a_grader_that_needs_the_group_gets_it_whole_each_time(kit: Any) -> None:
    async def breaks_once(request: grader_pb2.GradeRequest, nth: int) -> Any:
        for group in request.groups:
            assert len(group.samples) == group.group_size == 7
        samples = kit.samples(request)
        yield grader_pb2.GradeResponse(results=[kit.grade(sample) for sample in samples[:3]])
        if nth == 0:
            raise kit.refusal(S.UNAVAILABLE)
        yield grader_pb2.GradeResponse(results=[kit.grade(sample) for sample in samples[3:]])

    async def main() -> None:
        sender = Sender(kit.Endpoint(breaks_once), LimitValues(max_request_samples=20))
        ask = Ask("length", whole_groups=True)
        group = kit.group("g", *("a" * n for n in range(7)))
        results = await asyncio.gather(*(sender.grade(ask, group, deadline_s=5) for _ in range(5)))
        assert [scores(result) for result in results] == [list(range(7))] * 5
        assert sender.counts.results == 35
        assert sender.counts.duplicates == 3

    kit.run(main())


def test_giving_up_stops_the_call_unless_somebody_else_waits_for_it(kit: Any) -> None:
    started, gate = asyncio.Event(), asyncio.Event()

    async def waits(request: grader_pb2.GradeRequest, nth: int) -> Any:
        started.set()
        await gate.wait()
        async for response in kit.honest(request, nth):
            yield response

    async def main() -> None:
        endpoint = kit.Endpoint(waits)
        sender = Sender(endpoint)
        one, two = (asyncio.ensure_future(sender.grade(LENGTH, kit.group("g", "a"), deadline_s=5)) for _ in range(2))
        await started.wait()
        one.cancel()
        await asyncio.gather(one, return_exceptions=True)
        assert (endpoint.on_their_way, endpoint.cancelled) == (1, 0)
        gate.set()
        assert scores(await two) == [1]

        gate.clear()
        started.clear()
        three = asyncio.ensure_future(sender.grade(LENGTH, kit.group("g", "a"), deadline_s=5))
        await started.wait()
        three.cancel()
        await asyncio.gather(three, return_exceptions=True)
        await sender.close()
        assert (endpoint.on_their_way, endpoint.cancelled) == (0, 1)

    kit.run(main())


def test_an_endpoint_that_raises_what_it_must_not_costs_an_error_and_no_hang(kit: Any) -> None:
    async def crashes(request: grader_pb2.GradeRequest, nth: int) -> Any:
        raise ZeroDivisionError("by zero")
        yield

    async def main() -> None:
        (results,) = await grade_all(Sender(kit.Endpoint(crashes)), [kit.group("g", "a", "bb")])
        assert [(code, reason) for code, reason, _ in errors(results)] == [("INTERNAL", "ENDPOINT_CRASHED")] * 2

    kit.run(main())


def test_closing_answers_those_who_wait(kit: Any) -> None:
    started = asyncio.Event()

    async def waits(request: grader_pb2.GradeRequest, nth: int) -> Any:
        started.set()
        await asyncio.Event().wait()
        yield

    async def main() -> None:
        sender = Sender(kit.Endpoint(waits))
        waiting = asyncio.ensure_future(sender.grade(LENGTH, kit.group("g", "a"), deadline_s=5))
        await started.wait()
        await sender.close()
        assert errors(await waiting)[0][:2] == ("CANCELLED", "CLIENT_CLOSED")
        late = await sender.grade(LENGTH, kit.group("g", "a"), deadline_s=5)
        assert errors(late)[0][:2] == ("CANCELLED", "CLIENT_CLOSED")

    kit.run(main())


def test_what_makes_no_message_is_an_error_and_not_silence(kit: Any) -> None:
    """No call can carry this timeout. Whoever waits for the samples is told at once, and not at the deadline."""

    async def main() -> None:
        endpoint = kit.Endpoint()
        sender = Sender(endpoint)
        results = await sender.grade(Ask("length", sample_timeout_s=1e300), kit.group("g", "a", "bb"), deadline_s=600)
        assert [(code, reason) for code, reason, _ in errors(results)] == [("INTERNAL", "ENDPOINT_CRASHED")] * 2
        assert scores((await grade_all(sender, [kit.group("h", "ccc")]))[0]) == [3]
        assert not sender._deliveries
        await sender.close()

    kit.run(main())
