"""The leaf: a grader that is asked about a sample."""

import json
from typing import Annotated, Any

from pydantic import AfterValidator, Field, FiniteFloat, PrivateAttr, StringConstraints

from gradewire_trainer.spec.leaf import Leaf
from gradewire_trainer.spec.tree import Asked, Node, States, Visit, node, wrong


def _json_object(told: dict[str, Any]) -> dict[str, Any]:
    try:
        json.dumps(told, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise wrong(f"is not JSON: {error}") from None
    return told


@node("grader")
class Grader(Node):
    """Ask a grader."""

    grader: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    """Its name, as `gradewire doctor` lists it: `answer`, `code`, `judge` …"""

    parameters: Annotated[dict[str, Any], AfterValidator(_json_object)] = Field(default_factory=dict)
    """What the grader's schema accepts; the service checks it."""

    service: str = ""
    """The service to ask, by its name. Needed only when two of them serve a grader of this name."""

    timeout_s: Annotated[FiniteFloat, Field(ge=0.001, le=86_400)] | None = None
    """How long one sample may be worked on, in seconds. None: the service's default."""

    part: str = ""
    """Take this part of the grade for its score, such as `lint` of `code_quality`; leaves that ask the same and take
    different parts share one call. Empty: the grade's score."""

    _leaves: dict[str, Leaf] = PrivateAttr(default_factory=dict)

    def leaf(self, path: str) -> Leaf:
        """This leaf at its place in a spec. Made once, since every step over every group asks for its key."""
        leaf = self._leaves.get(path)
        if leaf is None:
            leaf = Leaf(path, self.grader, self.parameters, self.service, self.timeout_s, self.part)
            self._leaves[path] = leaf
        return leaf

    def evaluate(self, visit: Visit, path: str, asked: Asked) -> States:
        """The grader's scores."""
        return visit.grader(self.leaf(path), asked)
