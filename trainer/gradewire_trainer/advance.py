"""The step function of rewards: from the results so far, what to ask next, or the rewards.

Pure: no IO, no clock, no memory. What order results came in, and in what order the samples stand, changes nothing.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import mean
from typing import Any

from gradewire_trainer.errors import StepFailed
from gradewire_trainer.spec.leaf import Leaf
from gradewire_trainer.spec.reward_spec import ROOT, RewardSpec
from gradewire_trainer.spec.tree import Asked, Node, State, States
from gradewire_trainer.types import (
    UNDECIDED,
    Failure,
    Grade,
    GradeResult,
    Group,
    GroupRewards,
    Part,
    Reward,
    Span,
    StandIn,
)

Results = Mapping[str, Mapping[str, GradeResult]]
"""The results of a group so far: by `Leaf.key`, then by sample id."""


@dataclass(frozen=True, slots=True)
class Call:
    """A grader to ask about some samples of the group."""

    leaf: Leaf
    """The first in the spec of those that ask the same; file the results under its `key`."""

    sample_ids: tuple[str, ...]
    """In the group's order."""

    answers: Mapping[str, Span] = field(default_factory=dict)
    """By sample id, what it is asked about instead of the response: `answer_from`."""


@dataclass(frozen=True, slots=True)
class Calls:
    """What is needed next and has no result yet. Calls under way are among them: only the caller knows of those."""

    calls: tuple[Call, ...]


def advance(spec: RewardSpec, group: Group, results: Results) -> Calls | GroupRewards:
    """One step. With every call answered before the next, rewards come after no more steps than there are leaves.

    Raises StepFailed as soon as a sample has no score at a node whose `on_error` is `raise`.
    """
    step = _Step(group, results)
    ids = tuple(sample.sample_id for sample in group.samples)
    states = step(spec.root, ROOT, Asked(ids, settled=True))
    if any(state is None for state in states.values()):
        return Calls(tuple(step.call(leaf, ids, wanted) for leaf, wanted in step.needed.values()))
    parts = step.parts(spec)
    return GroupRewards(group.group_id, tuple(_reward(sample_id, states[sample_id], parts) for sample_id in ids))


class _Step:
    """One walk over the tree: a `Visit` that keeps what each node has, and which results are missing."""

    def __init__(self, group: Group, results: Results) -> None:
        self.group, self.results = group, results
        self.needed: dict[str, tuple[Leaf, set[str]]] = {}
        self.asked: dict[str, Leaf] = {}
        self.answers: dict[str, dict[str, Span]] = {}
        self.visited: dict[str, tuple[States, States, dict[str, StandIn]]] = {}

    def __call__(self, child: Node, path: str, asked: Asked, *, pass_undecided: bool = False) -> States:
        own = child.evaluate(self, path, asked)
        imputed = _group_mean(own, asked) if child.on_error.action == "abstain" else None
        states = dict(own)
        stand_ins: dict[str, StandIn] = {}
        for sample_id, state in own.items():
            if isinstance(state, Failure) and not (pass_undecided and state.undecided):
                states[sample_id], stand_in = self._on_error(child, path, sample_id, state, imputed)
                if stand_in is not None:
                    stand_ins[sample_id] = stand_in
        self.visited[path] = own, states, stand_ins
        return states

    @property
    def item(self) -> Mapping[str, Any]:
        return self.group.item

    def call(self, leaf: Leaf, ids: Sequence[str], wanted: Collection[str]) -> Call:
        answers = self.answers.get(leaf.key, {})
        return Call(
            leaf, tuple(i for i in ids if i in wanted), {i: answers[i] for i in ids if i in answers and i in wanted}
        )

    def grade(self, leaf: Leaf, sample_id: str) -> Grade | None:
        result = self.results.get(leaf.key, {}).get(sample_id)
        return result.outcome if result is not None and isinstance(result.outcome, Grade) else None

    def grader(self, leaf: Leaf, asked: Asked, answers: Mapping[str, Span] | None = None) -> States:
        self.asked[leaf.path] = leaf
        self.answers.setdefault(leaf.key, {}).update(answers or {})
        have = self.results.get(leaf.key, {})
        states: dict[str, State] = {}
        for sample_id in asked.ids:
            result = have.get(sample_id)
            states[sample_id] = None if result is None else _state(result, leaf)
            if result is None:
                self.needed.setdefault(leaf.key, (leaf, set()))[1].add(sample_id)
        return states

    def parts(self, spec: RewardSpec) -> dict[str, dict[str, Part]]:
        """What every node has, by sample; nodes in the spec's order."""
        parts: dict[str, dict[str, Part]] = {sample.sample_id: {} for sample in self.group.samples}
        for path, node in spec.nodes.items():
            own, states, stand_ins = self.visited.get(path, ({}, {}, {}))
            leaf = self.asked.get(path)
            for sample_id, state in states.items():
                error = own[sample_id]
                parts[sample_id][path] = Part(
                    node=path,
                    kind=node.kind,
                    score=state if isinstance(state, float) else None,
                    error=error if isinstance(error, Failure) else None,
                    stand_in=stand_ins.get(sample_id),
                    grader=leaf.grader if leaf else "",
                    result=self.results.get(leaf.key, {}).get(sample_id) if leaf else None,
                )
        return parts

    def _on_error(
        self, node: Node, path: str, sample_id: str, error: Failure, imputed: State
    ) -> tuple[State, StandIn | None]:
        if node.on_error.action == "raise":
            raise StepFailed(self.group.group_id, sample_id, path, error.reason, error.message)
        if node.on_error.action == "value":
            return node.on_error.value, StandIn.VALUE
        if node.on_error.action == "abstain" and not isinstance(imputed, Failure):
            return imputed, StandIn.GROUP_MEAN
        return error, None


def _reward(sample_id: str, state: State, parts: Mapping[str, Mapping[str, Part]]) -> Reward:
    return Reward(
        sample_id=sample_id,
        reward=state if isinstance(state, float) else None,
        error=state if isinstance(state, Failure) else None,
        parts=parts[sample_id],
    )


def _state(result: GradeResult, leaf: Leaf) -> State:
    """A result as a state: what is no finite score is a failure, whoever made it."""
    outcome = result.outcome
    if isinstance(outcome, Failure):
        return replace(outcome, node=leaf.path)
    if outcome.score is None:
        told = outcome.explanation or outcome.reason or "no reason was given"
        return Failure(UNDECIDED, f"{leaf.grader} cannot decide: {told}", "FAILED_PRECONDITION", leaf.path)
    if not math.isfinite(outcome.score):
        return Failure("SCORE_NOT_FINITE", f"{leaf.grader} gave the score {outcome.score}", "INTERNAL", leaf.path)
    return float(outcome.score)


def _group_mean(own: States, asked: Asked) -> State:
    """The mean of a part over the samples that have it; None while some may still come; a Failure when none has."""
    if not asked.settled or None in own.values():
        return None
    scores = [state for state in own.values() if isinstance(state, float)]
    # `mean` works with fractions: exact, so that the samples' order does not count, and without overflow.
    return mean(scores) if scores else Failure("NO_GROUP_MEAN", "no sample of the group has this part")
