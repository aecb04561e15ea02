"""What every node of a reward spec is, and how a mapping becomes one.

A kind of node is one class in one file: its fields are the syntax, `evaluate` is the meaning, and it is known by its
key: the mapping with `formula` is a Formula. Whether a node needs the whole group is its `scope`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, Protocol

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FiniteFloat,
    PlainValidator,
    SerializeAsAny,
    model_serializer,
)
from pydantic_core import PydanticCustomError

from gradewire_trainer.errors import did_you_mean
from gradewire_trainer.spec.leaf import Leaf
from gradewire_trainer.types import Failure, Grade, Span

OURS = "gradewire"
"""The type of our own errors among pydantic's."""


class Scope(StrEnum):
    """What a node needs to see at once."""

    SAMPLE = "sample"
    GROUP = "group"


def wrong(message: str) -> PydanticCustomError:
    """What a validator raises: a sentence that starts with a verb, since the path stands before it."""
    return PydanticCustomError(OURS, "{message}", {"message": message})


class OnError(BaseModel):
    """What it means that a node has no score. The error itself is kept in every case."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    action: Literal["drop", "raise", "abstain", "value"] = "drop"
    """`drop`: the node above has none either, and at the root the sample has no reward. `raise`: the step fails.
    `abstain`: the mean of this part over the group's samples that have it, so that the sample is neither favoured nor
    punished. `value`: the stated number."""

    value: FiniteFloat | None = None
    """The number of `value`."""

    @model_serializer
    def _as_told(self) -> Any:
        return {"value": self.value} if self.action == "value" else self.action


def _on_error(told: Any) -> Any:
    if told in ("drop", "raise", "abstain"):
        return {"action": told}
    if isinstance(told, Mapping) and set(told) == {"value"}:
        return {"action": "value", "value": told["value"]}
    if isinstance(told, OnError):
        return told
    hint = did_you_mean(told, ("drop", "raise", "abstain")) if isinstance(told, str) else ""
    raise wrong(f"is {told!r}; it is drop, raise, abstain, or {{value: NUMBER}}.{hint}")


@dataclass(frozen=True, slots=True)
class Asked:
    """The samples that a node is asked about."""

    ids: tuple[str, ...]
    settled: bool
    """No other sample will join them. False while a gate or a cascade before the node has still to decide on some."""


State = float | Failure | None
"""What a node has for a sample so far: a score, the reason why there is none, or nothing yet."""

States = Mapping[str, State]
"""By sample id."""


class Visit(Protocol):
    """How a node asks its children: `advance` records what they have, and applies their `on_error`."""

    @property
    def item(self) -> Mapping[str, Any]:
        """The fields of the item that the samples answer."""

    def __call__(self, child: "Node", path: str, asked: Asked, *, pass_undecided: bool = False) -> States:
        """The child's states for the samples asked about. With `pass_undecided`, not deciding is no error yet."""

    def grader(self, leaf: Leaf, asked: Asked, answers: Mapping[str, Span] | None = None) -> States:
        """What a grader found, as far as its results are here; in these answers by sample id, where it is told some."""

    def grade(self, leaf: Leaf, sample_id: str) -> Grade | None:
        """What a grader said of a sample. None: nothing yet, or it failed."""


class Node(BaseModel, ABC):
    """A part of a reward spec that has a score for a sample, or a reason why not."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: ClassVar[str]

    on_error: Annotated[OnError, BeforeValidator(_on_error)] = OnError()

    def children(self) -> Iterator[tuple[str, "Node"]]:
        """Its children, each with its path from here: `parts.style`, `cascade[1]`."""
        yield from ()

    @abstractmethod
    def evaluate(self, visit: Visit, path: str, asked: Asked) -> States:
        """The states of the samples asked about, before its own `on_error`. Pure."""

    @property
    def scope(self) -> Scope:
        """GROUP when its score for one sample hangs on the others."""
        return Scope.GROUP if self.on_error.action == "abstain" else Scope.SAMPLE


KINDS: dict[str, type[Node]] = {}
"""Every kind of node by the key that tells it."""


def node(key: str) -> Callable[[type[Node]], type[Node]]:
    """Make a class known as the node with this key."""

    def register(kind: type[Node]) -> type[Node]:
        kind.kind = key
        KINDS[key] = kind
        return kind

    return register


def parse_node(told: Any) -> Node:
    """The node that a mapping describes. Raises pydantic's errors."""
    if isinstance(told, Node):
        return told
    known = ", ".join(KINDS)
    if not isinstance(told, Mapping):
        what = "empty" if told is None else f"{type(told).__name__} {str(told)[:40]!r}"
        raise wrong(f"is {what}; a node is a mapping with one of: {known}")
    keys = [key for key in KINDS if key in told]
    if len(keys) > 1:
        raise wrong(f"has both {' and '.join(keys)}; a node has one of them")
    if not keys:
        hint = next((hint for key in told if (hint := did_you_mean(str(key), KINDS))), "")
        raise wrong(f"has none of: {known}; one of them says what kind of node it is.{hint}")
    return KINDS[keys[0]].model_validate(told)


AnyNode = Annotated[SerializeAsAny[Node], PlainValidator(parse_node)]
"""The type of a field that holds a node of whatever kind."""


def walk(root: Node, path: str) -> Iterator[tuple[str, Node]]:
    """Every node with its path, those above first."""
    yield path, root
    for suffix, child in root.children():
        yield from walk(child, f"{path}.{suffix}")


def first_failure(failures: Sequence[Failure]) -> Failure:
    """That of several which speaks for a node: an error before an indecision, else the first."""
    return next((failure for failure in failures if not failure.undecided), failures[0])
