"""Nothing in this package evaluates text, and no pattern over untrusted text can backtrack for long."""

import ast
import re
from pathlib import Path

import pytest

import gradewire_extractors

FILES = sorted(Path(gradewire_extractors.__file__).parent.rglob("*.py"))
FORBIDDEN = {
    "eval",
    "exec",
    "sympify",
    "parse_expr",
    "compile",
    "literal_eval",
    "__import__",
    "lambdify",
    "parse_latex",
}
REPEATS = (re._constants.MAX_REPEAT, re._constants.MIN_REPEAT)  # type: ignore[attr-defined]
MANY = 1_000


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_is_evaluated(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            owner = getattr(getattr(node.func, "value", None), "id", None)
            assert name not in FORBIDDEN or (owner, name) == ("re", "compile"), f"{path}:{node.lineno}: {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_unbounded_repeat_within_an_unbounded_repeat(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", None) == "compile":
            pattern = node.args[0]
            if isinstance(pattern, ast.Constant):
                parsed = re._parser.parse(pattern.value)  # type: ignore[attr-defined]
                assert not _nested(parsed, inside=False), f"{path}:{node.lineno}: {pattern.value!r}"


def _nested(parsed: object, *, inside: bool) -> bool:
    for item in parsed:  # type: ignore[attr-defined]
        kind, value = item if isinstance(item, tuple) and len(item) == 2 else (None, item)
        if kind in REPEATS:
            unbounded = value[1] >= MANY
            if (unbounded and inside) or _nested(value[2], inside=inside or unbounded):
                return True
        elif isinstance(value, tuple | list):
            parts = [part for part in value if isinstance(part, re._parser.SubPattern)]  # type: ignore[attr-defined]
            for group in value:
                if isinstance(group, list):
                    parts += [part for part in group if isinstance(part, re._parser.SubPattern)]  # type: ignore[attr-defined]
            if any(_nested(part, inside=inside) for part in parts):
                return True
    return False


def test_the_lint_sees_nesting() -> None:
    assert _nested(re._parser.parse("(?:a+|b)*c"), inside=False)  # type: ignore[attr-defined]
    assert not _nested(re._parser.parse("a+(?:,[0-9]{3})*"), inside=False)  # type: ignore[attr-defined]
