"""What a judge can be asked: a mode turns a request into questions, and the model's answers into a verdict.

Each mode is a file. What they share stands in `ask`: label answers, with or without thinking before.
"""

from gradewire_judges.card import Card
from gradewire_judges.modes.extract import Extract
from gradewire_judges.modes.mode import Asked, Mode
from gradewire_judges.modes.one_label import OneLabel
from gradewire_judges.modes.pairwise import Pairwise
from gradewire_judges.modes.reward_model import RewardModel
from gradewire_judges.modes.rubric import Rubric

__all__ = ["Asked", "Mode", "mode_of"]


def mode_of(card: Card) -> Mode:
    """What the card's judge does with a request."""
    match card.mode:
        case "binary" | "labels" | "scale":
            return OneLabel(card)
        case "rubric":
            return Rubric(card)
        case "pairwise":
            return Pairwise(card)
        case "extract":
            return Extract(card)
        case "reward_model":
            return RewardModel(card)
