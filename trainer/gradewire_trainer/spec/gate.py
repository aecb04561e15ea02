"""The gate: what comes after it is asked only about the samples that pass."""

from collections.abc import Iterator

from pydantic import Field, FiniteFloat, model_validator

from gradewire_trainer.spec.tree import AnyNode, Asked, Node, State, States, Visit, node, walk, wrong
from gradewire_trainer.types import Failure


@node("gate")
class Gate(Node):
    """If the gate's score is at least the threshold, the score of `then`; otherwise `else`."""

    gate: AnyNode
    """Asked about every sample."""

    threshold: FiniteFloat = 1.0

    then: AnyNode
    """Asked about those that pass. It may be the gate's own grader again: that asks nothing twice."""

    otherwise: FiniteFloat = Field(default=0.0, alias="else")
    """The score of those that do not pass."""

    @model_validator(mode="after")
    def _nothing_imputed_decides(self) -> "Gate":
        for path, below in walk(self.gate, "gate"):
            if below.on_error.action == "abstain":
                raise wrong(
                    f"{path} abstains on an error, and the mean of others would open or close the gate. "
                    "Let the gate node itself abstain (on_error beside 'gate:')"
                )
        return self

    def children(self) -> Iterator[tuple[str, Node]]:
        """What decides, and what comes after."""
        yield "gate", self.gate
        yield "then", self.then

    def evaluate(self, visit: Visit, path: str, asked: Asked) -> States:
        """A gate without a score neither opens nor closes: the node has none either."""
        states: dict[str, State] = dict(visit(self.gate, f"{path}.gate", asked))
        passed = tuple(
            sample_id for sample_id, state in states.items() if isinstance(state, float) and state >= self.threshold
        )
        settled = asked.settled and None not in states.values()
        after = visit(self.then, f"{path}.then", Asked(passed, settled))
        for sample_id, state in states.items():
            if state is not None and not isinstance(state, Failure):
                states[sample_id] = after.get(sample_id, self.otherwise)
        return states
