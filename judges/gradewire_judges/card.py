"""The judge card: one YAML file that says what a judge is shown, how it answers, and what an answer is worth.

Reading a card checks its form. Whether its template renders and its labels are single tokens depends on the
model, and is checked when the judge is opened.
"""

import hashlib
import json
from collections.abc import Hashable, Iterator
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    model_validator,
)

from gradewire_judges.errors import CardError

FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Segment(_Part):
    """A piece of the prompt: trusted `text`, or the name of an untrusted field. Exactly one of the two."""

    text: str | None = None
    """The card's own words. Control tokens written here are control tokens."""

    data: FieldName | None = None
    """`question`, `reference`, `response`, or one of the request's further fields. A fence goes round it."""

    @model_validator(mode="after")
    def _one_of_two(self) -> "Segment":
        if (self.text is None) == (self.data is None):
            raise ValueError("write either `text: …` or `data: FIELD`")
        return self


class Turn(_Part):
    """One message of the chat."""

    role: Literal["system", "user", "assistant"]
    """`assistant` may stand last: the words that the judge's answer begins with."""

    parts: Annotated[tuple[Segment, ...], Field(min_length=1, strict=False)]
    """In order."""


class Frame(_Part):
    """What a model's turns are framed by, for models without a chat template of their own."""

    begin: str = ""
    """Before everything."""

    system: Annotated[tuple[str, str], Field(strict=False)] | None = None
    """Before and after the system turn. None: the model has none."""

    user: Annotated[tuple[str, str], Field(strict=False)] = ("", "")
    """Before and after a user turn."""

    answer: str = ""
    """After the last turn, where the judge's answer begins."""


class Label(_Part):
    """One thing that the judge may answer."""

    say: Annotated[str, StringConstraints(min_length=1, pattern=r"^\S+$")]
    """What it says. A single token of the model, with or without a space before it; both forms count."""

    name: Annotated[str, StringConstraints(min_length=1)]
    """What a verdict calls it."""

    score: Annotated[float, Field(strict=False, allow_inf_nan=False)]
    """What it is worth."""

    outcome: Literal["judged", "no_answer"] = "judged"
    """`no_answer` for a label that says that the response has nothing to judge."""


class Limits(_Part):
    """Bounds of the work."""

    max_chars: Annotated[int, Field(ge=300)] = 24_000
    """Characters of a field that are shown; the middle of a longer one is left out."""

    max_prompt_tokens: Annotated[int, Field(ge=64)] = 8192
    """Tokens of a prompt; the model's own context bounds it too. Fields are clipped further to fit."""

    batch_tokens: Annotated[int, Field(ge=64)] = 16_384
    """Tokens, padding included, that go through the model at once."""


class Golden(_Part):
    """A request whose verdict is known; the texts are as in a JudgeRequest."""

    question: str = ""
    reference: str | None = None
    response: str
    fields: dict[FieldName, str] = {}


class GoldenPair(_Part):
    """Two known requests. A judge that does not score `better` above `worse` is not served."""

    better: Golden
    worse: Golden


class Card(_Part):
    """A judge, as its file has it."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
    """What callers ask for."""

    backend: Literal["rules", "transformers"]
    """What runs the model. `rules` has none, and decides empty and degenerate responses only."""

    model: str | None = None
    """Directory of the model, relative to the card's. Absent: given when the judge is opened."""

    revision: str | None = None
    """What verdicts say about the model's version. Absent: a fingerprint of its files."""

    dtype: Literal["float32", "bfloat16", "float16"] = "float32"
    """bfloat16 moves probabilities by up to .0015."""

    device: Annotated[str, StringConstraints(pattern=r"^(auto|cpu|cuda(:\d+)?|mps)$")] = "auto"
    """`auto`: a GPU where there is one, else the CPU."""

    frame: Frame | None = None
    """Control tokens round the turns. Absent: the tokenizer's own chat template."""

    template: Annotated[tuple[Turn, ...], Field(strict=False)] = ()
    """The prompt. What all requests share stands first; instructions are repeated last."""

    mode: Literal["binary", "labels", "scale"] = "labels"
    """`binary`: two labels worth 0 and 1. `labels`: the most probable one's score. `scale`: the mean."""

    labels: Annotated[tuple[Label, ...], Field(strict=False)] = ()
    """At least two, with different words and names."""

    limits: Limits = Limits()
    """Bounds of the work."""

    min_label_mass: Annotated[float, Field(ge=0, le=1, strict=False)] = 0.5
    """Below this probability of all labels together, the answer is an error."""

    tolerance: Annotated[float, Field(ge=0, le=1, strict=False)] = 1e-5
    """How far a probability may differ between batches, and between backends."""

    allow_test_model: bool = False
    """Whether random test weights are accepted."""

    golden: GoldenPair | None = None
    """Judged before the judge is served. Required with a model."""

    _source: Path | None = PrivateAttr(default=None)

    @property
    def source(self) -> Path | None:
        """The file that it was read from, if any."""
        return self._source

    def segments(self) -> Iterator[Segment]:
        """The template's segments, in order, whatever turn they are in."""
        for turn in self.template:
            yield from turn.parts

    def fields(self) -> tuple[str, ...]:
        """Names of the fields that the template shows, in order, each once."""
        return tuple(dict.fromkeys(part.data for part in self.segments() if part.data is not None))

    def lowest_score(self) -> float:
        """What a response without content is worth: the lowest of the label scores, 0 without labels."""
        return min((label.score for label in self.labels), default=0.0)

    def template_hash(self) -> str:
        """Identity of everything that shapes a prompt and reads its answer; empty without a template."""
        if not self.template:
            return ""
        shape = self.model_dump(mode="json", include={"frame", "template", "labels", "mode", "limits"})
        return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:16]

    @model_validator(mode="after")
    def _whole(self) -> "Card":
        for problem in _problems(self):
            raise ValueError(problem)
        return self


