"""The case files that GRADEWIRE_CORPUS names: every row gets a verdict that its author calls sound.

Collected only where the variable is set; the files are no part of the repository.
"""

import json
import os
import time
from pathlib import Path

import pytest

from gradewire_services.execution import Engine, ToolMissing, parse_case

FOLDER = os.environ.get("GRADEWIRE_CORPUS")
ROWS = [
    json.loads(line)
    for path in sorted(Path(FOLDER).glob("execution_*.jsonl"))
    for line in path.read_text().splitlines()
] if FOLDER else []  # fmt: skip
CANARY = "gradewire-canary-5309"


def slowdown() -> float:
    """How many times as long as alone a busy process takes here and now."""
    start, spent = time.monotonic(), time.process_time()
    while time.process_time() - spent < 0.3:
        pass
    return (time.monotonic() - start) / 0.3


@pytest.mark.skipif(not ROWS, reason="GRADEWIRE_CORPUS names no folder with execution_*.jsonl")
@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_row(engine: Engine, processes, row: dict, tmp_path: Path):
    case = parse_case(row, trusted=True)
    engine.run(parse_case(NEXT).program, parse_case(NEXT).tests)
    lane, before = engine.lane_pid, processes.at_rest(engine.lane_pid)
    planted = [Path(path) for path in row.get("setup", {}).get("canary_files", [])]
    for path in planted:
        path.write_text(CANARY)
    start = time.monotonic()
    try:
        found = engine.run(case.program, case.tests, case.limits, checker=case.checker, fetch=case.fetch)
    except ToolMissing as error:
        pytest.skip(str(error))
    finally:
        for path in planted:
            path.unlink()
    took = time.monotonic() - start

    assert found.verdict.value in row["acceptable_verdicts"], found
    for wanted, test in zip(row.get("per_test") or [], found.tests, strict=False):
        assert wanted in ("*", test.verdict.value)
    if "expected_score" in row:
        assert found.score == row["expected_score"]
    assert (engine.lane_pid, processes.at_rest(engine.lane_pid)) == (lane, before)
    assert CANARY not in repr(found)
    for rule in row["must_hold"]:
        name, _, value = rule.partition(":")
        if name == "responds_within_s":
            assert took < float(value) or took < float(value) * slowdown()
        elif name == "no_host_file":
            assert not Path(value).exists()
        elif name == "peak_memory_le_limit" and not engine.isolation.missing:
            assert all(test.peak_mb <= case.limits.memory_mb for test in found.tests)
        elif name == "fetched_files_not_host":
            assert all(not test.files for test in found.tests)
    after = engine.run(parse_case(NEXT).program, parse_case(NEXT).tests)
    assert after.verdict.value == "accepted"


NEXT = {
    "language": "python",
    "kind": "stdin",
    "code": "print(input())",
    "tests": [{"input": "next", "output": "next"}],
}
