"""Codeforces (`open-r1/codeforces`) and CodeContests (`deepmind/code_contests`): inputs, outputs, limits, checkers.

Codeforces rows have official_tests, else examples; time_limit in seconds, memory_limit in MB; and generated_checker, a
Python program that is given the paths of input, right output and the program's output, and prints 1 or 0 (or a part).
CodeContests rows have public_tests, private_tests and generated_tests, {input: […], output: […]} each. Without a
checker, outputs are compared token by token. Interactive problems, and those that read a file, are refused.
"""

from collections.abc import Mapping
from typing import Any

from ..errors import InvalidRequest
from .converted import Converted, objects, row_of, stdin_cases

_CONTESTS = ("public_tests", "private_tests", "generated_tests")
_SCRIPT = """
import contextlib, io, sys
_SOURCE = {source!r}
def check(input, output, expected):
    for name, text in (("input.txt", input), ("correct_output.txt", expected), ("solution_output.txt", output)):
        with open(name, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(text)
    sys.argv = ["checker.py", "input.txt", "correct_output.txt", "solution_output.txt"]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        try:
            exec(compile(_SOURCE, "checker.py", "exec"), {{"__name__": "__main__"}})
        except SystemExit:
            pass
    return float(said.getvalue().split()[-1])
"""


def claims(row: Mapping[str, Any]) -> bool:
    """Whether a row is of these data sets."""
    if any(isinstance(row.get(name), Mapping) for name in _CONTESTS):
        return True
    return "official_tests" in row or isinstance(row.get("examples"), list)


def load(row: Mapping[str, Any]) -> Converted:
    """See `datasets.convert`."""
    if row.get("interaction_format"):
        raise InvalidRequest("interaction_format", "is that of an interactive problem, which cannot be judged here")
    for name in ("input_file", "output_file"):
        if row.get(name):
            raise InvalidRequest(name, "names a file; only programs on standard input can be judged here")
    if row.get("input_mode") not in (None, "stdio"):
        raise InvalidRequest("input_mode", f"is {row['input_mode']!r:.60}; only stdio can be judged here")
    cases, where = _cases(row)
    if not cases:
        raise InvalidRequest(where, "has no tests")
    script = row.get("generated_checker")
    more: dict[str, Any] = {"checker": "tokens"}
    if row.get("checker_code") or row.get("checker"):
        more = {}
    elif isinstance(script, str) and script.strip():
        more = {"checker": "python", "checker_code": _SCRIPT.format(source=script)}
    names = {"tests": where, "limits.time_s": "time_limit", "limits.memory_mb": "memory_limit"}
    if script:
        names["checker_code"] = "generated_checker"
    return Converted(row_of(row, "stdin", cases, limits=_limits(row), **more), names)


def _cases(row: Mapping[str, Any]) -> tuple[list[dict[str, str]], str]:
    named = [name for name in _CONTESTS if isinstance(row.get(name), Mapping) and row[name].get("input")]
    if named:
        found = [case for name in named for case in stdin_cases(row[name].get("input"), row[name].get("output"), name)]
        return found, named[0]
    where = "official_tests" if row.get("official_tests") else "examples"
    given = objects(row.get(where) or [], where)
    return [{"input": case.get("input"), "output": case.get("output")} for case in given], where  # type: ignore[dict-item]


def _limits(row: Mapping[str, Any]) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    seconds = row.get("time_limit")
    if isinstance(seconds, Mapping):
        seconds = (seconds.get("seconds") or 0) + (seconds.get("nanos") or 0) / 1e9
    if isinstance(seconds, (int, float)) and seconds:
        limits["time_s"] = seconds
    megabytes = row.get("memory_limit")
    if isinstance(row.get("memory_limit_bytes"), int):
        megabytes = row["memory_limit_bytes"] / 2**20
    if isinstance(megabytes, (int, float)) and megabytes:
        limits["memory_mb"] = max(16, round(megabytes))
    return limits
