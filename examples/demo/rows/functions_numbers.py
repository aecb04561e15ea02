"""Functions about numbers."""

from rows.code import CodeProblem as C

PROBLEMS = (
    C(
        "Write `clamp(x, low, high)`: x, but no less than low and no more than high.",
        """
def clamp(x, low, high):
    return max(low, min(x, high))
""",
        (((5, 0, 3), 3), ((-1, 0, 3), 0), ((2, 0, 3), 2)),
        (("max(low, min(x, high))", "min(low, max(x, high))"), ("max(low, min(x, high))", "min(x, high)")),
        "clamp",
    ),
    C(
        "Define a function `gcd(a, b)` for non-negative integers, without importing anything. gcd(0, 0) is 0.",
        """
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a
""",
        (((12, 18), 6), ((0, 5), 5), ((17, 4), 1), ((0, 0), 0)),
        (("while b", "if b"), ("return a", "return b"), ("a, b = b, a % b", "a, b = b, a // b")),
        "gcd",
        also_right=(
            """
def gcd(a, b):
    return a if b == 0 else gcd(b, a % b)
""",
        ),
    ),
    C(
        "`leap(year)` returns True for leap years of the Gregorian calendar.",
        """
def leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
""",
        (((2024,), True), ((1900,), False), ((2000,), True), ((2023,), False)),
        ((" or year % 400 == 0", ""), (" and (year % 100 != 0 or year % 400 == 0)", ""), ("return", "print")),
        "leap",
    ),
    C(
        "Implement `power_mod(base, exponent, modulus)` for non-negative exponents up to 10**12.",
        """
def power_mod(base, exponent, modulus):
    return pow(base, exponent, modulus)
""",
        (((2, 10, 1000), 24), ((3, 0, 7), 1), ((5, 10**12, 13), 1), ((7, 3, 1), 0)),
        (
            ("pow(base, exponent, modulus)", "base * exponent % modulus"),
            ("pow(base, exponent, modulus)", "int(float(base) ** exponent) % modulus"),
        ),
        "power_mod",
        also_right=(
            """
def power_mod(b, e, m):
    r = 1 % m
    while e:
        if e & 1:
            r = r * b % m
        b = b * b % m
        e >>= 1
    return r
""",
        ),
    ),
    C(
        "Give me `digits(n)` that lists the decimal digits of n >= 0 from the left.",
        """
def digits(n):
    return [int(d) for d in str(n)]
""",
        (((907,), [9, 0, 7]), ((0,), [0]), ((11,), [1, 1])),
        (("int(d)", "d"), ("str(n)", "reversed(str(n))"), ("str(n)", "str(n).strip('0')")),
        "digits",
    ),
    C(
        "`divisors(n)`: sorted list of all positive divisors of n >= 1.",
        """
def divisors(n):
    return [d for d in range(1, n + 1) if n % d == 0]
""",
        (((12,), [1, 2, 3, 4, 6, 12]), ((1,), [1]), ((7,), [1, 7]), ((36,), [1, 2, 3, 4, 6, 9, 12, 18, 36])),
        (("n + 1", "n"), ("range(1,", "range(2,"), ("range(1,", "range(0,")),
        "divisors",
    ),
    C(
        "Write a Python function `roman(n)` for 1 <= n <= 3999.",
        """
def roman(n):
    out = ''
    for value, letters in (
        (1000, 'M'), (900, 'CM'), (500, 'D'), (400, 'CD'), (100, 'C'), (90, 'XC'),
        (50, 'L'), (40, 'XL'), (10, 'X'), (9, 'IX'), (5, 'V'), (4, 'IV'), (1, 'I'),
    ):
        while n >= value:
            out += letters
            n -= value
    return out
""",
        (((4,), "IV"), ((1994,), "MCMXCIV"), ((3000,), "MMM"), ((49,), "XLIX")),
        ((" (4, 'IV'),", ""), ("n >= value", "n > value"), ("n -= value", "n -= 1")),
        "roman",
    ),
    C(
        "`is_square(n)` tells whether the integer n (maybe negative, maybe huge) is a perfect square.",
        """
from math import isqrt


def is_square(n):
    return n >= 0 and isqrt(n) ** 2 == n
""",
        (((16,), True), ((-4,), False), ((10**30,), True), ((10**30 + 1,), False), ((0,), True)),
        (("n >= 0 and ", ""), ("isqrt(n) ** 2 == n", "(n ** 0.5) % 1 == 0"), ("n >= 0", "n > 0")),
        "is_square",
    ),
    C(
        "Schreibe eine Funktion `mittelwert(zahlen)`, die None liefert, wenn die Liste leer ist.",
        """
def mittelwert(zahlen):
    if not zahlen:
        return None
    return sum(zahlen) / len(zahlen)
""",
        ((([1, 2, 3, 6],), 3.0), (([],), None), (([5],), 5.0)),
        (
            ("    if not zahlen:\n        return None\n", ""),
            ("return None", "return 0"),
            ("sum(zahlen)", "max(zahlen)"),
        ),
        "mittelwert",
    ),
    C(
        "Implement `change(amount)`: the fewest coins of 1, 5, 10, 25 that make up the amount.",
        """
def change(amount):
    count = 0
    for coin in (25, 10, 5, 1):
        count += amount // coin
        amount %= coin
    return count
""",
        (((30,), 2), ((0,), 0), ((99,), 9), ((4,), 4)),
        (("25, 10, 5, 1", "1, 5, 10, 25"), ("amount %= coin", "amount -= coin"), ("count = 0", "count = 1")),
        "change",
    ),
    C(
        "A function `dot(u, v)` for two lists of the same length.",
        """
def dot(u, v):
    return sum(a * b for a, b in zip(u, v))
""",
        ((([1, 2, 3], [4, 5, 6]), 32), (([], []), 0), (([-1], [7]), -7)),
        (("a * b", "a + b"), ("sum(", "max("), ("a * b for a, b in zip(u, v)", "a * a for a in u")),
        "dot",
    ),
    C(
        "`to_base(n, base)`: the digits of n >= 0 as a string, base from 2 to 16, lower-case letters.",
        """
def to_base(n, base):
    if n == 0:
        return '0'
    out = ''
    while n:
        n, digit = divmod(n, base)
        out = '0123456789abcdef'[digit] + out
    return out
""",
        (((255, 16), "ff"), ((0, 2), "0"), ((10, 3), "101"), ((6, 2), "110")),
        (("[digit] + out", "[digit]"), ("    if n == 0:\n        return '0'\n", ""), ("abcdef", "ABCDEF")),
        "to_base",
    ),
    C(
        "Напишите функцию `triangle(n)`, которая возвращает n-е треугольное число.",
        """
def triangle(n):
    return n * (n + 1) // 2
""",
        (((1,), 1), ((4,), 10), ((100,), 5050), ((0,), 0)),
        (("n + 1", "n - 1"), ("// 2", "// 3"), ("return n", "n")),
        "triangle",
    ),
    C(
        "Collatz length as a function: `collatz(n)` counts the steps to 1. For n < 1 it returns -1.",
        """
def collatz(n):
    if n < 1:
        return -1
    steps = 0
    while n > 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps
""",
        (((6,), 8), ((1,), 0), ((0,), -1), ((7,), 16)),
        (
            ("    if n < 1:\n        return -1\n    steps = 0\n    while n > 1", "    steps = 0\n    while n != 1"),
            ("n // 2", "n // 4"),
        ),
        "collatz",
    ),
    C(
        "Write `bmi(weight_kg, height_m)` rounded to one decimal.",
        """
def bmi(weight_kg, height_m):
    return round(weight_kg / height_m**2, 1)
""",
        (((80, 2.0), 20.0), ((61.25, 1.75), 20.0), ((50, 1.6), 19.5)),
        ((", 1)", ")"), ("height_m**2", "height_m * 2"), ("weight_kg / height_m**2", "weight_kg * height_m**2")),
        "bmi",
    ),
)
