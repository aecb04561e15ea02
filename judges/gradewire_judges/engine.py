"""A card, its model and what is between them, checked against each other: the parts of an open judge."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gradewire_judges.backend import Backend, BackendInfo
from gradewire_judges.card import Card
from gradewire_judges.errors import BackendMissing
from gradewire_judges.labels import LabelForms, label_ids
from gradewire_judges.layout import lay_out
from gradewire_judges.model_files import find_model
from gradewire_judges.prompt import PromptBuilder
from gradewire_judges.segments import Trusted

if TYPE_CHECKING:
    from gradewire_judges.encoder import TextEncoder


@dataclass(frozen=True, slots=True)
class Engine:
    """The parts of a judge that has a model."""

    builder: PromptBuilder
    encoder: "TextEncoder"
    backend: Backend
    labels: tuple[LabelForms, ...]
    """Of each label its forms, as token ids: what `Backend.score_labels` takes."""

    info: BackendInfo

    template_hash: str
    """16 hex digits of SHA-256 over the card's template and what the model's chat format puts round it."""


def load_engine(card: Card, model_dir: Path | None) -> Engine:
    """Load the card's model and check it against the card.

    Raises:
        CardError: the template does not render, or a label cannot be told apart in this model's tokens.
        NotReady: packages, files or tokenizer are missing or unsuitable.
    """
    folder = find_model(card, model_dir)
    try:
        from gradewire_judges.backends.transformers import TransformersBackend
        from gradewire_judges.encoder import TextEncoder
    except ImportError as error:
        raise BackendMissing(
            f"card {card.name} needs {error.name}, which is not installed: "
            "pip install 'gradewire-judges[transformers]' (torch 2.13.0 and transformers)"
        ) from None
    backend = TransformersBackend(folder, dtype=card.dtype, device=card.device, batch_tokens=card.limits.batch_tokens)
    info = backend.info()
    encoder = TextEncoder(backend.tokenizer.json(), name=f"the tokenizer of {info.model_id}")
    layout = lay_out(card, backend.tokenizer.chat_renderer())
    end = layout[-1]
    prompt_end = end.text if isinstance(end, Trusted) else ""
    labels = label_ids(card, encoder, prompt_end)
    builder = PromptBuilder(card, layout, encoder, _room(info.max_tokens, labels))
    rendered = hashlib.sha256(f"{card.template_hash()} {layout}".encode()).hexdigest()[:16]
    return Engine(builder, encoder, backend, labels, info, rendered)


def _room(context: int | None, labels: Sequence[LabelForms]) -> int | None:
    """Tokens of the context that are left for the prompt."""
    if context is None:
        return None
    said = max((len(form) for forms in labels for form in forms), default=0)
    return context - said
