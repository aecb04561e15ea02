"""`gradewire grader`: OpenAI's JSON checked, and run against a service."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.trainer.cli.conftest import FakeGrader, Ran

_SCORE = {
    "type": "score_model",
    "name": "s",
    "model": "o4-mini",
    "input": [{"role": "user", "content": "Is {{ sample.output_text }} about {{ item.prompt }}?"}],
}
_MULTI = {"type": "multi", "graders": {"s": _SCORE, "t": _SCORE | {"range": [0, 2]}}, "calculate_output": "s - t/2"}


@pytest.fixture
def form(tmp_path: Path) -> Callable[[Any], Path]:
    def write(told: Any) -> Path:
        (tmp_path / "grader.json").write_text(json.dumps(told))
        return tmp_path / "grader.json"

    return write


def test_validate_says_what_is_asked(run: Callable[..., Ran], form: Callable[[Any], Path]) -> None:
    file = form(_MULTI)
    ran = run("grader", "validate", file)
    assert (ran.code, ran.out) == (0, f"{file}: ok. Asks: judge\n")


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (_MULTI | {"calculate_output": "s"}, "calculate_output: does not use the grader 't'"),
        ({"reward": {"grader": "answer"}}, "type: is missing"),
        ([], "type: is missing"),
    ],
)
def test_validate_names_what_is_wrong(
    run: Callable[..., Ran], form: Callable[[Any], Path], told: Any, says: str
) -> None:
    ran = run("grader", "validate", form(told))
    assert (ran.code, ran.out) == (2, "")
    assert f"grader.json: {says}" in ran.err


def test_run_prints_reward_and_sub_rewards(
    run: Callable[..., Ran], form: Callable[[Any], Path], fake: FakeGrader, tmp_path: Path
) -> None:
    (tmp_path / "item.json").write_text('{"prompt": "cats"}')
    ran = run("grader", "run", form(_MULTI), "--item", tmp_path / "item.json", "--sample", "right")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "reward  0.5",
        "  s  1  the response says [right]",
        "  t  1  the response says [right]",
    ]
    assert fake.asked == [("judge", "right")] * 2
    (tmp_path / "sample.txt").write_text("wrong")
    ran = run("grader", "run", form(_SCORE), "--sample", f"@{tmp_path / 'sample.txt'}", "--json")
    told = json.loads(ran.out)
    assert told.pop("elapsed_s") > 0
    assert (ran.code, told) == (0, {"reward": 0.0, "sub_rewards": {}, "errors": []})


def test_what_fails_is_an_error_and_no_0(
    run: Callable[..., Ran], form: Callable[[Any], Path], fake: FakeGrader
) -> None:
    ran = run("grader", "run", form(_MULTI), "--sample", "undecided", "--json")
    told = json.loads(ran.out)
    assert (ran.code, told["reward"], told["sub_rewards"]) == (1, None, {"s": None, "t": None})
    assert [(error["grader"], error["reason"]) for error in told["errors"]] == [("s", "UNDECIDED"), ("t", "UNDECIDED")]
    ran = run("grader", "run", form(_MULTI), "--sample", "undecided")
    assert ran.out.splitlines()[0] == "reward  none"
    assert "s  none  UNDECIDED" in ran.out
    ran = run("grader", "run", form(_MULTI | {"calculate_output": "s / (t - 1)"}), "--sample", "right")
    assert (ran.code, ran.out.splitlines()[-1][:26]) == (1, "  FORMULA_DIVISION_BY_ZERO")


def test_what_cannot_be_run(
    run: Callable[..., Ran], form: Callable[[Any], Path], fake: FakeGrader, tmp_path: Path
) -> None:
    file = form(_SCORE)
    (tmp_path / "list.json").write_text("[]")
    for wrong, says in (
        (("--item", tmp_path / "none.json", "--sample", "x"), "cannot be read"),
        (("--item", tmp_path / "list.json", "--sample", "x"), "not an object"),
        (("--item", file.parent, "--sample", "x"), "cannot be read"),
        (("--sample", f"@{tmp_path / 'none.txt'}"), "cannot be read"),
        ((), "--sample"),
    ):
        ran = run("grader", "run", file, *wrong)
        assert (ran.code, says in ran.err) == (2, True), ran.err
    assert run("grader", "run", file, "--sample", "x", "--targets", "127.0.0.1:1").code == 3
    assert fake.asked == []
