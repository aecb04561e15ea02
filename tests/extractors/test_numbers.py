"""Every way of writing a number is the same number, and near misses are not."""

import itertools

import pytest

from gradewire_extractors import Outcome, equivalent, verify

TWENTIETH = [
    ".05", "0.05", "0.050", "1/20", "\\frac{1}{20}", "\\frac1{20}", "\\dfrac{1}{20}", "\\tfrac{1}{20}", "5E-02", "5e-2",
    "5 x 10^-2", "5\\times10^{-2}", "5 \\times 10^{-2}", "5 · 10⁻²", "5 × 10^-2", "5 * 10^(-2)", "5*10**-2", "5%", "5\\%",
    "5 \\%", "$5\\%$", "５％", "½ · 1/10", "0.0500", "\\frac{5}{100}", "5 \\cdot 10^{-2}", "\\frac{0.5}{10}", "5/100",
    "+0.05", "\\frac{{1}}{{20}}", "5 percent", "2/40", "0.04\\overline{9}", "\\boxed{0.05}", "$$.05$$", "\\( 1/20 \\)",
]  # fmt: skip

SAME = [
    ("1,234", "1234"), ("1{,}234", "1234"), ("12\\,345", "12345"), ("1 234 567", "1234567"), ("1,234,567.89", "1234567.89"),
    ("1\\frac{1}{2}", "1.5"), ("1 1/2", "3/2"), ("-1 1/2", "-1.5"), ("1½", "1.5"), ("-\\frac{7}{2}", "-3.5"),
    ("\\frac{-7}{2}", "-3.5"), ("0.\\overline{3}", "1/3"), ("0.(3)", "1/3"), ("0.333...", "1/3"), ("0.1\\overline{6}", "1/6"),
    ("0.\\overline{142857}", "1/7"), ("0.3̅", "1/3"), ("0.\\overline{9}", "1"), ("−7", "-7"), ("–12", "-12"), ("７", "7"),
    ("٣٤", "34"), ("2^{10}", "1024"), ("2**10", "1024"), ("2^{3^2}", "512"), ("6 \\cdot 7", "42"), ("3 × 4 × 5", "60"),
    ("5!", "120"), ("\\binom{5}{2}", "10"), ("\\sqrt{49}", "7"), ("√49", "7"), ("\\sqrt[3]{27}", "3"), ("∛27", "3"),
    ("\\log_2 8", "3"), ("|{-5}|", "5"), ("|-5|", "5"), ("\\lfloor 3.7 \\rfloor", "3"), ("10^{-3}", "0.001"),
    ("10⁻³", "0.001"), ("-4.7 \\times 10^{5}", "-470000"), ("3.2E+04", "32000"), ("1E3", "1000"), ("7.", "7"), ("007", "7"),
    ("\\frac12", "0.5"), ("\\frac{1.5}{6}", "0.25"), ("22/7", "\\frac{22}{7}"), ("3 million", "3000000"), ("8\\frac{1}{4}\\%", "0.0825"),
    ("150%", "1.5"), ("\\sum_{k=1}^{10} k", "55"), ("\\prod_{k=1}^{5} k", "120"), ("\\frac{3}{4} + \\frac{1}{4}", "1"),
    ("1000000000000000000000", "10^{21}"), ("1011_2", "11"), ("0xFF", "255"), ("FF_{16}", "255"), ("100!", "100!"),
    ("1E999999999", "10^{999999999}"), ("1E999999999", "1.0 \\times 10^{999999999}"), ("-0", "0"), ("0.0", "0"), ("0%", "0"),
]  # fmt: skip

DIFFERENT = [
    ("41", "14"), ("-17", "17"), ("1.60 \\times 10^{-19}", "1.67 \\times 10^{-19}"), ("10^{-3}", "10^{3}"), ("0.333", "1/3"),
    ("10^{30}+1", "10^{30}"), ("123456789012345678", "123456789012345679"), ("5%", "5"), ("0.4%", "0.4"), ("50", "50%"),
    ("0.\\overline{3}", "0.33"), ("0.\\overline{9}", "0.9"), ("22/7", "7/22"), ("3\\frac{1}{2}", "3/2"), ("\\frac12", "12"),
    ("1E999999999", "1E999999998"), ("1E999999999", "5"), ("1E-999999999", "0"), ("77_8", "77"), ("1011_2", "1011_3"),
    ("2^{10}", "1000"), ("1,234", "1.234"), ("12,75", "12.75"), ("1/3", "0.3333333333333333"), ("1e-300", "0"), ("3.14", "\\pi"),
    ("\\frac{22}{7}", "\\pi"), ("x^2", "x2"), ("¼", "4"), ("9007199254740993", "9007199254740992"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("a", "b"), list(itertools.product(TWENTIETH, [".05", "\\frac{1}{20}", "5%", "5 x 10^-2"]))
)
def test_every_form_of_a_twentieth_is_equal(a: str, b: str) -> None:
    assert equivalent(a, b), equivalent(a, b)
    assert equivalent(b, a)


@pytest.mark.parametrize(("a", "b"), SAME)
def test_same(a: str, b: str) -> None:
    assert verify(f"\\boxed{{{a}}}", b), verify(f"\\boxed{{{a}}}", b)
    assert equivalent(b, a)


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_different(a: str, b: str) -> None:
    assert verify(f"\\boxed{{{a}}}", b).outcome is Outcome.NOT_EQUAL, verify(f"\\boxed{{{a}}}", b)
    assert equivalent(b, a).outcome is Outcome.NOT_EQUAL


def test_a_verdict_explains_itself() -> None:
    verdict = verify("\\boxed{5 x 10^-2}", "1/20")
    assert verdict
    assert verdict.to_dict() | {"elapsed_us": 0} == {
        "outcome": "equal",
        "reason": "same_value",
        "explanation": "Both have the same value.",
        "answer": "5 x 10^-2",
        "span": [7, 16],
        "method": "box",
        "canonical_answer": "1/20",
        "canonical_reference": "1/20",
        "tier": "exact",
        "kind_answer": "decimal",
        "kind_reference": "number",
        "elapsed_us": 0,
    }
