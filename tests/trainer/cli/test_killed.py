"""A service is killed in the middle of `gradewire grade`, and comes back: no sample is lost, none is there twice."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gradewire_trainer.record import read_rows

FAKE = Path(__file__).parent / "fake_grader.py"
GROUPS, SAMPLES = 80, 4


@contextmanager
def grader(port: int, tell_at: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, FAKE, str(port), str(tell_at)], stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def told(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "it ended"
    return line.strip()


def test_killed_and_back(files: Callable[..., tuple[Path, Path]], tmp_path: Path) -> None:
    rows = [{"id": f"q{index}", "responses": ["x"] * SAMPLES} for index in range(GROUPS)]
    reward, path = files(rows, "reward: {grader: answer}")
    out = tmp_path / "run"
    with grader(0, GROUPS) as first:
        port = int(told(first))
        grade = subprocess.Popen(
            [sys.executable, "-m", "gradewire_trainer", "grade", "--reward", str(reward), str(path), "--out", str(out)],
            env={**os.environ, "GRADEWIRE_TARGETS": f"127.0.0.1:{port}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert told(first) == "told"
    with grader(port, 1) as second:
        assert int(told(second)) == port
        said = grade.communicate(timeout=60)[0]
        assert told(second) == "told", "the second one was never needed"
    assert grade.returncode == 0, said
    counts = Counter(row["sample"] for row in read_rows(out))
    assert counts == Counter(f"q{group}/{sample}" for group in range(GROUPS) for sample in range(SAMPLES))
    assert json.loads((out / "summary.json").read_text())["graded"] == GROUPS * SAMPLES
