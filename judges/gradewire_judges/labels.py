"""A card's labels as token ids, and the model's answer as label, score and certainty."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gradewire_judges.card import Card
from gradewire_judges.encoding import Encoder
from gradewire_judges.errors import CardError

LabelForms = tuple[tuple[int, ...], ...]
"""Ways to say one label, each as token ids."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What label log-probabilities say."""

    label: int
    """Place of the most probable label; of equals, the one with the lower score."""

    probabilities: tuple[float, ...]
    """Given that it is one of the labels; they sum to 1."""

    expected_score: float
    """Mean score under `probabilities`."""

    mass: float
    """Probability of all labels together."""

    entropy: float
    """Of `probabilities`, in nats."""


def label_ids(card: Card, encoder: Encoder, prompt_end: str) -> tuple[LabelForms, ...]:
    """For each label the token ids of its forms: with and without a space before it, single tokens where there are any.

    Args:
        card: with labels.
        encoder: the model's.
        prompt_end: the template's last words, after which the label comes.

    Raises:
        CardError: a label holds a control token, two share a form, or one would merge with the prompt's last token.
    """
    source = str(card.source or card.name)
    taken: dict[tuple[int, ...], str] = {}
    forms: list[LabelForms] = []
    end = encoder.trusted(prompt_end)
    for place, label in enumerate(card.labels):
        path = f"labels.{place}.say"
        written = {tuple(encoder.trusted(text)): text for text in (label.say, f" {label.say}")}
        chosen = {ids: text for ids, text in written.items() if len(ids) == 1} or written
        follows = (text for text in chosen.values() if not (prompt_end[-1:].isspace() and text[0] == " "))
        if not any(encoder.trusted(prompt_end + text) == end + encoder.trusted(text) for text in follows):
            raise CardError(
                f"{label.say!r} merges with the template's last words: end the template without a space",
                path=path,
                source=source,
            )
        for ids in chosen:
            if ids in taken:
                raise CardError(f"{label.say!r} is the same token as {taken[ids]!r}", path=path, source=source)
            if not encoder.control_ids.isdisjoint(ids):
                raise CardError(f"{label.say!r} is a control token, or holds one", path=path, source=source)
            taken[ids] = label.say
        forms.append(tuple(chosen))
    return tuple(forms)


def read(log_probs: Sequence[float], scores: Sequence[float]) -> Reading:
    """Normalise log-probabilities over the labels. Both sequences have an entry a label."""
    top = max(log_probs)
    weights = [math.exp(value - top) for value in log_probs]
    total = math.fsum(weights)
    probabilities = tuple(weight / total for weight in weights)
    return Reading(
        label=max(range(len(scores)), key=lambda place: (probabilities[place], -scores[place])),
        probabilities=probabilities,
        expected_score=math.fsum(p * score for p, score in zip(probabilities, scores, strict=True)),
        mass=min(1.0, math.exp(top) * total),
        entropy=max(0.0, -math.fsum(p * math.log(p) for p in probabilities if p > 0)),
    )
