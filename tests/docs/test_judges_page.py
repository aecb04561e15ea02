"""docs/judges.md: the five-minute judge works as it is written, and the page tells of every card and mode."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "judges.md").read_text(encoding="utf-8")
SAFETY = Path(__file__).parents[2] / "examples" / "safety"
judges = pytest.importorskip("gradewire_judges", reason="the judging engine is not installed")


def _block(kind: str) -> str:
    (first, *_) = re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    return str(first)


def test_the_five_minute_judge(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed: judges[transformers]")
    from gradewire_judges.command import judge
    from gradewire_judges.fixture import write_fixture

    torch.set_num_threads(1)
    card, cases, folder = tmp_path / "kind.yaml", tmp_path / "cases.jsonl", tmp_path / "model"
    cases.write_text(_block("jsonl"), encoding="utf-8")
    card.write_text(_block("yaml"), encoding="utf-8")
    write_fixture(folder)
    argv = [str(cases), "--card", str(card), "--model-dir", str(folder)]
    assert judge(argv) == 2
    assert "allow_test_model: true" in capsys.readouterr().err
    card.write_text(f"{_block('yaml')}allow_test_model: true\nmin_label_mass: 0\n", encoding="utf-8")
    assert judge(argv) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["id"] for row in rows] == ["warm", "cold"]
    assert all(row["label"] in ("kind", "unkind") and all(row["defences"].values()) for row in rows)


def test_every_card_and_mode_is_on_the_page() -> None:
    modes_told, cards_told = (
        re.findall(r"^\| `([\w-]+)` \|", PAGE.split(heading)[1].split("\n## ")[0], re.MULTILINE)
        for heading in ("\n## Modes", "\n## Cards that ship")
    )
    assert sorted(cards_told) == list(judges.shipped_cards())
    modes = get_args(judges.Card.model_fields["mode"].annotation)
    assert sorted(modes_told) == sorted(modes)


def test_the_safety_example_is_a_spec_with_rows_that_its_judge_reads() -> None:
    trainer = pytest.importorskip("gradewire_trainer", reason="the client is not installed")
    from gradewire_trainer.rows import Row, read_rows

    trainer.RewardSpec.load(SAFETY / "reward.yaml")
    rows = [row for row in read_rows(SAFETY / "rows.jsonl") if isinstance(row, Row)]
    policy = (SAFETY / "policy.md").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in (SAFETY / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) == len(lines) == 4
    assert all(line["policy"] == policy for line in lines)
    asked = {turn for turn in judges.load_card("safety-policy").fields() if turn not in ("question", "response")}
    assert asked == {"policy"}
