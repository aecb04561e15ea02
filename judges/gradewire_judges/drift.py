"""Whether a judge's live verdicts still look like those of its calibration: by how often it says each label.

The population stability index is the symmetric Kullback-Leibler divergence of the two label distributions. Above 0.1 it
is customarily called a shift (Siddiqi 2006). By chance alone it is about (1/n + 1/m) times a chi-square variable of
labels − 1 degrees of freedom (Yurdakul and Naranjo 2020, Journal of Risk Model Validation 14 (4)); so a warning needs
both: beyond 0.1, and beyond what chance gives in one of a thousand windows.
"""

import math
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass

from gradewire_judges.verdict import JudgeVerdict, Outcome

CUSTOMARY = 0.1
ORDER_DECIDES = "(the order decides)"
"""What a pair counts as whose two orders are judged differently, beside the labels."""

_NORMAL_AT_999 = 3.0902
"""The standard normal's quantile for one in a thousand."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How live labels stand against calibrated ones."""

    psi: float
    """Population stability index; 0 where the shares are the same."""

    bound: float
    """What it takes to be called drift."""

    verdicts: int
    """Live verdicts that it is about."""

    live: Mapping[str, float]
    calibrated: Mapping[str, float]
    """Shares by label."""

    @property
    def drifts(self) -> bool:
        """Whether to warn."""
        return self.psi > self.bound

    def __str__(self) -> str:
        """One line for a log."""
        moved = max(self.calibrated, key=lambda label: abs(self.live.get(label, 0.0) - self.calibrated[label]))
        return (
            f"label shares {'have drifted' if self.drifts else 'are as'} from the calibration's: PSI {self.psi:.2f} "
            f"(bound {self.bound:.2f}) over {self.verdicts} verdicts; {moved} {self.calibrated[moved]:.0%} then, "
            f"{self.live.get(moved, 0.0):.0%} now"
        )


class LabelDrift:
    """Accumulates live labels. Not for several threads at once."""

    def __init__(self, calibrated: Mapping[str, int], *, window: int = 1000, at_least: int = 100) -> None:
        """Compare with `Calibration.said`.

        Args:
            calibrated: how often each label was said then; at least one verdict in all.
            window: the last verdicts that count.
            at_least: verdicts before anything is said.
        """
        self._calibrated = Counter(calibrated)
        self._recent: deque[str] = deque(maxlen=window)
        self._at_least = at_least

    def add(self, verdict: JudgeVerdict) -> None:
        """Count a verdict of the model's; those without a label are left out, but for pairs that the order decides."""
        if verdict.label is not None:
            self._recent.append(verdict.label)
        elif verdict.outcome is Outcome.INCONSISTENT:
            self._recent.append(ORDER_DECIDES)

    def report(self) -> Drift | None:
        """How the window stands; None before it has enough verdicts."""
        count = len(self._recent)
        if count < self._at_least:
            return None
        live = Counter(self._recent)
        labels = sorted(self._calibrated | live)
        psi = stability_index([self._calibrated[label] for label in labels], [live[label] for label in labels])
        by_chance = (1 / count + 1 / self._calibrated.total()) * chi_square_at_999(max(1, len(labels) - 1))
        return Drift(
            psi=psi,
            bound=max(CUSTOMARY, by_chance),
            verdicts=count,
            live={label: live[label] / count for label in labels},
            calibrated={label: self._calibrated[label] / self._calibrated.total() for label in labels},
        )


def stability_index(before: list[int], now: list[int]) -> float:
    """Sum over labels of (q − p)·ln(q / p), of shares p before and q now. Half a case is added to each count, so that a
    label that was never said has a share."""
    p, q = ([(count + 0.5) / (sum(counts) + 0.5 * len(counts)) for count in counts] for counts in (before, now))
    return math.fsum((new - old) * math.log(new / old) for old, new in zip(p, q, strict=True))


def chi_square_at_999(degrees: int) -> float:
    """The chi-square quantile for one in a thousand, by Wilson and Hilferty (1931): 3 % high at one degree."""
    part = 2 / (9 * degrees)
    return degrees * (1 - part + _NORMAL_AT_999 * math.sqrt(part)) ** 3
