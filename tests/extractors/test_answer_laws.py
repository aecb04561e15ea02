"""Laws that hold for all answers: symmetry, reflexivity, wrappers, permutation, exact value."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from gradewire_extractors import Outcome, cluster, equivalent, verify

ATOMS = st.one_of(
    st.integers(-999, 999).map(str),
    st.sampled_from(["x", "y", "n", "\\pi", "e", "\\sqrt{2}", "\\frac{1}{2}", "0.25", "3\\%", "\\theta", "x_1"]),
)


def _bigger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from([" + ", " - ", " \\cdot ", "*", ", ", " = ", " < "]), inner).map("".join),
        inner.map(lambda a: f"\\left({a}\\right)"),
        inner.map(lambda a: f"\\sqrt{{{a}}}"),
        inner.map(lambda a: f"\\{{{a}\\}}"),
        st.tuples(inner, inner).map(lambda p: f"\\frac{{{p[0]}}}{{{p[1]}}}"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]}, {p[1]}]"),
        st.tuples(inner, st.integers(-3, 4)).map(lambda p: f"{{{p[0]}}}^{{{p[1]}}}"),
        inner.map(lambda a: f"\\sin({a})"),
    )


ANSWERS = st.recursive(ATOMS, _bigger, max_leaves=6)
FRACTIONS = st.fractions(min_value=-1000, max_value=1000, max_denominator=60)


@settings(max_examples=150, deadline=None)
@given(ANSWERS, ANSWERS)
def test_equivalent_is_symmetric(a: str, b: str) -> None:
    forth, back = equivalent(a, b, deadline_s=0.5), equivalent(b, a, deadline_s=0.5)
    if "deadline" not in (forth.reason, back.reason):
        assert (forth.outcome, forth.reason) == (back.outcome, back.reason)


@settings(max_examples=150, deadline=None)
@given(ANSWERS)
def test_every_reference_equals_itself(a: str) -> None:
    assert equivalent(a, a)
    assert verify(f"\\boxed{{{a}}}", a)


@settings(max_examples=60, deadline=None)
@given(ANSWERS, ANSWERS)
def test_wrapping_changes_nothing(a: str, b: str) -> None:
    bare = verify(f"\\boxed{{{a}}}", b, deadline_s=0.5)
    if bare.reason == "deadline":
        return
    for response in (
        f"The answer is $\\boxed{{{a}}}$.",
        f"So \\[ \\boxed{{ {a} }} \\]",
        f"$\\boxed{{{a}}}$\n",
    ):
        for reference in (b, f"${b}$", f"\\boxed{{{b}}}", f"  {b} "):
            assert verify(response, reference, deadline_s=2).outcome is bare.outcome


@settings(max_examples=100, deadline=None)
@given(st.lists(FRACTIONS, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_order_does_not_matter_in_lists_and_sets(values: list[Fraction], random: object) -> None:
    texts = [str(value) for value in values]
    other = list(texts)
    random.shuffle(other)  # type: ignore[attr-defined]
    assert equivalent(", ".join(texts), ", ".join(other))
    assert equivalent("\\{" + ", ".join(texts) + "\\}", "\\{" + ", ".join(other) + "\\}")
    same = equivalent("(" + ", ".join(texts) + ")", "(" + ", ".join(other) + ")").outcome is Outcome.EQUAL
    assert same == (texts == other)


@settings(max_examples=300, deadline=None)
@given(FRACTIONS, FRACTIONS, st.integers(0, 4), st.integers(0, 4))
def test_fractions_are_equal_when_their_values_are(a: Fraction, b: Fraction, form: int, other: int) -> None:
    verdict = equivalent(_written(a, form), _written(b, other))
    assert verdict.outcome is (Outcome.EQUAL if a == b else Outcome.NOT_EQUAL), verdict
    assert equivalent(_written(a, form), _written(a, other))


def _written(value: Fraction, form: int) -> str:
    sign, size = "-" if value < 0 else "", abs(value)
    if form == 0:
        return f"{value.numerator}/{value.denominator}"
    if form == 1:
        return f"{sign}\\frac{{{size.numerator}}}{{{size.denominator}}}"
    if form == 2 and size.denominator > 1 and size > 1:
        whole, rest = divmod(size.numerator, size.denominator)
        return f"{sign}{whole}\\tfrac{{{rest}}}{{{size.denominator}}}"
    if form == 3:
        return f"\\frac{{{value.numerator * 3}}}{{{value.denominator * 3}}}"
    return f"{value.numerator * 100}/{value.denominator}\\%"


@settings(max_examples=200, deadline=None)
@given(st.integers(-(10**25), 10**25), st.integers(-30, 30), st.integers(-30, 30))
def test_decimals_are_exact(mantissa: int, shift: int, other: int) -> None:
    assert equivalent(f"{mantissa}e{shift}", f"{mantissa} \\times 10^{{{shift}}}")
    near = equivalent(f"{mantissa}E{shift}", f"{mantissa + 1} x 10^{other}")
    exact = Fraction(mantissa) * Fraction(10) ** shift == Fraction(mantissa + 1) * Fraction(10) ** other
    assert near.outcome is (Outcome.EQUAL if exact else Outcome.NOT_EQUAL)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-9, 9), min_size=1, max_size=4), st.integers(1, 9))
def test_polynomials_by_their_roots_and_by_their_coefficients(roots: list[int], step: int) -> None:
    coefficients = [1]
    for root in roots:
        coefficients = [a - root * b for a, b in zip([*coefficients, 0], [0, *coefficients], strict=True)]
    degree = len(coefficients) - 1
    expanded = " + ".join(f"({c})x^{{{degree - i}}}" for i, c in enumerate(coefficients))
    factored = "".join(f"(x - ({root}))" for root in roots)
    assert equivalent(expanded, factored)
    assert equivalent(f"{expanded} + {step}", factored).outcome is Outcome.NOT_EQUAL


@settings(max_examples=100, deadline=None)
@given(st.integers(-50, 50), st.integers(-50, 50), st.sampled_from("()[]"), st.sampled_from("()[]"))
def test_interval_ends_matter(low: int, width: int, left: str, right: str) -> None:
    first, second = "([", ")]"
    high = low + abs(width) + 1
    a = f"{left if left in first else '('}{low}, {high}{right if right in second else ')'}"
    for opening in first:
        for closing in second:
            b = f"{opening}{low}, {high}{closing}"
            assert bool(equivalent(a, b)) == (a == b)


@settings(max_examples=40, deadline=None)
@given(st.lists(FRACTIONS, min_size=1, max_size=12))
def test_clusters_are_the_classes_of_equal_values(values: list[Fraction]) -> None:
    classes = cluster([_written(value, index % 5) for index, value in enumerate(values)])
    assert sorted(index for members in classes for index in members) == list(range(len(values)))
    assert len(classes) == len(set(values))
    assert all(len({values[index] for index in members}) == 1 for members in classes)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.text(min_size=1, max_size=30))
def test_no_text_raises_but_for_an_unusable_reference(response: str, reference: str) -> None:
    verdict = verify(response, f"a{reference}b", deadline_s=1)
    assert verdict.outcome in Outcome
    assert verify(f"\\boxed{{{reference}}}", "12", deadline_s=1).outcome is not None
