"""`python -m gradewire_extractors` as people use it: a pipe, a terminal, Ctrl-C, a reader that goes away."""

import io
import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gradewire_extractors.progress import Progress

COMMAND = [sys.executable, "-m", "gradewire_extractors"]


def rows(count: int) -> str:
    return "".join(json.dumps({"response": f"\\boxed{{{n}}}", "reference": str(n)}) + "\n" for n in range(count))


def test_standard_input() -> None:
    done = subprocess.run([*COMMAND, "-"], input=rows(3), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 2, 3]
    assert done.stderr.startswith("3 verified (3 equal), 0 bad rows"), "no bar where there is no terminal"


def test_a_policy_holds_for_the_whole_file() -> None:
    row = json.dumps({"response": "The length is 120 cm.", "reference": "1.2 m"}) + "\n"
    command = [*COMMAND, "-", "--policy", '{"units": "convert"}']
    done = subprocess.run(command, input=row, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["reason"] == "converted", done.stderr
    wrong = subprocess.run([*COMMAND, "-", "--policy", '{"unit": 1}'], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "policy.unit: Extra inputs are not permitted. Fields: rel_tol" in wrong.stderr
    assert "Traceback" not in wrong.stderr


@pytest.mark.parametrize("processes", [1, 2])
def test_a_bar_on_a_terminal_and_a_clean_end_by_ctrl_c(processes: int) -> None:
    terminal, theirs = pty.openpty()
    command = [*COMMAND, "-", "--jobs", str(processes)]
    job = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    assert job.stdin is not None
    job.stdin.write(rows(600).encode())
    job.stdin.flush()
    told = b""
    while b" rows " not in told:
        told += os.read(terminal, 1000)
    os.killpg(job.pid, signal.SIGINT)
    assert job.wait(timeout=20) == 130
    told += _rest(terminal)
    assert b"interrupted: " in told
    assert b"Traceback" not in told
    job.stdin.close()


def _rest(terminal: int) -> bytes:
    """What is still in a terminal whose other side is closed (reading beyond is an OSError on Linux)."""
    told = b""
    try:
        while more := os.read(terminal, 1000):
            told += more
    except OSError:
        pass
    os.close(terminal)
    return told


def test_a_reader_that_has_had_enough(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(rows(2000), encoding="utf-8")
    job = subprocess.Popen([*COMMAND, str(path), "--jobs", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert job.stdout is not None
    assert job.stderr is not None
    job.stdout.readline()
    job.stdout.close()
    told = job.stderr.read()
    assert job.wait() == 1
    assert told == b""
    job.stderr.close()


def test_the_line() -> None:
    assert "  50 of 200  " in Progress(200).line(50, "0 bad", 2.0)
    assert Progress(200).line(50, "0 bad", 2.0).endswith("25%  25/s  6 s left  0 bad")
    assert Progress(None).line(50, "1 bad", 2.0) == "  50 rows  25/s  1 bad"


def test_no_line_where_there_is_no_terminal() -> None:
    stream = io.StringIO()
    progress = Progress(2, stream)
    progress.show(1, "")
    progress.clear()
    assert stream.getvalue() == ""
