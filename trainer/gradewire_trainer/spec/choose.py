"""The choice: which node grades a group is told by a field of its item."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from gradewire_trainer.errors import did_you_mean
from gradewire_trainer.spec.tree import AnyNode, Asked, Node, States, Visit, node
from gradewire_trainer.types import Failure


@node("choose")
class Choose(Node):
    """Ask the node that the item's field names: data sets mix kinds of prompts, and each kind has its graders."""

    choose: Annotated[str, StringConstraints(min_length=1)]
    """The field's name. Its value is compared as text: `2` chooses the case '2'."""

    cases: Annotated[dict[str, AnyNode], Field(min_length=1)]
    """By the field's value."""

    otherwise: AnyNode | None = Field(default=None, alias="else")
    """For every other value, and for items without the field. None: these cannot be graded."""

    def children(self) -> Iterator[tuple[str, Node]]:
        """The cases, in the order of the spec."""
        for value, child in self.cases.items():
            yield f"cases.{value}", child
        if self.otherwise is not None:
            yield "else", self.otherwise

    def evaluate(self, visit: Visit, path: str, asked: Asked) -> States:
        """The chosen node's states. An item that chooses nothing is an error, never the lowest score."""
        value = str(visit.item.get(self.choose, ""))
        if value in self.cases:
            return visit(self.cases[value], f"{path}.cases.{value}", asked)
        if self.otherwise is not None:
            return visit(self.otherwise, f"{path}.else", asked)
        what = f"is {value!r}" if self.choose in visit.item else "is missing"
        told = f"the item's {self.choose!r} {what}; the spec has: {', '.join(self.cases)}."
        failure = Failure("NO_SUCH_CASE", told + did_you_mean(value, self.cases), "FAILED_PRECONDITION", path)
        return dict.fromkeys(asked.ids, failure)
