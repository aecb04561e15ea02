"""From a problem whose answer is no single number to a row: sets, intervals, equations, expressions, letters, words."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from rows.broken import broken
from rows.forms import Written
from rows.languages import say_in
from rows.model import Response, Row, arranged
from rows.voices import say


@dataclass(frozen=True)
class FormProblem:
    """A prompt with the ways in which its answer may rightly be written, and wrong answers.

    A form in LaTeX (it has a backslash, a caret or a brace) goes between dollars in running text. `holds` is a fact,
    computed where the problem stands, that only the right answer makes true. `said` are whole responses with labels.
    """

    prompt: str
    reference: str
    holds: bool
    work: str
    right: Sequence[str]
    wrong: Sequence[str]
    language: str = "en"
    said: Sequence[tuple[str, int]] = ()


def row_of(name: str, problem: FormProblem, rng: random.Random) -> Row:
    """The problem with three to six responses. Raises ValueError when its fact does not hold."""
    if not problem.holds:
        raise ValueError(f"{name}: the fact that supports {problem.reference!r} does not hold")
    rights = rng.sample(list(problem.right), k=min(len(problem.right), rng.choice((1, 2, 2, 3))))
    wrongs = rng.sample(list(problem.wrong), k=min(len(problem.wrong), rng.choice((1, 2))))
    responses = [Response(text, 1 if label else 0) for text, label in problem.said]
    responses += [Response(_voiced(problem, form, rng), 1, rng.choice((None, "stop"))) for form in rights]
    responses += [Response(_voiced(problem, form, rng), 0, rng.choice((None, "stop"))) for form in wrongs]
    if rng.random() < 0.4 or len(responses) < 3:
        right, wrong = _written(problem.right[0]), _written(problem.wrong[0])
        responses.append(broken(problem.prompt, problem.work, right, wrong, problem.language, rng))
    return Row(name, "answer", problem.prompt, arranged(responses, rng), problem.reference)


def _written(form: str) -> Written:
    return Written.latex(form) if set(form) & set("\\^{_") else Written.both(form)


def _voiced(problem: FormProblem, form: str, rng: random.Random) -> str:
    if problem.language == "en":
        return say(problem.prompt, problem.work, _written(form), rng)
    return say_in(problem.language, problem.work, _written(form), rng)
