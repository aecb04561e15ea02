"""Unknowns, sequences, functions and a little geometry, with one number as the answer."""

from fractions import Fraction

from rows.numbers import NumberProblem as N


def _root(of: dict[int, int]) -> Fraction:
    """The root of a linear equation given as {power: coefficient} with everything on one side."""
    return Fraction(-of.get(0, 0), of[1])


PROBLEMS = (
    N(
        "Solve for x: 3x + 7 = 25",
        _root({1: 3, 0: 7 - 25}),
        6,
        "Take 7 from both sides, then divide by three.",
        (Fraction(32, 3), 18, 5),
    ),
    N(
        "Solve $5(x - 2) = 3x + 1$ for $x$.",
        _root({1: 5 - 3, 0: -10 - 1}),
        "\\frac{11}{2}",
        "Expand the bracket and collect the terms with $x$ on the left.",
        (Fraction(3, 2), Fraction(-9, 2), 11),
        said=(
            ("$5x-10=3x+1 \\Rightarrow 2x=11$, hence $\\boxed{x=\\frac{11}{2}}$", 1),
            ("So we get $\\boxed{2x = 11}$", 0),
            ("x = 5.5", 1),
        ),
    ),
    N(
        "If \\(f(x) = 2x^2 - 3x + 1\\), what is \\(f(-2)\\)?",
        2 * (-2) ** 2 - 3 * (-2) + 1,
        15,
        "Substitute: two times four, plus six, plus one.",
        (3, -13, 23),
        said=(("f(-2) = 2·4 + 6 + 1 = 15. Answer: f(-2) = 15", 1),),
    ),
    N(
        "The sum of three consecutive integers is 96. What is the largest of them?",
        next(n for n in range(100) if n + n - 1 + n - 2 == 96),
        33,
        "The middle one is a third of the sum.",
        (32, 31, 34),
    ),
    N(
        "x/4 - x/6 = 1. Find x.",
        1 / (Fraction(1, 4) - Fraction(1, 6)),
        12,
        "Multiply everything by twelve; the left side becomes a single x.",
        (24, 2, Fraction(1, 12)),
    ),
    N(
        "What is the slope of the line through $(1, 4)$ and $(5, -2)$?",
        Fraction(-2 - 4, 5 - 1),
        "-\\frac{3}{2}",
        "Rise over run, taking the points in the same order both times.",
        (Fraction(-2, 3), Fraction(1, 2), Fraction(-1, 3)),
    ),
    N(
        "What's the 25th term of 4, 11, 18, 25, ...?",
        list(range(4, 1000, 7))[24],
        172,
        "Start from four and take 24 steps of seven.",
        (179, 165, 175),
    ),
    N(
        "Evaluate the infinite sum $\\sum_{n=0}^{\\infty} \\frac{3}{4^n}$.",
        3 / (1 - Fraction(1, 4)),
        4,
        "A geometric series: the first term over one minus the ratio.",
        (1, Fraction(3, 4), 12),
    ),
    N(
        "Given `a + b = 10` and `a - b = 3`, compute `a*b`.",
        Fraction(10 + 3, 2) * Fraction(10 - 3, 2),
        "91/4",
        "Adding and subtracting the equations gives both numbers; then multiply.",
        (30, Fraction(91, 2), Fraction(81, 4)),
    ),
    N(
        "The product of the roots of $4x^2 - 12x + 5 = 0$ is",
        Fraction(5, 4),
        "5/4",
        "By Vieta it is the constant term over the leading coefficient.",
        (3, Fraction(-5, 4), Fraction(4, 5)),
    ),
    N(
        "A rectangle's perimeter is 34 cm and one side is 5 cm. Area in square centimetres?",
        5 * (Fraction(34, 2) - 5),
        60,
        "Half of the perimeter is the sum of two neighbouring sides.",
        (145, 85, 12),
    ),
    N(
        "log base 2 of 1/32 is what?",
        next(k for k in range(-20, 20) if Fraction(2) ** k == Fraction(1, 32)),
        -5,
        "Thirty-two is the fifth power of two, and it is in the denominator.",
        (5, Fraction(1, 5), Fraction(-1, 5)),
    ),
    N(
        "If 3^(2x) = 27, then x equals...",
        Fraction(3, 2),
        "1.5",
        "Write 27 as a power of three and compare the exponents.",
        (3, Fraction(9, 2), Fraction(2, 3)),
        said=(("2x = 3 so x = 3/2\n\nx = 3/2", 1),),
    ),
    N(
        "Determine $k$ so that $x^2 + kx + 49$ is a perfect square and $k < 0$.",
        -2 * 7,
        -14,
        "The middle coefficient is twice the root of the last one, up to its sign.",
        (-7, -49, 7),
        said=(("$k = \\pm 14$", 0), ("$k=-14$", 1)),
    ),
    N(
        "A triangle has angles in the ratio 2 : 3 : 4. How many degrees is the smallest?",
        Fraction(180, 2 + 3 + 4) * 2,
        40,
        "Nine parts share 180 degrees.",
        (20, 60, 80),
        said=(("\\boxed{40^\\circ}", 1), ("It's **40°**, the answer is 40°", 1), ("\\boxed{400^\\circ}", 0)),
    ),
    N(
        "Let $g(t) = \\frac{t+1}{t-3}$. For which $t$ is $g(t) = 5$?",
        Fraction(5 * 3 + 1, 5 - 1),
        4,
        "Multiply by the denominator, expand, and solve the linear equation.",
        (Fraction(14, 4), 2, 16),
    ),
    N(
        "What is the distance between the points (−3, 2) and (5, 17)?",
        next(d for d in range(100) if d * d == 8 * 8 + 15 * 15),
        17,
        "The legs are eight and fifteen.",
        (23, 289, 15),
    ),
    N(
        "y varies inversely with x, and y = 6 when x = 4. Find y when x = 9.",
        Fraction(6 * 4, 9),
        "8/3",
        "The product of both stays what it was.",
        (Fraction(27, 2), Fraction(3, 8), Fraction(2, 3)),
        said=(("The answer is 2.67", 0), ("The answer is $2\\frac{2}{3}$", 1)),
    ),
)
