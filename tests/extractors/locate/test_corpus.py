"""On the labelled corpus, whose folder GRADEWIRE_CORPUS names: what must be found is, and nothing else."""

import json
import os
from pathlib import Path

import pytest

from gradewire_extractors.locate import locate, locate_reference

CORPUS = os.environ.get("GRADEWIRE_CORPUS")
SILENT = ("no_answer", "restated_question")


@pytest.mark.skipif(CORPUS is None, reason="GRADEWIRE_CORPUS names no folder with answers.jsonl")
def test_every_answer_of_the_corpus_is_located() -> None:
    rows = [json.loads(line) for line in Path(str(CORPUS), "answers.jsonl").read_text("utf-8").splitlines()]
    missed = [
        row["id"]
        for row in rows
        if (row["expected"] == "equal" and locate(row["response"]).text is None)
        or (row["category"] in SILENT and locate(row["response"]).text is not None)
        or (row["expected"] == "equal" and locate(row["response"]).hedged)
        or locate_reference(row["reference"]).text is None
    ]
    assert missed == []
