"""The engine `gradewire_extractors.string_check` as a grader: OpenAI's form of the same name."""

from importlib.metadata import version
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from gradewire.v1 import grader_pb2
from gradewire_extractors.string_check import StringOperation, string_check
from gradewire_services.grader import Grade, grader
from gradewire_services.graders.placeholders import fill, seen_by_form
from gradewire_services.item import Item, Sample

_VERSION = version("gradewire-extractors")


class StringCheckParameters(BaseModel):
    """What is compared, and how. `{{ item.x }}` and `{{ sample.output_text }}` stand for values."""

    model_config = ConfigDict(extra="forbid")

    input: Annotated[str, StringConstraints(max_length=65_536)] = "{{ sample.output_text }}"
    reference: Annotated[str, StringConstraints(max_length=65_536)] = "{{ item.reference }}"
    operation: StringOperation = "eq"
    """eq, ne (or neq): is it the reference, or not; like, ilike: does it contain the reference, ilike in any case."""


@grader(
    "string_check",
    StringCheckParameters,
    version=_VERSION,
    description="OpenAI's string_check: is a text the reference, or does it contain it? Letter by letter.",
)
def grade(how: StringCheckParameters, item: Item, sample: Sample) -> Grade:
    """1 when it holds, else 0."""
    seen = seen_by_form(item, sample)
    text, reference = fill(how.input, seen, "input"), fill(how.reference, seen, "reference")
    holds = string_check(text, reference, how.operation)
    return Grade(
        score=float(holds),
        outcome=grader_pb2.OUTCOME_PASSED if holds else grader_pb2.OUTCOME_FAILED,
        reason=how.operation,
        explanation=f"{text[:80]!r} {how.operation} {reference[:80]!r}: {'yes' if holds else 'no'}",
        decided_by="string_check",
        versions={"gradewire-extractors": _VERSION},
    )
