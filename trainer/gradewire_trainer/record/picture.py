"""A run on one page: how rewards are distributed, what each grader found, how long it took."""

import io
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gradewire_trainer.errors import MissingExtra
from gradewire_trainer.record.parts import read_rows, write_whole

try:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
except ImportError:
    raise MissingExtra("the picture of a run", "gradewire-trainer[record]") from None

# Okabe & Ito (2008): eight colours that people with any colour vision tell apart.
_COLOURS = {
    "passed": "#009E73",
    "partial": "#56B4E9",
    "failed": "#D55E00",
    "no_answer": "#E69F00",
    "undecided": "#CC79A7",
    "error": "#000000",
}
_INK = "#0072B2"


def draw(folder: Path, summary: Mapping[str, Any]) -> Path:
    """Write `folder`/report.png from the record there and its summary. Raises RecordError."""
    figure = Figure(figsize=(13, 4.4), layout="constrained")
    rewards, outcomes, latency = figure.subplots(1, 3)
    graders = list(summary["graders"])
    _draw_rewards(rewards, folder, summary)
    _draw_outcomes(outcomes, summary["graders"])
    _draw_latency(latency, summary["graders"])
    for axes in (outcomes, latency):
        axes.set_yticks(range(len(graders)), graders)
        axes.set_ylim(len(graders) - 0.4, -0.6)
    figure.suptitle(
        f"{summary['samples']:,} samples of {summary['groups']:,} prompts, {summary['errors']:,} errors"
        f"   (run {summary['run']})",
        fontsize=11,
    )
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=110)
    path = folder / "report.png"
    write_whole(path, content.getvalue())
    return path


def _draw_rewards(axes: Axes, folder: Path, summary: Mapping[str, Any]) -> None:
    values = [row["reward"] for row in read_rows(folder, ["reward"]) if row["reward"] is not None]
    axes.set_title("Rewards")
    axes.set_xlabel("reward")
    axes.set_ylabel("samples")
    if not values:
        axes.text(0.5, 0.5, "no sample has a reward", ha="center", transform=axes.transAxes)
        return
    axes.hist(values, bins=30, color=_INK, edgecolor="white", linewidth=0.4)
    mean = summary["reward"]["mean"]
    axes.axvline(mean, color=_COLOURS["failed"], linestyle="--", label=f"mean {mean:.3f}")
    axes.axvline(summary["pass_at"], color="black", linestyle=":", label=f"right from {summary['pass_at']:g}")
    axes.legend(frameon=False)


def _draw_outcomes(axes: Axes, graders: Mapping[str, Any]) -> None:
    axes.set_title("What each grader found")
    axes.set_xlabel("share of its results, %")
    axes.set_xlim(0, 100)
    for place, told in enumerate(graders.values()):
        counts = Counter(told["outcomes"])
        counts["error"] = sum(told["errors_by_reason"].values())
        left = 0.0
        for name, colour in _COLOURS.items():
            width = 100 * counts[name] / told["results"]
            axes.barh(place, width, left=left, color=colour, edgecolor="white", height=0.6)
            if width >= 8:
                axes.text(left + width / 2, place, f"{width:.0f}", ha="center", va="center", color="white", fontsize=9)
            left += width
    handles = [axes.barh([0], [0], color=colour) for colour in _COLOURS.values()]
    axes.legend(handles, _COLOURS, ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.16), frameon=False, fontsize=8)


def _draw_latency(axes: Axes, graders: Mapping[str, Any]) -> None:
    axes.set_title("Work on one sample")
    axes.set_xlabel("milliseconds, logarithmic")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.grid(axis="x", alpha=0.3)
    for place, told in enumerate(graders.values()):
        if told["elapsed_s"] is None:
            axes.text(1, place, "it never answered", va="center", fontsize=9)
            continue
        # A clock that saw no time at all has no place on a logarithmic axis.
        p50, p95, p99 = (max(told["elapsed_s"][name] * 1e3, 1e-3) for name in ("p50", "p95", "p99"))
        axes.plot([p50, p99], [place, place], color=_INK, linewidth=1.5)
        axes.plot([p50, p95], [place, place], color=_INK, linewidth=6, alpha=0.5, solid_capstyle="butt")
        axes.plot(p50, place, "o", color=_INK)
        axes.text(p50, place - 0.18, f"{p50:.3g} ms", ha="left", va="bottom", fontsize=9)
    axes.plot([], [], "o", color=_INK, label="median")
    axes.plot([], [], color=_INK, linewidth=6, alpha=0.5, label="to the 95th percentile")
    axes.plot([], [], color=_INK, linewidth=1.5, label="to the 99th")
    axes.legend(ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.16), frameon=False, fontsize=8)
