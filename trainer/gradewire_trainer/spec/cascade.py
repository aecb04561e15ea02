"""The cascade: the first that decides."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from gradewire_trainer.spec.tree import AnyNode, Asked, Node, State, States, Visit, node
from gradewire_trainer.types import Failure


@node("cascade")
class Cascade(Node):
    """Ask in order, cheapest first. Who cannot decide passes on; an error is an error, and passes nothing on."""

    cascade: Annotated[list[AnyNode], Field(min_length=1)]

    def children(self) -> Iterator[tuple[str, Node]]:
        """In order."""
        for index, child in enumerate(self.cascade):
            yield f"cascade[{index}]", child

    def evaluate(self, visit: Visit, path: str, asked: Asked) -> States:
        """When the last cannot decide either, the cascade cannot, and its own `on_error` speaks."""
        states: dict[str, State] = {}
        last = len(self.cascade) - 1
        for index, child in enumerate(self.cascade):
            told = visit(child, f"{path}.cascade[{index}]", asked, pass_undecided=index < last)
            states.update(told)
            passed_on = tuple(
                sample_id for sample_id, state in told.items() if isinstance(state, Failure) and state.undecided
            )
            asked = Asked(passed_on, asked.settled and None not in told.values())
        return states
