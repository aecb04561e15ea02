"""How a judge's scores stand to known ones, where the right label alone says too little: on scales, and between pairs.

A scale that is off by one level is not as wrong as one that is off by four; a judge of pairs may be right and still
prefer what stands first. `calibration` has the measures of labels.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gradewire_judges.verdict import JudgeVerdict, Outcome


@dataclass(frozen=True, slots=True)
class ScaleAgreement:
    """Of a scale's scores with known ones."""

    mean_error: float
    """Mean distance of the expected score from the known one, on the scores' own scale; at least 0."""

    rank_correlation: float | None
    """Spearman's rho of expected and known scores, ties at their mean rank, in [-1, 1]. None where one of the two is
    the same for all cases."""

    weighted_kappa: float | None
    """Cohen's kappa of levels with weights of squared distance (Cohen 1968), 1 for perfect and 0 for chance. None where
    chance alone would agree."""


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Of a judge of pairs with known preferences."""

    accuracy: float
    """Over all judged pairs, in [0, 1], where a pair that depends on the order counts half: what `win_rate` makes of
    it."""

    consistent: float
    """Share of the judged pairs whose two orders agree."""

    first_chosen: float | None
    """Share of the votes for one side that went to the response shown first: 0.5 is without bias. None where all votes
    are for neither."""


def of_scale(cases: Sequence[tuple[float, float, float]]) -> ScaleAgreement:
    """Hold a scale to known scores.

    Args:
        cases: at least one; of each the verdict's mean score, the score of its most probable level, the right score.
    """
    expected, said, known = ([case[place] for case in cases] for place in range(3))
    return ScaleAgreement(
        mean_error=math.fsum(abs(score - right) for score, right in zip(expected, known, strict=True)) / len(known),
        rank_correlation=_correlation(_ranks(expected), _ranks(known)),
        weighted_kappa=_kappa(said, known),
    )


def of_pairs(cases: Sequence[tuple[JudgeVerdict, str]]) -> PairAgreement:
    """Hold verdicts on pairs, with the votes of both orders, to the names of the right labels; at least one."""
    split = sum(verdict.outcome is Outcome.INCONSISTENT for verdict, _ in cases)
    right = sum(verdict.label == known for verdict, known in cases)
    # A vote's score is that of the response which stands first in the given order, and second in the swapped one.
    votes = [vote for verdict, _ in cases for vote in verdict.votes if vote.score != 0.5]
    firsts = [(vote.name == "given") == (vote.score > 0.5) for vote in votes]
    return PairAgreement(
        accuracy=(right + split / 2) / len(cases),
        consistent=1 - split / len(cases),
        first_chosen=sum(firsts) / len(firsts) if firsts else None,
    )


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(values)
    first = {value: place for place, value in reversed(list(enumerate(order)))}
    count = Counter(order)
    return [first[value] + (count[value] - 1) / 2 for value in values]


def _correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Pearson's."""
    mean_one, mean_other = math.fsum(one) / len(one), math.fsum(other) / len(other)
    both = math.fsum((a - mean_one) * (b - mean_other) for a, b in zip(one, other, strict=True))
    spread = math.fsum((a - mean_one) ** 2 for a in one) * math.fsum((b - mean_other) ** 2 for b in other)
    return both / math.sqrt(spread) if spread > 0 else None


def _kappa(said: Sequence[float], known: Sequence[float]) -> float | None:
    """1 − observed / expected squared distance; the expected one is that of every verdict with every known score."""
    observed = math.fsum((a - b) ** 2 for a, b in zip(said, known, strict=True)) / len(known)
    square_said, square_known = math.fsum(a * a for a in said), math.fsum(b * b for b in known)
    chance = (square_said + square_known) / len(known) - 2 * math.fsum(said) * math.fsum(known) / len(known) ** 2
    return 1 - observed / chance if chance > 1e-12 else None
