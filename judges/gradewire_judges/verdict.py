"""What a judge says about one response, with everything that explains it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Outcome(StrEnum):
    """How the judging ended. A failure is no outcome: it is a JudgeError."""

    JUDGED = "judged"
    """There is a score."""

    NO_ANSWER = "no_answer"
    """Nothing to judge: empty, degenerate, or labelled so. The score is the label's or the lowest."""

    UNDECIDED = "undecided"
    """This judge cannot tell; there is no score. Someone else decides."""


class Flag(StrEnum):
    """Something about the input that a reader of the verdict should know."""

    TRUNCATED = "truncated"
    """A field was too long; the judge saw its head and its tail. `clipped` has the sizes."""

    UNICODE_NORMALISED = "unicode_normalised"
    """The judge saw some characters in an escaped or normalised form."""

    DEGENERATE_RESPONSE = "degenerate_response"
    """The response has no content to compare."""

    ECHOES_QUESTION = "echoes_question"
    """The response is the question again."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a verdict took."""

    prompt_tokens: int = 0
    """Tokens of the whole prompt; 0 where a rule decided."""

    cached_tokens: int = 0
    """Those of them whose state was already computed."""


@dataclass(frozen=True, slots=True)
class JudgeVerdict:
    """One judged response."""

    id: str
    """The request's id."""

    outcome: Outcome
    """How it ended."""

    reason: str
    """Stable code: label_probability, expectation, empty_response, degenerate_response or needs_model."""

    decided_by: Literal["rule", "model", "nobody"]
    """`nobody` exactly where the outcome is UNDECIDED."""

    score: float | None = None
    """In the range of the card's label scores. None exactly where the outcome is UNDECIDED."""

    label: str | None = None
    """Name of the most probable label. None where no model decided."""

    probabilities: Mapping[str, float] = field(default_factory=dict)
    """Probability of each label given that it is one of the labels; they sum to 1. Empty without a model."""

    expected_score: float | None = None
    """Mean of the label scores under `probabilities`."""

    label_mass: float | None = None
    """Probability, in [0, 1], that the model gave to all labels together."""

    entropy: float | None = None
    """Of `probabilities`, in nats: 0 is certain, log(number of labels) is a guess."""

    flags: tuple[Flag, ...] = ()
    """What was unusual about the input."""

    clipped: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Fields that were clipped: characters sent, characters shown to the judge."""

    usage: Usage = Usage()
    """Tokens used."""

    request_hash: str = ""
    """SHA-256 (hex) over the exact bytes of every field, as they came."""

    card: str = ""
    """Name of the card."""

    template_hash: str = ""
    """Identity of the rendered template, labels, mode and limits, 16 hex digits; empty without a model."""

    model_id: str = ""
    """Name of the model's directory. Empty where no model decided."""

    model_revision: str = ""
    """The card's revision, else a fingerprint of the files."""

    determinism: str = ""
    """What the numbers depend on: device, dtype, attention kernel. Empty where no model decided."""

    elapsed_s: float = 0.0
    """Seconds: this request's preparation, and its micro-batch's time in the model."""
