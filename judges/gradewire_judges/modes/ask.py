"""Label answers: the model thinks, if the card says so, and is then read for its labels' probabilities.

Thoughts are free, capped, and end at the card's close; the label is read behind words of the card. Nothing that the
judge wrote is ever searched for a verdict, and nothing that it was shown is searched for the end of its thoughts.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gradewire_judges.backend import Generation, IsCancelled, LabelScores
from gradewire_judges.card import Card, Reasoning
from gradewire_judges.engine import Engine
from gradewire_judges.errors import BackendFailed, CutOff, LowLabelMass, Unreadable
from gradewire_judges.labels import Reading, read
from gradewire_judges.prompt import Prompt
from gradewire_judges.verdict import Flag, Usage, Vote

_ROUNDED = 1e-3
"""How far above 0 a log-probability may be, as rounded."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One label answer."""

    reading: Reading
    told: bool
    """Whether there are probabilities; an endpoint may say a label and no more."""

    rationale: str
    usage: Usage
    elapsed_s: float
    flags: tuple[Flag, ...]

    def probabilities(self, card: Card) -> dict[str, float]:
        """By label name; empty where none were told."""
        if not self.told:
            return {}
        return {label.name: p for label, p in zip(card.labels, self.reading.probabilities, strict=True)}

    def vote(self, card: Card, name: str) -> Vote:
        """This answer as a part of a verdict."""
        label = card.labels[self.reading.label]
        return Vote(
            name=name,
            label=label.name,
            score=label.score,
            expected_score=self.reading.expected_score,
            probabilities=self.probabilities(card),
            label_mass=self.reading.mass if self.told else None,
            rationale=self.rationale,
        )


@dataclass(frozen=True, slots=True)
class _Thought:
    ids: tuple[int, ...]
    """What the model has read when it is asked for the label."""

    text: str
    output_tokens: int
    elapsed_s: float
    flags: tuple[Flag, ...]


def ask_labels(
    card: Card, engine: Engine, prompts: Sequence[Prompt], cancelled: IsCancelled | None
) -> list[Ballot | BackendFailed]:
    """A label answer for each prompt, in order. What was cut off, or has too little label mass, is an error."""
    thoughts = _think(card.reasoning, engine, prompts, cancelled)
    ready = [place for place, thought in enumerate(thoughts) if isinstance(thought, _Thought)]
    answers: list[Ballot | BackendFailed] = [t if isinstance(t, BackendFailed) else _unasked() for t in thoughts]
    said = engine.backend.score_labels(
        [thought.ids for thought in thoughts if isinstance(thought, _Thought)],
        engine.labels,
        shared=len(engine.builder.prefix),
        cancelled=None if cancelled is None else lambda row: cancelled(ready[row]),
    )
    for place, scores in zip(ready, said, strict=True):
        thought = thoughts[place]
        if isinstance(scores, BackendFailed) or isinstance(thought, BackendFailed):
            answers[place] = scores if isinstance(scores, BackendFailed) else answers[place]
        else:
            answers[place] = _ballot(card, prompts[place], thought, scores)
    return answers


def usage_of(ballots: Sequence[Ballot]) -> tuple[Usage, float]:
    """Tokens of several answers together, and the seconds of the longest: they went through the model side by side."""
    tokens = Usage(
        sum(ballot.usage.prompt_tokens for ballot in ballots),
        sum(ballot.usage.cached_tokens for ballot in ballots),
        sum(ballot.usage.output_tokens for ballot in ballots),
    )
    return tokens, max(ballot.elapsed_s for ballot in ballots)


def _think(
    how: Reasoning | None, engine: Engine, prompts: Sequence[Prompt], cancelled: IsCancelled | None
) -> list[_Thought | BackendFailed]:
    if how is None:
        return [_Thought(prompt.ids, "", 0, 0.0, ()) for prompt in prompts]
    encoder = engine.encoder
    start, close, then = (tuple(encoder.trusted(text)) for text in (how.open, how.close, how.then))
    begun = [(*prompt.ids, *start) for prompt in prompts]
    written = engine.backend.generate(
        begun,
        max_tokens=how.max_tokens,
        stop=[close],
        temperature=how.temperature,
        seed=how.seed,
        shared=len(engine.builder.prefix),
        cancelled=cancelled,
    )
    thoughts: list[_Thought | BackendFailed] = []
    for read_by_then, said in zip(begun, written, strict=True):
        if isinstance(said, Generation) and said.finish == "length" and how.at_cap == "error":
            thoughts.append(CutOff("the judge's reasoning", how.max_tokens))
        elif isinstance(said, Generation):
            flags = (Flag.REASONING_CUT,) if said.finish == "length" else ()
            ids = (*read_by_then, *said.ids, *close, *then)
            thoughts.append(_Thought(ids, encoder.written(said.ids), said.output_tokens, said.elapsed_s, flags))
        else:
            thoughts.append(said)
    return thoughts


def _ballot(card: Card, prompt: Prompt, thought: _Thought, scores: LabelScores) -> Ballot | BackendFailed:
    known = [value for value in scores.log_probs if value != -math.inf]
    if not known or any(math.isnan(value) or value > _ROUNDED for value in known):
        return Unreadable("the model gave its labels numbers that are no log-probabilities: it is broken, or overflows")
    reading = read(scores.log_probs, [label.score for label in card.labels])
    if reading.mass < card.min_label_mass:
        return LowLabelMass(reading.mass, card.min_label_mass)
    return Ballot(
        reading=reading,
        told=not scores.said,
        rationale=thought.text,
        usage=Usage(
            prompt_tokens=scores.prompt_tokens or len(prompt.ids),
            cached_tokens=scores.cached_tokens,
            output_tokens=thought.output_tokens + scores.output_tokens,
        ),
        elapsed_s=thought.elapsed_s + scores.elapsed_s,
        flags=thought.flags,
    )


def _unasked() -> BackendFailed:
    return BackendFailed("the model said nothing")
