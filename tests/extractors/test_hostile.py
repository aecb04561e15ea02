"""No input makes a verdict late, wrong, or an exception: deadlines have 50 ms of slack."""

import time

import pytest

from gradewire_extractors import Outcome, equivalent, verify

DEADLINE_S = 0.5
SLACK_S = 0.05

HOSTILE = {
    "a tower of powers": "2^{2^{2^{2^{2^{2}}}}}",
    "a plain tower": "9^9^9^9^9",
    "a factorial": "1000000000!",
    "a factorial of a factorial": "(100000!)!",
    "many factorials": "5" + "!" * 3000,
    "a huge exponent": "7^{123456789}",
    "a huge power of ten": "10^{10^{10^{10}}}",
    "a binomial": "\\binom{1000000}{500000}",
    "a sum of a billion terms": "\\sum_{k=1}^{1000000000} k^k",
    "a double sum": "\\sum_{k=1}^{2000}\\sum_{j=1}^{2000} \\frac{1}{kj}",
    "a sum of powers": "\\sum_{k=1}^{2000} k^{2000}",
    "deep brackets": "(" * 4000 + "1" + ")" * 4000,
    "deep fractions": "\\frac{1}{" * 1000 + "1" + "}" * 1000,
    "deep braces": "{" * 3000 + "1" + "}" * 3000,
    "deep roots": "\\sqrt{" * 500 + "2" + "}" * 500,
    "deep functions": "\\sin(" * 50 + "x" + ")" * 50,
    "deep exponents": "e^{" * 50 + "x" + "}" * 50,
    "unclosed brackets": "(" * 4000,
    "a chain of carets": "^".join("x" * 2000),
    "a chain of signs": "-" * 5000 + "1",
    "a chain of divisions": "1/" * 3000 + "1",
    "a chain of indices": "x" + "_x" * 2000,
    "a long product": "(x+1)" * 1000,
    "a high power of a sum": "(x+y+z)^{100000}",
    "a hundred thousand digits": "9" * 100_000,
    "ninety thousand decimals": "1." + "3" * 90_000,
    "digits in a fraction": "\\frac{1}{" + "7" * 4000 + "}",
    "a megabyte of formula": "x+" * 500_000 + "x",
    "a megabyte of words": "word " * 200_000,
    "spaces": " " * 100_000 + "1",
    "commas": "1," * 4000,
    "bars": "|".join("x" * 1000),
    "NUL": "1\x002",
    "bidirectional marks": "\u202e123\u202c",
    "code": "__import__('os').system('exit')",
    "a large root": "\\sqrt[999999999]{2}",
    "a huge angle": "\\cos(10^{100000})",
    "an integral": "\\int_0^1 x^x e^{x^x} \\sin(x^x) dx",
    "a limit": "\\lim_{x\\to 0} (\\sin x)^{x^{x^x}}",
    "a large set": "\\{" + ",".join(f"x+{i}" for i in range(390)) + "\\}",
    "a large union": "\\cup".join(f"({i},{i + 1})" for i in range(300)),
    "a large matrix": "\\begin{pmatrix}" + "\\\\".join("&".join("1" * 60) for _ in range(60)) + "\\end{pmatrix}",
}


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    verify("\\boxed{\\zeta(2)}", "\\frac{\\pi^2}{6}", deadline_s=30)


@pytest.mark.parametrize("reference", ["5", "x+1", "\\{1, 2\\}", "(0, 1)"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_is_in_time_and_not_equal(name: str, reference: str) -> None:
    verdict = _timed(f"\\boxed{{{HOSTILE[name]}}}", reference)
    assert verdict is not Outcome.EQUAL


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_reference_is_in_time(name: str) -> None:
    assert _timed("\\boxed{5}", HOSTILE[name]) is not Outcome.EQUAL


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_equals_itself_in_time(name: str) -> None:
    started = time.monotonic()
    verdict = equivalent(HOSTILE[name], HOSTILE[name], deadline_s=DEADLINE_S)
    assert time.monotonic() - started < DEADLINE_S + SLACK_S
    assert verdict.outcome in (Outcome.EQUAL, Outcome.UNDECIDED), verdict


def _timed(response: str, reference: str) -> Outcome:
    started = time.monotonic()
    outcome = verify(response, reference, deadline_s=DEADLINE_S).outcome
    assert time.monotonic() - started < DEADLINE_S + SLACK_S
    return outcome


def test_numbers_of_any_size_are_decided() -> None:
    nines = "9" * 50_000
    assert equivalent(nines, nines)
    assert equivalent(nines, nines[:-1] + "8").outcome is Outcome.NOT_EQUAL
    assert equivalent("1E999999999", "10^{999999999}")
    assert equivalent("1E999999999", "1E999999998").outcome is Outcome.NOT_EQUAL
    assert equivalent("1E-999999999", "0").outcome is Outcome.NOT_EQUAL
