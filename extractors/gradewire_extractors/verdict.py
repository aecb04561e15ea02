"""What comes back: a verdict about two answers, or what was extracted from one response."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


class Outcome(StrEnum):
    """What a comparison came to. Only `equal` is true; `undecided` carries no score."""

    EQUAL = "equal"
    NOT_EQUAL = "not_equal"
    NO_ANSWER = "no_answer"
    UNDECIDED = "undecided"

    __hash__ = str.__hash__  # Enum's own is not in C, and every pair looks an outcome up


class Tier(StrEnum):
    """What decided, from the cheapest to the dearest."""

    TEXT = "text"
    EXACT = "exact"
    STRUCTURE = "structure"
    POINTS = "points"
    ALGEBRA = "algebra"

    __hash__ = str.__hash__


class Verdict(NamedTuple):  # one a pair: a frozen dataclass costs five times as much to make
    """The outcome of comparing an answer with a reference, and why. It is true when the two are equal."""

    outcome: Outcome
    reason: str
    """A stable code, such as `same_value`, `interval_ends`, `deadline`."""
    explanation: str
    """One sentence for a person."""
    answer: str | None = None
    """The answer as it stands in the response. None: there is none."""
    span: tuple[int, int] | None = None
    """Where it stands: offsets into the response, in characters."""
    method: str | None = None
    """How it was located."""
    canonical_answer: str | None = None
    canonical_reference: str | None = None
    tier: str | None = None
    """What decided: text, exact, structure, points or algebra. None: nothing was compared."""
    kind_answer: str | None = None
    kind_reference: str | None = None
    elapsed_us: int = 0
    """Wall time of the whole call, in microseconds."""

    def __bool__(self) -> bool:
        return self.outcome is Outcome.EQUAL

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON has them: enums as text, the span as a list."""
        fields = self._asdict()
        fields["outcome"] = self.outcome.value
        fields["span"] = list(self.span) if self.span is not None else None
        return fields


@dataclass(frozen=True, slots=True)
class Extraction:
    """The answer that a response gives. It is true when there is one."""

    text: str | None
    span: tuple[int, int] | None
    """Offsets into the response, in characters."""
    method: str
    reason: str
    kind: str | None
    """The type it was read as: number, fraction, interval … None: no answer."""
    canonical: str | None
    hedged: bool = False
    """Several answers are offered for one: '3 or 4'. Compared with a single one, it is not equal."""

    def __bool__(self) -> bool:
        return self.text is not None
