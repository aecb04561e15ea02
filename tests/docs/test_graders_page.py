"""docs/graders.md: its rows are graded for real, and come out as the page says."""

import json
import re
from pathlib import Path

import pytest

from gradewire_trainer import RewardClient, RewardSpec
from gradewire_trainer.rows import Row, read_rows

PAGE = (Path(__file__).parents[2] / "docs" / "graders.md").read_text()
CHOICE = {"reward": {"choose": "grader", "cases": {"answer": {"grader": "answer"}, "code": {"grader": "code"}}}}


def rows_of(folder: Path) -> list[Row]:
    lines = []
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        grader = section.split("`")[1]
        for block in re.findall(r"```jsonl\n(.*?)\n```\n\n", section, re.DOTALL):
            lines += [json.dumps({**json.loads(line), "grader": grader}) for line in block.splitlines()]
    path = folder / "rows.jsonl"
    path.write_text("\n".join(lines))
    rows = [row for row in read_rows(path) if isinstance(row, Row)]
    assert len(rows) == len(lines) == 7
    return rows


def test_every_row_of_the_page_has_the_rewards_that_it_says(tmp_path: Path) -> None:
    pytest.importorskip("gradewire_services", reason="the services are not installed")
    rows = rows_of(tmp_path)
    with RewardClient(RewardSpec.parse(CHOICE), ["local:extraction", "local:execution"]) as client:
        graded = client.grade([row.group for row in rows])
    for row, rewards in zip(rows, graded, strict=True):
        told = {reward.sample_id: reward.reward for reward in rewards.rewards}
        assert told == row.expected, [reward.error for reward in rewards.rewards]
