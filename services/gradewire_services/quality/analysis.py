"""What can be said of a program's text without running it; read by a script in a box, since parsers have limits too."""

import json
import shutil
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from gradewire_services.errors import BadRequest, GraderFailed, Missing
from gradewire_services.execution import Engine, Limits, Program, StdinCase, StdinTests

_SCRIPT = Path(__file__).with_name("measure.py")
_LIMITS = Limits(time_s=10, memory_mb=768, processes=64, disk_mb=256)
LINTER = "ruff"
MOST_BYTES = 256 << 10
"""Of a text that is read. A longer one has no qualities."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Of a program's text. lines: with code on them. findings: the linter's, by rule and line, the first 1,000.
    found: how many there are. complexity: McCabe's number of each function, and of the code outside functions.
    """

    nodes: int
    tokens: int
    lines: int
    found: int = 0
    findings: tuple[tuple[str, int], ...] = ()
    complexity: tuple[int, ...] = ()


def linter_version() -> str | None:
    """The linter's; None where it is not installed."""
    try:
        return version(LINTER)
    except PackageNotFoundError:
        return None


@cache
def _linter() -> bytes:
    """Its program. Raises Missing."""
    beside = Path(sysconfig.get_path("scripts")) / LINTER
    found = str(beside) if beside.exists() else shutil.which(LINTER)
    if found is None:
        raise Missing("no linter is installed here: pip install 'gradewire-services[quality]'", reason="TOOL_MISSING")
    return Path(found).read_bytes()


def measure(engine: Engine, code: str, rules: Sequence[str], deadline_s: float) -> Measures | None:
    """Measure a Python program; None when it does not parse, or is longer than MOST_BYTES.

    rules: what the linter looks for, as it names its rules; none: it is not run. Raises Missing, BadRequest (unknown
    rules), GraderFailed, ExecutionError.
    """
    text = code.encode()
    if len(text) > MOST_BYTES:
        return None
    files = {"program": text, "rules": ",".join(rules).encode()}
    if rules:
        files["linter"] = _linter()
    ran = engine.run(
        Program("python", _SCRIPT.read_text(encoding="utf-8"), files=files),
        StdinTests((StdinCase("", ""),)),
        _LIMITS,
        deadline_s=deadline_s,
        fetch=("found",),
    )
    result = ran.tests[0]
    if "found" not in result.files:
        words = result.stderr.strip().rpartition("\n")[2] or result.message
        raise GraderFailed(f"the program could not be analysed: {words}", reason="ANALYSIS_FAILED")
    return _read(json.loads(result.files["found"]))


def _read(found: dict[str, Any]) -> Measures | None:
    if "broken" in found:
        return None
    if "refused" in found:
        raise BadRequest.at(("parameters.rules", found["refused"]))
    return Measures(
        nodes=found["nodes"],
        tokens=found["tokens"],
        lines=found["lines"],
        found=found.get("count", 0),
        findings=tuple((rule, line) for rule, line in found.get("findings", ())),
        complexity=tuple(found.get("complexity", ())),
    )
