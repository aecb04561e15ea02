"""The author's test code and the program in two boxes."""

import pytest

from gradewire_services.execution import AssertTests, Engine, GraderTests, InvalidRequest, Limits, Program

LIMITS = Limits(time_s=1, wall_s=3, memory_mb=128)
CHECK = "assert f(7) == 14\nassert f(31) == 62\n"


def verdict(engine: Engine, code: str, test_code: str = CHECK) -> str:
    return engine.run(Program("python", code), AssertTests(test_code, "f"), LIMITS).verdict.value


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def f(x): return 2 * x", "accepted"),
        ("class Solution:\n    def f(self, x): return 2 * x", "accepted"),
        ("def f(x): return 3", "wrong_answer"),
        ("def f(x): return 1 / 0", "runtime_error"),
        ("def g(x): return 2 * x", "runtime_error"),
        ("def f(x:", "compile_error"),
        ("def f(x):\n    while True: pass", "time_limit"),
        ("import os\ndef f(x): os._exit(0)", "runtime_error"),
        ("import os\nos._exit(0)\ndef f(x): return 2 * x", "runtime_error"),
        ("def f(x): raise SystemExit(0)", "runtime_error"),
        ("raise SystemExit(0)", "runtime_error"),
        ("class E:\n    def __eq__(self, o): return True\ndef f(x): return E()", "wrong_answer"),
        ("class L(int):\n    def __eq__(self, o): return True\ndef f(x): return L()", "wrong_answer"),
        ("import sys, os\nsys.excepthook = lambda *a: os._exit(0)\ndef f(x): return 3", "wrong_answer"),
        ("import builtins\nbuiltins.AssertionError = ValueError\ndef f(x): return 3", "wrong_answer"),
        ("def f(x):\n    import os\n    for fd in range(3, 20):\n        try: os.write(fd, b'P')\n"
         "        except OSError: pass\n    os._exit(0)", "runtime_error"),
        ("def assert_(x): pass\ndef all(*a): return True\ndef print(*a): pass\ndef f(x): return 3", "wrong_answer"),
        ("import sys\ndef f(x): return sys._getframe(1).f_locals.get('expected', 3)", "wrong_answer"),
    ],
)  # fmt: skip
def test_each_verdict(engine: Engine, code: str, expected: str):
    assert verdict(engine, code) == expected


@pytest.mark.parametrize(
    ("test_code", "expected"),
    [
        ("def check(candidate):\n    assert candidate(2) == 4\n", "accepted"),
        ("def check(candidate):\n    assert candidate(2) == 5\ncheck(f)\n", "wrong_answer"),
        ("def test_it():\n    assert f(2) == 5\n", "wrong_answer"),
        ("import unittest\nclass T(unittest.TestCase):\n    def test(self): self.assertEqual(f(2), 5)\n", "wrong_answer"),
        ("import unittest\nclass T(unittest.TestCase):\n    def test(self): self.assertEqual(f(2), 4)\n"
         "unittest.main()\n", "accepted"),
        ("try:\n    f('x', 1, 2)\nexcept TypeError:\n    pass\nelse:\n    raise AssertionError\n", "accepted"),
        ("assert list(map(f, [1, 2])) == [2, 4]", "accepted"),
        ("assert twice(f, 3) == 12", "accepted"),
        ("assert Counter(2).up(3) == 5", "accepted"),
        ("assert list(upto(3)) == [0, 1, 2]", "accepted"),
        ("assert LIMIT == 10", "accepted"),
        ("xs = [3, 1]\nassert order(xs) is None and xs == [1, 3]", "accepted"),
        ("xs = [3, 1]\nassert steal(xs) == sorted(xs)", "wrong_answer"),
        ("assert Always() == 5", "wrong_answer"),
        ("assert math.isclose(f(0.5), 1.0)", "accepted"),
    ],
)  # fmt: skip
def test_what_test_code_can_do(engine: Engine, test_code: str, expected: str):
    code = """
import math
LIMIT = 10
def f(x): return 2 * x
def twice(g, x): return g(g(x))
def upto(n): yield from range(n)
def order(xs): xs.sort()
def steal(xs):
    xs.clear()
    return []
class Counter:
    def __init__(self, n): self.n = n
    def up(self, k): return self.n + k
class Always:
    def __eq__(self, other): return True
"""
    assert verdict(engine, code, test_code) == expected


def test_a_fake_module_does_not_reach_the_tests(engine: Engine):
    code = "import sys, types\nm = types.ModuleType('math')\nm.isclose = lambda *a: True\nsys.modules['math'] = math = m\n"
    assert verdict(engine, code + "def f(x): return -1.0", "assert math.isclose(f(2), 4.0)") == "wrong_answer"


def test_test_code_that_does_not_compile_is_the_authors_error(engine: Engine):
    with pytest.raises(InvalidRequest, match=r"tests\.test_code"):
        verdict(engine, "def f(x): return x", "assert f(")


@pytest.mark.parametrize(
    ("body", "expected", "score"),
    [
        ("return 1", "accepted", 1.0),
        ("return 0.25", "accepted", 0.25),
        ("return len(sample['output_text']) / item['full']", "accepted", 0.5),
        ("return float('nan')", "grader_error", None),
        ("return float('inf')", "grader_error", None),
        ("return '1'", "grader_error", None),
        ("return True", "grader_error", None),
        ("return item['missing']", "grader_error", None),
        ("import os; os._exit(0)", "grader_error", None),
    ],
)
def test_graders(engine: Engine, body: str, expected: str, score: float | None):
    tests = GraderTests({"output_text": "xx"}, {"full": 4})
    found = engine.run(Program("python", f"def grade(sample, item):\n    {body}"), tests, LIMITS)
    assert (found.verdict.value, found.score) == (expected, score)
