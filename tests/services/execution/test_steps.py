"""Calls that are made ahead, and what a server does for its jobs' memory before it forks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gradewire_services.execution import Engine, Limits, Program, StdinCase, StdinTests
from gradewire_services.execution.box import steps

SERVICES = Path(__file__).parents[3] / "services"
PRIVATE = """
for line in open('/proc/self/smaps_rollup'):
    if line.startswith('Private_Dirty'): print(int(line.split()[1]) <= 2048)
"""
FILLED = """
from gradewire_services.execution.box import compact
filling = compact.fill_holes()
made = [bytes(100 + number % 5) for number in range(20)]
print(len({id(one) >> 12 for one in made}), len(filling) < 100_000)
"""


def test_calls_are_made_in_order():
    read_end, write_end = os.pipe()
    try:
        steps.Steps(("write", write_end, b"first ", 6), ("write", write_end, b"second", 6)).take()
        assert os.read(read_end, 100) == b"first second"
    finally:
        os.close(read_end)
        os.close(write_end)


def test_the_first_call_that_fails_is_named_and_is_the_last():
    read_end, write_end = os.pipe()
    made = steps.Steps(steps.folder(b"/no/such/folder"), ("write", write_end, b"never", 5))
    try:
        with pytest.raises(FileNotFoundError, match="mkdirat /no/such/folder: No such file or directory"):
            made.take()
        os.set_blocking(read_end, False)
        with pytest.raises(BlockingIOError):
            os.read(read_end, 1)
    finally:
        os.close(read_end)
        os.close(write_end)


def test_objects_of_one_size_lie_on_one_page():
    environment = {"PYTHONPATH": str(SERVICES), "PYTHONHASHSEED": "0"}
    ran = subprocess.run([sys.executable, "-c", FILLED], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["1", "True"]


def test_a_small_program_has_little_memory_that_it_shares_with_nobody(engine: Engine):
    tests = StdinTests((StdinCase("", "True"),))
    engine.run(Program("python", "print(True)"), tests)
    assert engine.run(Program("python", PRIVATE), tests, Limits()).passed == 1, "over 2 MiB"
