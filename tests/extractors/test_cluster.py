"""Clusters are those that comparing each answer with each class finds, and a thousand formulas are soon clustered."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradewire_extractors import Policy, cluster, equivalent

FOLDER = Path(__file__).with_name("testdata")
TEXTS = sorted(
    {
        part.strip()
        for path in sorted(FOLDER.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if "||" in line and not line.startswith("#")
        for part in line[1:].split("||")
        if part.strip()
        and not any(mark in part for mark in ("int", "sum", "lim", "prod", "!", "zeta", "choose", "binom"))
    }
)
"""Without what the algebra helper is asked for."""
RELATED = [
    "x^2-1", "(x-1)(x+1)", "x+1", "\\frac{x^2-1}{x-1}", "0.5", "\\frac{1}{2}", "50\\%", "1/2", "\\sqrt{2}",
    "\\frac{2}{\\sqrt{2}}", "2^{1/2}", "1.41421356237309504880168872420969807857", "\\{1,2\\}", "1, 2", "2, 1", "(1,2)",
    "(2,1)", "(1,2]", "x=3", "3", "3 cm", "three", "B", "b", "(B)", "\\ln x", "\\ln|x|", "\\ln x^2", "2\\ln x",
    "\\log 100", "2", "i", "-i", "3i+4j", "(3,4)", "(3,4,0)", "\\infty", "-\\infty", "undefined", "1011_2", "11",
    "11_{10}", "Paris", "paris.", "\\sin^2 x+\\cos^2 x", "1", "|x|", "x", "\\pi", "1e999999999",
    "9^{9^{9}}", "", "\\{1\\}", "[1,2]", "\\frac{1}{0}",
]  # fmt: skip


def _one_by_one(answers: list[str], policy: Policy) -> list[list[int]]:
    classes: list[list[int]] = []
    for index, answer in enumerate(answers):
        for members in classes:
            if equivalent(answers[members[0]], answer, policy):
                members.append(index)
                break
        else:
            classes.append([index])
    return classes


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(RELATED), st.sampled_from(TEXTS)), max_size=14),
    st.sampled_from(
        [Policy(), Policy(), Policy(), Policy(rel_tol=0.01), Policy(percent="either"), Policy(constant=True)]
    ),
)
def test_it_is_what_comparing_all_finds(answers: list[str], policy: Policy) -> None:
    assert cluster(answers, policy) == _one_by_one(answers, policy)


@pytest.mark.parametrize("policy", [Policy(), Policy(rounding=True)], ids=["strict", "rounding"])
def test_everything_at_once(policy: Policy) -> None:
    answers = RELATED * 2
    random.Random(5).shuffle(answers)
    assert cluster(answers, policy) == _one_by_one(answers, policy)


def test_a_thousand_formulas_take_about_a_second() -> None:
    forms = (
        "(x+{0})(x-{1})",
        "x^2 - {1}x + {0}x - {0}\\cdot {1}",
        "\\sqrt{{x+{0}}} + {1}",
        "\\{{{0}, {1}\\}}",
        "({1}, {0})",
    )
    answers = [form.format(a, a + b + 1) for a in range(20) for b in range(10) for form in forms]
    began = time.process_time()
    classes = cluster(answers)
    assert len(answers) == 1000
    assert len(classes) == 800
    assert time.process_time() - began < 8, "about one second on a quiet machine; comparing all took over twenty"
