"""A judge, as its file has it."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr, StringConstraints, model_validator

from gradewire_judges.card.checks import problems
from gradewire_judges.card.parts import (
    Criterion,
    FieldName,
    Frame,
    GoldenPair,
    Label,
    Limits,
    Part,
    Reasoning,
    Reward,
    Segment,
    Turn,
)
from gradewire_judges.endpoint import Endpoint

Mode = Literal["binary", "labels", "scale", "rubric", "pairwise", "extract", "reward_model"]

_SHAPE = {
    "frame",
    "template",
    "labels",
    "mode",
    "limits",
    "reasoning",
    "criteria",
    "criteria_from",
    "reward",
}
"""Settings that shape a prompt or read its answer."""


class Card(Part):
    """A judge, as its file has it."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
    """What callers ask for."""

    backend: Literal["rules", "transformers", "vllm", "openai"]
    """What runs the model. `transformers` and `vllm` do in this process; `openai` is somebody's `endpoint`. `rules` has
    none, and decides empty and degenerate responses only."""

    model: str | None = None
    """Directory of the model, relative to the card's. Absent: given when the judge is opened."""

    endpoint: Endpoint | None = None
    """Of the backend `openai`, where it replaces model, dtype and device."""

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

    mode: Mode = "labels"
    """`binary`: two labels worth 0 and 1. `labels`: the most probable one's score. `scale`: the mean. `rubric`: a
    binary question a criterion, and their points. `pairwise`: which of two responses is better, asked in both orders.
    `extract`: a piece of the response, or nothing. `reward_model`: the number that a sequence classifier gives."""

    labels: Annotated[tuple[Label, ...], Field(strict=False)] = ()
    """At least two, with different words and names. None for `extract` and `reward_model`."""

    reasoning: Reasoning | None = None
    """The model thinks before it answers. Not behind an endpoint, which thinks by itself."""

    criteria: Annotated[tuple[Criterion, ...], Field(strict=False, max_length=64)] = ()
    """The rubric, for mode `rubric`, where it is the same for all requests."""

    criteria_from: FieldName | None = None
    """The request's field that has the rubric, as JSON, where each item has its own."""

    reward: Reward | None = None
    """How a classifier's logit becomes a score, for mode `reward_model`."""

    limits: Limits = Limits()
    """Bounds of the work."""

    min_label_mass: Annotated[float, Field(ge=0, le=1, strict=False)] = 0.5
    """Below this probability of all labels together, the answer is an error."""

    tolerance: Annotated[float, Field(ge=0, le=1, strict=False)] = 1e-5
    """How far a probability may differ between batches, and between backends."""

    calibration: str | None = None
    """What `python -m gradewire_judges.calibrate` wrote, relative to the card's file: how it did on known labels."""

    allow_test_model: bool = False
    """Whether random test weights are accepted."""

    golden: GoldenPair | None = None
    """Judged before the judge is served. Required of files of judges with a model."""

    _source: Path | None = PrivateAttr(default=None)

    @property
    def source(self) -> Path | None:
        """The file that it was read from, if any."""
        return self._source

    def read_from(self, source: Path | None) -> "Card":
        """This card, with the file that it is from."""
        self._source = source
        return self

    def beside(self, path: str) -> Path:
        """A path in the card, which starts at the card's own folder."""
        return (self._source.parent if self._source else Path()) / Path(path).expanduser()

    def segments(self) -> Iterator[Segment]:
        """The template's segments, in order, whatever turn they are in."""
        for turn in self.template:
            yield from turn.parts

    def fields(self) -> tuple[str, ...]:
        """Names of the fields that the template shows, in order, each once."""
        return tuple(dict.fromkeys(part.data for part in self.segments() if part.data is not None))

    def score_range(self) -> tuple[float, float] | None:
        """Lowest and highest score of a verdict. None: it has no bounds, or no model decides."""
        if self.labels:
            scores = [label.score for label in self.labels]
            return min(scores), max(scores)
        bounded = self.mode == "extract" or (self.reward is not None and self.reward.map == "sigmoid")
        return (0.0, 1.0) if bounded else None

    def lowest_score(self) -> float:
        """What a response without content is worth: the lowest of the scores."""
        if self.reward is not None and self.reward.floor is not None:
            return self.reward.floor
        return (self.score_range() or (0.0, 0.0))[0]

    def template_hash(self) -> str:
        """Identity of everything that shapes a prompt and reads its answer; empty without a template."""
        if not self.template:
            return ""
        shape = self.model_dump(mode="json", include=_SHAPE)
        return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:16]

    @model_validator(mode="after")
    def _whole(self) -> "Card":
        for problem in problems(self):
            raise ValueError(problem)
        return self
