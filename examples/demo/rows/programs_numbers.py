"""Programs that read numbers from standard input."""

from rows.code import CodeProblem as C

PROBLEMS = (
    C(
        "Read two integers from one line and print their sum.",
        """
a, b = map(int, input().split())
print(a + b)
""",
        (("3 4\n", "7\n"), ("-5 5\n", "0\n"), ("1000000007 1000000007\n", "2000000014\n")),
        (("a + b", "a - b"), ("map(int, input().split())", "input().split()"), ("a + b", "abs(a) + abs(b)")),
        also_right=(
            """
import sys

print(sum(int(word) for word in sys.stdin.read().split()))
""",
        ),
    ),
    C(
        "The first line holds n, the second n integers. Print the largest and the smallest, separated by a space.",
        """
n = int(input())
numbers = list(map(int, input().split()))
print(max(numbers), min(numbers))
""",
        (("3\n1 5 2\n", "5 1\n"), ("1\n-4\n", "-4 -4\n"), ("4\n-7 -2 -9 -2\n", "-2 -9\n")),
        (
            ("max(numbers), min(numbers)", "min(numbers), max(numbers)"),
            ("list(map(int, input().split()))", "input().split()"),
        ),
    ),
    C(
        "Given n (0 <= n <= 20) on standard input, print n! (n factorial).",
        """
n = int(input())
result = 1
for k in range(2, n + 1):
    result *= k
print(result)
""",
        (("5\n", "120\n"), ("0\n", "1\n"), ("20\n", "2432902008176640000\n")),
        (("n + 1", "n"), ("result *= k", "result += k"), ("print(result)", "print(float(result))")),
        also_right=(
            """
import math

print(math.factorial(int(input())))
""",
        ),
    ),
    C(
        "Is the number prime? Input: one integer n, 1 <= n <= 10000. Output: `yes` or `no`.",
        """
n = int(input())
prime = n > 1
d = 2
while d * d <= n:
    if n % d == 0:
        prime = False
    d += 1
print('yes' if prime else 'no')
""",
        (("7\n", "yes\n"), ("1\n", "no\n"), ("49\n", "no\n"), ("7919\n", "yes\n")),
        (("d * d <= n", "d * d < n"), ("n > 1", "True"), ("    d += 1\n", "    d += 0\n")),
    ),
    C(
        "Print all multiples of 3 or 5 that are at most n, in one line, separated by single spaces. n >= 3.",
        """
n = int(input())
print(*[k for k in range(1, n + 1) if k % 3 == 0 or k % 5 == 0])
""",
        (("10\n", "3 5 6 9 10\n"), ("3\n", "3\n"), ("16\n", "3 5 6 9 10 12 15\n")),
        (("n + 1", "n"), (" or ", " and "), ("range(1,", "range(0,")),
    ),
    C(
        "Liest eine Zahl in Sekunden (0 bis 86399) und gibt die Uhrzeit als HH:MM:SS aus.",
        """
s = int(input())
print(f'{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}')
""",
        (("0\n", "00:00:00\n"), ("3661\n", "01:01:01\n"), ("86399\n", "23:59:59\n")),
        ((":02", ""), ("s // 60 % 60", "s // 60"), ("s // 3600", "s // 360")),
    ),
    C(
        "Collatz: starting from n >= 1, halve even numbers and map odd k to 3k + 1. Print how many steps lead to 1.",
        """
n = int(input())
steps = 0
while n != 1:
    n = n // 2 if n % 2 == 0 else 3 * n + 1
    steps += 1
print(steps)
""",
        (("1\n", "0\n"), ("6\n", "8\n"), ("27\n", "111\n")),
        (("steps = 0", "steps = 1"), ("3 * n + 1", "3 * n - 1 if n > 9 else 1"), ("n // 2", "n / 3")),
    ),
    C(
        "Input: n integers on one line. Output: their mean, rounded to two decimals (always show both).",
        """
numbers = list(map(int, input().split()))
print(f'{sum(numbers) / len(numbers):.2f}')
""",
        (("1 2 3 4\n", "2.50\n"), ("10\n", "10.00\n"), ("-1 0 2\n", "0.33\n")),
        ((":.2f", ""), ("/ len", "// len"), ("sum(numbers)", "max(numbers)")),
    ),
    C(
        "Convert a non-negative decimal integer to binary, without a prefix. One number on stdin.",
        """
n = int(input())
print(bin(n)[2:])
""",
        (("10\n", "1010\n"), ("0\n", "0\n"), ("255\n", "11111111\n")),
        (("bin(n)[2:]", "bin(n)"), ("bin(n)[2:]", "bin(n)[3:]"), ("bin(n)", "oct(n)")),
        also_right=("print(format(int(input()), 'b'))",),
    ),
    C(
        "Two integers a and b (b may be 0) stand on separate lines. Print a divided by b rounded down, or `undefined`.",
        """
a = int(input())
b = int(input())
print(a // b if b else 'undefined')
""",
        (("7\n2\n", "3\n"), ("-7\n2\n", "-4\n"), ("1\n0\n", "undefined\n")),
        ((" if b else 'undefined'", ""), ("a // b", "int(a / b)"), ("if b", "if a > b")),
    ),
    C(
        "Print the n-th Fibonacci number, where F(0) = 0 and F(1) = 1. 0 <= n <= 90.",
        """
n = int(input())
a, b = 0, 1
for _ in range(n):
    a, b = b, a + b
print(a)
""",
        (("0\n", "0\n"), ("10\n", "55\n"), ("90\n", "2880067194370816120\n")),
        (("print(a)", "print(b)"), ("a, b = b, a + b", "a = b\n    b = a + b"), ("0, 1", "1, 2")),
    ),
    C(
        "Sum of digits! Input: an integer that may be negative. Output: the sum of its decimal digits.",
        "print(sum(int(digit) for digit in input().strip().lstrip('-')))",
        (("123\n", "6\n"), ("-909\n", "18\n"), ("0\n", "0\n")),
        ((".lstrip('-')", ""), ("int(digit)", "1"), ("sum(", "max(")),
    ),
    C(
        "Given three side lengths on one line, print `triangle` if a triangle with positive area has them, else `no`.",
        """
a, b, c = sorted(map(int, input().split()))
print('triangle' if a + b > c else 'no')
""",
        (("3 4 5\n", "triangle\n"), ("1 2 3\n", "no\n"), ("9 2 3\n", "no\n"), ("2 2 3\n", "triangle\n")),
        (("a + b > c", "a + b >= c"), ("sorted(map(int, input().split()))", "map(int, input().split())")),
    ),
    C(
        "Read a line of integers and print their running totals on one line.",
        """
total = 0
totals = []
for word in input().split():
    total += int(word)
    totals.append(total)
print(*totals)
""",
        (("1 2 3\n", "1 3 6\n"), ("5\n", "5\n"), ("4 -4 4\n", "4 0 4\n")),
        (("print(*totals)", "print(totals)"), ("total += int(word)", "total = int(word)"), ("total = 0", "total = 1")),
    ),
    C(
        "计算 1 到 n 的所有整数的平方和。输入一个整数 n（0 ≤ n ≤ 1000），输出结果。",
        """
n = int(input())
print(n * (n + 1) * (2 * n + 1) // 6)
""",
        (("3\n", "14\n"), ("0\n", "0\n"), ("1000\n", "333833500\n")),
        (("// 6", "/ 6"), ("(2 * n + 1)", "(n + 2)"), ("// 6", "// 3")),
        also_right=(
            """
n = int(input())
print(sum(k * k for k in range(n + 1)))
""",
        ),
    ),
)
