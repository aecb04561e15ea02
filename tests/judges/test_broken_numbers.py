"""A backend whose numbers are none: an error in every mode, and never a label."""

import dataclasses
import math
from typing import Any

import pytest

from gradewire_judges import BackendFailed, Judge, JudgeRequest, Unreadable, load_card
from gradewire_judges.backend import Labels, LabelScores, Prompts
from gradewire_judges.backends.scripted import Script, Scripted

_REQUEST = JudgeRequest(id="1", question="What is 2 + 3?", reference="5", response="It is 5.", response_b="7")


class _Broken(Scripted):
    """Gives every label but the last an ordinary probability."""

    last = 0.0
    others: float | None = None

    def score_labels(self, prompts: Prompts, labels: Labels, **how: Any) -> list[LabelScores | BackendFailed]:
        del how
        others = math.log(1 / len(labels)) if self.others is None else self.others
        numbers = (*[others] * (len(labels) - 1), self.last)
        return [LabelScores(numbers, 0, 0.0, len(prompt)) for prompt in prompts]


def _asked(judge: Judge, name: str, last: float, others: float | None = None) -> object:
    on = judge.with_card(load_card(name).model_copy(update={"min_label_mass": 0.0}))
    assert on.engine is not None
    backend = _Broken(Script(), on.engine.backend, on.engine.encoder)
    backend.last, backend.others = last, others
    (result,) = Judge(on.card, dataclasses.replace(on.engine, backend=backend)).judge([_REQUEST])
    return result


@pytest.mark.parametrize("last", [math.nan, math.inf, 0.5])
@pytest.mark.parametrize("name", ["equivalence", "quality", "pairwise", "plan"])
def test_numbers_that_are_no_log_probabilities_are_an_error(judge: Judge, name: str, last: float) -> None:
    """NaN is neither below a bound nor above it."""
    assert isinstance(_asked(judge, name, last), Unreadable)


def test_labels_without_any_probability_are_an_error(judge: Judge) -> None:
    assert isinstance(_asked(judge, "equivalence", -math.inf, -math.inf), Unreadable)


def test_a_label_without_probability_is_none(judge: Judge) -> None:
    assert not isinstance(_asked(judge, "equivalence", -math.inf), Unreadable)
