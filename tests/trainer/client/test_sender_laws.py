"""Laws of the sender: whatever faults its calls meet, the ledger is clean and every grade is the right one."""

import asyncio
from random import Random
from typing import Any

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradewire.v1 import grader_pb2
from gradewire_protos import LimitValues
from gradewire_trainer.client import backoff, window
from gradewire_trainer.client.call import Ask
from gradewire_trainer.client.sender import Sender

S = grpc.StatusCode
ENDS = (S.UNAVAILABLE, S.CANCELLED, "full", "ends early", "shuffled", "stutters")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.0005)
    monkeypatch.setattr(backoff, "LONGEST_S", 0.002)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    faults=st.lists(st.tuples(st.sampled_from(ENDS), st.floats(0, 1)), max_size=12),
    sizes=st.lists(st.integers(0, 20), min_size=1, max_size=12),
    whole=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_whatever_the_calls_meet_every_sample_has_its_one_right_grade(
    kit: Any, faults: list[tuple[Any, float]], sizes: list[int], whole: bool, seed: int
) -> None:
    random = Random(seed)

    async def faulty(request: grader_pb2.GradeRequest, nth: int) -> Any:
        end, part = faults[nth] if nth < len(faults) else ("honest", 1.0)
        results = [kit.grade(sample) for sample in kit.samples(request)]
        if end == "full":
            raise kit.refusal(S.RESOURCE_EXHAUSTED, "OVERLOADED", retry_after_s=0.001)
        if end == "shuffled":
            random.shuffle(results)
        elif end == "stutters":
            results = results + results[: len(results) // 2] + [grader_pb2.Result(sample_id="nobody's")]
        elif end != "honest":
            results = results[: int(part * len(results))]
        for start in range(0, len(results), 7):
            yield grader_pb2.GradeResponse(results=results[start : start + 7])
        if isinstance(end, grpc.StatusCode):
            raise kit.refusal(end)

    async def main() -> None:
        sender = Sender(kit.Endpoint(faulty), LimitValues(max_request_samples=25), random=Random(seed))
        ask = Ask("length", whole_groups=whole)
        groups = [
            kit.group(f"g{n}", *("a" * random.randrange(50) for _ in range(size))) for n, size in enumerate(sizes)
        ]
        results = await asyncio.gather(*(sender.grade(ask, group, deadline_s=9) for group in groups))
        missing = 0
        for group, got in zip(groups, results, strict=True):
            assert [result.sample_id for result in got] == [sample.sample_id for sample in group.samples]
            for sample, result in zip(group.samples, got, strict=True):
                if result.HasField("error"):  # left out by four calls that all ended well
                    missing += 1
                else:
                    assert result.grade.score == len(sample.text)
        assert missing == 0 or sum(end == "ends early" for end, _ in faults) >= 4
        assert sender.counts.results == sender.counts.samples - missing == sum(sizes) - missing

    kit.run(main())


def test_the_window_counts_bytes_too(kit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "WINDOW_BYTES", 100_000)

    four = asyncio.Event()

    async def waits_for_four(request: grader_pb2.GradeRequest, nth: int) -> Any:
        if nth == 3:
            four.set()
        await four.wait()
        async for response in kit.honest(request, nth):
            yield response

    async def main() -> None:
        endpoint = kit.Endpoint(waits_for_four)
        sender = Sender(endpoint, LimitValues(max_request_bytes=30_000))
        groups = [kit.group(f"g{n}", "a" * 20_000) for n in range(30)]
        results = await asyncio.gather(*(sender.grade(Ask("length"), group, deadline_s=9) for group in groups))
        assert [result.grade.score for (result,) in results] == [20_000] * 30
        assert endpoint.most_on_their_way == 4

    kit.run(main())


def test_the_pause_grows_to_a_second_once_an_episode_and_a_services_own_wish_is_the_least() -> None:
    pause, now, waits = backoff.Backoff(Random(1)), 0.0, []
    for _ in range(4):
        for _ in range(16):  # the calls of one window fail together
            pause.failed(now, None)
        waits.append(pause.not_before - now)
        now = pause.not_before
    for wait, least in zip(waits, (0.0005, 0.001, 0.002, 0.002), strict=True):
        assert least <= wait <= 1.5 * least + 1e-9
    pause.answered()
    pause.failed(now, 2.5)
    assert 2.5 <= pause.not_before - now <= 3.75
