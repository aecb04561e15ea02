"""Measurements as scores in [0, 1]: 1 is as good as it gets, and nothing is earned by being better than that."""

from gradewire_services.quality.analysis import Measures

TOLERATED = 1.25
"""As slow, or as large, as the reference times this counts as no worse."""
SIMPLE = 10
"""McCabe (1976): a module of a higher cyclomatic complexity should be parted."""
_PER_LINES = 10


def by_ratio(ratio: float) -> float:
    """For a cost beside the reference's (time, size): 1 up to 1.25, then 1.25/ratio."""
    return 1.0 if ratio <= TOLERATED else TOLERATED / ratio


def lint(measures: Measures) -> float:
    """1/(1 + findings per ten lines of code)."""
    return 1 / (1 + _PER_LINES * measures.found / max(1, measures.lines))


def complexity(measures: Measures) -> float:
    """1 as long as no function's complexity is above 10, else 10/the highest."""
    highest = max(measures.complexity, default=1)
    return 1.0 if highest <= SIMPLE else SIMPLE / highest
