"""The composition of rewards, as transcripts that a person can check: testdata/*.txt.

Above the line stand a spec, maybe the row's item, and what the graders would say (`-`: must not be asked; `1;lint=0.5`:
a grade with a part; `1:42` points at the answer 42). Below it stands what `advance` asked at each step, and the
rewards. GRADEWIRE_REWRITE=1 writes it anew, to be read before it is committed.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from gradewire_trainer.advance import Calls, advance
from gradewire_trainer.errors import StepFailed
from gradewire_trainer.spec import RewardSpec
from gradewire_trainer.types import Failure, Grade, GradeResult, Group, Outcome, Reward, Sample, Span

TRANSCRIPTS = sorted((Path(__file__).parent / "testdata").glob("*.txt"))
LINE = "----\n"


def label(path: str) -> str:
    """`reward.parts.style` is `style`, `reward.then.parts.style` is `then.style`."""
    steps = [step for step in path.split(".") if step != "parts"]
    return ".".join(steps[1:]) or steps[0]


def result(sample_id: str, cell: str) -> GradeResult:
    if cell == "undecided":
        return GradeResult(sample_id, Grade(None, Outcome.UNDECIDED, "unknown_form"))
    if cell == "no_answer":
        return GradeResult(sample_id, Grade(0.0, Outcome.NO_ANSWER, "no_answer_located"))
    if cell.isupper():
        return GradeResult(sample_id, Failure(cell, "as the transcript says"))
    cell, colon, answer = cell.partition(":")
    score, *parts = cell.split(";")
    named = {name: float(value) for name, value in (part.split("=") for part in parts)}
    if colon:
        span = Span(answer, 7, 7 + len(answer))
        return GradeResult(sample_id, Grade(float(score), Outcome.PASSED, answer=span, parts=named))
    return GradeResult(sample_id, Grade(float(score), Outcome.PARTIAL, parts=named))


def run(above: str) -> Iterator[str]:
    told, table = above.split("\nspec\n")[1].split("\ngroup")
    told, _, item = told.partition("\nitem ")
    spec = RewardSpec.parse({"reward": yaml.safe_load(told)})
    head, *rows = [line.split() for line in table.splitlines() if line.strip()]
    cells = {row[0]: dict(zip(head, row[1:], strict=True)) for row in rows}
    group = Group("g", [Sample(sample_id, "") for sample_id in cells], item=yaml.safe_load(item) or {})
    results: dict[str, dict[str, GradeResult]] = {}
    for count in range(1, 10):
        try:
            step = advance(spec, group, results)
        except StepFailed as error:
            yield f"raise   {error}"
            return
        if not isinstance(step, Calls):
            for index, reward in enumerate(step.rewards):
                yield f"{'' if index else 'reward':<8}{told_reward(reward)}"
            return
        asked = []
        for call in step.calls:
            name = label(call.leaf.path)
            whom = (f"{i}:{call.answers[i].text}" if i in call.answers else i for i in call.sample_ids)
            asked.append(f"{name}: {' '.join(whom)}")
            for sample_id in call.sample_ids:
                assert cells[sample_id][name] != "-", f"{name} was asked about {sample_id}"
                results.setdefault(call.leaf.key, {})[sample_id] = result(sample_id, cells[sample_id][name])
        yield f"step {count}  {'   '.join(asked)}"
    raise AssertionError("it never ends")


def told_reward(reward: Reward) -> str:
    value = "none" if reward.reward is None else f"{reward.reward:.4g}"
    notes = []
    for path, part in reward.parts.items():
        if part.stand_in is not None:
            assert part.score is not None
            assert part.error is not None
            notes.append(f"{label(path)} {part.score:.4g} ({part.stand_in.value} for {part.error.reason})")
    if reward.error is not None:
        notes.append(f"{reward.error.reason} at {label(reward.error.node)}")
    return f"{reward.sample_id}  {value:<6}  {'   '.join(notes)}".rstrip()


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_transcript(path: Path) -> None:
    above, below = path.read_text().split(LINE)
    told = "".join(f"{line}\n" for line in run(above))
    if os.environ.get("GRADEWIRE_REWRITE"):
        path.write_text(above + LINE + told)
    assert told == below


def test_there_are_transcripts() -> None:
    assert len(TRANSCRIPTS) >= 12
