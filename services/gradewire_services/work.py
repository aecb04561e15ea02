"""A worker's side of an operation: a chunk's bytes become steps, a step's outcome becomes the bytes of its results.

A step is what is begun and killed as one: a sample, a group for a grader of scope GROUP, all of a chunk for a batched
one. Errors of a step are results like any other; only wrong parameters refuse the whole call.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from google.protobuf.message import Message
from pydantic import BaseModel

from gradewire.v1 import grader_pb2, sample_pb2
from gradewire_services.errors import CalledOff, GraderFailed, GradewireError, RequestError, to_status
from gradewire_services.grader import Graded, Grader, Scope
from gradewire_services.item import Item, Sample
from gradewire_services.meters import METERS
from gradewire_services.tools import Tool
from gradewire_services.written import Results

MAX_RESULT_BYTES = 2 << 20
"""Of one result, its texts and details included."""
_REMEMBERED = 64
"""Parameter sets and items that a worker keeps: a call's chunks share them."""


StepResults = list[bytes | None]
"""The bytes of each result of a step, in order; None for one that was called off."""
IsOff = Callable[[int], bool]
"""Whether the unit at this place of a chunk was called off: nobody waits for it any more."""


class Operation(Protocol):
    """What a worker can be asked to do."""

    def steps(self, payload: memoryview, timeout_s: float, is_off: IsOff) -> Iterator[StepResults]:
        """Work a chunk off, a step each time that it is asked. Raises GradewireError when the whole call is refused."""


RunUnit = Callable[[Any, Any, float], Message]
"""Of the request, one unit and the seconds that it may take: the response that holds this unit's entry."""
RunBatch = Callable[[Any, Sequence[Any], float, IsOff], Sequence[Message | GradewireError]]
"""The same for several units, of a tool with `batch`; CalledOff for one that was."""
ToolRun = RunUnit | RunBatch


@dataclass(kw_only=True)
class Loaded:
    """What a worker has loaded: graders and tools over one open engine."""

    service: str
    graders: Sequence[Grader]
    version: str
    tools: dict[Tool, ToolRun] = field(default_factory=dict)

    properties: dict[str, str] = field(default_factory=dict)
    components: Sequence[grader_pb2.Component] = ()

    def describe(self) -> grader_pb2.DescribeGradersResponse:
        """All but the limits, which are the front's."""
        return grader_pb2.DescribeGradersResponse(
            graders=[grader.describe() for grader in self.graders],
            service=self.service,
            service_version=self.version,
            properties=self.properties,
            components=self.components,
        )

    def operations(self) -> dict[str, Operation]:
        """By name: a grader's own, a tool's path."""
        found: dict[str, Operation] = {grader.name: GradeOperation(grader) for grader in self.graders}
        found.update({tool.operation: ToolOperation(tool, run) for tool, run in self.tools.items()})
        return found


def _remember(memory: OrderedDict[Any, Any], key: object, make: Callable[[], Any]) -> Any:
    if key in memory:
        memory.move_to_end(key)
        return memory[key]
    value = memory[key] = make()
    if len(memory) > _REMEMBERED:
        memory.popitem(last=False)
    return value


def _bounded(response: bytes) -> bytes:
    """The response. Raises GraderFailed when it is more than a client should have to take."""
    if len(response) > MAX_RESULT_BYTES:
        what = f"the result has {len(response)} bytes, and {MAX_RESULT_BYTES} can be sent"
        raise GraderFailed(what, reason="RESULT_TOO_LARGE")
    return response


