"""The choice by a field of the row: one spec for a file whose rows are graded in different ways."""

import json
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from gradewire_trainer.errors import did_you_mean
from gradewire_trainer.spec.tree import AnyNode, Asked, Node, States, Visit, node
from gradewire_trainer.types import Failure


@node("choose")
class Choose(Node):
    """The node of the case that the row names. A row that names none has no score, unless `else` says who grades it."""

    choose: Annotated[str, Field(min_length=1)]
    """A field of the item. A value that is not text is compared as JSON: 3, true."""

    cases: Annotated[dict[str, AnyNode], Field(min_length=1)]
    """By the field's value."""

    otherwise: AnyNode | None = Field(default=None, alias="else")
    """For every other value, and for rows without the field."""

    def children(self) -> Iterator[tuple[str, Node]]:
        """The cases, in the order of the spec."""
        for name, case in self.cases.items():
            yield f"cases.{name}", case
        if self.otherwise is not None:
            yield "else", self.otherwise

    def evaluate(self, visit: Visit, path: str, asked: Asked) -> States:
        """All samples of a group are of one row, so they have the same case."""
        value = visit.item.get(self.choose)
        name = value if isinstance(value, str) else json.dumps(value)
        if self.choose in visit.item and name in self.cases:
            return visit(self.cases[name], f"{path}.cases.{name}", asked)
        if self.otherwise is not None:
            return visit(self.otherwise, f"{path}.else", asked)
        if self.choose in visit.item:
            hint = did_you_mean(name, self.cases)
            told = f"{self.choose!r} is {name[:60]!r}, which no case is for.{hint} There are: {', '.join(self.cases)}"
        else:
            told = f"the row has no field {self.choose!r}, by which its grader is chosen"
        return dict.fromkeys(asked.ids, Failure("NO_CASE", told, "INVALID_ARGUMENT", path))
