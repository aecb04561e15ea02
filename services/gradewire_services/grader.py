"""How a grader is written: a function that turns an item and a sample into a Grade, and what is told about it.

    @grader("ranked_credit", RankedCredit, version="1", description="Credit for where the right ones stand.")
    def grade(how: RankedCredit, item: Item, sample: Sample) -> Grade: ...

It runs in a worker process, one call at a time, and may take as long as it likes: the process is killed at the
sample's deadline. It raises errors of `errors.py`; whatever else it raises is the grader's failure, never a score.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from gradewire.v1 import grader_pb2
from gradewire_services.errors import BadRequest, GraderFailed, GradewireError
from gradewire_services.item import Item, Sample
from gradewire_services.problems import problems
from gradewire_services.written import WrittenGrade

Grade: TypeAlias = grader_pb2.Grade
Graded: TypeAlias = grader_pb2.Grade | WrittenGrade | GradewireError

GradeOne = Callable[[Any, Item, Sample], Grade | WrittenGrade]
"""Scope SAMPLE: one sample."""
GradeBatch = Callable[[Any, Sequence[tuple[Item, Sample]]], Sequence[Graded]]
"""Scope SAMPLE, batched: several samples of any groups, in order."""
GradeGroup = Callable[[Any, Item, Sequence[Sample]], Sequence[Graded]]
"""Scope GROUP: all samples of a group, in order."""


class Scope(Enum):
    """What a grader needs to see at once."""

    SAMPLE = grader_pb2.SCOPE_SAMPLE
    GROUP = grader_pb2.SCOPE_GROUP


class NoParameters(BaseModel):
    """Takes no parameters."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grader:
    """A grader, ready to be served."""

    name: str
    params: type[BaseModel]
    grade: GradeOne | GradeBatch | GradeGroup
    version: str
    description: str
    scope: Scope = Scope.SAMPLE
    batch: int = 0
    """Samples in a call of a batched grader, at most; 0: it takes one at a time."""

    together: bool = False
    """Samples of several calls may share a batch, when the calls have the same parameters and timeout."""

    heavy: bool = False
    """Its engine takes long to load: a worker is not killed merely because nobody waits for its work any more."""

    range: tuple[float, float] | None = (0.0, 1.0)
    deterministic: bool = True
    properties: Mapping[str, str] = field(default_factory=dict)

    def describe(self) -> grader_pb2.GraderDescription:
        """As DescribeGraders tells it."""
        told = grader_pb2.GraderDescription(
            name=self.name,
            description=self.description,
            scope=self.scope.value,
            version=self.version,
            parameters_schema_json=json.dumps(self.params.model_json_schema()),
            deterministic=self.deterministic,
            properties=dict(self.properties),
        )
        if self.batch:
            told.properties["batch"] = str(self.batch)
        if self.together:
            told.properties["together"] = "true"
        if self.heavy:
            told.properties["heavy"] = "true"
        if self.range is not None:
            told.min_score, told.max_score = self.range
        return told

    def parse_parameters(self, text: str) -> BaseModel:
        """The parameters' model. Raises BadRequest with a path `parameters.<field>` for each field that is wrong."""
        return parse_parameters(self.params, text, "parameters")

    def checked(self, value: object) -> Grade:
        """The grade, if it is one: a finite score exactly when it is decided. Raises GraderFailed, or the error."""
        if isinstance(value, GradewireError):
            raise value
        if not isinstance(value, Grade):
            raise GraderFailed(f"{self.name} returned {type(value).__name__}, no grade", reason="GRADER_RETURNED")
        if value.HasField("score") == (value.outcome == grader_pb2.OUTCOME_UNDECIDED):
            raise GraderFailed(f"{self.name}: a score goes with each outcome but UNDECIDED", reason="GRADER_RETURNED")
        if not math.isfinite(value.score):
            raise GraderFailed(f"{self.name} returned the score {value.score}", reason="GRADER_RETURNED")
        return value


def parse_parameters(model: type[BaseModel], text: str, path: str) -> BaseModel:
    """A model out of JSON text; empty text is `{}`. Raises BadRequest with paths below `path`."""
    try:
        return model.model_validate_json(text or "{}")
    except ValidationError as error:
        violations = [(f"{path}.{where}".rstrip("."), said) for where, said in problems(error, model)]
        raise BadRequest.at(*violations) from None


def grader(
    name: str,
    params: type[BaseModel] = NoParameters,
    *,
    version: str,
    description: str,
    scope: Scope = Scope.SAMPLE,
    batch: int = 0,
    together: bool = False,
    heavy: bool = False,
    range: tuple[float, float] | None = (0.0, 1.0),  # noqa: A002 - the wire's word for it
    deterministic: bool = True,
    properties: Mapping[str, str] | None = None,
) -> Callable[[GradeOne | GradeBatch | GradeGroup], Grader]:
    """Make a grader of a function; see the module. The arguments are `Grader`'s."""

    def make(function: GradeOne | GradeBatch | GradeGroup) -> Grader:
        return Grader(
            name=name,
            params=params,
            grade=function,
            version=version,
            description=description,
            scope=scope,
            batch=batch,
            together=together,
            heavy=heavy,
            range=range,
            deterministic=deterministic,
            properties=properties or {},
        )

    return make
