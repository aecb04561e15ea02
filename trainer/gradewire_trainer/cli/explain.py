"""`gradewire explain`: one sample's reward as a tree, from a record or graded now."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from gradewire_trainer.cli.tree import clip, explained, plain
from gradewire_trainer.errors import FileError, RowError, SpecError, did_you_mean
from gradewire_trainer.spec import RewardSpec
from gradewire_trainer.types import Group, Reward, Sample

Told = tuple[RewardSpec, Group, Sample, Reward]


def explain_recorded(folder: Path, wanted: str, *, as_json: bool) -> int:
    """From the folder of a record: a sample by its id, or all samples of a row. Raises RecordError, FileError."""
    from gradewire_trainer.record import part_files, read_rows, read_spec, reward_of, sample_of

    if not folder.is_dir():
        raise FileError(str(folder), "is no folder of a record. For rows that are not graded yet, add --reward")
    if not part_files(folder):
        raise FileError(str(folder), "holds no record (samples/*.parquet); name the folder given to --out")

    def told() -> Iterator[Told]:
        spec = RewardSpec.parse(read_spec(part_files(folder)[0]))
        for row in read_rows(folder):
            if wanted in (row["sample"], row["group"], f"{row['group']}/{row['sample']}"):
                yield (spec, *sample_of(row), reward_of(row))

    found = list(told())
    if not found:
        raise _unknown(folder, wanted, [row["sample"] for row in read_rows(folder, ["sample"])])
    return _print(found, as_json=as_json)


def explain_graded(reward: Path, rows: Path, wanted: str, targets: str | None, *, as_json: bool) -> int:
    """Grade one row of a file now, and explain it. Raises SpecError, FileError, RowError, ServiceError."""
    from gradewire_trainer.client import RewardClient
    from gradewire_trainer.rows import count_rows, read_rows

    spec = RewardSpec.load(reward)
    count_rows(rows)
    known: list[str] = []
    wrong: list[RowError] = []
    for row in read_rows(rows):
        if isinstance(row, RowError):
            wrong.append(row)
            continue
        samples = {sample.sample_id: sample for sample in row.group.samples}
        known += samples
        if wanted != row.group.group_id and wanted not in samples:
            continue
        # The whole group is graded: a node may need the others.
        try:
            with RewardClient(spec, targets) as client:
                (rewards,) = client.grade([row.group])
        except SpecError as refused:
            raise spec.placed(refused) from None
        shown = [one for one in rewards.rewards if wanted in (one.sample_id, row.group.group_id)]
        return _print([(spec, row.group, samples[one.sample_id], one) for one in shown], as_json=as_json)
    for error in wrong:
        print(f"gradewire: {error}", file=sys.stderr)
    raise _unknown(rows, wanted, known)


def _unknown(source: Path, wanted: str, known: list[str]) -> FileError:
    some = ", ".join(known[:3])
    hint = did_you_mean(wanted, known) or (f" There are {len(known)}: {some} …" if known else " There is none.")
    return FileError(str(source), f"no sample {wanted!r} is there.{hint}")


def _print(found: list[Told], *, as_json: bool) -> int:
    for spec, group, sample, reward in found:
        if as_json:
            print(json.dumps({"group_id": group.group_id, **reward.to_dict()}, ensure_ascii=False))
        else:
            print("\n".join([*_heading(group, sample), *explained(spec, reward), ""]))
    return 0 if all(reward.error is None for _, _, _, reward in found) else 1


def _heading(group: Group, sample: Sample) -> Iterator[str]:
    yield f"sample     {plain(sample.sample_id)}" + (f"  ({sample.finish_reason})" if sample.finish_reason else "")
    for name, text in (("prompt", group.prompt), ("response", sample.response)):
        whole = text if isinstance(text, str) else " | ".join(str(message.get("content") or "") for message in text)
        yield f"{name:<10} {_ends(whole)}" if whole else f"{name:<10} –"
    if group.reference is not None:
        yield f"reference  {clip(json.dumps(group.reference, ensure_ascii=False), 88)}"


def _ends(text: str) -> str:
    """The first and the last of a long text: the answer stands at the end."""
    line = plain(text)
    return line if len(line) <= 88 else f"{line[:34]} … {line[-50:]}"
