"""The reliability plot as a picture. Needs matplotlib, which nothing else here does."""

from collections.abc import Sequence
from pathlib import Path

from gradewire_judges.calibration import Bin


class PlotError(Exception):
    """It cannot be drawn: what is missing, and what to do."""


def draw(bins: Sequence[Bin], path: Path) -> None:
    """Draw accuracy over confidence, with the diagonal where both are the same, as the type that `path` names.

    Raises:
        PlotError: matplotlib is not installed, or the file cannot be written.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise PlotError("--plot needs matplotlib: pip install 'gradewire-judges[plot]'") from None
    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.subplots()
    filled = [one for one in bins if one.count]
    axes.bar(
        [one.low for one in filled],
        [one.accuracy for one in filled],
        width=[one.high - one.low for one in filled],
        align="edge",
        edgecolor="white",
        label="accuracy",
    )
    axes.plot([one.confidence for one in filled], [one.accuracy for one in filled], "o", color="black", label="mean")
    axes.plot([0, 1], [0, 1], linestyle="--", color="grey", label="confidence = accuracy")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="accuracy")
    axes.legend()
    try:
        figure.savefig(path)
    except (OSError, ValueError) as error:
        raise PlotError(f"{path}: {error}") from None
