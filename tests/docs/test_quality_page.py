"""docs/graders.md, code_quality: the row is one, the spec weighs its parts, and they are as the page says."""

import json
import re
from pathlib import Path

import pytest

from gradewire_trainer import RewardClient, RewardSpec
from gradewire_trainer.rows import Row, read_rows

PAGE = (Path(__file__).parents[2] / "docs" / "graders.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## `code_quality`")[2].partition("\n## ")[0]

RIGHT = "def squares(n):\n    return sum(i * i for i in range(n + 1))\n"
UNTIDY = f"import os\n\n\n{RIGHT}"
WRONG = "def squares(n):\n    return 14\n"


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", SECTION, re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_row_is_graded_by_the_spec(tmp_path: Path) -> None:
    pytest.importorskip("gradewire_services", reason="the services are not installed")
    row = json.loads(block("json"))
    row["responses"] = [f"```python\n{code}```" for code in (RIGHT, UNTIDY, WRONG)]
    (tmp_path / "rows.jsonl").write_text(json.dumps(row))
    (tmp_path / "reward.yaml").write_text(block("yaml"))
    (read,) = read_rows(tmp_path / "rows.jsonl")
    assert isinstance(read, Row)
    with RewardClient(RewardSpec.load(tmp_path / "reward.yaml"), ["local:execution"]) as client:
        (graded,) = client.grade([read.group])
        assert client.counts.samples == 3  # each is asked about once, for three leaves
    right, untidy, wrong = graded.rewards
    assert right.reward == pytest.approx(1.0), graded
    assert wrong.reward == 0.0
    assert untidy.parts["reward.parts.lint"].score == pytest.approx(1 / (1 + 10 / 3))
    assert untidy.reward == pytest.approx(0.9 + 0.1 / (1 + 10 / 3), abs=0.001)


def test_the_defaults_are_on_the_page() -> None:
    from gradewire_services.graders.code_quality import QualityParameters

    default = QualityParameters()
    assert f"| `rules` | {' '.join(default.rules)} |" in SECTION
    assert default.weights == {"correct": 0.6, "speed": 0.1, "size": 0.1, "lint": 0.1, "complexity": 0.1}
