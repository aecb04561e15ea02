"""From a problem whose answer is one number to a row: the value in many forms and voices, and what others got wrong."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from rows.broken import broken
from rows.forms import Written, decimal_of, forms_of, value_of
from rows.languages import say_in
from rows.model import Response, Row, arranged
from rows.voices import say, take_back


@dataclass(frozen=True)
class NumberProblem:
    """A prompt whose answer is one number.

    `value` is computed; `reference` is the same as the data set writes it, and must read as that value.
    `slips` are the values that the usual mistakes lead to. `unit` may follow the number in a response, never in the
    reference. `said` are responses that no template would make, each with its label.
    """

    prompt: str
    value: Fraction | int
    reference: str | int | float
    work: str
    slips: Sequence[Fraction | int]
    language: str = "en"
    unit: str = ""
    said: Sequence[tuple[str, int]] = ()


def row_of(name: str, problem: NumberProblem, rng: random.Random) -> Row:
    """The problem with three to six responses. Raises ValueError when value, reference and slips disagree."""
    value = Fraction(problem.value)
    if value_of(str(problem.reference)) != value:
        raise ValueError(f"{name}: the reference {problem.reference!r} is not {value}")
    if value in problem.slips or not problem.slips:
        raise ValueError(f"{name}: slips must be other numbers than the answer, {value}")
    rights = [_right(problem, value, rng) for _ in range(rng.choice((1, 1, 2, 2, 3)))]
    wrongs = [_wrong(problem, value, rng) for _ in range(rng.choice((1, 1, 2)))]
    others = [_broken(problem, value, rng) for _ in range(rng.choice((0, 0, 1, 1, 1)))]
    responses = rights + wrongs + others + [Response(text, 1 if label else 0) for text, label in problem.said]
    while len(responses) < 3:
        responses.append(_right(problem, value, rng))
    return Row(name, "answer", problem.prompt, arranged(responses, rng), problem.reference)


def _written(problem: NumberProblem, value: Fraction, rng: random.Random) -> Written:
    forms = forms_of(value)
    if problem.language != "en":  # where a comma starts the decimals, 1,080 is little more than one
        forms = [form for form in forms if "," not in form.plain]
    form = rng.choice(forms)
    if problem.unit and form.plain[-1].isdigit() and "^" not in form.plain and rng.random() < 0.5:
        return Written(f"{form.plain} {problem.unit}", rf"{form.tex}\text{{ {problem.unit}}}")
    return form


def _voiced(problem: NumberProblem, answer: Written, rng: random.Random) -> str:
    if problem.language == "en":
        return say(problem.prompt, problem.work, answer, rng)
    return say_in(problem.language, problem.work, answer, rng)


def _right(problem: NumberProblem, value: Fraction, rng: random.Random) -> Response:
    answer = _written(problem, value, rng)
    if problem.language == "en" and rng.random() < 0.12:
        first = rng.choice(forms_of(Fraction(rng.choice(problem.slips))))
        return Response(take_back(problem.work, first, answer, rng), 1)
    return Response(_voiced(problem, answer, rng), 1, rng.choice((None, "stop")))


def _wrong(problem: NumberProblem, value: Fraction, rng: random.Random) -> Response:
    others = [Fraction(slip) for slip in problem.slips]
    if value:
        others.append(-value)
    if decimal_of(value) is None:
        others += [rounded for digits in (2, 3) if (rounded := Fraction(str(round(float(value), digits)))) != value]
    other = rng.choice(others)
    if problem.language == "en" and rng.random() < 0.1:
        first = rng.choice(forms_of(value))
        return Response(take_back(problem.work, first, _written(problem, other, rng), rng), 0)
    return Response(_voiced(problem, _written(problem, other, rng), rng), 0, rng.choice((None, "stop")))


def _broken(problem: NumberProblem, value: Fraction, rng: random.Random) -> Response:
    right = forms_of(value)[0]
    wrong = forms_of(Fraction(rng.choice(problem.slips)))[0]
    return broken(problem.prompt, problem.work, right, wrong, problem.language, rng)
