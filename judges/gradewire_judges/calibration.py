"""How a judge did against known labels: what is measured, and the file that travels with its card.

accuracy     share of verdicts whose label is the known one
F1           of each label, and their mean (macro); Sasaki 2007
ECE          expected calibration error: how far confidence is from accuracy, by bins of equal width, weighted by their
             counts; Naeini et al. 2015, Guo et al. 2017 (arXiv 1706.04599)
Brier        mean squared distance of the probabilities from the known label, over all labels, in [0, 2]; Brier 1950

Verdicts that a rule reached, pairs without one and errors have no label; they are counted, and are in none of these.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from gradewire_judges.agreement import PairAgreement, ScaleAgreement
from gradewire_judges.drift import ORDER_DECIDES
from gradewire_judges.errors import CardError

BINS = 10


@dataclass(frozen=True, slots=True)
class Scored:
    """One verdict beside what is known."""

    known: str
    """Name of the right label."""

    probabilities: Mapping[str, float]
    """Of each label; they sum to 1."""

    @property
    def label(self) -> str:
        """The most probable."""
        return max(self.probabilities, key=self.probabilities.__getitem__)


@dataclass(frozen=True, slots=True)
class Bin:
    """Verdicts of similar confidence."""

    low: float
    high: float
    count: int
    confidence: float
    """Mean probability of the label that was said; 0 where there are none."""

    accuracy: float
    """Share of them that was right; 0 where there are none."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What `python -m gradewire_judges.calibrate` writes, and a card names in `calibration`."""

    card: str
    template_hash: str
    model_id: str
    model_revision: str
    cases: int
    """Known labels in the file."""

    judged: int
    """Verdicts with a label: what the figures below are about."""

    by_rule: int
    inconsistent: int
    """Pairs whose two orders were judged differently."""

    errors: Mapping[str, int]
    """How many, by reason."""

    accuracy: float
    f1: Mapping[str, float]
    """By label."""

    macro_f1: float
    ece: float
    brier: float
    reliability: Sequence[Bin]
    labels: Mapping[str, int]
    """How often each was said."""

    repeat_agreement: float
    """Share of cases that get the same label in another order, and with another seed if the judge samples."""

    largest_change: float
    """Of a probability, between those two."""

    scale: ScaleAgreement | None = None
    """For mode `scale`: how far scores are from known ones."""

    pairs: PairAgreement | None = None
    """For mode `pairwise`: over all judged pairs, those that depend on the order included."""

    @property
    def said(self) -> dict[str, int]:
        """What live verdicts are held against: how often each label was said, and of pairs how often neither was."""
        return dict(self.labels) | ({ORDER_DECIDES: self.inconsistent} if self.inconsistent else {})

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")


def read_calibration(path: Path) -> Calibration:
    """Read what `write` wrote. Raises CardError."""
    try:
        return TypeAdapter(Calibration).validate_json(path.read_bytes())
    except OSError as error:
        raise CardError(
            f"cannot be read ({error.strerror}): make it anew", path="calibration", source=str(path)
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise CardError(
            f"{place}: {first['msg']}: make it anew with python -m gradewire_judges.calibrate",
            path="calibration",
            source=str(path),
        ) from None


def accuracy(scored: Sequence[Scored]) -> float:
    """Share that is right, in [0, 1]; `scored` is not empty."""
    return sum(one.label == one.known for one in scored) / len(scored)


def f1_by_label(scored: Sequence[Scored]) -> dict[str, float]:
    """2·right / (said + known) of each label that was said or known."""
    said = Counter(one.label for one in scored)
    known = Counter(one.known for one in scored)
    right = Counter(one.label for one in scored if one.label == one.known)
    return {label: 2 * right[label] / (said[label] + known[label]) for label in sorted(said | known)}


def brier(scored: Sequence[Scored]) -> float:
    """Mean over cases of the squared distance summed over labels, in [0, 2]."""
    return math.fsum((p - (label == one.known)) ** 2 for one in scored for label, p in one.probabilities.items()) / len(
        scored
    )


def reliability(scored: Sequence[Scored]) -> list[Bin]:
    """The cases in ten bins of their confidence; a confidence on a border is in the bin above it."""
    bins: list[Bin] = []
    for place in range(BINS):
        low, high = place / BINS, (place + 1) / BINS
        inside = [one for one in scored if min(int(one.probabilities[one.label] * BINS), BINS - 1) == place]
        count = len(inside)
        confidence = math.fsum(one.probabilities[one.label] for one in inside) / count if count else 0.0
        bins.append(Bin(low, high, count, confidence, accuracy(inside) if count else 0.0))
    return bins


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """Mean distance of confidence from accuracy, weighted by the bins' counts, in [0, 1]."""
    total = sum(one.count for one in bins)
    return math.fsum(one.count * abs(one.confidence - one.accuracy) for one in bins) / total


def table(bins: Sequence[Bin]) -> str:
    """The reliability plot as text: what was said with that confidence, and how often it was right."""
    lines = ["confidence     cases   said   right"]
    for one in bins:
        if one.count:
            bar = "#" * round(one.accuracy * 40)
            lines.append(
                f"{one.low:.1f} to {one.high:.1f} {one.count:8}   {one.confidence:.2f}   {one.accuracy:.2f}  {bar}"
            )
    return "\n".join(lines)
