"""Run in a box, on a program that nobody trusts and that is not run here: how large it is, what a linter says of it.

Beside this script lie `program` (its text) and maybe `linter`. What it finds goes to the file `found`, as JSON: nodes,
tokens, lines, and findings [[rule, line]], count, complexity [of each function, and of the code outside functions]; or
`broken`: it does not parse; or `refused`: the linter knows no such rules.
"""

import ast
import contextlib
import io
import json
import os
import re
import subprocess
import tokenize
from pathlib import Path

_LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPLEX = re.compile(r"\((\d+) > 0\)")
_WRAPPED = "_code_outside_functions"


def size(text: str, tree: ast.Module) -> dict[str, int]:
    """Statements, expressions and the like; tokens but for layout and comments; lines with such tokens.

    Docstrings are no nodes.
    """
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    counted = (ast.stmt, ast.expr, ast.arg, ast.keyword, ast.comprehension, ast.excepthandler, ast.pattern)
    nodes = sum(isinstance(node, counted) for node in ast.walk(tree))
    tokens, lines = 0, set[int]()
    with contextlib.suppress(tokenize.TokenError):
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type not in _LAYOUT:
                tokens += 1
                lines.update(range(token.start[0], token.end[0] + 1))
    return {"nodes": nodes, "tokens": tokens, "lines": len(lines)}


def outside_functions(tree: ast.Module) -> str:
    """What stands outside functions and classes, as a function, so that its branches count as well."""
    rest = [node for node in tree.body if not isinstance(node, (ast.ClassDef, *_FUNCTIONS, ast.ImportFrom))]
    if not rest:
        return ""
    body = ast.parse(f"def {_WRAPPED}(): pass").body[0]
    assert isinstance(body, ast.FunctionDef)
    body.body = rest
    return "\n\n\n" + ast.unparse(ast.fix_missing_locations(body)) + "\n"


def lint(text: str, extra: str, rules: str) -> dict[str, object]:
    """What the linter finds in the text, and how complex each function of text and extra is."""
    told = subprocess.run(
        [
            *(_executable("linter"), "check", "--isolated", "--no-cache", "--ignore-noqa", "--exit-zero", "--quiet"),
            *("--output-format", "json", "--target-version", "py311", "--no-preview"),
            *("--select", f"C901,{rules}", "--config", "lint.mccabe.max-complexity = 0", "-"),
        ],
        input=(text + extra).encode(),
        capture_output=True,
        env={"RAYON_NUM_THREADS": "1"},
        check=False,
    )
    if told.returncode:
        words = told.stderr.decode(errors="replace").strip()
        if "Unknown rule selector" in words:
            return {"refused": words.rpartition("Cause: ")[2][:300]}
        raise OSError(f"the linter ended with {told.returncode}: {words[-300:]}")
    own = text.count("\n") + 1
    findings, complexity = [], []
    for one in json.loads(told.stdout):
        rule, line = one["code"] or "syntax", one["location"]["row"]
        if rule == "C901":
            found = _COMPLEX.search(one["message"])
            assert found is not None, one["message"]
            complexity.append(int(found[1]))
        elif line <= own:
            findings.append([rule, line])
    return {"findings": findings[:1000], "count": len(findings), "complexity": complexity[:1000]}


def _executable(name: str) -> str:
    """The path of this file, or, where a box has no chmod, of a copy that can be executed."""
    try:
        Path(name).chmod(0o755)
    except PermissionError:
        content = Path(name).read_bytes()
        Path(name).unlink()
        with os.fdopen(os.open(name, os.O_WRONLY | os.O_CREAT, 0o755), "wb") as file:
            file.write(content)
    return f"./{name}"


def main() -> None:
    """Measure, and say so."""
    text, rules = Path("program").read_text(encoding="utf-8"), Path("rules").read_text()
    found: dict[str, object]
    try:
        tree = ast.parse(text)
        extra = outside_functions(tree) if rules else ""
        found = {**size(text, tree), **(lint(text, extra, rules) if rules else {})}
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        found = {"broken": f"{type(error).__name__}: {error}"[:300]}
    Path("found").write_text(json.dumps(found))


if __name__ == "__main__":
    main()
