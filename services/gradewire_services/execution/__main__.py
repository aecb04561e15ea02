"""`python -m gradewire_services.execution CASES.jsonl`: run a file of cases, a JSON line each.

A line is {id, verdict, passed, total, tests[], isolation, …}, or {id, error: {type, field, message}}. The
exit status is 1 when a row could not be run, 2 when the file could not be read.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from . import Engine, EngineConfig, ExecutionError, InvalidRequest, parse_case


def main(argv: list[str] | None = None) -> int:
    """Run the command; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m gradewire_services.execution")
    parser.add_argument("cases", type=Path, help="a JSON object a line")
    parser.add_argument(
        "--trusted",
        action="store_true",
        help="evaluate input_expr and output_expr: only for files of your own",
    )
    parser.add_argument("--package", action="append", default=[], help="package that programs may import")
    options = parser.parse_args(argv)
    packages = tuple(options.package)
    try:
        lines = options.cases.read_bytes().decode().split("\n")  # U+2028 may stand in a JSON text
        engine = Engine.open(EngineConfig(packages=packages, warm=packages))
    except UnicodeDecodeError as error:
        print(f"gradewire execute: {options.cases}: is not UTF-8 text (byte {error.start})", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"gradewire execute: {options.cases}: cannot be read: {error.strerror}", file=sys.stderr)
        return 2
    except ExecutionError as error:
        print(f"gradewire execute: {error}", file=sys.stderr)
        return 2
    failed = 0
    with engine:
        for number, line in enumerate(lines, 1):
            if line.strip():
                answer = _answer(engine, number, line, trusted=options.trusted)
                failed += "error" in answer
                print(json.dumps(answer, default=_readable), flush=True)
    return 1 if failed else 0


def _answer(engine: Engine, number: int, line: str, *, trusted: bool) -> dict[str, Any]:
    name: Any = f"line {number}"
    try:
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InvalidRequest("row", f"is no JSON: {error}") from None
        if not isinstance(row, dict):
            raise InvalidRequest("row", "must be an object")
        name = row.get("id", name)
        case = parse_case(row, trusted=trusted)
        found = engine.run(case.program, case.tests, case.limits, checker=case.checker, fetch=case.fetch)
    except ExecutionError as error:
        told = {"type": type(error).__name__, "field": getattr(error, "field", None), "message": str(error)}
        return {"id": name, "error": told}
    return {"id": name, "passed": found.passed, "total": found.total, **asdict(found)}


def _readable(content: Any) -> str:
    """A fetched file as text, for JSON."""
    return bytes(content).decode("utf-8", "backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
