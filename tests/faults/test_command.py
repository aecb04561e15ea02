"""`gradewire grade` while its service is killed and comes back: each sample once in the record, and rightly."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

ROWS, SAMPLES = 100, 8


def test_a_kill_in_the_middle_of_the_command_loses_no_sample_and_returns_none_twice(
    faults: Any, tmp_path: Path
) -> None:
    read_rows = pytest.importorskip("gradewire_trainer.record", reason="needs the extra 'record'").read_rows
    random = Random(7)
    seen = tmp_path / "seen"
    rows = [
        {"id": f"r{n}", "responses": ["x" * random.randrange(300) for _ in range(SAMPLES)], "mark": str(seen)}
        for n in range(ROWS)
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    (tmp_path / "reward.yaml").write_text("reward: {grader: slow}\n")
    server = faults.server("slow")
    command = subprocess.Popen(
        [
            *(sys.executable, "-m", "gradewire_trainer", "grade", str(tmp_path / "rows.jsonl")),
            *("--reward", str(tmp_path / "reward.yaml"), "--out", str(tmp_path / "run")),
            *("--targets", server.address),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    until = time.monotonic() + 15
    while not seen.exists() or seen.stat().st_size < ROWS * SAMPLES // 3:
        assert command.poll() is None, command.communicate()[0].decode()
        assert time.monotonic() < until
        time.sleep(0.005)
    server.send(signal.SIGKILL)
    server.wait()
    assert command.poll() is None  # it was in the middle
    server.start()
    said, _ = command.communicate(timeout=20)
    assert command.returncode == 0, said.decode()
    kept = [(row["sample"], row["reward"]) for row in read_rows(tmp_path / "run")]
    right = {f"r{n}/{k}": float(len(text)) for n, row in enumerate(rows) for k, text in enumerate(row["responses"])}
    assert len(kept) == ROWS * SAMPLES
    assert dict(kept) == right
