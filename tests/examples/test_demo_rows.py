"""The demo's data set is what its script writes, and its labels hold."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

DEMO = Path(__file__).parents[2] / "examples" / "demo"
FIELDS = {
    "answer": {"id", "kind", "prompt", "reference", "responses", "expected"},
    "code": {"id", "kind", "prompt", "tests", "language", "limits", "responses", "expected"},
    "prose": {"id", "kind", "prompt", "reference", "responses", "expected"},
}
LABELS: dict[str, set[int | None]] = {"answer": {0, 1}, "code": {0, 1}, "prose": {None}}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DEMO / "rows.jsonl").read_text(encoding="utf-8").splitlines()]


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(DEMO / script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_script_writes_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        command = [sys.executable, str(DEMO / "write_rows.py"), "--out", str(tmp_path / seed)]
        subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PYTHONHASHSEED": seed})
        assert (tmp_path / seed).read_bytes() == (DEMO / "rows.jsonl").read_bytes()


def test_ids_and_prompts_are_unique(rows: list[dict[str, Any]]) -> None:
    for field in ("id", "prompt"):
        assert [value for value, count in Counter(row[field] for row in rows).items() if count > 1] == []


def test_every_row_has_the_fields_of_its_kind_and_three_to_six_labelled_responses(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert set(row) == FIELDS[row["kind"]], row["id"]
        assert 3 <= len(row["responses"]) <= 6, row["id"]
        assert len(row["expected"]) == len(row["responses"]), row["id"]
        assert set(row["expected"]) <= LABELS[row["kind"]], row["id"]
        for response in row["responses"]:
            assert isinstance(response["text"], str), row["id"]
            assert response.keys() <= {"text", "finish_reason"}, row["id"]
            assert response.get("finish_reason", "stop") in {"stop", "length"}, row["id"]


def test_no_response_stands_twice_in_a_row(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        texts = [(response["text"], label) for response, label in zip(row["responses"], row["expected"], strict=True)]
        assert len({text for text, _ in texts}) == len(texts), row["id"]


def test_code_rows_have_at_least_three_tests_of_one_sort(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if row["kind"] == "code":
            tests = row["tests"]
            assert set(tests) in ({"stdin"}, {"entry_point", "cases"}), row["id"]
            assert len(tests.get("stdin") or tests["cases"]) >= 3, row["id"]


def test_there_is_enough_of_everything(rows: list[dict[str, Any]]) -> None:
    prompts = Counter(row["kind"] for row in rows)
    assert prompts["answer"] >= 150
    assert prompts["code"] >= 60
    assert prompts["prose"] >= 15
    labels = Counter(label for row in rows for label in row["expected"])
    assert labels[0] + labels[1] >= 850
    assert 0.4 < labels[1] / (labels[0] + labels[1]) < 0.6
    assert (DEMO / "rows.jsonl").stat().st_size < 1_500_000


def test_running_every_third_code_row_confirms_its_labels() -> None:
    checked = run("check_code.py", "--every", "3")
    assert checked.stdout == "every label holds\n", checked.stdout + checked.stderr


def test_a_wrong_label_is_found(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    row = next(row for row in rows if row["kind"] == "code" and sum(row["expected"]) > 1)
    flipped = row | {"expected": [1 - label for label in row["expected"]]}
    (tmp_path / "rows.jsonl").write_text(json.dumps(flipped), encoding="utf-8")
    checked = run("check_code.py", "--rows", str(tmp_path / "rows.jsonl"))
    assert checked.returncode == 1
    assert checked.stdout.count(row["id"]) == len(row["expected"])
