"""Micro-batches: who shares one, who is next, and what becomes of units that nobody waits for."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial
from typing import Any

import grpc
import pytest
from google.rpc import status_pb2
from hypothesis import given, settings
from hypothesis import strategies as st

from gradewire.v1 import grader_pb2
from gradewire_protos import LimitValues, parse_status
from gradewire_services import core as core_module
from gradewire_services import pool
from gradewire_services.batches import WINDOW_S, Batch, Batches
from gradewire_services.core import Core, CoreConfig
from gradewire_services.errors import Overloaded
from gradewire_services.frames import ResultsFrame
from gradewire_services.grading import grade
from gradewire_services.job import Job, Plan
from gradewire_services.process import Launch
from tests.services.service_wire import SERVED, group, ledger, request


class FakePool:
    """Workers that are done when the test says so."""

    def __init__(self, size: int = 1) -> None:
        self.size = size
        self.batches: list[Batch] = []
        self.off: list[tuple[Batch, list[int]]] = []
        self.dropped: list[Batch] = []
        self.arrived = asyncio.Event()

    def require_workers(self) -> None:
        pass

    def submit(self, batch: Batch) -> None:
        self.batches.append(batch)
        self.arrived.set()

    def call_off(self, batch: Batch, positions: Collection[int]) -> None:
        self.off.append((batch, sorted(positions)))

    def drop(self, batch: Batch) -> None:
        self.dropped.append(batch)

    async def next(self) -> Batch:
        await asyncio.wait_for(self.arrived.wait(), 5)
        self.arrived.clear()
        return self.batches[-1]


def call(
    name: str,
    tokens: list[int],
    *,
    asks: str = "judge",
    batch: int = 4,
    bound: int = 0,
    own: int = 0,
    twins: Sequence[bytes] = (),
) -> Job:
    return Job(
        Plan(
            operation="x",
            entries=[f"{name}{place}" for place in range(len(tokens))],
            samples=len(tokens),
            size=0,
            timeouts_ns=[10**9] * len(tokens),
            pack=lambda some: ",".join(some).encode(),
            error=lambda position, status, _: f"E{position}:{status.code}".encode(),
            batch=batch,
            together=asks,
            tokens=tokens,
            batch_tokens=bound,
            own_tokens=own,
            twins=twins,
        )
    )


def finish(batch: Batch) -> None:
    """The worker answers each unit with its own name."""
    names = [str(entry).encode() for entry in batch.plan.entries]
    batch.accept(ResultsFrame(0, range(len(names)), [len(name) for name in names], b"".join(names)))


async def results(job: Job) -> dict[int, str]:
    found: dict[int, str] = {}
    while (frame := await asyncio.wait_for(job.next(), 5)) is not None:
        at = 0
        for position, length in zip(frame.positions, frame.lengths, strict=True):
            assert position not in found
            found[position] = frame.payload[at : at + length].decode()
            at += length
    return found


def run(test: Callable[[FakePool, Batches], Awaitable[None]], window_s: float = WINDOW_S, workers: int = 1) -> None:
    async def go() -> None:
        fake: Any = FakePool(workers)
        await test(fake, Batches(fake, window_s))

    asyncio.run(go())


def test_calls_that_ask_the_same_share_a_batch_and_each_gets_its_own() -> None:
    async def test(fake: FakePool, batches: Batches) -> None:
        calls = [call(name, [1]) for name in "abc"]
        for job in calls:
            batches.submit(job)
        assert fake.batches == []  # they wait for company
        batch = await fake.next()
        assert batch.plan.entries == ["a0", "b0", "c0"]
        assert batch.plan.part(range(3)) == b"a0,b0,c0"
        finish(batch)
        assert [await results(job) for job in calls] == [{0: "a0"}, {0: "b0"}, {0: "c0"}]

    run(test, window_s=0.5)


def test_a_full_batch_does_not_wait_and_the_next_waits_for_the_worker() -> None:
    async def test(fake: FakePool, batches: Batches) -> None:
        batches.submit(call("a", [1, 1, 1]))
        batches.submit(call("b", [1, 1, 1]))
        assert fake.batches[0].plan.entries == ["a0", "b0", "a1", "b1"]  # calls take turns
        await asyncio.sleep(3 * WINDOW_S)
        assert len(fake.batches) == 1
        fake.arrived.clear()
        finish(fake.batches[0])
        assert (await fake.next()).plan.entries == ["b2", "a2"]

    run(test, window_s=0.3)


def test_who_asks_something_else_has_a_batch_of_its_own_and_judges_take_turns() -> None:
    async def test(fake: FakePool, batches: Batches) -> None:
        batches.submit(call("a", [1] * 12))
        batches.submit(call("x", [1] * 4, asks="another judge"))
        seen = []
        for _ in range(4):
            batch = await fake.next()
            seen.append(batch.plan.entries[0])
            assert {str(entry)[0] for entry in batch.plan.entries} == {seen[-1][0]}
            finish(batch)
        assert seen == ["a0", "a4", "x0", "a8"]

    run(test)


def test_prompts_of_one_length_go_together_and_whose_turn_it_is_goes_first() -> None:
    async def test(fake: FakePool, batches: Batches) -> None:
        batches.submit(call("a", [500, 10, 505, 11], batch=2))
        for want in (["a0", "a2"], ["a1", "a3"]):
            batch = await fake.next()
            assert batch.plan.entries == want
            finish(batch)

    run(test)


def test_a_batch_is_bounded_in_tokens_padding_included_and_takes_one_in_any_case() -> None:
    async def test(fake: FakePool, batches: Batches) -> None:
        batches.submit(call("a", [90, 40, 40, 5], bound=80))
        for want in (["a0"], ["a1", "a2"], ["a3"]):
            batch = await fake.next()
            assert batch.plan.entries == want
            finish(batch)

    run(test)


def test_one_calls_units_go_to_all_workers() -> None:
    async def test(fake: FakePool, batches: Batches) -> None:
        batches.submit(call("a", [1] * 12))
        assert [batch.plan.entries[0] for batch in fake.batches] == ["a0", "a4"]
        assert [batch.plan.prefers for batch in fake.batches] == [0, 1]

    run(test, workers=2)


def test_a_twin_waits_for_the_worker_that_has_it_and_the_others_do_not() -> None:
    async def test(fake: FakePool, batches: Batches) -> None:
        batches.submit(call("a", [1] * 4, twins=[b"1", b"2", b"3", b"4"]))
        batches.submit(call("b", [1] * 4, twins=[b"5", b"2", b"6", b"7"]))
        batches.submit(call("c", [1] * 1, twins=[b"3"]))
        first, second = fake.batches
        assert (first.plan.prefers, second.plan.prefers) == (0, 1)
        assert (first.plan.entries, second.plan.entries) == (["a0", "a1", "a2", "a3"], ["b0", "b2", "b3"])
        fake.arrived.clear()
        finish(second)
        batches.submit(call("d", [1] * 2, twins=[b"6", b"1"]))
        third = await fake.next()
        assert (third.plan.prefers, third.plan.entries) == (1, ["d0"])
        fake.arrived.clear()
        finish(first)
        fourth = await fake.next()
        assert (fourth.plan.prefers, sorted(map(str, fourth.plan.entries))) == (0, ["b1", "c0", "d1"])

    run(test, workers=2)


def test_what_all_prompts_share_does_not_count_in_a_batch() -> None:
    async def test(fake: FakePool, batches: Batches) -> None:
        batches.submit(call("a", [1040, 1040, 1040], bound=80, own=1000))
        assert fake.batches[0].plan.entries == ["a0", "a1"]

    run(test)


def test_who_leaves_takes_its_waiting_units_along_and_has_the_others_called_off() -> None:
    async def test(fake: FakePool, batches: Batches) -> None:
        leaver, stayer = call("a", [1, 1, 1]), call("b", [1, 1])
        batches.submit(leaver)
        batches.submit(stayer)
        batch = fake.batches[0]
        assert batch.plan.entries == ["a0", "b0", "a1", "b1"]
        batches.drop(leaver)
        assert fake.off == [(batch, [0, 2])]
        assert fake.dropped == []
        finish(batch)
        assert await results(stayer) == {0: "b0", 1: "b1"}
        await asyncio.sleep(0.6)
        assert len(fake.batches) == 1  # a2 is not worked on

    run(test, window_s=0.3)


def test_a_batch_that_nobody_waits_for_makes_room_at_once() -> None:
    async def test(fake: FakePool, batches: Batches) -> None:
        leaver = call("a", [1] * 4)
        batches.submit(leaver)
        batches.drop(leaver)
        assert fake.dropped == fake.batches[:1]
        fake.arrived.clear()
        batches.submit(call("b", [1]))
        assert (await fake.next()).plan.entries == ["b0"]

    run(test)


def test_at_a_calls_deadline_each_of_its_units_has_an_error_and_its_neighbours_go_on() -> None:
    async def test(fake: FakePool, batches: Batches) -> None:
        late, other = call("a", [1, 1, 1]), call("b", [1])
        batches.submit(late)
        batches.submit(other)
        batches.expire(late)
        deadline = grpc.StatusCode.DEADLINE_EXCEEDED.value[0]
        assert await results(late) == {place: f"E{place}:{deadline}" for place in range(3)}
        finish(fake.batches[0])
        assert await results(other) == {0: "b0"}

    run(test, window_s=0.3)


def test_a_refused_batch_refuses_every_call_in_it_and_nothing_of_them_is_left_waiting() -> None:
    async def test(fake: FakePool, batches: Batches) -> None:
        calls = [call("a", [1, 1, 1]), call("b", [1, 1])]
        for job in calls:
            batches.submit(job)
        fake.arrived.clear()
        fake.batches[0].abort(status_pb2.Status(code=3))
        for job in calls:
            assert await results(job) == {}
            assert job.failure is not None
        batches.submit(call("c", [1]))
        assert (await fake.next()).plan.entries == ["c0"]

    run(test, window_s=0.3)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.integers(1, 900), min_size=1, max_size=9), min_size=1, max_size=12),
    st.integers(1, 8),
    st.integers(0, 2000),
    st.sets(st.integers(0, 11)),
    st.integers(1, 3),
)
def test_every_unit_of_who_stays_is_answered_once_and_twins_are_always_at_one_worker(
    tokens: list[list[int]], size: int, bound: int, leavers: set[int], workers: int
) -> None:
    async def test(fake: FakePool, batches: Batches) -> None:
        calls = [
            call(f"{n}-", each, batch=size, bound=bound, twins=[bytes([count % 7]) for count in each])
            for n, each in enumerate(tokens)
        ]
        for job in calls:
            batches.submit(job)
        for n in leavers:
            if n < len(calls):
                batches.drop(calls[n])
        answered = 0
        where: dict[bytes, set[int | None]] = {}
        stay = [job for n, job in enumerate(calls) if n not in leavers]
        while any(job.left for job in stay):
            while answered < len(fake.batches):
                batch = fake.batches[answered]
                answered += 1
                assert 1 <= len(batch.plan.entries) <= size
                for job, at in batch._origins:
                    where.setdefault(job.plan.twins[at], set()).add(batch.plan.prefers)
                finish(batch)
            await asyncio.sleep(0)
        for job in stay:
            assert await results(job) == {at: str(entry) for at, entry in enumerate(job.plan.entries)}
        assert all(len(numbers) == 1 for numbers in where.values())

    run(test, workers=workers)


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Core]:
    """A core over `served/together.py` with one worker, which waits long enough for company on any machine."""
    monkeypatch.setattr(core_module, "Batches", partial(Batches, window_s=0.3))
    monkeypatch.setenv("PYTHONPATH", str(SERVED))

    def make(workers: int = 1, **limits: int) -> Core:
        launch = Launch(loader="together:load", settings={}, memory_mib=None)
        return Core(CoreConfig(launch=launch, workers=workers, limits=LimitValues(**limits)))

    return make


async def graded(core: Core, asked: Any, timeout_s: float | None = None) -> dict[str, grader_pb2.Result]:
    bodies = [grader_pb2.GradeResponse.FromString(body) async for body in grade(core, asked, timeout_s)]
    return ledger(asked, bodies)


async def test_single_samples_of_many_calls_are_graded_in_batches(together: Callable[..., Core]) -> None:
    core = together()
    await core.start()
    try:
        calls = [request(group([f"text {n}"], name=f"g{n}")) for n in range(24)]
        found = await asyncio.gather(*(graded(core, one) for one in calls))
        assert [one[f"g{n}-0"].grade.score for n, one in enumerate(found)] == [8.0] * 24
    finally:
        await core.close()


async def test_a_sample_that_comes_again_goes_to_the_worker_that_had_it(together: Callable[..., Core]) -> None:
    core = together(workers=2)
    await core.start()
    try:
        texts = [f"text {n}" for n in range(16)]
        found = await graded(core, request(group(texts, name="first")))
        first = [found[f"first-{n}"].grade.reason for n in range(16)]
        assert set(first) == set(map(str, core.pool.pids))  # both have had some
        for order in (range(15, -1, -1), range(0, 16, 3)):
            found = await graded(core, request(group([texts[n] for n in order], name="again")))
            assert [found[f"again-{at}"].grade.reason for at in range(len(order))] == [first[n] for n in order]
    finally:
        await core.close()


async def test_a_deadline_takes_a_sample_out_of_the_running_batch_and_its_neighbour_is_graded(
    together: Callable[..., Core],
) -> None:
    core = together()
    await core.start()
    pids = core.pool.pids
    try:
        late, fine = await asyncio.gather(
            graded(core, request(group(["wait"], name="late")), 0.6), graded(core, request(group(["yes"], name="fine")))
        )
        error = parse_status(late["late-0"].error)
        assert (error.code, error.reason) == (grpc.StatusCode.DEADLINE_EXCEEDED, "CALL_DEADLINE")
        assert fine["fine-0"].grade.score == 2.0  # they were in one batch, which went on
        assert core.pool.pids == pids
    finally:
        await core.close()


async def test_a_heavy_engine_is_asked_to_let_go_before_its_worker_is_killed(
    together: Callable[..., Core], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_LETTING_GO_NS", 200_000_000)
    core = together()
    await core.start()
    pids = core.pool.pids
    try:
        found = await graded(core, request(group(["wait", "yes"]), timeout_s=0.2))
        assert parse_status(found["g-0"].error).reason == "SAMPLE_TIMEOUT"
        assert found["g-1"].grade.score == 1.0  # tried alone
        assert core.pool.pids == pids
        found = await graded(core, request(group(["hang"]), timeout_s=0.2))
        assert parse_status(found["g-0"].error).reason == "SAMPLE_TIMEOUT"
        found = await graded(core, request(group(["yes"])))
        assert found["g-0"].grade.reason not in map(str, pids)
    finally:
        await core.close()


async def test_a_batch_that_crashes_is_tried_one_by_one_and_only_the_guilty_call_fails(
    together: Callable[..., Core],
) -> None:
    core = together()
    await core.start()
    try:
        texts = ["yes", "crash", "no"]
        calls = [request(group([text], name=text)) for text in texts]
        found = await asyncio.gather(*(graded(core, one) for one in calls))
        assert found[0]["yes-0"].grade.score == found[2]["no-0"].grade.score == 1.0
        assert parse_status(found[1]["crash-0"].error).reason == "WORKER_CRASHED"
    finally:
        await core.close()


async def test_the_queue_is_bounded_in_tokens(together: Callable[..., Core]) -> None:
    core = together(max_queued_tokens=500)
    await core.start()
    try:
        held = asyncio.create_task(graded(core, request(group(["wait" + "x" * 2000], name="held"))))
        while not core.inside:
            await asyncio.sleep(0)
        with pytest.raises(Overloaded, match=r"max_queued_tokens") as refused:
            await graded(core, request(group(["y" * 1500])))
        assert refused.value.retry_after_s is not None
        held.cancel()
        await asyncio.wait({held})
        assert (await graded(core, request(group(["z" * 9000]))))["g-0"].grade.score == 1.0  # alone it is taken
    finally:
        await core.close()
