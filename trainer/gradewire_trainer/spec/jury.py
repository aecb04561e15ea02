"""The jury: several graders are asked the same, and what they say together is the score."""

from collections.abc import Callable, Iterator, Sequence
from statistics import mean, median
from typing import Annotated, Literal

from pydantic import Field, FiniteFloat, PositiveInt, model_validator

from gradewire_trainer.spec.tree import AnyNode, Asked, Node, State, States, Visit, first_failure, node, walk, wrong
from gradewire_trainer.types import UNDECIDED, Failure


@node("jury")
class Jury(Node):
    """Every member is asked; with `quorum` of them, those that have a score decide without the others."""

    jury: Annotated[list[AnyNode], Field(min_length=2)]

    verdict: Literal["mean", "median", "majority"] = "mean"
    """`majority`: 1 where more members have at least the threshold than have not, 0 where fewer have; as many are
    undecided."""

    threshold: FiniteFloat = 0.5
    """From this score on, a member of a majority is in favour."""

    quorum: PositiveInt | None = None
    """Members that must have a score. None: all, so that no member's error changes what the score means."""

    @model_validator(mode="after")
    def _can_be_met(self) -> "Jury":
        if self.quorum is not None and self.quorum > len(self.jury):
            raise wrong(f"has a quorum of {self.quorum}, and {len(self.jury)} members")
        if self.verdict != "majority" and "threshold" in self.model_fields_set:
            raise wrong(f"has a threshold, and the verdict is the {self.verdict}; only a majority has one")
        for path, below in (found for at, member in self.children() for found in walk(member, at)):
            if self.verdict == "majority" and below.on_error.action == "abstain":
                raise wrong(f"{path} abstains on an error, and the mean of other samples would vote. Give a quorum")
        return self

    def children(self) -> Iterator[tuple[str, Node]]:
        """The members, in the order of the spec."""
        for index, member in enumerate(self.jury):
            yield f"jury[{index}]", member

    def evaluate(self, visit: Visit, path: str, asked: Asked) -> States:
        """What the members say together; where too few have a score, the error of one of them."""
        told = [visit(member, f"{path}.jury[{index}]", asked) for index, member in enumerate(self.jury)]
        quorum = self.quorum or len(self.jury)
        states: dict[str, State] = {}
        for sample_id in asked.ids:
            have = [member[sample_id] for member in told]
            scores = [state for state in have if isinstance(state, float)]
            if None in have:
                states[sample_id] = None
            elif len(scores) < quorum:
                states[sample_id] = first_failure([state for state in have if isinstance(state, Failure)])
            else:
                states[sample_id] = self._together(scores, path)
        return states

    def _together(self, scores: Sequence[float], path: str) -> State:
        if self.verdict != "majority":
            # Both are exact and take no notice of the order: `mean` works with fractions.
            together: Callable[[Sequence[float]], float] = mean if self.verdict == "mean" else median
            return together(scores)
        favour = sum(score >= self.threshold for score in scores)
        against = len(scores) - favour
        if favour == against:
            return Failure(UNDECIDED, f"the jury is split: {favour} to {against}", "FAILED_PRECONDITION", path)
        return 1.0 if favour > against else 0.0
