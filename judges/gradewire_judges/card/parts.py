"""The parts of a card: what is shown, what may be answered, how long the judge may think, what bounds the work."""

import math
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Words = Annotated[str, StringConstraints(min_length=1)]
Finite = Annotated[float, Field(strict=False, allow_inf_nan=False)]


class Part(BaseModel):
    """What all parts have in common: no unknown settings, no change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Segment(Part):
    """A piece of the prompt: trusted `text`, or the name of an untrusted field. Exactly one of the two."""

    text: str | None = None
    """The card's own words. Control tokens written here are control tokens."""

    data: FieldName | None = None
    """`question`, `reference`, `response`, or one of the request's further fields. A fence goes round it."""

    title: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_. \[\]-]{0,63}$")] | None = None
    """What the fence calls the data. Absent: the field's name."""

    @model_validator(mode="after")
    def _one_of_two(self) -> "Segment":
        if (self.text is None) == (self.data is None):
            raise ValueError("write either `text: …` or `data: FIELD`")
        if self.title is not None and self.data is None:
            raise ValueError("`title` names data: trusted text has no fence")
        return self


class Turn(Part):
    """One message of the chat."""

    role: Literal["system", "user", "assistant"]
    """`assistant` may stand last: the words that the judge's answer begins with."""

    parts: Annotated[tuple[Segment, ...], Field(min_length=1, strict=False)]
    """In order."""


class Frame(Part):
    """What a model's turns are framed by, for models without a chat template of their own."""

    begin: str = ""
    """Before everything."""

    system: Annotated[tuple[str, str], Field(strict=False)] | None = None
    """Before and after the system turn. None: the model has none."""

    user: Annotated[tuple[str, str], Field(strict=False)] = ("", "")
    """Before and after a user turn."""

    answer: str = ""
    """After the last turn, where the judge's answer begins. For reward models: round the response that is rewarded."""

    end: str = ""
    """After the assistant's words. A reward model reads it; an extracting judge says its first token at the end."""


class Label(Part):
    """One thing that the judge may answer."""

    say: Annotated[str, StringConstraints(min_length=1, pattern=r"^\S+$")]
    """What it says, with or without a space before it; both forms count."""

    name: Words
    """What a verdict calls it."""

    score: Finite
    """What it is worth. Of a pair: 1 where `response` is better, 0 where `response_b` is."""

    outcome: Literal["judged", "no_answer"] = "judged"
    """`no_answer` for a label that says that the response has nothing to judge."""


class Reasoning(Part):
    """A judge that thinks before it answers: freely, up to a number of tokens; then it is asked for a label."""

    open: str = ""
    """The card's words that the thoughts begin with, such as `<think>`; some chat formats write them."""

    close: Words
    """What ends the thoughts, such as `</think>`. Written by us in any case, so that the label stands behind it; only
    what the judge itself wrote is searched for it."""

    then: str = ""
    """The card's words between that and the label."""

    max_tokens: Annotated[int, Field(ge=1, le=32_768)] = 1024
    """Tokens that it may think for."""

    at_cap: Literal["error", "conclude"] = "error"
    """What thoughts are that do not end by then: an error; or they are cut there, with the flag `reasoning_cut`."""

    temperature: Annotated[float, Field(ge=0, le=2, strict=False)] = 0.0
    """0 takes the most probable token each time."""

    seed: int = 0
    """Of the random numbers, where the temperature is above 0."""


class Reward(Part):
    """How a classifier's logit becomes a score."""

    map: Literal["sigmoid", "affine"] = "sigmoid"
    """`sigmoid`: 1 / (1 + exp(-(scale * logit + offset))), which is the Bradley-Terry chance against a response of
    logit -offset / scale. `affine`: scale * logit + offset, but no less than the floor."""

    scale: Annotated[float, Field(gt=0, strict=False, allow_inf_nan=False)] = 1.0
    offset: Finite = 0.0

    floor: Finite | None = None
    """The lowest score of map `affine`, and what an empty response is worth."""

    output: Annotated[int, Field(ge=0)] = 0
    """Which of the classifier's outputs; a reward model has one."""

    @model_validator(mode="after")
    def _has_a_lowest(self) -> "Reward":
        if (self.map == "affine") != (self.floor is not None):
            raise ValueError("`floor` goes with map `affine`, which needs it: an empty response is worth that")
        return self

    def score(self, logit: float) -> float:
        """The score of a finite logit."""
        value = self.scale * logit + self.offset
        if self.floor is not None:
            return max(self.floor, value)
        return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))


def are_points(points: float) -> bool:
    """Whether a criterion may be worth that: not 0, and of a size whose sums and ratios are exact enough."""
    return 1e-6 <= abs(points) <= 1e6


class Criterion(Part):
    """One line of a rubric."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    """What a verdict calls it."""

    text: Words
    """What the judge is asked whether the response meets it."""

    points: Finite
    """What meeting it is worth; below zero for what should not be there."""

    @model_validator(mode="after")
    def _worth_something(self) -> "Criterion":
        if not are_points(self.points):
            raise ValueError("points: from a millionth to a million, above or below zero; 0 would be worth nothing")
        return self


class Limits(Part):
    """Bounds of the work."""

    max_chars: Annotated[int, Field(ge=300)] = 24_000
    """Characters of a field that are shown; the middle of a longer one is left out."""

    max_prompt_tokens: Annotated[int, Field(ge=64)] = 8192
    """Tokens of a prompt; the model's own context bounds it too. Fields are clipped further to fit."""

    batch_tokens: Annotated[int, Field(ge=64)] = 16_384
    """Tokens, padding included, that go through the model at once."""

    max_answer_tokens: Annotated[int, Field(ge=1, le=4096)] = 256
    """Tokens of an extracted answer; a longer one is an error."""


class Golden(Part):
    """A request whose verdict is known; the texts are as in a JudgeRequest."""

    question: str = ""
    reference: str | None = None
    response: str
    response_b: str | None = None
    fields: dict[FieldName, str] = {}


class GoldenPair(Part):
    """Two known requests. A judge that does not score `better` above `worse` is not served."""

    better: Golden
    worse: Golden
