"""Several values at once: sets of solutions, intervals, pairs, lists, ratios, matrices."""

from fractions import Fraction
from math import gcd

from rows.expressions import FormProblem as P

Z = range(-60, 61)
HALVES = [Fraction(n, 2) for n in range(-120, 121)]

PROBLEMS = (
    P(
        "Find all real solutions of $x^2 - 5x + 6 = 0$.",
        "\\{2, 3\\}",
        [x for x in Z if x * x - 5 * x + 6 == 0] == [2, 3],
        "The polynomial factors into two linear ones.",
        ("\\{2, 3\\}", "\\{3, 2\\}", "\\{3,2\\}", "2, 3"),
        ("\\{2\\}", "\\{-2, -3\\}", "\\{1, 6\\}", "(2, 3)", "\\{2, 3, 5\\}"),
        said=(("So $x = 2$ or $x = 3$, and the solution set is $\\boxed{\\{2,3\\}}$.", 1),),
    ),
    P(
        "Which integers satisfy |n| < 3? Write the set.",
        "{-2, -1, 0, 1, 2}",
        [n for n in Z if abs(n) < 3] == [-2, -1, 0, 1, 2],
        "Everything strictly between the two bounds.",
        ("{-2, -1, 0, 1, 2}", "\\{0, 1, -1, 2, -2\\}", "\\{-2,-1,0,1,2\\}"),
        ("\\{-3,-2,-1,0,1,2,3\\}", "\\{1, 2\\}", "\\{-2,-1,1,2\\}"),
    ),
    P(
        "Solve the inequality 2x - 3 > 5. Answer in interval notation.",
        "(4, \\infty)",
        [x for x in HALVES if 2 * x - 3 > 5] == [x for x in HALVES if x > 4],
        "Add three and halve; dividing by a positive number keeps the sign.",
        ("(4, \\infty)", "(4,\\infty)", "x > 4", "(4, +\\infty)"),
        ("[4, \\infty)", "(-\\infty, 4)", "(1, \\infty)", "x \\geq 4"),
    ),
    P(
        "For which x is $-3 \\le 2x + 1 < 7$?",
        "[-2, 3)",
        [x for x in HALVES if -3 <= 2 * x + 1 < 7] == [x for x in HALVES if -2 <= x < 3],
        "Subtract one and halve on all three sides.",
        ("[-2, 3)", "-2 \\le x < 3", "[-2,3)"),
        ("(-2, 3]", "[-2, 3]", "(-2, 3)", "[-1, 4)"),
    ),
    P(
        "Where is (x - 1)(x - 4) positive? Give the set of real numbers.",
        "(-\\infty, 1) \\cup (4, \\infty)",
        [x for x in HALVES if (x - 1) * (x - 4) > 0] == [x for x in HALVES if x < 1 or x > 4],
        "Both factors have the same sign to the left of 1 and to the right of 4.",
        (
            "(-\\infty, 1) \\cup (4, \\infty)",
            "(-\\infty,1)\\cup(4,\\infty)",
            "(4, \\infty) \\cup (-\\infty, 1)",
        ),
        ("(1, 4)", "(-\\infty, 1] \\cup [4, \\infty)", "(4, \\infty)"),
    ),
    P(
        "The lines y = 2x - 1 and y = -x + 5 meet at which point?",
        "(2, 3)",
        [(x, 2 * x - 1) for x in Z if 2 * x - 1 == -x + 5] == [(2, 3)],
        "Set both right sides equal and put the abscissa back.",
        ("(2, 3)", "(2,3)", "\\left(2, 3\\right)"),
        ("(3, 2)", "(2, -3)", "[2, 3]", "(1, 1)"),
    ),
    P(
        "Solve the system $x + y = 7$, $x - 2y = 1$. Reply as a pair $(x, y)$.",
        "(5, 2)",
        [(x, 7 - x) for x in Z if x - 2 * (7 - x) == 1] == [(5, 2)],
        "Subtract the second equation from the first.",
        ("(5, 2)", "(5,2)", "(5.0, 2.0)"),
        ("(2, 5)", "(6, 1)", "(5, -2)"),
    ),
    P(
        "List the prime factors of 2310.",
        "2, 3, 5, 7, 11",
        [p for p in range(2, 60) if 2310 % p == 0 and all(p % d for d in range(2, p))] == [2, 3, 5, 7, 11],
        "Divide out small primes one by one.",
        ("2, 3, 5, 7, 11", "11, 7, 5, 3, 2", "2,3,5,7,11"),
        ("2, 3, 5, 7, 13", "2, 3, 5, 77", "2, 3, 5, 7"),
    ),
    P(
        "Simplify the ratio 84 : 60.",
        "7:5",
        (84 // gcd(84, 60), 60 // gcd(84, 60)) == (7, 5),
        "Both sides can be divided by twelve.",
        ("7:5", "7 : 5"),
        ("5:7", "12:5", "7:6"),
    ),
    P(
        "Multiply the matrix $\\begin{pmatrix}1&2\\\\0&3\\end{pmatrix}$ by itself.",
        "\\begin{pmatrix}1&8\\\\0&9\\end{pmatrix}",
        (1 * 1 + 2 * 0, 1 * 2 + 2 * 3, 0 * 1 + 3 * 0, 0 * 2 + 3 * 3) == (1, 8, 0, 9),
        "Rows times columns.",
        (
            "\\begin{pmatrix}1&8\\\\0&9\\end{pmatrix}",
            "\\begin{pmatrix} 1 & 8 \\\\ 0 & 9 \\end{pmatrix}",
            "\\begin{bmatrix}1 & 8\\\\ 0 & 9\\end{bmatrix}",
        ),
        ("\\begin{pmatrix}1&4\\\\0&9\\end{pmatrix}", "\\begin{pmatrix}1&0\\\\8&9\\end{pmatrix}"),
    ),
    P(
        "Löse $x^2 = 49$ in den reellen Zahlen. Gib die Lösungsmenge an.",
        "\\{-7, 7\\}",
        [x for x in Z if x * x == 49] == [-7, 7],
        "Die Wurzel kann beide Vorzeichen haben.",
        ("\\{-7, 7\\}", "\\{7, -7\\}"),
        ("\\{7\\}", "\\{-7\\}", "\\{49\\}"),
        "de",
    ),
    P(
        "Résolvez l'inéquation 5 - x ≥ 2.",
        "(-\\infty, 3]",
        [x for x in HALVES if 5 - x >= 2] == [x for x in HALVES if x <= 3],
        "On isole l'inconnue et on change le sens de l'inégalité.",
        ("(-\\infty, 3]", "x \\le 3", "(-\\infty,3]"),
        ("[3, \\infty)", "(-\\infty, 3)", "x \\ge 3"),
        "fr",
    ),
    P(
        "Which values of t make t^3 = 4t true?",
        "\\{-2, 0, 2\\}",
        [t for t in Z if t**3 == 4 * t] == [-2, 0, 2],
        "Do not divide by t: zero would be lost. Factor instead.",
        ("\\{-2, 0, 2\\}", "-2, 0, 2", "\\{0, 2, -2\\}"),
        ("\\{-2, 2\\}", "2", "\\{0, 4\\}"),
    ),
)
