"""What runs a judge's model: the Protocol that each backend fulfils, and what it says.

A backend sees token ids and nothing else. It does not know which of them are data, and it has no templates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gradewire_judges.errors import BackendFailed


@dataclass(frozen=True, slots=True)
class BackendInfo:
    """What is running."""

    name: str
    """Such as `transformers`."""

    model_id: str
    """Name of the model's directory."""

    fingerprint: str
    """Identity of its files."""

    architecture: str
    """Class of the model."""

    parameters: int
    """How many."""

    max_tokens: int | None
    """The model's context. None: its config states none."""

    vocabulary: int
    """Rows of its embedding: ids are below it."""

    determinism: str
    """Device, dtype and attention kernel: what the numbers depend on beside the files."""

    prefix_cache: bool
    """Whether the state of a shared prefix is kept."""

    versions: str
    """Of the libraries that compute."""


@dataclass(frozen=True, slots=True)
class LabelScores:
    """What the model would say next, as far as labels go."""

    log_probs: tuple[float, ...]
    """A label each: natural log of the whole vocabulary's probability that any of its forms comes next."""

    cached_tokens: int
    """Prompt tokens whose state was there already."""

    elapsed_s: float
    """Seconds that the prompt's micro-batch took."""


class Backend(Protocol):
    """Runs a model. Calls may come from several threads."""

    def info(self) -> BackendInfo:
        """What is running."""

    def score_labels(
        self, prompts: Sequence[Sequence[int]], labels: Sequence[Sequence[int]], *, shared: int = 0
    ) -> list[LabelScores | BackendFailed]:
        """How likely each label is to come next, in one pass over each prompt.

        Args:
            prompts: token ids, each non-empty and within the model's context.
            labels: for each label, the ids of the single tokens that stand for it.
            shared: leading ids that all prompts have in common; each prompt is longer than that.

        Returns:
            One a prompt, in order; a BackendFailed where the model failed on this prompt, or answered with
            numbers that are no probabilities.
        """
