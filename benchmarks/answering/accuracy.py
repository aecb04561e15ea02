"""Accuracy on a corpus: right verdicts, false equals, false differs and undecided, per category and for each engine.

Rows are {id, category, response, reference, expected (equal | not_equal), policy?}. A row with `policy` depends on a
policy and is not scored. An undecided verdict, an error and a timeout are never right.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.answering.contest import Contestant, Said


@dataclass(frozen=True)
class Row:
    """A scored row of the corpus and what one engine said."""

    row: dict[str, Any]
    said: Said

    @property
    def label(self) -> str:
        """right, false_equal, false_differ, undecided, error or timeout."""
        if self.said.says not in ("equal", "not_equal"):
            return self.said.says
        if self.said.says == self.row["expected"]:
            return "right"
        return "false_equal" if self.said.says == "equal" else "false_differ"


def rows(corpus: Path) -> Iterator[dict[str, Any]]:
    """The rows that are scored. ValueError says which line is none."""
    for number, line in enumerate(corpus.read_text(encoding="utf-8").splitlines(), start=1):
        row = json.loads(line) if line.strip() else {"policy": True}
        if row.get("policy"):
            continue
        missing = {"category", "response", "reference", "expected"} - row.keys()
        if missing:
            raise ValueError(f"{corpus}:{number}: no {', '.join(sorted(missing))}")
        yield row


def score(contestant: Contestant, corpus: Path) -> list[Row]:
    """Every scored row of the corpus, judged by one engine."""
    judged = list(rows(corpus))
    said = contestant.judge([(row["response"], row["reference"]) for row in judged])
    return [Row(row, one) for row, one in zip(judged, said, strict=True)]


def counts(judged: list[Row]) -> dict[str, Counter[str]]:
    """How often each label, per category, and under `all` for all of them."""
    found: dict[str, Counter[str]] = {}
    for row in judged:
        for name in (row.row["category"], "all"):
            found.setdefault(name, Counter()).update((row.label, "n"))
    return found
