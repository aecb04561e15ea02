"""The record of a run: every graded sample, kept in a folder as Parquet, and a summary beside it."""

import json
import os
import secrets
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gradewire_trainer.errors import RecordError
from gradewire_trainer.record.columns import row_of
from gradewire_trainer.record.parts import require_arrow, write_part, write_whole
from gradewire_trainer.record.summary import summarise
from gradewire_trainer.spec import RewardSpec
from gradewire_trainer.types import Group, GroupRewards

PART_SAMPLES = 4096
"""Samples in a part file, at most. A crash loses no more than the part that was not written yet."""


class Record:
    """Keeps what was graded, in `folder`/samples/*.parquet; `close` adds `folder`/summary.json.

    Several processes may write to one folder: each has its own part files. Safe to use from any thread.
    """

    def __init__(self, folder: str | Path, spec: RewardSpec, *, run: str = "", pass_at: float = 0.5) -> None:
        """`run` names the run; processes that share one give the same. Raises RecordError, MissingExtra."""
        require_arrow()
        self.folder = Path(folder)
        self.run = run or f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
        self.pass_at = pass_at
        """A reward of at least this counts as right in the summary."""
        self._spec = spec
        self._rows: list[dict[str, Any]] = []
        self._step, self._parts = 0, 0
        self._lock = threading.Lock()
        try:
            (self.folder / "samples").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordError(f"{self.folder}: cannot be made: {error.strerror or error}") from None

    def add(self, group: Group, rewards: GroupRewards, expected: Mapping[str, float] | None = None) -> None:
        """Keep a group; `expected` are the rewards that are known to be right, by sample id. Raises RecordError."""
        samples = {sample.sample_id: sample for sample in group.samples}
        shared = {"run": self.run, "spec": self._spec.digest}
        with self._lock:
            for reward in rewards.rewards:
                right = (expected or {}).get(reward.sample_id)
                row = row_of(group, samples[reward.sample_id], reward, right)
                self._rows.append({**shared, "step": self._step, **row})
            if len(self._rows) >= PART_SAMPLES:
                self._write()

    def start_step(self, step: int) -> None:
        """What follows belongs to this step of training, in a part file of its own. Raises RecordError."""
        with self._lock:
            self._write()
            self._step = step

    def flush(self) -> None:
        """Write what is not written yet. Raises RecordError."""
        with self._lock:
            self._write()

    def close(self, **more: Any) -> dict[str, Any]:
        """Write what is left, and the summary of all that is in the folder, with `more` in it. Raises RecordError."""
        self.flush()
        summary = {"run": self.run, **summarise(self.folder, pass_at=self.pass_at), **more}
        summary["spec"] = self._spec.to_dict()
        write_whole(self.folder / "summary.json", json.dumps(summary, indent=2, ensure_ascii=False).encode())
        return summary

    def _write(self) -> None:
        if not self._rows:
            return
        name = f"{self._step:08d}-{os.getpid()}-{secrets.token_hex(4)}-{self._parts:04d}.parquet"
        write_part(self.folder / "samples" / name, self._rows, self._spec.to_dict())
        self._parts += 1
        self._rows = []
