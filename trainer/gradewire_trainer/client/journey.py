"""One group's way from samples to rewards: `advance` says what to ask, this asks it, until the rewards are there."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from gradewire.v1 import sample_pb2
from gradewire_protos import parse_status
from gradewire_trainer.advance import Call, Calls, advance
from gradewire_trainer.client.call import Ask
from gradewire_trainer.client.sender import Sender
from gradewire_trainer.errors import ItemError, SpecError
from gradewire_trainer.spec import Leaf, RewardSpec
from gradewire_trainer.types import Failure, GradeResult, Group, GroupRewards
from gradewire_trainer.wire import grade_result, sample_message, shared_message


@dataclass(frozen=True, slots=True)
class Route:
    """Where a leaf's calls go, and what they ask."""

    sender: Sender
    ask: Ask


Routes = Mapping[str, Route]
"""By `Leaf.key`."""


async def travel(spec: RewardSpec, group: Group, routes: Routes, *, deadline_s: float) -> GroupRewards:
    """The rewards of a group, each sample's grades within `deadline_s` seconds of now.

    Samples that cannot be put on the wire are failures, and the others are graded. Raises StepFailed as `advance` does,
    and SpecError when a service refuses a leaf's parameters. Cancelled, it ends its calls.
    """
    luggage = _Luggage(group)
    results: dict[str, dict[str, GradeResult]] = {}
    asked: dict[str, set[str]] = {}
    under_way: set[asyncio.Task[None]] = set()
    until = asyncio.get_running_loop().time() + deadline_s

    async def carry(leaf: Leaf, sample_ids: tuple[str, ...]) -> None:
        left_s = until - asyncio.get_running_loop().time()
        results.setdefault(leaf.key, {}).update(await _ask(routes[leaf.key], leaf, luggage, sample_ids, left_s))

    try:
        while isinstance(step := advance(spec, group, results), Calls):
            fresh = [new for call in step.calls if (new := _fresh(call, asked, routes, group))]
            if len(fresh) == 1 and not under_way:
                await carry(*fresh[0])  # the usual case, without a task
                continue
            under_way |= {asyncio.create_task(carry(leaf, sample_ids)) for leaf, sample_ids in fresh}
            done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        return step
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


def _fresh(call: Call, asked: dict[str, set[str]], routes: Routes, group: Group) -> tuple[Leaf, tuple[str, ...]] | None:
    """What of a call is not under way yet. A grader that needs the group gets all of it the first time."""
    before = asked.setdefault(call.leaf.key, set())
    wanted = call.sample_ids
    if routes[call.leaf.key].ask.whole_groups:
        wanted = tuple(sample.sample_id for sample in group.samples)
    new = tuple(sample_id for sample_id in wanted if sample_id not in before)
    before.update(new)
    return (call.leaf, new) if new else None


class _Luggage:
    """A group as messages, each made once, and why the others could not be made."""

    def __init__(self, group: Group) -> None:
        self.problems: dict[str, Failure] = {}
        self.samples: dict[str, sample_pb2.Sample] = {}
        self.shared = sample_pb2.Group()
        try:
            self.shared = shared_message(group)
        except ItemError as error:
            self.problems = dict.fromkeys((sample.sample_id for sample in group.samples), _failure(error))
            return
        for index, sample in enumerate(group.samples):
            try:
                self.samples[sample.sample_id] = sample_message(group, index, sample, sample.sample_id)
            except ItemError as error:
                self.problems[sample.sample_id] = _failure(error)


async def _ask(
    route: Route, leaf: Leaf, luggage: _Luggage, sample_ids: tuple[str, ...], left_s: float
) -> dict[str, GradeResult]:
    results = {i: GradeResult(i, luggage.problems[i]) for i in sample_ids if i in luggage.problems}
    sendable = [luggage.samples[i] for i in sample_ids if i in luggage.samples]
    if not sendable:
        return results
    message = sample_pb2.Group()
    message.CopyFrom(luggage.shared)
    message.samples.extend(sendable)
    for result in await route.sender.grade(route.ask, message, deadline_s=left_s):
        if result.HasField("error"):
            for path, problem in parse_status(result.error).violations:
                _check_parameters(leaf, path, problem)
        results[result.sample_id] = grade_result(result, result.sample_id)
    return results


def _check_parameters(leaf: Leaf, path: str, problem: str) -> None:
    """A service that refuses the parameters refuses the spec, not the samples."""
    field, _, rest = path.partition(".")
    if field in ("parameters_json", "parameters"):
        raise SpecError(".".join(part for part in (leaf.path, "parameters", rest) if part), problem)


def _failure(error: ItemError) -> Failure:
    return Failure("ITEM_INVALID", str(error), "INVALID_ARGUMENT")
