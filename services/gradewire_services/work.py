"""A worker's side of an operation: a chunk's bytes become steps, a step's outcome becomes the bytes of its results.

A step is what is begun and killed as one: a sample, a group for a grader of scope GROUP, all of a chunk for a batched
one. Errors of a step are results like any other; only wrong parameters refuse the whole call.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, Protocol

from google.protobuf.message import Message
from pydantic import BaseModel

from gradewire.v1 import grader_pb2, sample_pb2
from gradewire_services.errors import CalledOff, GraderFailed, GradewireError, RequestError, to_status
from gradewire_services.grader import Graded, Grader, Scope
from gradewire_services.item import Item, Sample
from gradewire_services.meters import METERS
from gradewire_services.tools import Tool
from gradewire_services.written import Results, WrittenGrade

MAX_RESULT_BYTES = 2 << 20
"""Of one result, its texts and details included."""
_REMEMBERED = 64
"""Parameter sets and items that a worker keeps: a call's chunks share them."""


class Step(NamedTuple):
    """`width` positions of a chunk, worked on together."""

    width: int
    run: Callable[[], list[bytes | None]]
    """The bytes of each position's results; None for one that was called off. What it raises is the call's error."""


IsOff = Callable[[int], bool]
"""Whether the unit at this place of a chunk was called off: nobody waits for it any more."""


class Operation(Protocol):
    """What a worker can be asked to do."""

    def steps(self, payload: memoryview, timeout_s: float, is_off: IsOff) -> Iterator[Step]:
        """The steps of a chunk. Raises GradewireError when the whole call is refused."""


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

    def steps(self, payload: memoryview, timeout_s: float, is_off: IsOff) -> Iterator[Step]:
        """See Operation."""
        request = grader_pb2.GradeRequest.FromString(payload)  # type: ignore[arg-type]  # takes any buffer
        text = request.parameters_json
        how = _remember(self._parameters, text, lambda: self._grader.parse_parameters(text))
        if self._grader.scope is Scope.GROUP:
            for place, group in enumerate(request.groups):
                yield self._group(how, group, timeout_s, lambda place=place: is_off(place))  # type: ignore[misc]
            return
        shared = [_Shared(group, self._item) for group in request.groups]
        todo = [(one, message) for one, group in zip(shared, request.groups, strict=True) for message in group.samples]
        if self._grader.batch:
            yield self._batch(how, todo, timeout_s, is_off)
            return
        for one, message in todo:
            yield Step(1, partial(self._one, how, one, message, timeout_s))

    def _item(self, group: sample_pb2.Group) -> Item:
        key = (group.reference_json, group.item_json, *(turn.SerializeToString() for turn in group.prompt))
        item: Item = _remember(self._items, key, lambda: Item(group))
        return item

    def _one(
        self, how: BaseModel, shared: "_Shared", message: sample_pb2.Sample, timeout_s: float
    ) -> list[bytes | None]:
        sample_id = message.sample_id
        began = time.perf_counter_ns()
        outcome: Graded | BaseException
        try:
            outcome = self._grader.grade(how, shared.item(), Sample(message, timeout_s))  # type: ignore[arg-type, call-arg, assignment]
        except RequestError:
            raise
        except BaseException as error:  # noqa: BLE001 - SystemExit of a grader is a sample's error like any other
            outcome = error
        return [self._result(sample_id, outcome, time.perf_counter_ns() - began)]

    def _batch(
        self, how: BaseModel, todo: list[tuple["_Shared", sample_pb2.Sample]], timeout_s: float, is_off: IsOff
    ) -> Step:
        def sample(place: int, message: sample_pb2.Sample) -> Sample:
            return Sample(message, timeout_s, lambda: is_off(place))

        def run() -> list[bytes | None]:
            return self._graded(
                [message.sample_id for _, message in todo],
                lambda: self._grader.grade(  # type: ignore[call-arg, return-value]
                    how,
                    [(shared.item(), sample(place, message)) for place, (shared, message) in enumerate(todo)],  # type: ignore[arg-type]
                ),
            )

        return Step(len(todo), run)

    def _group(self, how: BaseModel, group: sample_pb2.Group, timeout_s: float, called_off: Callable[[], bool]) -> Step:
        def run() -> list[bytes | None]:
            samples = [Sample(message, timeout_s, called_off) for message in group.samples]
            ids = [message.sample_id for message in group.samples]
            found = self._graded(ids, lambda: self._grader.grade(how, self._item(group), samples))  # type: ignore[call-arg, arg-type, return-value]
            return [b"".join(one for one in found if one is not None) or None]

        return Step(1, run)

    def _graded(self, ids: list[str], grade: Callable[[], Sequence[Graded]]) -> list[bytes | None]:
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
            if type(outcome) is WrittenGrade:
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


class _Shared:
    """A group's item, looked up when its first sample is worked on, so that the time it takes is that sample's."""

    __slots__ = ("_find", "_group", "_item")

    def __init__(self, group: sample_pb2.Group, find: Callable[[sample_pb2.Group], Item]) -> None:
        self._group, self._find = group, find
        self._item: Item | None = None

    def item(self) -> Item:
        if self._item is None:
            self._item = self._find(self._group)
        return self._item


class ToolOperation:
    """A typed service's method at work."""

    def __init__(self, tool: Tool, run: ToolRun) -> None:
        self._tool = tool
        self._run = run

    def steps(self, payload: memoryview, timeout_s: float, is_off: IsOff) -> Iterator[Step]:
        """See Operation."""
        request = self._tool.request.FromString(payload)  # type: ignore[arg-type]  # takes any buffer
        units = self._tool.entries(request)
        if self._tool.batch:
            yield Step(len(units), lambda: self._entries(request, units, timeout_s, is_off))
            return
        for unit in units:
            yield Step(1, lambda unit=unit: self._entries(request, [unit], timeout_s, is_off))  # type: ignore[misc]

    def _entries(self, request: Message, units: Sequence[Any], timeout_s: float, is_off: IsOff) -> list[bytes | None]:
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
