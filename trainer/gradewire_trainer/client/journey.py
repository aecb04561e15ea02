"""One group's way from samples to rewards: `advance` says what to ask, this asks it, until the rewards are there."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from gradewire.v1 import grader_pb2, sample_pb2
from gradewire_protos import parse_status
from gradewire_trainer.advance import Call, Calls, advance
from gradewire_trainer.client.call import Ask
from gradewire_trainer.client.sender import Sender
from gradewire_trainer.errors import ItemError, SpecError, Unavailable
from gradewire_trainer.spec import Leaf, RewardSpec
from gradewire_trainer.types import Failure, GradeResult, Group, GroupRewards, Span
from gradewire_trainer.wire import grade_result, sample_message, shared_message


@dataclass(frozen=True, slots=True)
class Route:
    """Where a leaf's calls go, and what they ask."""

    sender: Sender
    ask: Ask


Routes = Mapping[str, Route | Unavailable]
"""By `Leaf.key`. A grader that cannot be reached, where that is no hindrance, is the error of its samples."""


class Journey:
    """One group under way."""

    __slots__ = ("_asked", "_group", "_luggage", "_results", "_routes", "_spec", "_until")

    def __init__(self, spec: RewardSpec, group: Group, routes: Routes, *, deadline_s: float) -> None:
        self._spec, self._group, self._routes = spec, group, routes
        self._luggage = _Luggage(group)
        self._results: dict[str, dict[str, GradeResult]] = {}
        self._asked: dict[str, set[str]] = {}
        self._until = asyncio.get_running_loop().time() + deadline_s

    async def rewards(self) -> GroupRewards:
        """The rewards of the group, each sample's grades within the deadline.

        Samples that cannot be put on the wire are failures, and the others are graded. Raises StepFailed as `advance`
        does, and SpecError when a service refuses a leaf's parameters. Cancelled, it ends its calls.
        """
        under_way: set[asyncio.Task[None]] = set()
        try:
            while isinstance(step := advance(self._spec, self._group, self._results), Calls):
                fresh = [new for call in step.calls if (new := self._fresh(call))]
                if len(fresh) == 1 and not under_way:
                    await self._ask(fresh[0])  # the usual case, without a task
                    continue
                under_way |= {asyncio.create_task(self._ask(call)) for call in fresh}
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            return step
        finally:
            if under_way:
                for task in under_way:
                    task.cancel()
                await asyncio.gather(*under_way, return_exceptions=True)

    def _fresh(self, call: Call) -> Call | None:
        """What of a call is not under way yet. A grader that needs the group gets all of it the first time."""
        before = self._asked.setdefault(call.leaf.key, set())
        wanted = call.sample_ids
        route = self._routes[call.leaf.key]
        if isinstance(route, Route) and route.ask.whole_groups:
            if call.leaf.answer_from is not None:
                raise SpecError(f"{call.leaf.path}.answer_from", f"{call.leaf.grader} grades whole groups of responses")
            wanted = tuple(sample.sample_id for sample in self._group.samples)
        new = tuple(sample_id for sample_id in wanted if sample_id not in before)
        before.update(new)
        return replace(call, sample_ids=new) if new else None

    async def _ask(self, call: Call) -> None:
        leaf, sample_ids = call.leaf, call.sample_ids
        route, results = self._routes[leaf.key], self._results.setdefault(leaf.key, {})
        if isinstance(route, Unavailable):
            absent = Failure("SERVICE_UNAVAILABLE", str(route), "UNAVAILABLE")
            results.update({sample_id: GradeResult(sample_id, absent) for sample_id in sample_ids})
            return
        message = self._luggage.message(sample_ids, call.answers)
        if message.samples:
            left_s = self._until - asyncio.get_running_loop().time()
            for result in await route.sender.grade(route.ask, message, deadline_s=left_s):
                if result.HasField("error"):
                    _check_parameters(leaf, result)
                elif result.grade.HasField("answer") and result.sample_id in call.answers:
                    _place(result.grade.answer, call.answers[result.sample_id])
                results[result.sample_id] = grade_result(result, result.sample_id)
        problems = self._luggage.problems
        results.update({i: GradeResult(i, problems[i]) for i in sample_ids if i in problems})


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

    def message(self, sample_ids: tuple[str, ...], answers: Mapping[str, Span]) -> sample_pb2.Group:
        """The group with those of these samples that can be sent; the text of one that has an answer here is that."""
        message = sample_pb2.Group()
        message.CopyFrom(self.shared)
        for sample_id in sample_ids:
            if sample_id in self.samples:
                sample = message.samples.add()
                sample.CopyFrom(self.samples[sample_id])
                if sample_id in answers:
                    sample.text = answers[sample_id].text
                    sample.ClearField("finish_reason")  # that of the response, of which this is a whole piece
        return message


def _place(found: grader_pb2.Span, answer: Span) -> None:
    """What was found in an answer, as a piece of the response that the answer is from."""
    found.start += answer.start
    found.end += answer.start


def _check_parameters(leaf: Leaf, result: grader_pb2.Result) -> None:
    """A service that refuses the parameters refuses the spec, not the samples."""
    for path, problem in parse_status(result.error).violations:
        field, _, rest = path.partition(".")
        if field in ("parameters_json", "parameters"):
            raise SpecError(".".join(part for part in (leaf.path, "parameters", rest) if part), problem)


def _failure(error: ItemError) -> Failure:
    return Failure("ITEM_INVALID", str(error), "INVALID_ARGUMENT")
