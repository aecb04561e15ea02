"""Write the demo's data set, `rows.jsonl`: prompts with labelled responses, the same bytes on every run.

    python examples/demo/write_rows.py [--out FILE]

Each row draws from its own random numbers, seeded by its name, so that a new problem leaves the others as they are.
"""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

from rows import (
    algebra,
    arithmetic,
    choices,
    code,
    elsewhere,
    expressions,
    formulas,
    functions_lists,
    functions_numbers,
    numbers,
    probability,
    programs_numbers,
    programs_text,
    prose,
    sets,
    stories,
)
from rows.model import Row

NUMBERS = {
    "arithmetic": arithmetic.PROBLEMS,
    "probability": probability.PROBLEMS,
    "algebra": algebra.PROBLEMS,
    "stories": stories.PROBLEMS,
    "elsewhere": elsewhere.PROBLEMS,
}
PROGRAMS = {
    "stdin-numbers": programs_numbers.PROBLEMS,
    "stdin-text": programs_text.PROBLEMS,
    "calls-numbers": functions_numbers.PROBLEMS,
    "calls-lists": functions_lists.PROBLEMS,
}
EXPRESSIONS = {"sets": sets.PROBLEMS, "formulas": formulas.PROBLEMS, "choices": choices.PROBLEMS}


def all_rows() -> Iterator[Row]:
    """Every row, in the order of the file."""
    for topic, problems in NUMBERS.items():
        for count, problem in enumerate(problems, 1):
            name = f"{topic}-{count:02}"
            yield numbers.row_of(name, problem, random.Random(name))
    for topic, forms in EXPRESSIONS.items():
        for count, form in enumerate(forms, 1):
            name = f"{topic}-{count:02}"
            yield expressions.row_of(name, form, random.Random(name))
    for topic, tasks in PROGRAMS.items():
        for count, task in enumerate(tasks, 1):
            name = f"{topic}-{count:02}"
            yield code.row_of(name, task, random.Random(name))
    yield from prose.rows()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "rows.jsonl")
    out: Path = parser.parse_args().out
    lines = [json.dumps(row.as_json(), ensure_ascii=False) + "\n" for row in all_rows()]
    out.write_text("".join(lines), encoding="utf-8", newline="\n")
    print(f"{len(lines)} rows in {out}")


if __name__ == "__main__":
    main()
