"""`{{ item.x }}` and `{{ sample.y }}` in the texts of OpenAI's graders, filled with what a function would be given.

Values go in once and are never read again: braces in a response mean nothing. A value that is no text goes in as JSON.
A judge's templates are not filled here: there, data never becomes text of the prompt (`gradewire_judges`).
"""

import contextlib
import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from gradewire_services.errors import BadRequest, BadSample
from gradewire_services.function import item_dict, sample_dict
from gradewire_services.item import Item, Sample

_PLACE = re.compile(r"\{\{([^{}]*)\}\}")
_PATH = re.compile(r"(item|sample)((?:\.[\w-]+|\[\d{1,6}\])+)")
_STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]")


def seen_by_form(item: Item, sample: Sample) -> dict[str, Any]:
    """What a form's places lead into: the row, and the sample with `output_json` where its text is JSON."""
    told = sample_dict(sample)
    with contextlib.suppress(ValueError, RecursionError):
        told["output_json"] = json.loads(told["output_text"], parse_constant=_no_constant)
    row = item_dict(item)
    if not item.prompt and "prompt" not in item.fields:
        del row["prompt"]  # nothing was sent, and `item.prompt` is a place that is not there
    return {"item": row, "sample": told}


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def fill(template: str, seen: Mapping[str, Any], parameter: str) -> str:
    """The template with its places filled.

    Args:
        template: any text.
        seen: see `seen_by_form`.
        parameter: the template's name among the grader's parameters.

    Raises:
        BadRequest: something between braces is no place in an item or a sample.
        BadSample: this item or sample lacks it.
    """

    def value(found: re.Match[str]) -> str:
        path = _PATH.fullmatch(found[1].strip())
        if path is None:
            raise BadRequest.at((f"parameters.{parameter}", f"{found[0]} is no place in `item` or `sample`"))
        there = seen[path[1]]
        for name, number in _STEP.findall(path[2]):
            try:
                there = there[name] if name else there[int(number)]
            except (KeyError, IndexError, TypeError):
                raise BadSample.at(path[0], f"there is no such place, and `{parameter}` shows it") from None
        return there if isinstance(there, str) else json.dumps(there, ensure_ascii=False)

    return _PLACE.sub(value, template)
