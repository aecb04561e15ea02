"""Answers that are expressions or equations. Facts are checked at more points than such polynomials could agree on."""

from collections.abc import Callable
from math import isclose, sqrt

from rows.expressions import FormProblem as P


def same(left: Callable[[int], float], right: Callable[[int], float]) -> bool:
    """Whether both agree at the integers from 2 to 12."""
    return all(isclose(left(x), right(x)) for x in range(2, 13))


PROBLEMS = (
    P(
        "Expand $(x + 3)^2$.",
        "x^2 + 6x + 9",
        same(lambda x: (x + 3) ** 2, lambda x: x * x + 6 * x + 9),
        "Square of a sum: first squared, twice the product, last squared.",
        ("x^2 + 6x + 9", "x^2+6x+9", "9 + 6x + x^2"),
        ("x^2 + 9", "x^2 + 3x + 9", "x^2 + 6x - 9"),
    ),
    P(
        "Factor $x^2 - 7x + 12$ completely.",
        "(x - 3)(x - 4)",
        same(lambda x: x * x - 7 * x + 12, lambda x: (x - 3) * (x - 4)),
        "Two numbers with product twelve and sum seven.",
        ("(x-3)(x-4)", "(x - 4)(x - 3)", "(x-3) \\cdot (x-4)"),
        ("(x+3)(x+4)", "(x-2)(x-6)", "(x-1)(x-12)"),
    ),
    P(
        "Simplify $\\sqrt{72}$.",
        "6\\sqrt{2}",
        isclose(sqrt(72), 6 * sqrt(2)),
        "Seventy-two is thirty-six times two.",
        ("6\\sqrt{2}", "6\\sqrt2", "\\sqrt{72}", "6 \\cdot \\sqrt{2}"),
        ("2\\sqrt{6}", "6\\sqrt{3}", "36\\sqrt{2}", "8.485"),
    ),
    P(
        "Rationalise the denominator: 3/√5",
        "\\frac{3\\sqrt{5}}{5}",
        isclose(3 / sqrt(5), 3 * sqrt(5) / 5),
        "Multiply above and below by the root.",
        ("\\frac{3\\sqrt{5}}{5}", "\\frac{3}{\\sqrt{5}}", "\\frac{3}{5}\\sqrt{5}"),
        ("\\frac{\\sqrt{5}}{3}", "\\frac{3}{5}", "1.34"),
    ),
    P(
        "Differentiate f(x) = 3x^4 - 2x.",
        "12x^3 - 2",
        same(
            lambda x: ((3 * (x + 1) ** 4 - 2 * (x + 1)) - (3 * (x - 1) ** 4 - 2 * (x - 1))) / 2 - 12 * x,
            lambda x: 12 * x**3 - 2,
        ),
        "Bring each exponent down and lower it by one.",
        ("12x^3 - 2", "12x^3-2", "-2 + 12x^3"),
        ("12x^3", "12x^3 - 2x", "3x^3 - 2"),
        said=(("$f'(x) = 12x^3 - 2$, so $\\boxed{f'(x) = 12x^3 - 2}$", 1),),
    ),
    P(
        "Area of a circle with radius 5? Leave π in the answer.",
        "25\\pi",
        5**2 == 25,
        "Radius squared times pi.",
        ("25\\pi", "25π", "25 \\pi"),
        ("10\\pi", "25", "5\\pi", "78.54"),
    ),
    P(
        "Write the equation of the line through (0, -2) with slope 3.",
        "y = 3x - 2",
        3 * 0 - 2 == -2,
        "Slope-intercept form: the intercept is given.",
        ("y = 3x - 2", "y=3x-2", "3x - y = 2"),
        ("y = -2x + 3", "y = 3x + 2", "3x - y = -2"),
    ),
    P(
        "Give the equation of the circle around the origin with radius 4.",
        "x^2 + y^2 = 16",
        4**2 == 16,
        "Every point has distance four from the centre.",
        ("x^2 + y^2 = 16", "y^2 + x^2 = 16", "2x^2 + 2y^2 = 32"),
        ("x^2 + y^2 = 4", "x^2 - y^2 = 16", "x + y = 4"),
    ),
    P(
        "Simplify: (2a^3 b)(5 a b^2)",
        "10a^4b^3",
        all((2 * a**3 * b) * (5 * a * b**2) == 10 * a**4 * b**3 for a in range(5) for b in range(5)),
        "Multiply the numbers and add the exponents of each letter.",
        ("10a^4b^3", "10 a^4 b^3", "10b^3a^4"),
        ("10a^3b^2", "7a^4b^3", "10a^4b^2"),
    ),
    P(
        "Solve the formula $v = u + at$ for $t$.",
        "t = \\frac{v - u}{a}",
        all((v - u) / a * a + u == v for v in range(9) for u in range(9) for a in (1, 2, 4)),
        "Subtract the initial speed, then divide by the acceleration.",
        ("t = \\frac{v-u}{a}", "\\frac{v - u}{a}", "(v - u)/a"),
        ("t = \\frac{u-v}{a}", "t = v - \\frac{u}{a}", "a(v - u)"),
    ),
    P(
        "What is the square of the complex number 2 + i?",
        "3 + 4i",
        (2 + 1j) ** 2 == 3 + 4j,
        "Expand the square and replace i squared by minus one.",
        ("3 + 4i", "3+4i", "4i + 3"),
        ("5 + 4i", "3 - 4i", "4 + i"),
    ),
    P(
        "Semplifica $\\frac{x^2 - 9}{x - 3}$ per $x \\ne 3$.",
        "x + 3",
        all((x * x - 9) / (x - 3) == x + 3 for x in range(4, 12)),
        "Il numeratore è una differenza di quadrati.",
        ("x + 3", "x+3", "3 + x"),
        ("x - 3", "x^2 + 3", "x + 9"),
        "it",
    ),
)
