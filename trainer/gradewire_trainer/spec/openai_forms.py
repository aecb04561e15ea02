"""OpenAI's grader JSON, read and checked: the forms of openai-openapi's `Grader*` schemas, and what people send.

The guides differ from the schemas, so both are taken: `ne` and `neq`; `graders` as an object, a list (by their names)
or one grader; no `name`. What a form means in a reward spec is `openai`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from gradewire_trainer.errors import SpecError, did_you_mean
from gradewire_trainer.spec.arithmetic import FUNCTIONS, FormulaSyntaxError, parse_formula
from gradewire_trainer.spec.document import step
from gradewire_trainer.spec.tree import wrong

_PLACE = re.compile(r"\{\{([^{}]*)\}\}")
_PATH = re.compile(r"(?:item|sample)(?:\.[\w-]+|\[\d{1,6}\])+")
_ROLES = ("system", "developer", "user", "assistant")
_TEXTS = ("input_text", "output_text", "text")


def _template(text: str) -> str:
    for found in _PLACE.finditer(text):
        if not _PATH.fullmatch(found[1].strip()):
            raise wrong(f"{found[0]} is no place; there are {{{{ item.FIELD }}}} and {{{{ sample.output_text }}}}")
    return text


def _messages(told: list[Any]) -> list[Any]:
    for place, message in enumerate(told):
        if not isinstance(message, Mapping) or message.get("role") not in _ROLES:
            raise wrong(f"[{place}] is no message; it has a role, one of {', '.join(_ROLES)}, and content")
        for text in _texts(message.get("content"), place):
            _template(text)
    shown = "".join(text for place, message in enumerate(told) for text in _texts(message["content"], place))
    if not any(found[1].strip().startswith("sample") for found in _PLACE.finditer(shown)):
        raise wrong("shows nothing of the sample; add {{ sample.output_text }}")
    return told


def _texts(content: object, place: int) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping) and content.get("type") in _TEXTS and isinstance(content.get("text"), str):
        yield content["text"]
    elif isinstance(content, Sequence) and content:
        for one in content:
            yield from _texts(one, place)
    else:
        raise wrong(f"[{place}].content is no text; images and audio cannot be judged here")


def _range(told: list[float]) -> list[float]:
    if not told[0] < told[1]:
        raise wrong("its lowest is not below its highest")
    return told


Metric = Literal[
    "cosine",
    "fuzzy_match",
    "bleu",
    "gleu",
    "meteor",
    "rouge_1",
    "rouge_2",
    "rouge_3",
    "rouge_4",
    "rouge_5",
    "rouge_l",
]
Template = Annotated[str, AfterValidator(_template)]
Messages = Annotated[list[Any], Field(min_length=1), AfterValidator(_messages)]
Labels = Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]


class Form(BaseModel):
    """Any of them."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: ClassVar[str]
    name: str = ""


class StringCheck(Form):
    """Is a text the reference, or does it contain it?"""

    kind = "string_check"
    input: Template
    reference: Template
    operation: Literal["eq", "ne", "neq", "like", "ilike"]


class TextSimilarity(Form):
    """How alike are two texts?"""

    kind = "text_similarity"
    input: Template
    reference: Template
    evaluation_metric: Metric
    pass_threshold: FiniteFloat | None = None


class ScoreModel(Form):
    """A judge model gives a number."""

    kind = "score_model"
    model: str
    input: Messages
    range: Annotated[list[FiniteFloat], Field(min_length=2, max_length=2), AfterValidator(_range)] = [0.0, 1.0]
    sampling_params: dict[str, Any] = {}
    pass_threshold: FiniteFloat | None = None


class LabelModel(Form):
    """A judge model chooses a label."""

    kind = "label_model"
    model: str
    input: Messages
    labels: Labels
    passing_labels: Labels
    sampling_params: dict[str, Any] = {}


class Python(Form):
    """`grade(sample, item)`, run in a sandbox."""

    kind = "python"
    source: Annotated[str, Field(min_length=1, max_length=262_143)]
    image_tag: str = ""
    pass_threshold: FiniteFloat | None = None


class Multi(Form):
    """Arithmetic over other graders. It holds no other `multi`."""

    kind = "multi"
    graders: dict[str, Form]
    calculate_output: str


