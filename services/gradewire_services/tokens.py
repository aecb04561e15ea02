"""About how many tokens a model has to read and write for a sample, told from its bytes before any tokenizer sees it.

The front holds no tokenizer. What a grader that asks a model says of its prompts is in its properties, under the names
here, so that a queue can be bounded in what it costs.
"""

from collections.abc import Mapping
from typing import NamedTuple

_BYTES_PER_TOKEN = 3
"""Fewer than English has (about four), and what a Chinese character takes."""


class TokenBounds(NamedTuple):
    """Of one grader's prompts; where its judges differ, the largest of each but `batch`."""

    template: int
    """Its own words, which every prompt has."""

    prompt: int
    """No prompt is longer."""

    output: int
    """At most written for one sample."""

    batch: int
    """Go through the model at once."""

    @property
    def own(self) -> int:
        """Of every estimate, what does not hang on the sample."""
        return self.template + self.output

    def estimate(self, size: int) -> int:
        """For a sample of so many bytes, with what its group shares."""
        return max(self.template, min(self.template - (-size // _BYTES_PER_TOKEN), self.prompt)) + self.output

    def properties(self) -> dict[str, str]:
        """As a grader's description has them."""
        return {f"tokens.{name}": str(value) for name, value in self._asdict().items()}

    @classmethod
    def of(cls, properties: Mapping[str, str]) -> "TokenBounds | None":
        """Out of a grader's description. None: it asks no model."""
        told = [properties.get(f"tokens.{name}", "") for name in cls._fields]
        return cls(*map(int, told)) if all(told) else None
