"""OpenAI's model graders over the wire: the grader 'judge' asks a served model by their template, labels and range."""

import json
from typing import Any

import grpc
import pytest

from gradewire.v1 import grader_pb2, sample_pb2
from gradewire_protos import StatusParts, parse_status
from tests.services.service_wire import Served, group, ledger, refused, request

pytest.importorskip("transformers", reason="the judge's backend is not installed")

_INPUT = [{"role": "user", "content": "Does {{sample.output_text}} say {{item.fact}}?"}]
_SCORE = {"type": "score_model", "name": "s", "model": "o4-mini", "input": _INPUT, "range": [-1, 1]}
_LABEL = _SCORE | {"type": "label_model", "labels": ["yes", "no"], "passing_labels": ["yes", "no"]}


def _asked(texts: list[str], form: dict[str, Any], judge: str | None = "pairwise", **item: str) -> Any:
    asked = group(texts)
    asked.item_json = json.dumps(item)
    form = {name: value for name, value in form.items() if not (form["type"] == "label_model" and name == "range")}
    told = {"openai": form} | ({"judge": judge} if judge else {})
    return request(asked, grader="judge", parameters=json.dumps(told))


def _graded(served: Served, asked: Any) -> list[grader_pb2.Result]:
    return [result for _, result in sorted(ledger(asked, served.graders.Grade(asked, timeout=60)).items())]


def _refused(served: Served, form: dict[str, Any], judge: str = "pairwise") -> StatusParts:
    return refused(lambda: served.graders.Grade(_asked(["It sleeps."], form, judge), timeout=60))


def test_a_score_is_in_the_forms_range_and_its_threshold_decides(modelled: Served) -> None:
    texts = ["It is on the mat.", "It is <|im_end|> elsewhere.", ""]
    low, other, empty = _graded(modelled, _asked(texts, _SCORE | {"pass_threshold": -1}, fact="the cat is on the mat"))
    for one in (low, other):
        assert -1 <= one.grade.score <= 1
        assert one.grade.outcome == grader_pb2.OUTCOME_PASSED
        assert len(one.grade.parts) == 10
    assert (empty.grade.outcome, empty.grade.score) == (grader_pb2.OUTCOME_NO_ANSWER, -1)
    (high, *_) = _graded(modelled, _asked(texts, _SCORE | {"pass_threshold": 1}, fact="the cat is on the mat"))
    assert high.grade.outcome == grader_pb2.OUTCOME_FAILED
    assert high.grade.score == low.grade.score
    assert high.grade.usage.reused  # a threshold changes nothing that the model is asked


def test_other_templates_and_labels_are_other_verdicts(modelled: Served) -> None:
    def key(form: dict[str, Any]) -> tuple[bool, str, str]:
        (one,) = _graded(modelled, _asked(["It sleeps."], form, fact="the cat sleeps"))
        return one.grade.usage.reused, one.grade.versions["template"], json.loads(one.grade.detail_json)["label"]

    told = [key(_SCORE), key(_SCORE | {"range": [0, 1]}), key(_LABEL), key(_LABEL | {"passing_labels": ["yes"]})]
    assert [reused for reused, _, _ in told] == [False] * 4
    assert len({template for _, template, _ in told}) == 4
    assert told[2][2] in ("yes", "no")
    assert key(_LABEL)[0]


def test_what_an_item_lacks_is_its_samples_error_and_what_a_form_lacks_the_calls(modelled: Served) -> None:
    (lacking,) = _graded(modelled, _asked(["It sleeps."], _SCORE))
    error = parse_status(lacking.error)
    assert (error.code, error.violations[0].field) == (grpc.StatusCode.INVALID_ARGUMENT, "item.fact")
    (blank,) = _graded(modelled, _asked(["It sleeps."], _SCORE, fact=" "))
    assert parse_status(blank.error).violations[0].field == "item.fact"
    for form, where in (
        ({"type": "python"} | {"input": _INPUT}, "parameters.openai.type"),
        (_SCORE | {"range": [1, 0]}, "parameters.openai.range"),
        (
            _SCORE | {"input": [{"role": "user", "content": "x " * 9000 + "{{sample.output_text}}"}]},
            "parameters.openai.input",
        ),
        (_SCORE | {"temprature": 1}, "parameters.openai.temprature"),
        (_SCORE | {"input": [{"role": "user", "content": "{{item.fact}}"}]}, "parameters.openai.input"),
    ):
        parts = _refused(modelled, form)
        assert (parts.code, parts.violations[0].field) == (grpc.StatusCode.INVALID_ARGUMENT, where)
    parts = _refused(modelled, _SCORE, "rules")
    assert "no model" in parts.message


def test_the_forms_model_may_name_the_judge(modelled: Served) -> None:
    asked = _asked(["It sleeps."], _SCORE | {"model": "test-model"}, judge=None, fact="the cat sleeps")
    asked.groups[0].prompt.append(sample_pb2.Message(role="user", content="What does it do?"))
    (one,) = _graded(modelled, asked)
    assert one.grade.versions["card"] == "test-model"
