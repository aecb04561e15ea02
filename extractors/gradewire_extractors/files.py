"""Verify a file of responses: `python -m gradewire_extractors RESPONSES.jsonl`.

A row is {"id"?, "response", "reference"}; a verdict is written for each to standard output, in order, as a
JSON line. A bad row is reported on standard error by its line, the others are verified, and the exit code is
then 1.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from gradewire_extractors.errors import ExtractorError
from gradewire_extractors.verify import verify

_CHUNK = 64


def check(job: tuple[int, str, float]) -> tuple[int, dict[str, Any] | None, str | None]:
    """One line: its number, and its verdict or what is wrong with it."""
    number, line, deadline_s = job
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            return number, None, "not a JSON object"
        missing = [name for name in ("response", "reference") if not isinstance(row.get(name), str)]
        if missing:
            return number, None, f"no text in {' and '.join(missing)}"
        verdict = verify(row["response"], row["reference"], deadline_s=deadline_s)
    except json.JSONDecodeError as error:
        return number, None, f"not JSON: {error.msg} at column {error.colno}"
    except (ExtractorError, RecursionError) as error:
        return number, None, str(error)
    return number, {"id": row.get("id", number), **verdict.to_dict()}, None


def main(argv: list[str] | None = None) -> int:
    """The command. 0: all rows have a verdict. 1: some rows are bad. 2: the file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m gradewire_extractors", description=__doc__)
    parser.add_argument("responses", type=Path, help="a JSONL file")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one a core)")
    parser.add_argument("--deadline", type=float, default=5.0, help="seconds for a row (default: 5)")
    options = parser.parse_args(argv)
    if options.jobs < 1 or options.deadline <= 0:
        parser.error("--jobs and --deadline must be over 0")
    started = time.monotonic()
    try:
        jobs = list(_jobs(options.responses, options.deadline))
    except (OSError, UnicodeDecodeError) as error:
        print(f"{options.responses}: {error}", file=sys.stderr)
        return 2
    outcomes: Counter[str] = Counter()
    bad = 0
    for number, verdict, problem in _run(jobs, options.jobs):
        if verdict is None:
            bad += 1
            print(f"{options.responses}:{number}: {problem}", file=sys.stderr)
            continue
        outcomes[verdict["outcome"]] += 1
        print(json.dumps(verdict, ensure_ascii=False))
    sys.stdout.flush()
    parts = ", ".join(f"{count} {name}" for name, count in outcomes.most_common())
    seconds = time.monotonic() - started
    print(
        f"{sum(outcomes.values())} verified ({parts or 'none'}), {bad} bad rows, {seconds:.1f} s",
        file=sys.stderr,
    )
    return 1 if bad else 0


def _jobs(path: Path, deadline_s: float) -> Iterator[tuple[int, str, float]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, line, deadline_s


def _run(jobs: list[tuple[int, str, float]], processes: int) -> Iterator[tuple[int, dict[str, Any] | None, str | None]]:
    if processes == 1 or len(jobs) <= _CHUNK:
        yield from map(check, jobs)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(processes, len(jobs)), mp_context=spawn) as pool:
        yield from pool.map(check, jobs, chunksize=_CHUNK)
