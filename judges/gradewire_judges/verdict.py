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

    INCONSISTENT = "inconsistent"
    """The two orders of a pair were judged differently; there is no score, and `votes` has both."""


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

    POSITION_INCONSISTENT = "position_inconsistent"
    """Which of a pair is better depends on which stands first."""

    REASONING_CUT = "reasoning_cut"
    """The judge's thoughts did not end within the card's limit, and the card says to conclude then."""

    UNCONSTRAINED = "unconstrained"
    """The answer was written freely, by an endpoint, and only then found to stand in the response."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a verdict took."""

    prompt_tokens: int = 0
    """Tokens of the whole prompt; 0 where a rule decided."""

    cached_tokens: int = 0
    """Those of them whose state was already computed."""

    output_tokens: int = 0
    """Tokens that the judge wrote: thoughts, extracted answers. Labels are read without writing."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One answer of the model, among several that a verdict was made of."""

    name: str
    """What was asked: `given` and `swapped` for the two orders of a pair, a criterion's name for a rubric."""

    label: str
    """Name of the most probable label, as the model said it."""

    score: float
    """On the verdict's own scale: of a swapped pair it is turned round already."""

    expected_score: float
    """Mean under `probabilities`, on the same scale."""

    probabilities: Mapping[str, float]
    """Of each label, as the model said it; they sum to 1. Empty where an endpoint tells none."""

    label_mass: float | None
    """Probability, in [0, 1], that the model gave to all labels together. None where an endpoint tells none."""

    rationale: str = ""
    """What the judge wrote before it answered."""


@dataclass(frozen=True, slots=True)
class CriterionVerdict:
    """How a response stands by one criterion of a rubric."""

    name: str
    points: float
    """What meeting it is worth; below zero for what should not be there."""

    met: float
    """Probability, in [0, 1], that it is met."""

    is_met: bool
    """Whether that is the more probable answer: what the score counts."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What an extracting judge pointed at."""

    text: str
    """As it stands in the response, without white space at its ends."""

    start: int
    end: int
    """Half open, in Unicode code points of the response."""


@dataclass(frozen=True, slots=True)
class JudgeVerdict:
    """One judged response."""

    id: str
    """The request's id."""

    outcome: Outcome
    """How it ended."""

    reason: str
    """Stable code: label_probability, expectation, rubric, preference, position_inconsistent, answer_located,
    no_answer_located, reward, empty_response, degenerate_response, empty_response_b or needs_model."""

    decided_by: Literal["rule", "model", "nobody"]
    """`nobody` exactly where the outcome is UNDECIDED."""

    score: float | None = None
    """In the card's range, if it has one. None exactly where the outcome is UNDECIDED or INCONSISTENT."""

    label: str | None = None
    """Name of the most probable label. None where no model decided."""

    probabilities: Mapping[str, float] = field(default_factory=dict)
    """Probability of each label given that it is one of the labels; they sum to 1. Empty without a model."""

    expected_score: float | None = None
    """Mean of the label scores under `probabilities`; for rubrics and pairs, the score in which each answer counts by
    its probability. Where an endpoint tells no probabilities, the score."""

    label_mass: float | None = None
    """Probability, in [0, 1], that the model gave to all labels together."""

    entropy: float | None = None
    """Of `probabilities`, in nats: 0 is certain, log(number of labels) is a guess."""

    unclipped_score: float | None = None
    """A rubric's points met over its positive points, before the clip to [0, 1]."""

    rationale: str = ""
    """What the judge wrote before it decided. It has read text that nobody trusts: for people, not for parsers."""

    votes: tuple[Vote, ...] = ()
    """What the verdict was made of, where the model was asked more than once."""

    criteria: tuple[CriterionVerdict, ...] = ()
    """For rubrics, in their order."""

    extracted: Extracted | None = None
    """What an extracting judge pointed at."""

    finish: Literal["", "label", "stop", "reward"] = ""
    """How the model ended: with a label's probabilities, by ending what it wrote, with a number. What was cut off is an
    error and never stands here. Empty where no model decided."""

    isolation: Literal["", "tokens", "text"] = ""
    """`tokens`: nothing that is judged could become a control token. `text`: an endpoint encodes it, and nobody here
    can tell. Empty where no model decided."""

    flags: tuple[Flag, ...] = ()
    """What was unusual about the input, or the answer."""

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
