"""One grader at one address, asked by the checks; and how a check says what it found."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import grpc

from gradewire.v1 import grader_pb2, grader_pb2_grpc, sample_pb2
from gradewire_protos.contract import LimitValues
from gradewire_protos.status import StatusParts, parse_status, status_from_rpc_error

RESPONSES = ("The answer is 42.", "The answer is 41.", "\\boxed{42}", "I do not know.")
"""Of the samples that most checks send; the prompt is a sum, and the reference is 42."""


class Failed(Exception):
    """The service breaks the contract: what was done, what came of it, and what should have."""


class Skipped(Exception):
    """The check does not apply to this service, and why."""


class Found(NamedTuple):
    """What a check came to."""

    name: str
    verdict: str
    """`ok`, `FAIL` or `skip`."""

    said: str


@dataclass(slots=True)
class Reply:
    """What came back from one call."""

    messages: list[list[grader_pb2.Result]] = field(default_factory=list)
    error: StatusParts | None = None
    """None: the call ended well."""

    @property
    def results(self) -> list[grader_pb2.Result]:
        """Of all messages."""
        return [result for message in self.messages for result in message]

    def told(self) -> str:
        """In a few words, for people."""
        if self.error is None:
            return f"the call ended well, with {len(self.results)} results"
        return f"the call ended with {self.error.code.name} ({self.error.message[:120]})"


Check = Callable[["Session"], Awaitable[str]]
"""Returns what was seen, in a few words. Raises Failed or Skipped."""


class Session:
    """A grader, and the calls that are made of it."""

    def __init__(
        self,
        channel: grpc.aio.Channel,
        service: grader_pb2.DescribeGradersResponse,
        grader: grader_pb2.GraderDescription,
        *,
        parameters: dict[str, Any] | None = None,
        item: dict[str, Any] | None = None,
        timeout_s: float = 60.0,
    ) -> None:
        self.channel = channel
        self.stub: Any = grader_pb2_grpc.GraderServiceStub(channel)
        self.service = service
        self.grader = grader
        self.limits = LimitValues.of(service.limits)
        self.parameters = parameters or {}
        self.timeout_s = timeout_s
        self._item = dict(item or {})
        self._responses = [str(one) for one in self._item.pop("responses", RESPONSES)]
        self._prompt = str(self._item.pop("prompt", "What is six times seven?"))
        self._reference = self._item.pop("reference", "42")

    @property
    def whole_groups(self) -> bool:
        """Whether a group may not be parted."""
        return self.grader.scope == grader_pb2.SCOPE_GROUP

    def group(self, name: str, responses: Sequence[str] | None = None) -> sample_pb2.Group:
        """A group of samples NAME-0, NAME-1 … that this grader may well be able to grade."""
        texts = self._responses if responses is None else responses
        return sample_pb2.Group(
            group_id=name,
            prompt=[sample_pb2.Message(role="user", content=self._prompt)],
            reference_json=json.dumps(self._reference),
            item_json=json.dumps(self._item) if self._item else "",
            samples=[sample_pb2.Sample(sample_id=f"{name}-{n}", text=text) for n, text in enumerate(texts)],
            group_size=len(texts),
        )

    def request(self, *groups: sample_pb2.Group, **more: Any) -> grader_pb2.GradeRequest:
        """A request with the session's parameters and these more."""
        told = {**self.parameters, **more}
        return grader_pb2.GradeRequest(
            grader=self.grader.name, parameters_json=json.dumps(told) if told else "", groups=groups
        )

    async def ask(self, request: grader_pb2.GradeRequest, timeout_s: float | None = None) -> Reply:
        """Make a call, and take all that comes of it."""
        reply = Reply()
        try:
            async for response in self.stub.Grade(request, timeout=timeout_s or self.timeout_s):
                reply.messages.append(list(response.results))
        except grpc.aio.AioRpcError as error:
            reply.error = parse_status(status_from_rpc_error(error))
            if reply.error.code is not error.code():
                raise Failed(
                    f"the call ended with {error.code().name}, and its details say {reply.error.code.name}"
                ) from None
        return reply

    async def graded(self, request: grader_pb2.GradeRequest) -> dict[str, grader_pb2.Result]:
        """The results by sample id, after the books are found right. Raises Failed."""
        reply = await self.ask(request)
        if reply.error is not None:
            raise Failed(f"a request that is well-formed was not graded: {reply.told()}")
        return books(request, reply)

    async def refused(
        self, request: grader_pb2.GradeRequest, code: grpc.StatusCode, what: str, *, names: str = ""
    ) -> StatusParts:
        """The error that a call ends with. Raises Failed when it is not of this code or names no such field."""
        reply = await self.ask(request)
        if reply.error is None or reply.error.code is not code:
            raise Failed(f"{what}: {reply.told()}; it should end with {code.name}")
        if reply.results:
            raise Failed(f"{what}: {len(reply.results)} results came before the call was refused; none should")
        fields = [violation.field for violation in reply.error.violations]
        if names and not any(names in path for path in fields):
            told = f"it names {', '.join(fields)}" if fields else "it names no field"
            raise Failed(f"{what}: {told}; a BadRequest detail should name the field {names!r} by its path")
        if not reply.error.message:
            raise Failed(f"{what}: {code.name} without a message; say what was wrong and what to do")
        return reply.error

    async def alive(self, after: str) -> None:
        """Raises Failed when the service no longer grades."""
        reply = await self.ask(self.request(self.group("after")))
        if reply.error is not None or len(reply.results) != len(self._responses):
            raise Failed(f"after {after} it does not grade any more: {reply.told()}")


def books(request: grader_pb2.GradeRequest, reply: Reply) -> dict[str, grader_pb2.Result]:
    """The results by sample id. Raises Failed unless there is exactly one for each sample."""
    sent = [sample.sample_id for group in request.groups for sample in group.samples]
    got = Counter(result.sample_id for result in reply.results)
    for sample_id, count in got.items():
        if sample_id not in sent:
            raise Failed(f"a result for the sample {sample_id!r}, which was not sent")
        if count > 1:
            raise Failed(f"{count} results for the sample {sample_id!r}; there must be one")
    missing = [sample_id for sample_id in sent if sample_id not in got]
    if missing and reply.error is None:
        raise Failed(f"no result for {len(missing)} of {len(sent)} samples, {missing[0]!r} the first of them")
    return {result.sample_id: result for result in reply.results}
