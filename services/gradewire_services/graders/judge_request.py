"""What a judge is asked about a sample: the prompt's last user message, the reference, and what its card reads."""

import json
from typing import Any

from gradewire_judges import Judge, JudgeRequest
from gradewire_services.errors import BadSample
from gradewire_services.item import Item, Sample

_OWN_FIELDS = ("question", "reference", "response", "response_b")


def request_of(judge: Judge, item: Item, sample: Sample) -> JudgeRequest:
    """What the judge is asked about a sample. Of the sample's and the item's fields, those that its card reads.

    Raises BadSample.
    """
    asked = [turn.content for turn in item.prompt if turn.role == "user"]
    reference = item.reference if item.reference_json else None
    if reference is not None and not isinstance(reference, str):
        reference = item.reference_json
    card = judge.card
    told = {**item.fields, **sample.fields}
    wanted = {*card.fields(), card.criteria_from or "response"}.difference(_OWN_FIELDS)
    other = told.get("response_b")
    if other is not None and not isinstance(other, str):
        raise BadSample.at("item_json.response_b", f"is {type(other).__name__}, not text")
    return JudgeRequest(
        id=sample.message.sample_id,
        response=sample.text,
        question=asked[-1] if asked else "",
        reference=reference,
        fields={name: _as_text(told[name]) for name in sorted(wanted) if told.get(name) is not None},
        response_b=other if card.mode == "pairwise" else None,
    )


def _as_text(value: Any) -> str:
    """A field as the judge reads it: a text as it is, anything else (a rubric) as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
