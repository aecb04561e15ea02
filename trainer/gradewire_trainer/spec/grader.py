"""The leaf: a grader that is asked about a sample, or about the answer that another grader located in it."""

import json
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, Field, FiniteFloat, PrivateAttr, StringConstraints

from gradewire_trainer.spec.leaf import Leaf
from gradewire_trainer.spec.tree import AnyNode, Asked, Node, States, Visit, node, wrong
from gradewire_trainer.types import Failure, Outcome, Span


def _json_object(told: dict[str, Any]) -> dict[str, Any]:
    try:
        json.dumps(told, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise wrong(f"is not JSON: {error}") from None
    return told


def _locates(told: Node | None) -> Node | None:
    if told is None:
        return None
    if not isinstance(told, Grader):
        raise wrong(f"is a {told.kind}; it is a grader, since only a grader points at an answer")
    if told.on_error.action == "abstain":
        raise wrong("abstains on an error, and the mean of others is no answer. Let the node itself abstain")
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

    answer_from: Annotated[AnyNode | None, AfterValidator(_locates)] = None
    """A grader that locates an answer: what it points at is this one's response. Where it finds none, its own score
    stands, and this one is not asked."""

    _leaves: dict[str, Leaf] = PrivateAttr(default_factory=dict)

    def leaf(self, path: str) -> Leaf:
        """This leaf at its place in a spec. Made once, since every step over every group asks for its key."""
        leaf = self._leaves.get(path)
        if leaf is None:
            source = None
            if isinstance(self.answer_from, Grader):
                source = self.answer_from.leaf(f"{path}.answer_from")
            leaf = Leaf(path, self.grader, self.parameters, self.service, self.timeout_s, source)
            self._leaves[path] = leaf
        return leaf

    def children(self) -> Iterator[tuple[str, Node]]:
        """Who locates the answer, if somebody else does."""
        if self.answer_from is not None:
            yield "answer_from", self.answer_from

    def evaluate(self, visit: Visit, path: str, asked: Asked) -> States:
        """The grader's scores."""
        leaf = self.leaf(path)
        if self.answer_from is None or leaf.answer_from is None:
            return visit.grader(leaf, asked)
        located = visit(self.answer_from, leaf.answer_from.path, asked)
        states = dict(located)
        answers: dict[str, Span] = {}
        for sample_id, state in located.items():
            grade = visit.grade(leaf.answer_from, sample_id)
            if grade is None or not isinstance(state, float):
                continue
            if grade.answer is not None:
                answers[sample_id] = grade.answer
            elif grade.outcome is not Outcome.NO_ANSWER:
                told = f"{leaf.answer_from.grader} points at no answer; answer_from needs a grader that locates one"
                states[sample_id] = Failure("NO_ANSWER_SPAN", told, "FAILED_PRECONDITION", path)
        settled = asked.settled and None not in located.values()
        return {**states, **visit.grader(leaf, Asked(tuple(answers), settled), answers)}
