"""A backend that says what a script has for it, in place of a model: to see what a judge makes of an answer.

Prompts are built, encoded and measured as ever; only what the model would say is given. A scripted answer is read by
the same rules as a model's own: it is one of the labels, whole, or it is an error.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gradewire_judges.backend import (
    Backend,
    BackendInfo,
    Classification,
    Generation,
    IsCancelled,
    Labels,
    LabelScores,
    Prompts,
)
from gradewire_judges.constraint import Constraint
from gradewire_judges.encoding import Encoder
from gradewire_judges.errors import BackendFailed, CutOff, Unreadable


@dataclass(frozen=True, slots=True)
class Script:
    """What the model is to have said, to every prompt."""

    output: str = ""
    finish: str = "stop"
    """`stop` where it had said all; anything else is no answer."""

    error: str | None = None
    """Why there is no output at all, such as `UNAVAILABLE`."""


class Scripted:
    """Says a script's output."""

    def __init__(self, script: Script, like: Backend, encoder: Encoder) -> None:
        """Stand in for `like`, whose tokens `encoder` makes."""
        self._script = script
        self._like = like
        self._encoder = encoder
        self._thoughts = ""

    def info(self) -> BackendInfo:
        """What it stands in for."""
        return self._like.info()

    def score_labels(
        self, prompts: Prompts, labels: Labels, *, shared: int = 0, cancelled: IsCancelled | None = None
    ) -> list[LabelScores | BackendFailed]:
        """The label that the output is, after the thoughts if there were any. See `Backend.score_labels`."""
        del shared, cancelled
        return [self._label(prompt, labels) for prompt in prompts]

    def generate(
        self,
        prompts: Prompts,
        *,
        max_tokens: int,
        constraints: Sequence[Constraint] | None = None,
        stop: Sequence[Sequence[int]] = (),
        temperature: float = 0.0,
        seed: int = 0,
        shared: int = 0,
        cancelled: IsCancelled | None = None,
    ) -> list[Generation | BackendFailed]:
        """The output up to the stop sequence. See `Backend.generate`."""
        del temperature, seed, shared, cancelled
        said, ended = self._script.output, ""
        if stop:
            said, ended, _ = said.partition(self._encoder.written(list(stop[0])))
        self._thoughts = said + ended
        data = constraints is not None
        ids = self._encoder.untrusted(said, field="output").ids if data else tuple(self._encoder.trusted(said))
        cut = (self._script.finish == "length" and not ended) or len(ids) > max_tokens
        return [
            self._failure(as_a_whole=not ended and not cut)
            or Generation(ids[:max_tokens], "length" if cut else "stop", math.nan, 0, 0.0, len(prompt), len(ids))
            for prompt in prompts
        ]

    def classify(
        self, prompts: Prompts, *, shared: int = 0, cancelled: IsCancelled | None = None
    ) -> list[Classification | BackendFailed]:
        """The output as a number. See `Backend.classify`."""
        del shared, cancelled
        return [self._number(prompt) for prompt in prompts]

    def _label(self, prompt: Sequence[int], labels: Labels) -> LabelScores | BackendFailed:
        if (failure := self._failure()) is not None:
            return failure
        said = self._script.output.removeprefix(self._thoughts)
        if self._thoughts:  # what stands between thoughts and label is the card's
            said = said.lstrip()
        texts = [{self._encoder.decode(list(form)) for form in forms} for forms in labels]
        found = [place for place, forms in enumerate(texts) if said in forms]
        if len(found) != 1:
            return Unreadable(f"the judge said {said[:80]!r}, which is none of its labels")
        scores = tuple(0.0 if place == found[0] else -math.inf for place in range(len(labels)))
        return LabelScores(scores, 0, 0.0, len(prompt), len(self._encoder.trusted(said)), said=True)

    def _number(self, prompt: Sequence[int]) -> Classification | BackendFailed:
        if (failure := self._failure()) is not None:
            return failure
        try:
            number = float(self._script.output)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            return Unreadable(f"the reward model said {self._script.output[:80]!r}, which is no number")
        return Classification((number,), 0, 0.0, len(prompt))

    def _failure(self, *, as_a_whole: bool = True) -> BackendFailed | None:
        """Why there is no answer, where the script has none. Parts of an answer may be followed by its end."""
        if self._script.error is not None:
            return BackendFailed(f"the judge's backend did not answer: {self._script.error}")
        if as_a_whole and self._script.finish == "length":
            return CutOff("the judge's answer", len(self._encoder.trusted(self._script.output)))
        if as_a_whole and self._script.finish != "stop":
            return Unreadable(f"the judge's answer ended with {self._script.finish!r}")
        return None
