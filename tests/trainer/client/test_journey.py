"""A group's way through a spec: what is asked, when, and that groups and leaves do not wait for each other."""

import asyncio
import threading
from typing import Any

from gradewire.v1 import grader_pb2
from gradewire_trainer.client import RewardClient
from gradewire_trainer.spec import RewardSpec
from gradewire_trainer.types import Group


def test_the_leaves_of_a_formula_are_asked_at_once(kit: Any) -> None:
    both = asyncio.Event()
    seen: set[str] = set()

    async def waits_for_the_other(request: grader_pb2.GradeRequest, nth: int) -> Any:
        seen.add(request.grader)
        if len(seen) == 2:
            both.set()
        await both.wait()
        async for response in kit.honest(request, nth):
            yield response

    spec = RewardSpec.parse(
        {"reward": {"formula": "2*a + b", "parts": {"a": {"grader": "one"}, "b": {"grader": "two"}}}}
    )
    with RewardClient(spec, kit.Endpoint(waits_for_the_other, names=("one", "two")), deadline_s=5) as client:
        (got,) = client.grade([Group.of("g", ["aaa"])])
    assert got.rewards[0].reward == 9.0


def test_one_group_that_waits_holds_no_other_back(kit: Any) -> None:
    gate = threading.Event()

    async def holds(request: grader_pb2.GradeRequest, nth: int) -> Any:
        for sample in sorted(kit.samples(request), key=lambda sample: sample.text == "held"):
            if sample.text == "held":
                await asyncio.to_thread(gate.wait, 5)
            yield grader_pb2.GradeResponse(results=[kit.grade(sample)])

    spec = RewardSpec.parse({"reward": {"gate": {"grader": "a"}, "then": {"grader": "b"}}})
    with RewardClient(spec, kit.Endpoint(holds, names=("a", "b")), deadline_s=8) as client:
        held = client.submit(Group.of("held", ["held"]))
        assert client.grade([Group.of("free", ["aaa"])])[0].rewards[0].reward == 3.0
        assert not held.done()
        gate.set()
        assert held.result(5).rewards[0].reward == 4.0


def test_a_grader_of_whole_groups_sees_the_group_though_a_gate_lets_only_some_through(kit: Any) -> None:
    async def judges(request: grader_pb2.GradeRequest, nth: int) -> Any:
        assert [len(group.samples) for group in request.groups] == [3] * len(request.groups)
        async for response in kit.honest(request, nth):
            yield response

    spec = RewardSpec.parse({"reward": {"gate": {"grader": "gate"}, "threshold": 2, "then": {"grader": "group"}}})
    alone = kit.Endpoint(names=("gate",), target="one")
    whole = kit.Endpoint(judges, names=("group",), scope=grader_pb2.SCOPE_GROUP, target="two")
    with RewardClient(spec, [alone, whole], deadline_s=5) as client:
        got = client.grade([Group.of("g", ["a", "aa", "aaa"]), Group.of("h", ["a", "aaaa", "a"])])
    assert [[reward.reward for reward in group.rewards] for group in got] == [[0.0, 2.0, 3.0], [0.0, 4.0, 0.0]]
    assert sum(len(kit.samples(request)) for request in whole.requests) == 6


def test_nothing_is_asked_for_a_group_without_samples(kit: Any) -> None:
    endpoint = kit.Endpoint()
    with RewardClient(RewardSpec.parse({"reward": {"grader": "length"}}), endpoint) as client:
        (got,) = client.grade([Group.of("empty", [])])
    assert got.rewards == ()
    assert endpoint.requests == []
