"""OpenAI's grader JSON as reward specs: what each form asks, and every mistake by its path."""

import json
from pathlib import Path
from typing import Any

import pytest

from gradewire_trainer import RewardSpec
from gradewire_trainer.errors import SpecError
from gradewire_trainer.spec import Formula
from gradewire_trainer.spec.openai import node_of

_ASKS = [{"role": "user", "content": "Is {{ sample.output_text }} kind?"}]
_CHECK = {"type": "string_check", "name": "c", "input": "{{sample.output_text}}", "reference": "x", "operation": "eq"}
_SCORE = {"type": "score_model", "name": "s", "model": "o4-mini", "input": _ASKS, "range": [0, 5], "pass_threshold": 3}
_LABEL = {"type": "label_model", "model": "m", "input": _ASKS, "labels": ["a", "b"], "passing_labels": ["a"]}
_PYTHON = {
    "type": "python",
    "name": "p",
    "source": "def grade(sample, item):\n    return 1.0\n",
    "image_tag": "2025-05-08",
}
_ALIKE = {
    "type": "text_similarity",
    "input": "{{sample.output_text}}",
    "reference": "x",
    "evaluation_metric": "rouge_l",
}


@pytest.mark.parametrize(
    ("form", "grader", "parameters"),
    [
        (_CHECK, "string_check", {"input": "{{sample.output_text}}", "reference": "x", "operation": "eq"}),
        (_ALIKE, "text_similarity", {"input": _ALIKE["input"], "reference": "x", "evaluation_metric": "rouge_l"}),
        (_PYTHON, "python", {"source": _PYTHON["source"]}),
        (_SCORE, "judge", {"openai": _SCORE}),
        (_LABEL, "judge", {"openai": _LABEL}),
    ],
)
def test_a_form_is_a_leaf(form: dict[str, Any], grader: str, parameters: dict[str, Any]) -> None:
    (leaf,) = RewardSpec.parse(form).leaves
    assert (leaf.grader, leaf.parameters) == (grader, parameters)


@pytest.mark.parametrize(
    "graders",
    [
        {"c": _CHECK, "s": _SCORE},
        [_CHECK, _SCORE],
        {"c": {name: value for name, value in _CHECK.items() if name != "name"}, "s": _SCORE},
    ],
)
def test_a_multi_is_a_formula(graders: Any, tmp_path: Path) -> None:
    file = tmp_path / "grader.json"
    file.write_text(json.dumps({"type": "multi", "name": "m", "graders": graders, "calculate_output": "(c + s^2) / 2"}))
    spec = RewardSpec.load(file)
    assert isinstance(spec.root, Formula)
    assert [(leaf.path, leaf.grader) for leaf in spec.leaves] == [
        ("reward.parts.c", "string_check"),
        ("reward.parts.s", "judge"),
    ]
    assert RewardSpec.parse(spec.to_dict()) == spec


def test_a_judge_may_be_named() -> None:
    told = node_of({"type": "multi", "graders": _SCORE, "calculate_output": "s"}, judge="mine")
    assert told["parts"]["s"]["parameters"] == {"judge": "mine", "openai": _SCORE}


@pytest.mark.parametrize(
    ("form", "path", "says"),
    [
        ({"type": "nonsense"}, "type", "one of string_check"),
        ({"type": ["multi"]}, "type", "one of string_check"),
        (_CHECK | {"operation": "similar"}, "operation", "ilike"),
        (_CHECK | {"input": "{{ answer }}"}, "input", "{{ answer }} is no place"),
        (_CHECK | {"input": "{{ item.a.b + 1 }}"}, "input", "is no place"),
        (_CHECK | {"refrence": "x"}, "refrence", "Did you mean 'reference'"),
        ({"type": "string_check"}, "input", "is missing"),
        (_ALIKE | {"evaluation_metric": "rouge_9"}, "evaluation_metric", "rouge_l"),
        (_PYTHON | {"source": "#" * 262_144}, "source", "at most"),
        (_SCORE | {"range": [5, 5]}, "range", "not below"),
        (_SCORE | {"range": [0, float("nan")]}, "range[1]", "finite"),
        (_SCORE | {"input": "Is it kind?"}, "input", "list"),
        (_SCORE | {"input": [{"role": "user", "content": "Is it kind?"}]}, "input", "nothing of the sample"),
        (_SCORE | {"input": [{"role": "judge", "content": "x"}]}, "input", "[0] is no message"),
        (_SCORE | {"input": [{"role": "user", "content": [{"type": "input_image"}]}]}, "input", "images"),
        (_LABEL | {"passing_labels": ["c"]}, "passing_labels", "'c' is none of the labels"),
        (_LABEL | {"labels": []}, "labels", "at least 1"),
        ({"type": "multi", "graders": {"c": _CHECK}}, "calculate_output", "is missing"),
        ({"type": "multi", "graders": {"c": _CHECK}, "calculate_output": "c + d"}, "calculate_output", "named 'd'"),
        ({"type": "multi", "graders": {"c": _CHECK}, "calculate_output": "c +"}, "calculate_output", "column"),
        ({"type": "multi", "graders": {"c": _CHECK, "s": _SCORE}, "calculate_output": "c"}, "calculate_output", "'s'"),
        ({"type": "multi", "graders": [_CHECK, _CHECK], "calculate_output": "c"}, "graders[1].name", "stands twice"),
        ({"type": "multi", "graders": {"a b": _CHECK}, "calculate_output": "c"}, "graders.a b", "cannot use"),
        ({"type": "multi", "graders": {"c": 7}, "calculate_output": "c"}, "graders.c", "int, not a grader"),
        ({"type": "multi", "graders": {}, "calculate_output": "c"}, "graders", "empty"),
        (
            {"type": "multi", "graders": {"c": {"type": "multi"}}, "calculate_output": "c"},
            "graders.c.type",
            "holds no other multi",
        ),
        (
            {"type": "multi", "graders": {"c": _CHECK | {"operation": "x"}}, "calculate_output": "c"},
            "graders.c.operation",
            "ilike",
        ),
    ],
)
def test_mistakes_are_named_by_their_path(form: dict[str, Any], path: str, says: str) -> None:
    with pytest.raises(SpecError) as caught:
        RewardSpec.parse(form)
    assert caught.value.path == path
    assert says in caught.value.message


def test_all_mistakes_of_a_form_are_told(tmp_path: Path) -> None:
    file = tmp_path / "grader.json"
    file.write_text(json.dumps(_CHECK | {"operation": "x", "reference": 1}))
    with pytest.raises(SpecError) as caught:
        RewardSpec.load(file)
    assert [error.path for error in (caught.value, *caught.value.others)] == ["reference", "operation"]
    assert str(caught.value).startswith(f"{file}: reference: ")
