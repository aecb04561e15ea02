"""The author's test code and the program in two boxes."""

import pytest

from gradewire_services.execution import AssertTests, Engine, GraderTests, InvalidRequest, Limits, Program, ToolMissing

LIMITS = Limits(time_s=1, wall_s=3, memory_mb=128)
CHECK = "assert f(7) == 14\nassert f(31) == 62\n"


def outcome(engine: Engine, code: str, test_code: str = CHECK) -> str:
    return engine.run(Program("python", code), AssertTests(test_code, "f"), LIMITS).verdict.value


@pytest.mark.programs("asserted.txt")
def test_each_verdict(engine: Engine, code: str, verdict: str):
    assert outcome(engine, code) == verdict


@pytest.mark.programs("test_codes.txt")
def test_what_test_code_can_do(engine: Engine, code: str, verdict: str):
    program = """
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
class Table:
    def __init__(self): self.entries = {}
    def __setitem__(self, key, value): self.entries[key] = value
    def __getitem__(self, key): return self.entries[key]
class Always:
    def __eq__(self, other): return True
    def __bool__(self): return False
class Node:
    def __init__(self, value, next=None): self.value, self.next = value, next
def total(nodes, *, more): return sum(node.value for node in nodes) + more.value
def refuse(x): raise ValueError("negative")
def undecodable(): b"\\xff".decode()
def leave(x): raise StopIteration
def deep(): return eval("[" * 180 + "]" * 180)
from decimal import Decimal
from fractions import Fraction
def half(x): return Decimal(x) / 2
def third(x): return Fraction(x, 3)
def each(g, xs): return [g(x) for x in xs]
def hide(g):
    try: g(1)
    except BaseException: pass
def total_of(xs): return sum(xs)
class Bad(ValueError):
    def __init__(self, words, code): super().__init__(words); self.code = code
def bad(x): raise Bad("bad thing", 7)
class Point:
    def __init__(self, x, y): self.x, self.y = x, y
    def __eq__(self, other): return (self.x, self.y) == (other.x, other.y)
    def __add__(self, other): return Point(self.x + other.x, self.y + other.y)
    def __sub__(self, other): return 0
    def __repr__(self): return f"Point({self.x}, {self.y})"
def point(x): return Point(x, x + 1)
async def soon(x): return x + 1
def go(code): raise SystemExit(code)
def shout(x): print(x.upper())
def around(x): return f(x) + 1
import collections
def letters(x): return collections.Counter(x)
Corner = collections.namedtuple("Corner", "x y")
def corner(x): return Corner(x, x + 1)
def pair(x): return [point(x), point(x + 1)]
def first(points): return points[0]
def flip(points): points.reverse()
def explained():
    "Says more."
class Base: pass
class Number(Base):
    def __init__(self, n): self.n = n
    def __eq__(self, other): return self.n == other.n
    def __neg__(self): return Number(-self.n)
    def __abs__(self): return Number(abs(self.n))
    def __float__(self): return float(self.n)
    def __int__(self): return self.n
    def __reversed__(self): return iter(range(self.n, -1, -1))
check = test_it = test_again = T = TestIt = TOLERANCE = 10**9
"""
    assert outcome(engine, program, code) == verdict


def test_a_fake_module_does_not_reach_the_tests(engine: Engine):
    code = """
import sys, types
math = sys.modules["math"] = types.ModuleType("math")
math.isclose = lambda *a: True
"""
    assert outcome(engine, code + "def f(x): return -1.0", "assert math.isclose(f(2), 4.0)") == "wrong_answer"


def test_test_code_that_does_not_compile_is_the_authors_error(engine: Engine):
    with pytest.raises(InvalidRequest, match=r"tests\.test_code"):
        outcome(engine, "def f(x): return x", "assert f(")


