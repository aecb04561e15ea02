"""Accuracy on a corpus of answers: right verdicts, false equals, false differs and undecided, per category.

    python benchmarks/answers.py CORPUS.jsonl [--failures]

Rows are {id, category, response, reference, expected (equal | not_equal), policy?}. A row with `policy`
depends on a policy and is not scored. An error about the reference counts as a wrong verdict, and is shown.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections import Counter, defaultdict
from pathlib import Path

from gradewire_extractors import ExtractorError, Outcome, Verdict, verify


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("corpus", type=Path)
    arguments.add_argument("--failures", action="store_true", help="print each wrong or undecided verdict")
    options = arguments.parse_args()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    tiers: Counter[str] = Counter()
    micros: list[int] = []
    for line in options.corpus.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("policy"):
            continue
        try:
            verdict = verify(row["response"], row["reference"])
        except ExtractorError as error:
            print(f"{row['id']}: {error}")
            counts[row["category"]].update(("n", "false_differ"))
            continue
        micros.append(verdict.elapsed_us)
        tiers[verdict.tier or "none"] += 1
        labels = _labels(verdict.outcome, expected=row["expected"] == "equal")
        counts[row["category"]].update(labels)
        if options.failures and "right" not in labels:
            _failure(row, verdict)
    _table(counts)
    micros.sort()
    p99 = micros[int(len(micros) * 0.99)]
    print(f"time: median {statistics.median(micros):.0f} us, p99 {p99} us; tiers {dict(tiers)}")


def _labels(outcome: Outcome, *, expected: bool) -> list[str]:
    """An undecided verdict is never right."""
    if outcome is Outcome.UNDECIDED:
        return ["n", "undecided"]
    if (outcome is Outcome.EQUAL) == expected:
        return ["n", "right"]
    return ["n", "false_differ" if expected else "false_equal"]


def _failure(row: dict[str, str], verdict: Verdict) -> None:
    print(f"{row['id']}: {row['response'][-70:]!r} against {row['reference']!r}")
    print(
        f"    {verdict.outcome}, {verdict.reason}: {verdict.kind_answer} {verdict.canonical_answer}", end=""
    )
    print(f" | {verdict.kind_reference} {verdict.canonical_reference}")


def _table(counts: dict[str, Counter[str]]) -> None:
    print(f"{'category':22} {'n':>5} {'accuracy':>9} {'false =':>8} {'false ≠':>8} {'undecided':>10}")
    for category, row in sorted(counts.items()):
        _line(category, row)
    _line("all", sum(counts.values(), Counter()))


def _line(category: str, row: Counter[str]) -> None:
    wrong = f"{row['false_equal']:8} {row['false_differ']:8} {row['undecided']:10}"
    print(f"{category:22} {row['n']:5} {row['right'] / row['n']:9.3f} {wrong}")


if __name__ == "__main__":
    main()
