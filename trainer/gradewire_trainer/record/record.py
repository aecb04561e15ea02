"""The record of a run: every graded sample, kept in a folder as Parquet, and a summary beside it."""

import json
import os
import secrets
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from gradewire_trainer.errors import RecordError
from gradewire_trainer.record.columns import row_of
from gradewire_trainer.record.parts import require_arrow, write_part, write_whole
from gradewire_trainer.record.summary import summarise
from gradewire_trainer.spec import RewardSpec
from gradewire_trainer.types import Group, GroupRewards

PART_SAMPLES = 4096
"""Samples in a part file, at most. A crash loses no more than the part that was not written yet."""


class Record:
    """Keeps what was graded, in `folder`/samples/*.parquet; `close`, or `with`, adds `folder`/summary.json.

    Several processes may write to one folder: each has its own part files, and a forked or pickled record starts with
    nothing to write. Safe to use from any thread; files are written by a thread of its own, so `add` does not wait for
    the disk.
    """

    _rows: list[dict[str, Any]]
    _writing: list[Future[None]]

    def __init__(self, folder: str | Path, spec: RewardSpec, *, run: str = "", pass_at: float = 0.5) -> None:
        """`run` names the run; processes that share one give the same. Raises RecordError, MissingExtra."""
        require_arrow()
        self.folder = Path(folder)
        self.run = run or f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
        self.pass_at = pass_at
        """A reward of at least this counts as right in the summary."""
        self._spec = spec
        self._step = 0
        self._reset()
        try:
            (self.folder / "samples").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordError(f"{self.folder}: cannot be made: {error.strerror or error}") from None

    def add(self, group: Group, rewards: GroupRewards, expected: Mapping[str, float] | None = None) -> None:
        """Keep a group; `expected` are the rewards that are known to be right, by sample id.

        Raises RecordError when an earlier part could not be written; its samples are kept, and tried again.
        """
        samples = {sample.sample_id: sample for sample in group.samples}
        shared = {"run": self.run, "spec": self._spec.digest}
        rows = [
            {**shared, **row_of(group, samples[reward.sample_id], reward, (expected or {}).get(reward.sample_id))}
            for reward in rewards.rewards
        ]
        with self._own_lock():
            self._rows += [{**row, "step": self._step} for row in rows]
            if len(self._rows) >= PART_SAMPLES:
                self._raise_failed()
                self._start_writing()

    def start_step(self, step: int) -> None:
        """What follows belongs to this step of training, in part files of its own. Raises as `add`."""
        with self._own_lock():
            self._raise_failed()
            self._start_writing()
            self._step = step

    def flush(self) -> None:
        """Returns when everything is written. Raises RecordError."""
        with self._own_lock():
            writing, self._writing = self._writing, []
        for future in writing:
            future.result()
        with self._lock:
            rows, self._rows = self._rows, []
        if rows:  # by this thread: at the end of the process, no other may be asked any more
            self._write(self._next_part(), rows)

    def close(self, **more: Any) -> dict[str, Any]:
        """Write what is left, and the summary of all that is in the folder, with `more` in it. Raises RecordError."""
        self.flush()
        summary = {"run": self.run, **summarise(self.folder, pass_at=self.pass_at), **more}
        summary["spec"] = self._spec.to_dict()
        write_whole(self.folder / "summary.json", json.dumps(summary, indent=2, ensure_ascii=False).encode())
        return summary

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("folder", "run", "pass_at", "_spec", "_step")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._reset()

    def _reset(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._writer = ThreadPoolExecutor(1, "gradewire-record")
        self._writing = []
        self._rows = []
        self._parts = 0

    def _own_lock(self) -> threading.Lock:
        """The lock. In a forked child, what the parent has still to write is the parent's."""
        if self._process != os.getpid():
            self._reset()
        return self._lock

    def _raise_failed(self) -> None:
        for future in [future for future in self._writing if future.done()]:
            self._writing.remove(future)
            future.result()

    def _start_writing(self) -> None:
        if self._rows:
            self._writing.append(self._writer.submit(self._write, self._next_part(), self._rows))
            self._rows = []

    def _next_part(self) -> Path:
        self._parts += 1
        name = f"{self._step:08d}-{self._process}-{secrets.token_hex(4)}-{self._parts:04d}.parquet"
        return self.folder / "samples" / name

    def _write(self, path: Path, rows: list[dict[str, Any]]) -> None:
        try:
            write_part(path, rows, self._spec.to_dict())
        except RecordError:
            with self._lock:
                self._rows = rows + self._rows
            raise
