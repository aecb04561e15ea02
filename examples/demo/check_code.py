"""Run the demo's code responses and compare what happens with their labels.

    python examples/demo/check_code.py [--rows FILE] [--every N]

This runs programs in plain child processes: that is for programs that we wrote ourselves. Anything that a model wrote
goes to the execution service.
"""

import argparse
import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROWS = Path(__file__).parent / "rows.jsonl"

CALL = """
import contextlib, io, json, sys
job = json.load(sys.stdin)
with contextlib.redirect_stdout(io.StringIO()):
    scope = {"__name__": "response"}
    exec(job["code"], scope)
    result = scope[job["entry_point"]](*job["args"])
print(json.dumps(result))
"""


def program_of(text: str) -> str | None:
    """The last fenced block, also when its end is missing; else the whole text if it parses; else None."""
    blocks = re.findall(r"^```[a-z]*\n(.*?)(?:^```|\Z)", text, flags=re.DOTALL | re.MULTILINE)
    if blocks:
        return str(blocks[-1])
    try:
        ast.parse(text)
    except SyntaxError:
        return None
    return text


def passes(code: str, tests: dict[str, Any], time_s: float) -> bool:
    """Whether the program does what every test asks for, each in a process of its own."""
    if "stdin" in tests:
        return all(_prints(code, case["input"], case["output"], time_s) for case in tests["stdin"])
    return all(_returns(code, tests["entry_point"], case["args"], case["expected"], time_s) for case in tests["cases"])


def _run(program: str, given: str, time_s: float) -> str | None:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", program],
            input=given,
            capture_output=True,
            text=True,
            timeout=time_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None


def _prints(code: str, given: str, wanted: str, time_s: float) -> bool:
    output = _run(code, given, time_s)
    return output is not None and output.rstrip() == wanted.rstrip()


def _returns(code: str, entry_point: str, args: list[Any], expected: Any, time_s: float) -> bool:
    output = _run(CALL, json.dumps({"code": code, "entry_point": entry_point, "args": args}), time_s)
    return bool(output) and output is not None and output.strip() == json.dumps(expected)


def mislabelled(rows_file: Path, every: int = 1) -> Iterator[str]:
    """A line for each label of every `every`-th code row that running the response contradicts."""
    lines = rows_file.read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["kind"] == "code"]
    for row in rows[::every]:
        for number, (response, label) in enumerate(zip(row["responses"], row["expected"], strict=True)):
            code = program_of(response["text"])
            passed = code is not None and passes(code, row["tests"], row["limits"]["time_s"])
            if passed != bool(label):
                yield f"{row['id']}: response {number} is labelled {label}, but {'passes' if passed else 'fails'}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=Path, default=ROWS, help="rows as in rows.jsonl")
    parser.add_argument("--every", type=int, default=1, help="check one row in N (default: all)")
    told = parser.parse_args()
    wrong = list(mislabelled(told.rows, told.every))
    print("\n".join(wrong) or "every label holds")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