@pytest.mark.parametrize(
    "test_code",
    [
        "METADATA = {'author': 'nobody'}",
        "def test_it(fixture): assert f(2) == 4",
        "def check(candidate, more): assert candidate(2) == more",
        "class TestIt:\n    def __init__(self): pass\n    def test_it(self): assert f(2) == 4",
        "def test_it():\n    yield f(2) == 4",
        "try:\n    f(object())\nexcept: pass",
        "import pytest\n@pytest.mark.xfail\ndef test_it(): assert f(1) == 3",
        "import pytest\npytest.main()",
        "import pytest\n@pytest.mark.parametrize('x', [1])\ndef test_it(x, mocker): assert f(x) == 2",
        "import pytest\n@pytest.fixture\ndef x(x): return x\ndef test_it(x): assert f(x) == 2",
        "import pytest\n@pytest.fixture\ndef x():\n    yield 1\n    yield 2\ndef test_it(x): assert f(x) == 2",
        "import pytest\n@pytest.fixture\nasync def x(): return 1\ndef test_it(x): assert f(x) == 2",
        "import pytest\n@pytest.fixture\ndef x(request): return request.node\ndef test_it(x): assert f(x) == 2",
        "import sys\nsys.stdin = open('/dev/null')\nassert f(1) == 2",
        "import builtins\nbuiltins.input = lambda: '1'\nassert f(1) == 2",
        "from unittest.mock import patch\nwith patch('time.sleep') as sleep: assert sleep is not None",
        "import pytest\n@pytest.mark.skip\ndef test_it(): assert f(1) == 3",
        "import sys\nsys.exit(0)",
        "import unittest\nclass T(unittest.TestCase):\n    def test(self): self.assertEqual(f(object()), 5)",
    ],
)
def test_test_code_that_tests_nothing_is_the_authors_error(engine: Engine, test_code: str):
    with pytest.raises(InvalidRequest, match=r"tests\.test_code"):
        outcome(engine, "def f(x): return 2 * x", test_code)


def test_a_module_that_is_not_there_is_no_verdict(engine: Engine):
    with pytest.raises(ToolMissing, match="nowhere_to_be_found"):
        outcome(engine, "def f(x): return 2 * x", "import nowhere_to_be_found\nassert f(1) == 2")
    needy = "def f(x):\n    import nowhere_to_be_found"
    assert outcome(engine, needy, "assert f(1) == 2") == "runtime_error"


def test_objects_whose_word_is_not_what_they_hold_are_no_verdict(engine: Engine):
    program = (
        "def f(x): return x\nclass F:\n    def __init__(self, x): self.x = x\n    def __eq__(self, other): return {}"
    )
    parity = program.format("self.x % 2 == (other.x if isinstance(other, F) else other) % 2")
    with pytest.raises(InvalidRequest, match="compares two objects"):
        outcome(engine, parity, "assert F(1) == F(3)")
    with pytest.raises(InvalidRequest, match="compares an object of the program's with data"):
        outcome(engine, parity, "assert F(1) == 3")
    assert outcome(engine, parity, "assert F(1) != 2 and F(1) != F(2) and F(1) == F(1)") == "accepted"
    for lie in ("True", "isinstance(other, F) or other == 1"):
        assert outcome(engine, program.format(lie), "assert F(1) == F(2)") == "wrong_answer"
        assert outcome(engine, program.format(lie), "try:\n    assert F(1) != F(2)\nexcept: pass") == "wrong_answer"
    assert outcome(engine, program.format("True"), "assert F(1) == 1") == "wrong_answer"


def test_a_class_that_borrows_a_name_is_not_the_built_in_one(engine: Engine):
    test = "import pytest\ndef test_it():\n    with pytest.raises(ValueError): f(1)"
    assert outcome(engine, "class ValueError(Exception): pass\ndef f(x): raise ValueError", test) == "runtime_error"
    assert outcome(engine, "class Mine(ValueError): pass\ndef f(x): raise Mine", test) == "accepted"


def test_tests_may_name_what_they_call(engine: Engine):
    tests = AssertTests("from solution import *\nimport main\ndef test_it(): assert f(1) == 2 == main.f(1)")
    found = engine.run(Program("python", "def f(x): return 2 * x"), tests, LIMITS)
    assert found.verdict.value == "accepted"
    with pytest.raises(InvalidRequest, match="entry_point"):
        engine.run(Program("python", "def f(x): return x"), AssertTests("def check(c): assert c(1) == 1"), LIMITS)


@pytest.mark.parametrize("processes", [1, 2])
def test_two_boxes_need_no_more_processes_than_one(engine: Engine, processes: int):
    limits = Limits(time_s=1, processes=processes)
    for _ in range(5):
        found = engine.run(Program("python", "def f(x): return 2 * x"), AssertTests(CHECK, "f"), limits)
        assert found.verdict.value == "accepted"


@pytest.mark.parametrize(
    ("body", "expected", "score"),
    [
        ("return 1", "accepted", 1.0),
        ("return 0.25", "accepted", 0.25),
        ("return len(sample['output_text']) / item['full']", "accepted", 0.5),
        ("return float('nan')", "grader_error", None),
        ("return float('inf')", "grader_error", None),
        ("return 10**400", "grader_error", None),
        ("return -10**400000", "grader_error", None),
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
