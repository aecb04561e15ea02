"""`gradewire grader validate|run`: a grader of OpenAI's, checked, and asked about one sample."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gradewire_trainer.cli.tree import number, plain
from gradewire_trainer.client import RewardClient
from gradewire_trainer.errors import FileError, SpecError
from gradewire_trainer.spec import ROOT, RewardSpec
from gradewire_trainer.spec.document import read_document
from gradewire_trainer.spec.openai import is_form, node_of
from gradewire_trainer.types import Grade, Group, Part, Reward, Sample

_PARTS = f"{ROOT}.parts."


def validate(file: Path) -> int:
    """Say that the grader is well formed, and what it asks. Raises SpecError."""
    spec = _spec(file, "")
    asked = ", ".join(dict.fromkeys(leaf.grader for leaf in spec.leaves))
    print(f"{file}: ok. Asks: {asked}")
    return 0


def run(file: Path, item: Path | None, sample: str, targets: str | None, judge: str, *, as_json: bool) -> int:
    """Grade one sample, and print reward, sub-rewards and errors. Raises SpecError, FileError, ServiceError."""
    spec = _spec(file, judge)
    row = {} if item is None else _row(item)
    # All of the row goes into the item as it is: a form's `item.prompt` is the row's own, and no list of messages.
    group = Group("item", (Sample("sample", sample),), item=row)
    started = time.monotonic()
    with RewardClient(spec, targets) as client:
        ((reward,),) = (rewards.rewards for rewards in client.grade([group]))
    elapsed_s = time.monotonic() - started
    if as_json:
        print(json.dumps({**_told(reward), "elapsed_s": round(elapsed_s, 6)}, ensure_ascii=False))
    else:
        print("\n".join(_lines(reward)))
    return 0 if reward.reward is not None else 1


def read_sample(told: str) -> str:
    """The text, or that of the file behind an `@`. Raises FileError."""
    if not told.startswith("@"):
        return told
    try:
        return Path(told[1:]).read_bytes().decode()
    except OSError as error:
        raise FileError(told[1:], f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise FileError(told[1:], f"is not UTF-8 text (byte {error.start})") from None


def _spec(file: Path, judge: str) -> RewardSpec:
    told, _ = read_document(file)
    if not is_form(told):
        raise SpecError("type", "is missing: a grader of OpenAI's is an object with `type`", file=str(file))
    spec = RewardSpec.load(file)
    return RewardSpec.parse({ROOT: node_of(told, judge=judge)}) if judge else spec


def _row(file: Path) -> dict[str, Any]:
    try:
        row = json.loads(file.read_bytes())
    except OSError as error:
        raise FileError(str(file), f"cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise FileError(str(file), f"is not JSON: {error}") from None
    if not isinstance(row, dict):
        raise FileError(str(file), f"is {type(row).__name__}, not an object: the item's fields by name")
    return row


def _subs(reward: Reward) -> dict[str, Part]:
    """The graders of a multi, by name."""
    return {path.removeprefix(_PARTS): part for path, part in reward.parts.items() if path.startswith(_PARTS)}


def _told(reward: Reward) -> dict[str, Any]:
    told = reward.to_dict()
    subs = _subs(reward)
    parts = told["parts"]
    failed = {name: parts[f"{_PARTS}{name}"]["error"] for name, part in subs.items() if part.error is not None}
    if reward.error is not None and not failed:
        failed[""] = told["error"]
    return {
        "reward": reward.reward,
        "sub_rewards": {name: part.score for name, part in subs.items()},
        "errors": [
            {"grader": name, **{key: error[key] for key in ("reason", "code", "message")}}
            for name, error in failed.items()
        ],
    }


def _lines(reward: Reward) -> Iterator[str]:
    subs = _subs(reward)
    yield f"reward  {'none' if reward.reward is None else number(reward.reward)}"
    for name, part in (subs or {"": reward.parts[ROOT]}).items():
        score = "none" if part.score is None else number(part.score)
        if part.error is not None:
            why = f"{part.error.reason}: {plain(part.error.message)}"
        elif part.result is not None and isinstance(part.result.outcome, Grade):
            why = plain(part.result.outcome.explanation or part.result.outcome.reason)
        else:
            why = ""
        yield f"  {name + '  ' if name else ''}{score}  {why}".rstrip()
    if subs and reward.error is not None and all(part.error is None for part in subs.values()):
        yield f"  {reward.error.reason}: {plain(reward.error.message)}"
