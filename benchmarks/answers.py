"""Accuracy on a corpus of answers: right verdicts, false equals, false differs and undecided, per category.

    python benchmarks/answers.py CORPUS.jsonl [--failures]

Rows are {id, category, response, reference, expected (equal | not_equal), policy?}. A row with `policy` depends on a
policy and is not scored. An error about the reference counts as a wrong verdict, and is shown.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections import defaultdict
from pathlib import Path

from gradewire_extractors import ExtractorError, Outcome, verify


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("corpus", type=Path)
    arguments.add_argument("--failures", action="store_true", help="print each wrong verdict")
    options = arguments.parse_args()
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    micros: list[int] = []
    tiers: dict[str, int] = defaultdict(int)
    for line in options.corpus.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("policy"):
            continue
        try:
            verdict = verify(row["response"], row["reference"])
        except ExtractorError as error:
            print(f"{row['id']}: {error}")
            counts[row["category"]]["n"] += 1
            counts[row["category"]]["false_differ"] += 1
            continue
        micros.append(verdict.elapsed_us)
        tiers[verdict.tier or "none"] += 1
        for label in _labels(verdict.outcome, row["expected"] == "equal"):
            counts[row["category"]][label] += 1
        if (
            options.failures
            and bool(verdict) != (row["expected"] == "equal")
            or verdict.outcome is Outcome.UNDECIDED
        ):
            print(
                f"{row['id']}: {row['response'][-70:]!r} against {row['reference']!r}: {verdict.outcome}, {verdict.reason}"
            )
            print(
                f"    {verdict.kind_answer} {verdict.canonical_answer} | {verdict.kind_reference} {verdict.canonical_reference}"
            )
    _table(counts)
    micros.sort()
    print(
        f"time: median {statistics.median(micros):.0f} us, p99 {micros[int(len(micros) * 0.99)]} us; tiers {dict(tiers)}"
    )


def _labels(outcome: Outcome, expected: bool) -> list[str]:
    labels = ["n"]
    if outcome is Outcome.UNDECIDED:
        labels.append("undecided")
    if (outcome is Outcome.EQUAL) == expected:
        labels.append("right" if expected or outcome is not Outcome.UNDECIDED else "abstained")
    else:
        labels.append("false_differ" if expected else "false_equal")
    return labels


def _table(counts: dict[str, dict[str, int]]) -> None:
    total: dict[str, int] = defaultdict(int)
    print(f"{'category':22} {'n':>5} {'accuracy':>9} {'false =':>8} {'false ≠':>8} {'undecided':>10}")
    for category, row in sorted(counts.items()):
        _line(category, row)
        for label, count in row.items():
            total[label] += count
    _line("all", total)


def _line(category: str, row: dict[str, int]) -> None:
    share = row["right"] / row["n"]
    print(
        f"{category:22} {row['n']:5} {share:9.3f} {row['false_equal']:8} {row['false_differ']:8} {row['undecided']:10}"
    )


if __name__ == "__main__":
    main()