_FORMS: dict[str, type[Form]] = {
    form.kind: form for form in (StringCheck, TextSimilarity, ScoreModel, LabelModel, Python)
}


def is_form(told: object) -> bool:
    """Whether this looks like a grader of OpenAI's, and not like a reward spec."""
    return isinstance(told, Mapping) and "type" in told and "reward" not in told


def read_form(told: Mapping[str, Any], path: str = "") -> Form:
    """Read a grader. Raises SpecError with the path into it; what else is wrong is in its `others`."""
    kind = told.get("type")
    if kind == Multi.kind and not path:
        return _multi(told)
    form = _FORMS.get(kind) if isinstance(kind, str) else None
    if form is None:
        known = [*_FORMS, *([] if path else [Multi.kind])]
        nested = " A multi holds no other multi." if kind == Multi.kind else ""
        hint = did_you_mean(str(kind), known)
        raise SpecError(step(path, "type"), f"is {kind!r}; it is one of {', '.join(known)}.{nested}{hint}")
    try:
        read = form.model_validate({key: value for key, value in told.items() if key != "type"})
    except ValidationError as error:
        raise _spec_error(error, form, path) from None
    if isinstance(read, LabelModel) and (strangers := [one for one in read.passing_labels if one not in read.labels]):
        raise SpecError(step(path, "passing_labels"), f"{strangers[0]!r} is none of the labels")
    return read


def _multi(told: Mapping[str, Any]) -> Multi:
    for key in told:
        if key not in ("type", "name", "graders", "calculate_output"):
            raise SpecError(str(key), f"no such field here.{did_you_mean(str(key), Multi.model_fields)}")
    formula = told.get("calculate_output")
    if not isinstance(formula, str):
        raise SpecError("calculate_output", "is missing, or no text")
    graders = {name: read_form(one, path) for name, (path, one) in _named(told.get("graders")).items()}
    try:
        names = parse_formula(formula).names
    except FormulaSyntaxError as error:
        raise SpecError("calculate_output", str(error)) from None
    for name in sorted(names - set(graders)):
        raise SpecError("calculate_output", f"no grader is named {name!r}.{did_you_mean(name, graders)}")
    for name in graders:
        if name not in names:
            raise SpecError("calculate_output", f"does not use the grader {name!r}; add it, or remove the grader")
    return Multi(name=str(told.get("name") or ""), graders=graders, calculate_output=formula)


def _named(told: object) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Each grader of a multi by its name, with its path."""
    found: dict[str, tuple[str, Any]] = {}
    if isinstance(told, Mapping) and "type" in told:
        found[str(told.get("name") or "")] = "graders", told
    elif isinstance(told, Mapping):
        found = {str(key): (step("graders", str(key)), one) for key, one in told.items()}
    elif isinstance(told, Sequence) and not isinstance(told, str):
        for place, one in enumerate(told):
            name = str(one.get("name") or "") if isinstance(one, Mapping) else ""
            if name in found:
                raise SpecError(f"graders[{place}].name", f"{name!r} stands twice; calculate_output tells them by name")
            found[name] = f"graders[{place}]", one
    if not found:
        raise SpecError("graders", "is missing or empty; it holds graders by name")
    for name, (path, one) in found.items():
        if not isinstance(one, Mapping):
            raise SpecError(path, f"is {type(one).__name__}, not a grader")
        if not name.isidentifier() or name in FUNCTIONS:
            said = "letters, digits and _, not a digit first, and no function's name"
            raise SpecError(path, f"has the name {name!r}, which calculate_output cannot use: {said}")
    return found


def _spec_error(error: ValidationError, form: type[Form], path: str) -> SpecError:
    found = []
    for problem in error.errors(include_url=False):
        where = path
        for key in problem["loc"]:
            where = step(where, key)
        message = problem["msg"]
        if problem["type"] == "extra_forbidden":
            message = f"no such field of a {form.kind}.{did_you_mean(str(problem['loc'][-1]), form.model_fields)}"
        elif problem["type"] == "missing":
            message = "is missing"
        found.append(SpecError(where, message[:1].lower() + message[1:]))
    found[0].others = tuple(found[1:])
    return found[0]
