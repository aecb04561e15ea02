"""What makes a card whole: rules over several of its settings at once, each with the way out."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradewire_judges.card.card import Card

MODES_WITH_LABELS = ("binary", "labels", "scale", "rubric", "pairwise")


def problems(card: "Card") -> Iterator[str]:
    """Everything that is wrong with a card whose settings are each well formed, in words."""
    if card.backend == "rules":
        if card.template or card.labels or card.model:
            yield "backend `rules` runs no model: leave out `model`, `template` and `labels`"
        if card.mode != "labels":
            yield "backend `rules` runs no model: leave out `mode`"
        return
    yield from _of_backend(card)
    yield from _of_template(card)
    yield from _of_labels(card)
    yield from _of_mode(card)


def _of_backend(card: "Card") -> Iterator[str]:
    if (card.backend == "openai") != (card.endpoint is not None):
        yield "endpoint: goes with backend `openai`, which needs it"
    if card.backend == "openai" and card.model:
        yield "endpoint.model names the model of backend `openai`: leave out `model`"
    if card.backend == "openai" and (card.frame or card.reasoning or card.reward):
        yield "an endpoint frames turns and thinks by itself: leave out `frame`, `reasoning` and `reward`"


def _of_template(card: "Card") -> Iterator[str]:
    if "response" not in card.fields():
        yield "the template never shows the response: add a part `data: response`"
    repeated = [name for name in card.fields() if sum(part.data == name for part in card.segments()) > 1]
    if repeated:
        yield f"the template shows {repeated[0]} twice: show a field once"
    rewards = card.mode == "reward_model"
    for place, turn in enumerate(card.template):
        last = place == len(card.template) - 1
        if turn.role == "system" and place:
            yield f"template.{place}: the system turn stands first"
        if turn.role == "assistant" and not last:
            yield f"template.{place}: an assistant turn may only stand last"
        if turn.role == "assistant" and not rewards and any(part.data for part in turn.parts):
            yield f"template.{place}: data in the assistant's turn would be the judge's own words"
    if not any(turn.role == "user" for turn in card.template):
        yield "the template has no user turn"
    if card.template and card.template[-1].parts[-1].data and not rewards:
        yield "the template ends with data: repeat the instructions after it"


def _of_labels(card: "Card") -> Iterator[str]:
    if card.mode not in MODES_WITH_LABELS:
        if card.labels:
            yield f"mode `{card.mode}` has no labels: leave them out"
        return
    if len(card.labels) < 2:
        yield "labels: at least two are needed"
    for attribute in ("say", "name"):
        if len({getattr(label, attribute) for label in card.labels}) < len(card.labels):
            yield f"labels: two labels have the same `{attribute}`"
    scores = sorted(label.score for label in card.labels)
    if card.mode in ("binary", "rubric") and scores != [0.0, 1.0]:
        yield f"labels: mode `{card.mode}` takes one label with score 0 and one with score 1"
    if card.mode == "pairwise" and scores not in ([0.0, 1.0], [0.0, 0.5, 1.0]):
        yield "labels: mode `pairwise` takes one label with score 1, one with 0, and at most one more with 0.5"


def _of_mode(card: "Card") -> Iterator[str]:
    """What one mode needs and the others have no use for."""
    shown = set(card.fields())
    if (card.mode == "pairwise") != ("response_b" in shown):
        yield "mode `pairwise` shows `data: response_b`, and no other does"
    if (card.mode == "rubric") != ("criterion" in shown):
        yield "mode `rubric` shows `data: criterion`, and no other does"
    if card.mode == "rubric" and (not card.criteria) == (card.criteria_from is None):
        yield "mode `rubric` takes `criteria`, or `criteria_from` for the request's field that has them"
    if card.mode != "rubric" and (card.criteria or card.criteria_from):
        yield "criteria: only mode `rubric` has them"
    if card.criteria_from is not None and card.criteria_from in shown:
        yield f"criteria_from: {card.criteria_from} is shown a criterion at a time, and not as a whole"
    if card.criteria and not any(criterion.points > 0 for criterion in card.criteria):
        yield "criteria: at least one is worth more than nothing"
    if len({criterion.name for criterion in card.criteria}) < len(card.criteria):
        yield "criteria: two have the same name"
    if (card.mode == "reward_model") != (card.reward is not None):
        yield "reward: goes with mode `reward_model`, which needs it"
    if card.reasoning is not None and card.mode in ("extract", "reward_model"):
        yield f"reasoning: mode `{card.mode}` answers at once"
    if card.mode == "reward_model" and card.template and card.template[-1].role != "assistant":
        yield "mode `reward_model`: put `data: response` into a last turn of the assistant's"
