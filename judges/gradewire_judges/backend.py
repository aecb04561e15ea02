"""What runs a judge's model: the Protocol that each backend fulfils, and what it says.

A backend sees token ids and nothing else. It does not know which of them are data, and it has no templates. (Behind an
endpoint that takes text, ids are characters and turns: see `characters`.) A prompt's failure is a BackendFailed in its
place and touches no other; nothing but a programming error is raised.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from gradewire_judges.constraint import Constraint
from gradewire_judges.errors import BackendFailed

Prompts = Sequence[Sequence[int]]
"""Token ids, each prompt non-empty and within the model's context."""

Labels = Sequence[Sequence[Sequence[int]]]
"""For each label its forms, such as with and without a space before it; each form is one or more token ids."""

IsCancelled = Callable[[int], bool]
"""Whether nobody waits any more for the prompt at this place, as its caller left or its deadline passed. Asked between
steps of the model, from any thread; the prompt then leaves the engine and its result is an errors.Cancelled."""


@dataclass(frozen=True, slots=True)
class BackendInfo:
    """What is running."""

    name: str
    """Such as `transformers`."""

    kind: Literal["causal", "classifier", "endpoint"]
    """A `causal` model and an `endpoint` score labels and generate; a `classifier` classifies."""

    isolation: Literal["tokens", "text"]
    """`tokens`: data never becomes a control token. `text`: whoever tokenizes it is out of our reach."""

    model_id: str
    """Name of the model's directory, or what the endpoint calls it."""

    fingerprint: str
    """Identity of its files, or of the endpoint's address and model name."""

    architecture: str
    """Class of the model; `unknown` behind an endpoint."""

    parameters: int | None
    """How many. None: behind an endpoint."""

    max_tokens: int | None
    """The model's context. None: its config states none."""

    vocabulary: int | None
    """Rows of its embedding: ids are below it. None: behind an endpoint."""

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
    """A label each: natural log of the whole vocabulary's probability that any of its forms comes next. −inf where an
    endpoint tells of none, but never for all."""

    cached_tokens: int
    """Prompt tokens whose state was there already."""

    elapsed_s: float
    """Seconds that the prompt's micro-batch took."""

    prompt_tokens: int
    """Tokens of the prompt, as the model counts them."""

    output_tokens: int = 0
    """Tokens that were generated; 0 where the prompt's own pass told all."""

    said: bool = False
    """The endpoint said a label and tells no probabilities: `log_probs` is 0 for that one and −inf for the others."""


@dataclass(frozen=True, slots=True)
class Generation:
    """What the model said."""

    ids: tuple[int, ...]
    """Without the stop sequence or the constraint's end."""

    finish: Literal["stop", "length"]
    """`length`: it had more to say than it was allowed to."""

    log_prob: float
    """Natural log of the whole vocabulary's probability of `ids` and their end, as if nothing had been constrained. NaN
    where an endpoint tells none."""

    cached_tokens: int
    """Prompt tokens whose state was there already."""

    elapsed_s: float
    """Seconds that the prompt's batch took."""

    prompt_tokens: int
    """Tokens of the prompt, as the model counts them."""

    output_tokens: int
    """Tokens generated, as the model counts them, the end included."""


@dataclass(frozen=True, slots=True)
class Classification:
    """A classifier's logits for one prompt."""

    scores: tuple[float, ...]
    """One a class; a reward model has one class."""

    cached_tokens: int
    """Prompt tokens whose state was there already."""

    elapsed_s: float
    """Seconds that the prompt's micro-batch took."""

    prompt_tokens: int
    """Tokens of the prompt."""


class Backend(Protocol):
    """Runs a model. Calls may come from several threads. `info().kind` says which calls have an answer; the others give
    a BackendFailed for every prompt."""

    def info(self) -> BackendInfo:
        """What is running."""

    def score_labels(
        self, prompts: Prompts, labels: Labels, *, shared: int = 0, cancelled: IsCancelled | None = None
    ) -> list[LabelScores | BackendFailed]:
        """How likely each label is to come next: one pass over each prompt, and one more for each place in the labels'
        trie where a label goes on. A label that begins another counts where the other does not go on.

        Args:
            prompts: what the model has read.
            labels: what it may say; the same for all prompts.
            shared: leading ids that all prompts have in common; each prompt is longer than that.
            cancelled: which prompts may be left out from now on.

        Returns:
            One a prompt, in order; a BackendFailed where the model failed on this prompt, or answered with
            numbers that are no probabilities.
        """

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
        """Go on from each prompt.

        Args:
            prompts: what the model has read.
            max_tokens: most ids generated, the end included; a prompt and these fit the model's context together.
            constraints: one a prompt. None: anything may be said.
            stop: id sequences that end what is said, beside the constraint's end; they are no part of it.
            temperature: 0 takes the most probable id each time; otherwise logits are divided by it.
            seed: of the random numbers; each prompt draws its own, so that what is said does not depend on the others.
            shared: leading ids that all prompts have in common; each prompt is longer than that.
            cancelled: which prompts may be left out from now on; asked between tokens.

        Returns:
            One a prompt, in order.
        """

    def classify(
        self, prompts: Prompts, *, shared: int = 0, cancelled: IsCancelled | None = None
    ) -> list[Classification | BackendFailed]:
        """The classifier's logits at each prompt's last token. Arguments and result are as for `score_labels`."""
