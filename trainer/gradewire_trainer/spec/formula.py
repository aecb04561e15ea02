"""The formula node: arithmetic over the scores of its parts."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from gradewire_trainer.errors import did_you_mean
from gradewire_trainer.spec.arithmetic import FUNCTIONS, FormulaSyntaxError, NoFiniteValueError, parse_formula
from gradewire_trainer.spec.tree import AnyNode, Asked, Node, State, States, Visit, first_failure, node, wrong
from gradewire_trainer.types import Failure


def _parses(text: str) -> str:
    try:
        parse_formula(text)
    except FormulaSyntaxError as error:
        raise wrong(str(error)) from None
    return text.strip()


def _is_name(name: str) -> str:
    if not name.isidentifier() or name in FUNCTIONS:
        raise wrong("is no name for a part: letters, digits and _, not a digit first, and no function's name")
    return name


@node("formula")
class Formula(Node):
    """`0.8*correct + 0.2*style`: every part is asked, and a part without a score leaves the formula without one."""

    formula: Annotated[str, AfterValidator(_parses)]
    """+ - * / ^, parentheses, min max abs floor ceil exp sqrt log clip(value, low, high)."""

    parts: Annotated[dict[Annotated[str, AfterValidator(_is_name)], AnyNode], Field(min_length=1)]
    """By the names that the formula uses."""

    @model_validator(mode="after")
    def _names_match(self) -> "Formula":
        names = parse_formula(self.formula).names
        for name in sorted(names - set(self.parts)):
            hint = did_you_mean(name, self.parts)
            raise wrong(f"no part is named {name!r}.{hint} There are: {', '.join(self.parts)}")
        for name in self.parts:
            if name not in names:
                raise wrong(f"the part {name!r} is not in the formula; add it there, or remove the part")
        return self

    def children(self) -> Iterator[tuple[str, Node]]:
        """The parts, in the order of the spec."""
        for name, part in self.parts.items():
            yield f"parts.{name}", part

    def evaluate(self, visit: Visit, path: str, asked: Asked) -> States:
        """Its value, for the samples of which every part has a score."""
        formula = parse_formula(self.formula)
        parts = {name: visit(part, f"{path}.parts.{name}", asked) for name, part in self.parts.items()}
        states: dict[str, State] = {}
        for sample_id in asked.ids:
            have = {name: of[sample_id] for name, of in parts.items()}
            failures = [state for state in have.values() if isinstance(state, Failure)]
            scores = {name: state for name, state in have.items() if isinstance(state, float)}
            if len(failures) + len(scores) < len(have):
                states[sample_id] = None
            elif failures:
                states[sample_id] = first_failure(failures)
            else:
                try:
                    states[sample_id] = formula.value(scores)
                except NoFiniteValueError as error:
                    told = f"{self.formula}: {error}"
                    states[sample_id] = Failure(error.reason, told, "FAILED_PRECONDITION", path)
        return states
