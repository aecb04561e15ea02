"""The judge card: one YAML file that says what a judge is shown, how it answers, and what an answer is worth.

Reading a card checks its form. Whether its template renders and its labels are tokens depends on the model, and is
checked when the judge is opened.
"""

from gradewire_judges.card.card import Card
from gradewire_judges.card.file import load_card, parse_card, shipped_cards
from gradewire_judges.card.parts import (
    Criterion,
    Frame,
    Golden,
    GoldenPair,
    Label,
    Limits,
    Reasoning,
    Reward,
    Segment,
    Turn,
)

__all__ = [
    "Card",
    "Criterion",
    "Frame",
    "Golden",
    "GoldenPair",
    "Label",
    "Limits",
    "Reasoning",
    "Reward",
    "Segment",
    "Turn",
    "load_card",
    "parse_card",
    "shipped_cards",
]