def _problems(card: Card) -> Iterator[str]:
    if card.backend == "rules":
        if card.template or card.labels or card.model:
            yield "backend `rules` runs no model: leave out `model`, `template` and `labels`"
        return
    if "response" not in card.fields():
        yield "the template never shows the response: add a part `data: response`"
    repeated = [name for name in card.fields() if sum(part.data == name for part in card.segments()) > 1]
    if repeated:
        yield f"the template shows {repeated[0]} twice: show a field once"
    for place, turn in enumerate(card.template):
        last = place == len(card.template) - 1
        if turn.role == "system" and place:
            yield f"template.{place}: the system turn stands first"
        if turn.role == "assistant" and not last:
            yield f"template.{place}: an assistant turn may only stand last"
        if turn.role == "assistant" and any(part.data for part in turn.parts):
            yield f"template.{place}: data in the assistant's turn would be the judge's own words"
    if not any(turn.role == "user" for turn in card.template):
        yield "the template has no user turn"
    if card.template and card.template[-1].parts[-1].data:
        yield "the template ends with data: repeat the instructions after it"
    if len(card.labels) < 2:
        yield "labels: at least two are needed"
    for attribute in ("say", "name"):
        if len({getattr(label, attribute) for label in card.labels}) < len(card.labels):
            yield f"labels: two labels have the same `{attribute}`"
    if card.mode == "binary" and sorted(label.score for label in card.labels) != [0.0, 1.0]:
        yield "labels: mode `binary` takes one label with score 0 and one with score 1"
    if card.golden is None:
        yield "golden: give a request that scores high (`better`) and one that scores low (`worse`)"


class _NoDuplicates(yaml.SafeLoader):
    """YAML without tags that run code, and without a key given twice, of which one would be lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Build a mapping. Raises yaml.YAMLError with the place of a repeated key."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key.value!r} stands here a second time", key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def shipped_cards() -> tuple[str, ...]:
    """Names of the cards that come with this package."""
    folder = resources.files("gradewire_judges") / "cards"
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml")))


def load_card(path_or_name: str | Path) -> Card:
    """Read a card from a file, or a shipped one by name.

    Raises:
        CardError: there is no such card, or it is wrong; the message has the path into it.
    """
    path = Path(path_or_name)
    if path_or_name in shipped_cards():
        path = Path(str(resources.files("gradewire_judges") / "cards" / f"{path_or_name}.yaml"))
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        shipped = ", ".join(shipped_cards())
        raise CardError(
            f"no readable card here ({error.__class__.__name__}). Give a YAML file, or one of: {shipped}",
            source=str(path_or_name),
        ) from None
    return parse_card(text, source=path)


def parse_card(text: str, source: Path | None = None) -> Card:
    """Read a card from YAML text. `source` is its file: messages name it, model paths start there.

    Raises:
        CardError: it is wrong; the message has the path into it.
    """
    name = str(source) if source else "card"
    try:
        content = yaml.load(text, _NoDuplicates)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else ""
        raise CardError(f"cannot be read: {getattr(error, 'problem', error)}", path=where, source=name) from None
    if not isinstance(content, dict):
        raise CardError("a card is a mapping with `name`, `backend` …", source=name)
    try:
        card = Card.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = ".".join(str(step) for step in first["loc"])
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise CardError(
            _explain(first["type"], first["msg"], first.get("input")) + more, path=path, source=name
        ) from None
    card._source = source
    return card


def _explain(kind: str, message: str, given: object) -> str:
    if kind == "missing":
        return "is missing: add it"
    if kind == "extra_forbidden":
        return "no such setting: remove it, or correct its spelling"
    if kind == "string_type" and isinstance(given, bool | int | float):
        return f"YAML reads this as {given!r}: put it in quotes"
    return message.removeprefix("Value error, ")
