"""The Protocol that every mode fulfils, and what it is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from gradewire_judges.backend import IsCancelled
from gradewire_judges.engine import Engine
from gradewire_judges.errors import JudgeError
from gradewire_judges.prompt import Prompt
from gradewire_judges.request import JudgeRequest
from gradewire_judges.verdict import Flag, JudgeVerdict, Usage


@dataclass(frozen=True, slots=True)
class Asked:
    """A request on its way to the model."""

    request: JudgeRequest

    blank: JudgeVerdict
    """What is known without the model's answers: all but what they decide."""

    prompts: tuple[Prompt, ...]
    """One a question, in the mode's order."""

    revision: str | None
    """The card's."""


class Mode(Protocol):
    """Turns requests into questions, and answers into verdicts. Holds nothing but its card."""

    def questions(self, request: JudgeRequest) -> tuple[JudgeRequest, ...]:
        """What the model is asked for this request: it, or variants of it. Raises BadRequest."""

    def decide(
        self, engine: Engine, asked: Sequence[Asked], cancelled: IsCancelled | None
    ) -> list[JudgeVerdict | JudgeError]:
        """Ask the model, and say what its answers mean: one result for each of `asked`, in order. `cancelled` is asked
        with a place in `asked`."""


def flatten(asked: Sequence[Asked]) -> tuple[list[Prompt], list[int]]:
    """All prompts in order, and for each the place in `asked` that it belongs to."""
    owned = [(prompt, place) for place, one in enumerate(asked) for prompt in one.prompts]
    return [prompt for prompt, _ in owned], [place for _, place in owned]


def of_owner(cancelled: IsCancelled | None, owners: Sequence[int]) -> IsCancelled | None:
    """`cancelled` for places of prompts."""
    if cancelled is None:
        return None
    waits: Callable[[int], bool] = cancelled
    return lambda place: waits(owners[place])


def told_by_model(
    one: Asked, engine: Engine, usage: Usage, elapsed_s: float, flags: Sequence[Flag] = ()
) -> JudgeVerdict:
    """The blank verdict with what holds for every verdict of a model."""
    seen = [*(flag for prompt in one.prompts for flag in prompt.flags), *flags]
    if one.request.question.strip() and one.request.response.strip() == one.request.question.strip():
        seen.append(Flag.ECHOES_QUESTION)
    clipped = {name: sizes for prompt in one.prompts for name, sizes in prompt.clipped.items()}
    info = engine.info
    return replace(
        one.blank,
        decided_by="model",
        flags=tuple(dict.fromkeys(seen)),
        clipped=clipped,
        usage=usage,
        isolation=info.isolation,
        model_id=info.model_id,
        model_revision=one.revision or info.fingerprint,
        determinism=info.determinism,
        elapsed_s=one.blank.elapsed_s + elapsed_s,
    )
