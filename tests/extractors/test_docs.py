"""docs/answers.md tells the truth: its examples run, its tables are what the engine says, its lists are complete."""

import json
import re
from pathlib import Path

import pytest

from gradewire_extractors import Policy, Verdict, extract, verify
from gradewire_extractors.compare.decision import _SENTENCES as SENTENCES
from gradewire_extractors.locate import Reason

PAGE = Path(__file__).parents[2] / "docs" / "answers.md"
TEXT = PAGE.read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


def rows(*columns: str) -> list[list[str]]:
    """The rows of all tables of the page that have these columns, without the marks of code."""
    found, lines = [], iter(TEXT.splitlines())
    for line in lines:
        if line == f"| {' | '.join(columns)} |":
            next(lines)
            for row in lines:
                if not row.startswith("|"):
                    break
                found.append([cell.strip().strip("`") for cell in row.strip("|").split(" | ")])
    assert found, columns
    return found


def _said(verdict: Verdict) -> str:
    return f"{verdict.outcome} · {verdict.reason}"


@pytest.mark.parametrize("snippet", SNIPPETS, ids=range(len(SNIPPETS)))
def test_a_snippet_runs(snippet: str) -> None:
    exec(compile(snippet, str(PAGE), "exec"), {})


@pytest.mark.parametrize(("response", "reference", "verdict"), rows("response", "reference", "verdict"))
def test_a_verdict_is_what_the_page_says(response: str, reference: str, verdict: str) -> None:
    assert _said(verify(response, reference)) == verdict


POLICIES = rows("response", "reference", "strict", "policy", "verdict")


@pytest.mark.parametrize(("response", "reference", "strict", "policy", "verdict"), POLICIES)
def test_a_policy_does_what_the_page_says(
    response: str, reference: str, strict: str, policy: str, verdict: str
) -> None:
    assert _said(verify(response, reference)) == strict
    assert _said(verify(response, reference, Policy(**json.loads(policy)))) == verdict


@pytest.mark.parametrize(("response", "answer", "method", "reason"), rows("response", "answer", "method", "reason"))
def test_an_answer_is_located_as_the_page_says(response: str, answer: str, method: str, reason: str) -> None:
    found = extract(response)
    assert (found.text or "—", found.method, found.reason) == (answer, method, reason)


def test_every_field_of_the_policy_is_explained_and_shown() -> None:
    shown = {field for row in POLICIES for field in json.loads(row[3])}
    told = [row[0] for row in rows("field", "default", "why")]
    assert set(told) == shown == set(Policy.model_fields)


def test_every_reason_is_explained() -> None:
    assert {row[0]: row[1] for row in rows("reason", "what it says")} == SENTENCES
    codes = TEXT.partition("it is the locator's: ")[2].partition(".\n")[0]
    none = set(list(Reason)[list(Reason).index(Reason.EMPTY) :])
    assert set(re.findall(r"`(\w+)`", codes)) == none
