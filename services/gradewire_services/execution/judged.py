"""A checker that is the author's own code, in a box of its own: it sees the program's output, never the program.

It defines `check(input, output, expected)`, or some of these in any order, which then come by name: texts for standard
input and output (what is no UTF-8 as lone surrogates), the list of arguments and two values for a function. It returns
True or False; or a number from 0 to 1, the credit, of which 1 passes; or a pair of one of these and a sentence.
Anything else, an exception or a limit is the checker's own failure.
"""

import contextlib
import math
from collections.abc import Callable
from dataclasses import replace

from . import outcome
from .box import values
from .errors import InvalidRequest
from .lane import Job, JobEnd
from .outcome import order
from .two_boxes import TESTERS
from .types import Limits
from .verdicts import TestResult, Verdict

_MOST_ANSWER = 1 << 16
_TIME_S = 10.0
_MEMORY_MB = 1024
_LIST, _NO_NAMES = b"l", b"m" + bytes(4)
_ENTRY = "gradewire_calls_check"
_CALL = f"""

def {_ENTRY}(input, output, expected):
    import inspect
    told = {{"input": input, "output": output, "expected": expected}}
    names = [one for one in inspect.signature(check).parameters]
    if set(names) <= set(told):
        return check(**{{name: told[name] for name in names}})
    return check(input, output, expected)
"""
_NO_CHECK = "NameError: name 'check' is not defined"


def text(data: bytes) -> bytes:
    """Encoded text of any bytes."""
    return values.encode(data.decode("utf-8", "surrogateescape"), math.inf)  # type: ignore[arg-type]


def judge(
    tried: TestResult,
    code: str,
    told: tuple[bytes, bytes, bytes],
    limits: Limits,
    lane: Callable[[list[Job]], list[JobEnd]],
) -> TestResult:
    """`tried`, which ran to its end, with the checker's verdict. told: encoded input, output and expected value."""
    arguments = listed([listed(list(told)), _NO_NAMES])
    own = Limits(
        time_s=max(_TIME_S, limits.time_s),
        memory_mb=max(_MEMORY_MB, limits.memory_mb),
        processes=limits.processes,
        disk_mb=max(64, limits.disk_mb),
    )
    job = Job(
        TESTERS,
        order(own, do="function", entry_point=_ENTRY, most_value_bytes=_MOST_ANSWER),
        (code + _CALL).encode(),
        arguments,
        report_most=_MOST_ANSWER + 1024,
    )
    ended, answer = outcome.returned(lane([job])[0], own, _ENTRY, _MOST_ANSWER)
    if ended.verdict is Verdict.COMPILE_ERROR:
        raise InvalidRequest("checker_code", f"does not compile: {ended.message}")
    if ended.message.startswith(_NO_CHECK):
        raise InvalidRequest("checker_code", "defines no check(input, output, expected)")
    if ended.verdict is not None:
        return _failed(tried, f"{ended.verdict.value}: {ended.message}")
    return _said(tried, answer)


def _said(tried: TestResult, answer: bytes) -> TestResult:
    try:
        found = values.parse(answer)
    except values.Malformed as error:
        return _failed(tried, f"returned nonsense: {error}")
    words = ""
    if found.tag in "lt" and len(found.content) == 2 and found.content[1].tag == "s":
        words = found.content[1].content[:500].encode("utf-8", "replace").decode()
        found = found.content[0]
    if found.tag in "TF":
        right = found.tag == "T"
        return replace(tried, verdict=Verdict.ACCEPTED if right else Verdict.WRONG_ANSWER, message=words)
    credit = math.nan
    if found.tag in "id":
        with contextlib.suppress(OverflowError):
            credit = float(found.content)
    if not 0 <= credit <= 1:
        return _failed(tried, "must return True, False or a number from 0 to 1, and a sentence if it likes")
    verdict = Verdict.ACCEPTED if credit == 1 else Verdict.WRONG_ANSWER
    return replace(tried, verdict=verdict, message=words or f"credit {credit:g}", credit=credit)


def _failed(tried: TestResult, why: str) -> TestResult:
    return replace(tried, verdict=Verdict.GRADER_ERROR, message=f"the checker: {why}")


def listed(encoded: list[bytes]) -> bytes:
    """The encoding of a list of encoded values."""
    return _LIST + len(encoded).to_bytes(4, "little") + b"".join(encoded)
