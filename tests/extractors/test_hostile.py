"""No input makes a verdict late, wrong, or an exception, or takes more memory than the process may have.

Deadlines have 50 ms of slack. `hostile` has the inputs and measures what they cost.
"""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from gradewire_extractors import Outcome, equivalent, verify

_FILE = Path(__file__).with_name("hostile.py")
_SPEC = importlib.util.spec_from_file_location("hostile", _FILE)
assert _SPEC is not None
assert _SPEC.loader is not None
hostile = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(hostile)
DEADLINE_S = 0.05
MOST_MIB = 512


def test_hostile_inputs_are_in_time_and_in_memory_from_a_thread_of_a_daemon_process() -> None:
    done = subprocess.run([sys.executable, _FILE, str(DEADLINE_S)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    *late, daemons, own = done.stdout.splitlines()
    assert late == []
    assert max(int(memory.removeprefix("MiB ")) for memory in (daemons, own)) < MOST_MIB


@pytest.mark.parametrize("reference", ["5", "x+1", "\\{1, 2\\}", "(0, 1)"])
@pytest.mark.parametrize("name", hostile.ANSWERS)
def test_a_hostile_answer_is_not_equal(name: str, reference: str) -> None:
    verdict = verify(f"\\boxed{{{hostile.ANSWERS[name]}}}", reference, deadline_s=DEADLINE_S)
    assert verdict.outcome is not Outcome.EQUAL


@pytest.mark.parametrize("name", hostile.ANSWERS)
def test_a_hostile_answer_equals_itself_or_is_undecided(name: str) -> None:
    text = hostile.ANSWERS[name]
    if text.strip(" $"):
        verdict = equivalent(text, text, deadline_s=DEADLINE_S)
        assert verdict.outcome in (Outcome.EQUAL, Outcome.UNDECIDED), verdict


def test_numbers_of_any_size_are_decided() -> None:
    nines = "9" * 50_000
    assert equivalent(nines, nines)
    assert equivalent(nines, nines[:-1] + "8").outcome is Outcome.NOT_EQUAL
    assert equivalent("1E999999999", "10^{999999999}")
    assert equivalent("1E999999999", "1E999999998").outcome is Outcome.NOT_EQUAL
    assert equivalent("1E-999999999", "0").outcome is Outcome.NOT_EQUAL
