"""What pydantic found wrong in parameters or in a configuration, as paths and sentences that say what to do."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel, ValidationError


def problems(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Each problem's path (empty: the whole) and what is wrong there, for what was to be a `model`."""
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        loc = problem["loc"]
        said = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            said = _unknown(str(loc[-1]), list(_at(model, loc[:-1]).model_fields))
        yield ".".join(map(str, loc)), said


def _unknown(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, 1)
    meant = f" Did you mean {close[0]!r}?" if close else ""
    return f"there is no such field.{meant} There are: {', '.join(known) or 'none'}"


def _at(model: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel]:
    """The model of the field at `loc`, through optional ones."""
    for key in loc:
        annotation = model.model_fields[str(key)].annotation
        models = [one for one in (annotation, *get_args(annotation)) if isinstance(one, type)]
        model = next(one for one in models if issubclass(one, BaseModel))
    return model
