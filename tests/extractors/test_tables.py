"""Every case of the tables in testdata/: as a bare answer, boxed in a response, and in the other order.

A line of a table is a mark and two answers, apart by ` || `. Marks: `=` equal, `!` not equal, `?` undecided,
`>` equal as response and reference, not the other way round (a response's unit may be dropped).
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from gradewire_extractors import Outcome, equivalent, verify

FOLDER = Path(__file__).with_name("testdata")
_MARKS = {"=": Outcome.EQUAL, "!": Outcome.NOT_EQUAL, "?": Outcome.UNDECIDED, ">": Outcome.EQUAL}


class Case(NamedTuple):
    """Two answers, and what comparing them must come to, in either order."""

    table: str
    answer: str
    reference: str
    outcome: Outcome
    directed: bool


def cases() -> list[Case]:
    """All cases of all tables."""
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            mark, answers = line[0], line[1:].split("||")
            if mark not in _MARKS or len(answers) != 2:
                raise ValueError(f"{path}:{number}: a line must be 'MARK  ANSWER || REFERENCE'")
            found.append(Case(path.stem, answers[0].strip(), answers[1].strip(), _MARKS[mark], mark == ">"))
    return found


CASES = cases()


def _id(case: Case) -> str:
    return f"{case.table}: {case.answer} | {case.reference}"


@pytest.mark.parametrize("case", CASES, ids=_id)
def test_boxed_in_a_response(case: Case) -> None:
    verdict = verify(f"So we get $\\boxed{{{case.answer}}}$.", case.reference)
    assert verdict.outcome is case.outcome, verdict
    if case.directed:
        assert verify(f"\\boxed{{{case.reference}}}", case.answer).outcome is Outcome.NOT_EQUAL


@pytest.mark.parametrize("case", CASES, ids=_id)
def test_in_either_order(case: Case) -> None:
    forth, back = equivalent(case.answer, case.reference), equivalent(case.reference, case.answer)
    assert forth.outcome is case.outcome, forth
    assert back.outcome is case.outcome, back


@pytest.mark.parametrize("text", sorted({text for case in CASES for text in (case.answer, case.reference)}))
def test_every_answer_equals_itself(text: str) -> None:
    assert verify(f"\\boxed{{{text}}}", text).outcome is Outcome.EQUAL
