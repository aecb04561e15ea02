"""The corpus, where GRADEWIRE_CORPUS names the folder that it is in: how often the verdict is right."""

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest

from gradewire_extractors import Outcome, verify

CORPUS = os.environ.get("GRADEWIRE_CORPUS")

pytestmark = pytest.mark.skipif(CORPUS is None, reason="GRADEWIRE_CORPUS names no folder with answers.jsonl")
NEVER_UNDECIDED = ("plain_number", "fraction", "percent", "sci_notation")


def test_right_nearly_always_and_not_once_a_false_equal() -> None:
    right: dict[str, list[bool]] = defaultdict(list)
    false_equals, undecided = [], []
    for line in (Path(CORPUS or "") / "answers.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("policy"):
            continue
        outcome, expected = verify(row["response"], row["reference"]).outcome, row["expected"] == "equal"
        right[row["category"]].append((outcome is Outcome.EQUAL) == expected and outcome is not Outcome.UNDECIDED)
        if outcome is Outcome.EQUAL and not expected:
            false_equals.append(row["id"])
        if outcome is Outcome.UNDECIDED:
            undecided.append(row["category"])
    verdicts = [verdict for of_category in right.values() for verdict in of_category]
    assert not false_equals
    assert sum(verdicts) >= 0.97 * len(verdicts)
    assert all(sum(of_category) >= 0.9 * len(of_category) for of_category in right.values())
    assert len(undecided) <= 0.03 * len(verdicts)
    assert not set(undecided) & set(NEVER_UNDECIDED)
