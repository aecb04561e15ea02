"""docs/rewards.md: every spec in it is one, every row in it can be graded, and every name in its code is there."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from gradewire_trainer.rows import Row, read_rows
from gradewire_trainer.spec import RewardSpec

PAGE = (Path(__file__).parents[2] / "docs" / "rewards.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", blocks("yaml"))
def test_specs(tmp_path: Path, block: str) -> None:
    (tmp_path / "reward.yaml").write_text(block)
    assert RewardSpec.load(tmp_path / "reward.yaml").leaves


def test_every_kind_of_node_is_shown() -> None:
    from gradewire_trainer.spec.tree import KINDS

    shown = "".join(blocks("yaml"))
    assert [kind for kind in KINDS if f"{kind}:" not in shown] == []


def test_rows(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text("".join(blocks("jsonl")))
    rows = list(read_rows(tmp_path / "rows.jsonl"))
    assert len(rows) == 2
    assert all(isinstance(row, Row) for row in rows), rows


def test_code() -> None:
    (code,) = blocks("python")
    for statement in ast.parse(code).body:
        if isinstance(statement, ast.ImportFrom):
            module = importlib.import_module(statement.module or "")
            assert all(hasattr(module, alias.name) for alias in statement.names)
