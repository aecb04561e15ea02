"""OpenAI's `score_model` and `label_model` as a parameter of the grader 'judge', asked of a served judge's model.

The form brings template, labels and range; the served judge brings model, frame, limits and how it thinks.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from gradewire.v1 import grader_pb2
from gradewire_judges import BadRequest as BadAsked
from gradewire_judges import CardError, JudgeRequest, JudgeVerdict
from gradewire_judges.openai_forms import OpenAiForm, openai_form
from gradewire_services.errors import BadRequest
from gradewire_services.grader import Grade, Graded
from gradewire_services.graders.judge_errors import in_our_words
from gradewire_services.graders.judge_wire import graded_of
from gradewire_services.graders.placeholders import seen_by_form
from gradewire_services.graders.verdict_cache import CachedJudge, Said
from gradewire_services.item import Item, Sample

_PATH = "parameters.openai"
_KEPT = 64
"""Forms that are kept fitted to their model: a loop asks with the same one again and again."""

_JUDGED = (grader_pb2.OUTCOME_PASSED, grader_pb2.OUTCOME_PARTIAL, grader_pb2.OUTCOME_FAILED)


class FormJudge:
    """A form on a model."""

    def __init__(self, form: OpenAiForm, asked: CachedJudge) -> None:
        self._form = form
        self.asked = asked

    def request(self, item: Item, sample: Sample) -> JudgeRequest:
        """What the form shows of a sample. Raises BadSample where item or sample lacks it."""
        try:
            seen = seen_by_form(item, sample)
            return self._form.request(sample.message.sample_id, seen["item"], seen["sample"])
        except BadAsked as error:
            raise in_our_words(error) from None

    def graded(self, said: Said) -> Graded:
        """As for any judge, but what passes is the form's to say, where it says anything about it."""
        graded = graded_of(said, self.asked.judge)
        if isinstance(graded, Grade) and isinstance(said.verdict, JudgeVerdict) and graded.outcome in _JUDGED:
            passed = self._form.passed(said.verdict)
            if passed is not None:
                graded.outcome = grader_pb2.OUTCOME_PASSED if passed else grader_pb2.OUTCOME_FAILED
        return graded


class OpenAiJudges:
    """Forms fitted to served models, the least recently used dropped first. Belongs to one thread."""

    def __init__(self) -> None:
        self._fitted: OrderedDict[tuple[str, str], FormJudge] = OrderedDict()

    def fitted(self, grader: Mapping[str, Any], base: CachedJudge) -> FormJudge:
        """The form on the base's model. Raises BadRequest with the place in the form."""
        key = base.judge.card.name, json.dumps(grader, sort_keys=True)
        if key not in self._fitted:
            self._fitted[key] = _fit(grader, base)
            if len(self._fitted) > _KEPT:
                self._fitted.popitem(last=False)
        self._fitted.move_to_end(key)
        return self._fitted[key]


def _fit(grader: Mapping[str, Any], base: CachedJudge) -> FormJudge:
    judge = base.judge
    if judge.engine is None or judge.card.mode == "reward_model":
        raise BadRequest.at((_PATH, f"judge {judge.card.name!r} has no model that chooses among labels: name another"))
    try:
        form = openai_form(grader, judge.card)
        return FormJudge(form, base.with_card(form.card))
    except CardError as error:
        # What is wrong may be the form by itself, or what the model makes of it.
        told = str(error).rpartition(f"{error.path}: ")[2] if error.path else str(error)
        where = "input" if error.path.startswith("template") else error.path
        raise BadRequest.at((f"{_PATH}.{where}".rstrip("."), told)) from None
