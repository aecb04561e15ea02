"""Random formulas against plain floats: a rewritten formula is equal, a mutated one is what its values say."""

import math
import random
from collections.abc import Callable

from gradewire_extractors import Outcome, equivalent

Tree = str | tuple["str | Tree", ...]

RUNS = 1_500
LEAVES = {"x": "x", "y": "y", "two": "2", "three": "3", "minus": "-2", "half": "\\frac{1}{2}", "pi": "\\pi"}
VALUES = {"two": 2.0, "three": 3.0, "minus": -2.0, "half": 0.5, "pi": math.pi}
UNARY: dict[str, Callable[[float], float]] = {
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "ln": math.log,
    "exp": math.exp,
    "abs": abs,
}
BINARY = ("add", "sub", "mul", "div")


def _tree(draw: random.Random, depth: int) -> Tree:
    if depth == 0 or draw.random() < 0.25:
        return draw.choice(list(LEAVES))
    head = draw.choice((*BINARY, *BINARY, *UNARY))
    return (head, *(_tree(draw, depth - 1) for _ in range(2 if head in BINARY else 1)))


def _latex(tree: Tree) -> str:
    if isinstance(tree, str):
        return LEAVES[tree]
    head, *args = tree
    a, *rest = map(_latex, args)
    b = rest[0] if rest else ""
    forms = {"add": f"({a} + {b})", "sub": f"({a} - ({b}))", "mul": f"{a} \\cdot ({b})", "div": f"\\frac{{{a}}}{{{b}}}"}
    forms |= {"sqrt": f"\\sqrt{{{a}}}", "exp": f"e^{{{a}}}", "abs": f"\\left|{a}\\right|"}
    return forms.get(str(head), f"\\{head}({a})")


def _value(tree: Tree, x: float, y: float) -> float:
    if isinstance(tree, str):
        return {"x": x, "y": y, **VALUES}[tree]
    head, *args = tree
    a, *rest = (_value(arg, x, y) for arg in args)
    if not rest:
        return float(UNARY[str(head)](a))
    b = rest[0]
    return {"add": lambda: a + b, "sub": lambda: a - b, "mul": lambda: a * b, "div": lambda: a / b}[str(head)]()


def _rewritten(tree: Tree) -> Tree:
    if isinstance(tree, str):
        return tree
    head, *args = tree
    new = [_rewritten(arg) for arg in args]
    if head in ("add", "mul"):
        return (head, new[1], new[0])
    if head == "sub":
        return ("add", new[0], ("mul", ("sub", "two", "three"), new[1]))
    if head == "div":
        return ("mul", new[0], ("div", ("div", "two", "two"), new[1]))
    if head == "cos":
        return ("cos", ("mul", ("sub", "two", "three"), new[0]))
    return (head, *new)


def _mutated(tree: Tree, draw: random.Random) -> Tree:
    if isinstance(tree, str):
        return draw.choice(list(LEAVES))
    place = draw.randrange(1, len(tree))
    return (*tree[:place], _mutated(tree[place], draw), *tree[place + 1 :])


def test_formulas_are_equal_where_their_values_are() -> None:
    draw = random.Random(12)
    compared = equal = 0
    for _ in range(RUNS):
        tree = _tree(draw, 3)
        same = draw.random() < 0.5
        other = _rewritten(tree) if same else _mutated(tree, draw)
        pairs = []
        for _ in range(12):
            x, y = draw.uniform(-3, 3), draw.uniform(-3, 3)
            try:
                pairs.append((_value(tree, x, y), _value(other, x, y)))
            except (ValueError, ZeroDivisionError, OverflowError):
                continue
        if len(pairs) < 2 or max(abs(value) for pair in pairs for value in pair) > 1e6:
            continue
        gap = max(abs(a - b) / max(1.0, abs(a)) for a, b in pairs)
        verdict = equivalent(_latex(tree), _latex(other), deadline_s=2)
        compared += 1
        equal += verdict.outcome is Outcome.EQUAL
        if same:
            assert verdict.outcome is not Outcome.NOT_EQUAL, (_latex(tree), _latex(other))
        elif gap > 1e-3:
            assert verdict.outcome is not Outcome.EQUAL, (_latex(tree), _latex(other))
    assert compared > RUNS / 2
    assert equal > compared / 3
