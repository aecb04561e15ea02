"""`gradewire judge CASES.jsonl --card CARD`: judge a file of cases, and measure which defences held on each.

A JSON line each. The exit status is 0 when every case has a verdict and every defence held, 1 when not, 2 when card,
model or file are unusable, 130 after Ctrl-C. What the model is to have said may stand in a case; everything else is
real: the prompts, their token ids, the rules, and the model where the case has no script.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from gradewire_judges.backends.scripted import Scripted
from gradewire_judges.card import Card, load_card
from gradewire_judges.cases import Case, CasesError, read_cases
from gradewire_judges.defences import measure
from gradewire_judges.errors import (
    BadRequest,
    CardError,
    JudgeError,
    ModelMissing,
    ModelUnsuitable,
    NotReady,
    TestModelRefused,
    TokenizerUnsuitable,
)
from gradewire_judges.judge import Judge
from gradewire_judges.verdict import JudgeVerdict

_OF_THE_MODEL = ("backend", "model", "endpoint", "revision", "dtype", "device", "frame", "limits", "min_label_mass")
"""What another card takes over from the one that was given, to ask the same model."""


def judge(argv: Sequence[str] | None = None) -> int:
    """Run the command. `argv` are its arguments, without its name."""
    try:
        return _judge(_parser().parse_args(argv))
    except KeyboardInterrupt:
        return 130


def _judge(options: argparse.Namespace) -> int:
    try:
        cases = read_cases(options.cases)
        opened = Judge.open(_card(options.card), model_dir=options.model_dir)
        pairs = _for_pairs(opened) if any(case.request.response_b is not None for case in cases) else opened
    except (CasesError, CardError) as error:
        return _refuse(str(error))
    except (ModelMissing, ModelUnsuitable, TestModelRefused, TokenizerUnsuitable) as error:
        return _refuse(f"{error} (on the command line: --model-dir DIR)")
    except NotReady as error:
        return _refuse(str(error))
    counts: Counter[str] = Counter()
    for case in cases:
        row = _row(case, pairs if case.request.response_b is not None else opened)
        counts["error" if "error" in row else "verdict"] += 1
        counts["broken"] += not all(row["defences"].values())
        print(json.dumps(row), flush=True)
    if not options.json:
        print(
            f"{len(cases)} cases: {counts['verdict']} verdicts, {counts['error']} errors; "
            f"{counts['broken']} with a defence that did not hold",
            file=sys.stderr,
        )
    return 1 if counts["error"] or counts["broken"] else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gradewire judge",
        description="Judge a file of cases, a JSON line each, and measure the structural defences on the token ids.",
    )
    parser.add_argument("cases", type=Path, metavar="CASES.jsonl", help="id, question, reference, response, must …")
    parser.add_argument("--card", required=True, help="a card's file, or the name of a shipped one")
    parser.add_argument("--model-dir", type=Path, metavar="DIR", help="the model, instead of the card's")
    parser.add_argument("--json", action="store_true", help="nothing but the JSON lines")
    return parser


def _card(given: str) -> Card:
    return load_card(Path(given) if Path(given).is_file() else given)


def _for_pairs(opened: Judge) -> Judge:
    """A judge of pairs on the same model: the one that is open, or the shipped card."""
    if opened.card.mode in ("pairwise", "reward_model") or opened.engine is None:
        return opened
    same = {name: getattr(opened.card, name) for name in _OF_THE_MODEL}
    card = load_card("pairwise").model_copy(update=same | {"allow_test_model": opened.card.allow_test_model})
    return opened.with_card(card)


def _row(case: Case, opened: Judge) -> dict[str, Any]:
    judge = opened
    if case.script is not None and opened.engine is not None:
        engine = opened.engine
        judge = Judge(opened.card, replace(engine, backend=Scripted(case.script, engine.backend, engine.encoder)))
    (result,) = judge.judge([case.request])
    held = measure(judge, case.request, result)
    one_sided = judge.engine is not None and judge.card.mode != "pairwise"
    if isinstance(result, JudgeVerdict) and case.request.response_b is not None and one_sided:
        result = BadRequest("response_b", "this card does not compare two responses: take one of mode `pairwise`")
    row: dict[str, Any] = {"id": case.id, **_told(result)}
    row["defences"] = held
    if case.must:
        row["missing"] = [code for code in case.must if code not in held]
    if case.script is not None:
        row["scripted"] = True
    return row


def _told(result: JudgeVerdict | JudgeError) -> dict[str, Any]:
    if isinstance(result, JudgeError):
        error = {
            "type": type(result).__name__,
            "reason": result.reason,
            "field": getattr(result, "field", None),
            "message": str(result),
        }
        return {"error": error, "label": None, "flags": []}
    told: dict[str, Any] = {
        "outcome": result.outcome.value,
        "score": result.score,
        "label": result.label,
        "flags": [flag.value for flag in result.flags],
        "reason": result.reason,
        "decided_by": result.decided_by,
        "expected_score": result.expected_score,
        "label_mass": result.label_mass,
        "request_hash": result.request_hash,
        "isolation": result.isolation,
    }
    told |= {"clipped": {name: {"sent": s, "shown": k} for name, (s, k) in result.clipped.items()}}
    for name in ("votes", "criteria"):
        if parts := getattr(result, name):
            told[name] = [asdict(part) for part in parts]
    if result.extracted is not None:
        told["extracted"] = asdict(result.extracted)
    return told


def _refuse(message: str) -> int:
    print(f"gradewire judge: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(judge())
