"""One verifier in a process of its own: pairs in by lines, verdicts and their CPU time out by lines.

    python contestant.py ENGINE < PAIRS > VERDICTS

A line in is a list of [response, reference], a line out the list of [says, CPU time in us, tier], where `says` is
equal, not_equal, undecided, error or timeout. It runs in either environment, and so imports nothing but the engine.
Each engine is called as its readme calls it, with its own defaults; the reference is read anew for each pair.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Callable
from itertools import pairwise

Says = tuple[str, str | None]


def gradewire() -> Callable[[str, str], Says]:
    from gradewire_extractors import ExtractorError, Outcome, verify

    def judge(response: str, reference: str) -> Says:
        try:
            verdict = verify(response, reference)
        except ExtractorError:
            return "error", None
        outcome = Outcome.NOT_EQUAL if verdict.outcome is Outcome.NO_ANSWER else verdict.outcome
        return str(outcome.value), verdict.tier

    return judge


def math_verify() -> Callable[[str, str], Says]:
    from math_verify import parse, verify  # type: ignore[import-not-found,unused-ignore]  # in the peers' environment

    timed_out: list[str] = []

    class Timeouts(logging.Handler):
        """It logs its own timeouts, and answers False."""

        def emit(self, record: logging.LogRecord) -> None:
            if "imeout" in record.getMessage():
                timed_out.append(record.getMessage())

    logging.getLogger("math_verify").addHandler(Timeouts())
    logging.getLogger("math_verify").propagate = False

    def judge(response: str, reference: str) -> Says:
        timed_out.clear()
        same = verify(parse(f"${reference}$"), parse(response))
        return ("timeout" if timed_out else "equal" if same else "not_equal"), None

    return judge


def mathruler() -> Callable[[str, str], Says]:
    from mathruler.grader import (  # type: ignore[import-not-found,unused-ignore]  # in the peers' environment
        extract_boxed_content,
        grade_answer,
    )

    def judge(response: str, reference: str) -> Says:
        return ("equal" if grade_answer(extract_boxed_content(response), reference) else "not_equal"), None

    return judge


ENGINES = {"gradewire": gradewire, "math-verify": math_verify, "mathruler": mathruler}


def _clock_ns() -> int:
    """What reading the clock adds to each pair: about a microsecond, as it asks the kernel."""
    readings = [time.process_time_ns() for _ in range(2_001)]
    return sorted(after - before for before, after in pairwise(readings))[1_000]


def main() -> None:
    judge = ENGINES[sys.argv[1]]()
    clock_ns = _clock_ns()
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what an engine prints is no verdict
    print("[]", file=answers)
    for line in sys.stdin:
        said = []
        for response, reference in json.loads(line):
            began = time.process_time_ns()
            try:
                says, tier = judge(response, reference)
            except Exception as error:  # noqa: BLE001  # what an engine raises is counted: its user would meet it
                says, tier = "error", type(error).__name__
            said.append((says, (time.process_time_ns() - began - clock_ns) / 1e3, tier))
        print(json.dumps(said), file=answers)


if __name__ == "__main__":
    main()
