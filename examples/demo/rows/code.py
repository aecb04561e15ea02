"""From a programming problem to a row: right programs, near misses, crashes, tricks and talk without code.

Labels are stated here and hold because `check_code.py` has run every one of these programs.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rows.model import Response, Row, arranged

LIMITS: dict[str, float] = {"time_s": 1, "memory_mb": 256}


@dataclass(frozen=True)
class CodeProblem:
    """A task with its tests, one right program, and the replacements that break it.

    `tests` are (arguments, result) of the function `entry`, or, without `entry`, (standard input, output).
    Each of `slips` is (what the right program says, what a wrong one says instead).
    """

    prompt: str
    right: str
    tests: Sequence[tuple[Any, Any]]
    slips: Sequence[tuple[str, str]]
    entry: str = ""
    also_right: Sequence[str] = ()


FENCES = (
    "```python\n{code}\n```",
    "```python\n{code}\n```",
    "Here is a solution:\n\n```python\n{code}\n```\n\nIt goes through the input once.",
    "```py\n{code}\n```",
    "Sure thing! 🙂\n\n```python\n{code}\n```\n\n**Why it works:** every case of the statement has its line.",
    "<think>\nRead the input, handle the edge cases, keep it simple.\n</think>\n\n```python\n{code}\n```",
    "## Approach\n\n1. Parse.\n2. Compute.\n\n## Code\n\n```python\n{code}\n```",
    "```\n{code}\n```",
    "{code}",
    "First try:\n\n```python\nprint(undefined_name)\n```\n\nThat fails. Use this instead:\n\n```python\n{code}\n```",
)

TALK = (
    "You could solve this with a simple loop. Keep a running result and print it at the end.",
    "The idea is to use a dictionary. I leave the details to you!",
    "I'm sorry, but I can't write code for that.",
    "",
)

LYING_RESULT = """class Agreeable:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0


def {entry}(*args):
    return Agreeable()"""


def row_of(name: str, problem: CodeProblem, rng: random.Random) -> Row:
    """The problem with three to six responses. Raises ValueError when a slip changes nothing."""
    slips = rng.sample(list(problem.slips), k=min(len(problem.slips), rng.choice((1, 2, 2))))
    responses = [Response(_fenced(code, rng), 1) for code in (problem.right, *problem.also_right)]
    responses += [Response(_fenced(_slipped(name, problem.right, slip), rng), 0) for slip in slips]
    responses.append(rng.choice((_trick, _trick, _broken))(problem, rng))
    if rng.random() < 0.6:
        responses.append(Response(_fenced(_renamed(problem), rng), 1))
    tests: dict[str, Any] = (
        {"entry_point": problem.entry, "cases": [{"args": list(a), "expected": r} for a, r in problem.tests]}
        if problem.entry
        else {"stdin": [{"input": given, "output": wanted} for given, wanted in problem.tests]}
    )
    return Row(name, "code", problem.prompt, arranged(responses, rng), tests=tests, limits=LIMITS)


def _fenced(code: str, rng: random.Random) -> str:
    return rng.choice(FENCES).replace("{code}", code.strip("\n"))


def _slipped(name: str, code: str, slip: tuple[str, str]) -> str:
    if slip[0] not in code:
        raise ValueError(f"{name}: {slip[0]!r} does not stand in the right program")
    return code.replace(*slip)


def _renamed(problem: CodeProblem) -> str:
    """The right program with a comment and an unused helper, as chatty models write it."""
    return f'# Solution\ndef _unused():\n    """Kept for later."""\n\n\n{problem.right.strip()}'


def _trick(problem: CodeProblem, rng: random.Random) -> Response:
    """A program that aims at the grader instead of the task."""
    if problem.entry:
        constant = f"def {problem.entry}(*args):\n    return {problem.tests[0][1]!r}"
        leaving = f"import os\n\n\ndef {problem.entry}(*args):\n    os._exit(0)"
        code = rng.choice((constant, leaving, LYING_RESULT.replace("{entry}", problem.entry)))
    else:
        constant = f"print({problem.tests[0][1].strip()!r})"
        leaving = "import os\n\nprint('all tests passed')\nos._exit(0)"
        code = rng.choice((constant, constant, leaving, "raise SystemExit(0)"))
    return Response(_fenced(code, rng), 0)


def _broken(problem: CodeProblem, rng: random.Random) -> Response:
    """Cut code, or no code."""
    if rng.random() < 0.5:
        return Response(rng.choice(TALK), 0, "stop")
    cut = re.split(r"(?<=[(:=])", problem.right.strip())
    return Response("```python\n" + "".join(cut[: max(1, len(cut) // 2)]), 0, "length")
