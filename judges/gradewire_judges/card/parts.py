"""The parts of a card: what is shown, what may be answered, what bounds the work. `settings` has what is about models."""

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
    """After the response that a reward model reads."""


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
        if not self.points:
            raise ValueError("a criterion worth nothing: give it points above or below zero")
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
