"""What a grader of OpenAI's means as a reward spec: each form a leaf, `multi` a formula.

The leaves are graders that services bring: `string_check`, `text_similarity`, `judge`, `python`. Nothing is graded
here; what fails there is an error, where OpenAI has a 0.
"""

from collections.abc import Mapping
from typing import Any

from gradewire_trainer.spec.openai_forms import (
    Form,
    LabelModel,
    Multi,
    Python,
    ScoreModel,
    StringCheck,
    TextSimilarity,
    is_form,
    read_form,
)

__all__ = ["is_form", "node_of"]


def node_of(told: Mapping[str, Any], *, judge: str = "") -> dict[str, Any]:
    """The node, as a spec's file would have it.

    Args:
        told: the grader.
        judge: the served judge whose model answers `score_model` and `label_model`. Empty: the one that the form's
            `model` names, else the only one that is served.

    Raises:
        SpecError: with the path into the grader.
    """
    return _node(read_form(told), judge)


def _node(form: Form, judge: str) -> dict[str, Any]:
    match form:
        case Multi():
            parts = {name: _node(one, judge) for name, one in form.graders.items()}
            return {"formula": form.calculate_output, "parts": parts}
        case ScoreModel() | LabelModel():
            named = {"judge": judge} if judge else {}
            told = {"type": form.kind, **form.model_dump(exclude_unset=True)}
            return {"grader": "judge", "parameters": {**named, "openai": told}}
        case StringCheck() | TextSimilarity():
            return {"grader": form.kind, "parameters": form.model_dump(exclude={"name"}, exclude_none=True)}
        case Python():
            parameters = form.model_dump(exclude={"name", "image_tag"}, exclude_none=True)
            return {"grader": "python", "parameters": parameters}
        case _:
            raise TypeError(f"{type(form).__name__} has no node")
