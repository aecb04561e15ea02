"""Reward specs: a tree whose leaves are graders and whose inner nodes combine them. Evaluated by `advance`."""

from gradewire_trainer.spec.cascade import Cascade
from gradewire_trainer.spec.choose import Choose
from gradewire_trainer.spec.formula import Formula
from gradewire_trainer.spec.gate import Gate
from gradewire_trainer.spec.grader import Grader
from gradewire_trainer.spec.jury import Jury
from gradewire_trainer.spec.leaf import Leaf
from gradewire_trainer.spec.reward_spec import ROOT, RewardSpec
from gradewire_trainer.spec.tree import Asked, Node, OnError, Scope, State, States, Visit, walk

__all__ = [
    "ROOT",
    "Asked",
    "Cascade",
    "Choose",
    "Formula",
    "Gate",
    "Grader",
    "Jury",
    "Leaf",
    "Node",
    "OnError",
    "RewardSpec",
    "Scope",
    "State",
    "States",
    "Visit",
    "walk",
]
