"""What models have cost and what went wrong since a service began, counted in the workers and told by the front.

A worker counts in its own memory and writes the sums to its board before the results, so that counting costs no message
and outlives the worker.
"""

USAGE = ("verdicts", "reused_verdicts", "prompt_tokens", "cached_tokens", "output_tokens")
"""Verdicts of models; those of them that were only repeated; tokens read, of them not computed anew, and written."""

NAMES = (*USAGE, "errors")
"""Beside them the samples that ended with an error of their own."""

_BITS = 64


class Meters:
    """The sums of one process."""

    def __init__(self) -> None:
        self.values = [0] * len(NAMES)
        self.changed = False
        """Since the board was told."""
        self.drifting = 0
        """A bit for each component of the service, by its place: whether a calibrated judge's live verdicts drift."""

    def count(self, *, reused: bool, prompt: int, cached: int, output: int) -> None:
        """A verdict; one that is repeated costs nothing."""
        spent = (0, 0, 0) if reused else (prompt, cached, output)
        self.changed = True
        for place, amount in enumerate((1, int(reused), *spent)):
            self.values[place] += amount

    def error(self) -> None:
        """A sample that cannot be graded."""
        self.changed = True
        self.values[-1] += 1

    def drift(self, place: int, drifts: bool) -> None:
        """Whether the component at this place drifts now. Beyond the 64th nothing is told."""
        if place < _BITS:
            self.changed = True
            self.drifting = self.drifting & ~(1 << place) | (drifts << place)


METERS = Meters()
"""Of this process."""