class GradeOperation:
    """A grader at work."""

    def __init__(self, grader: Grader) -> None:
        self._grader = grader
        self._results = Results(grader.version)
        self._parameters: OrderedDict[str, BaseModel] = OrderedDict()
        self._items: OrderedDict[object, Item] = OrderedDict()

    def steps(self, payload: memoryview, timeout_s: float, is_off: IsOff) -> Iterator[StepResults]:
        """See Operation."""
        request = grader_pb2.GradeRequest.FromString(payload)  # type: ignore[arg-type]  # takes any buffer
        text = request.parameters_json
        how = _remember(self._parameters, text, lambda: self._grader.parse_parameters(text))
        if self._grader.scope is Scope.GROUP:
            for place, group in enumerate(request.groups):
                yield self._group(how, group, timeout_s, partial(is_off, place))
        elif self._grader.batch:
            yield self._batch(how, request.groups, timeout_s, is_off)
        else:
            for group in request.groups:
                yield from self._each(how, group, timeout_s)

    def _item(self, group: sample_pb2.Group) -> Item:
        key = (group.reference_json, group.item_json, *(turn.SerializeToString() for turn in group.prompt))
        item: Item = _remember(self._items, key, lambda: Item(group))
        return item

    def _each(self, how: BaseModel, group: sample_pb2.Group, timeout_s: float) -> Iterator[StepResults]:
        """The group's samples, one after the other. Looking up what they share is the first one's time."""
        grade, item = self._grader.grade, None
        for message in group.samples:
            began = time.perf_counter_ns()
            outcome: Graded | BaseException
            try:
                if item is None:
                    item = self._item(group)
                outcome = grade(how, item, Sample(message, timeout_s))  # type: ignore[arg-type, call-arg, assignment]
            except RequestError:
                raise
            except BaseException as error:  # noqa: BLE001 - SystemExit of a grader is a sample's error like any other
                outcome = error
            yield [self._result(message.sample_id, outcome, time.perf_counter_ns() - began)]

    def _batch(
        self, how: BaseModel, groups: Sequence[sample_pb2.Group], timeout_s: float, is_off: IsOff
    ) -> StepResults:
        todo = [(group, message) for group in groups for message in group.samples]

        def grade() -> Sequence[Graded]:
            batch = [
                (self._item(group), Sample(message, timeout_s, partial(is_off, place)))
                for place, (group, message) in enumerate(todo)
            ]
            return self._grader.grade(how, batch)  # type: ignore[call-arg, arg-type, return-value]

        return self._graded([message.sample_id for _, message in todo], grade)

    def _group(
        self, how: BaseModel, group: sample_pb2.Group, timeout_s: float, called_off: Callable[[], bool]
    ) -> StepResults:
        samples = [Sample(message, timeout_s, called_off) for message in group.samples]
        ids = [message.sample_id for message in group.samples]
        found = self._graded(ids, lambda: self._grader.grade(how, self._item(group), samples))  # type: ignore[call-arg, arg-type, return-value]
        return [b"".join(one for one in found if one is not None) or None]

    def _graded(self, ids: list[str], grade: Callable[[], Sequence[Graded]]) -> StepResults:
        """One serialised response for each id, whatever the grader does."""
        began = time.perf_counter_ns()
        outcomes: Sequence[Graded | BaseException]
        try:
            outcomes = grade()
            if len(outcomes) != len(ids):
                what = f"{self._grader.name} returned {len(outcomes)} grades for {len(ids)} samples"
                raise GraderFailed(what, reason="GRADER_RETURNED")
        except RequestError:
            raise
        except BaseException as error:  # noqa: BLE001 - SystemExit of a grader is a sample's error like any other
            outcomes = [error] * len(ids)
        elapsed = time.perf_counter_ns() - began
        return [self._result(sample_id, outcome, elapsed) for sample_id, outcome in zip(ids, outcomes, strict=True)]

    def _result(self, sample_id: str, outcome: Graded | BaseException, elapsed_ns: int) -> bytes | None:
        if isinstance(outcome, CalledOff):
            return None
        try:
            if type(outcome) is bytes:  # a WrittenGrade
                return _bounded(self._results.graded(sample_id, outcome, elapsed_ns))
            if isinstance(outcome, BaseException):
                raise outcome
            grade = self._grader.checked(outcome).SerializeToString()
            return _bounded(self._results.graded(sample_id, grade, elapsed_ns))
        except BaseException as error:  # noqa: BLE001 - the same
            if isinstance(error, MemoryError):
                OUT_OF_MEMORY.seen = True
            METERS.error()
            return self._results.failed(sample_id, to_status(error), elapsed_ns)


class ToolOperation:
    """A typed service's method at work."""

    def __init__(self, tool: Tool, run: ToolRun) -> None:
        self._tool = tool
        self._run = run

    def steps(self, payload: memoryview, timeout_s: float, is_off: IsOff) -> Iterator[StepResults]:
        """See Operation."""
        request = self._tool.request.FromString(payload)  # type: ignore[arg-type]  # takes any buffer
        units = self._tool.entries(request)
        if self._tool.batch:
            yield self._entries(request, units, timeout_s, is_off)
            return
        for unit in units:
            yield self._entries(request, [unit], timeout_s, is_off)

    def _entries(self, request: Message, units: Sequence[Any], timeout_s: float, is_off: IsOff) -> StepResults:
        began = time.perf_counter_ns()
        outcomes: Sequence[Message | BaseException]
        try:
            if self._tool.batch:
                outcomes = self._run(request, units, timeout_s, is_off)  # type: ignore[call-arg, assignment]  # a RunBatch
            else:
                outcomes = [self._run(request, units[0], timeout_s)]  # type: ignore[call-arg, list-item]  # a RunUnit
        except RequestError:
            raise
        except BaseException as error:
            if self._tool.error is None:
                raise
            outcomes = [error] * len(units)
        elapsed = time.perf_counter_ns() - began
        return [self._entry(unit, outcome, elapsed) for unit, outcome in zip(units, outcomes, strict=True)]

    def _entry(self, unit: Any, outcome: Message | BaseException, elapsed_ns: int) -> bytes | None:
        if isinstance(outcome, CalledOff):
            return None
        try:
            if isinstance(outcome, Message):
                return _bounded(outcome.SerializeToString())
        except GraderFailed as error:
            outcome = error
        if isinstance(outcome, MemoryError):
            OUT_OF_MEMORY.seen = True
        assert self._tool.error is not None
        METERS.error()
        return self._tool.error(unit, to_status(outcome), elapsed_ns).SerializeToString()


class _OutOfMemory:
    """Whether this process has met MemoryError: its heap is in doubt, so it hands back what it has and ends."""

    seen = False


OUT_OF_MEMORY = _OutOfMemory()
