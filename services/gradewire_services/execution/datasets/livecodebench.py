"""LiveCodeBench (`livecodebench/code_generation`, `…_lite`): public and private test cases, which may be packed.

Tests are lists of {input, output, testtype: stdin | functional}; a functional input has a JSON argument a line, and
the function's name is `metadata.func_name`. Outputs are compared token by token, numbers by value, as its own
evaluator does; programs run after its imports, 6 seconds each.
"""

import base64
import binascii
import zlib
from collections.abc import Mapping
from typing import Any

from ..errors import InvalidRequest
from .converted import Converted, json_lines, objects, read_json, row_of
from .pickled import text_of

_MOST_UNPACKED = 256 << 20
_LIMITS = {"time_s": 6}


def claims(row: Mapping[str, Any]) -> bool:
    """Whether a row is of this data set."""
    return "public_test_cases" in row or "private_test_cases" in row


def load(row: Mapping[str, Any]) -> Converted:
    """See `datasets.convert`."""
    cases = [
        case
        for name in ("public_test_cases", "private_test_cases")
        if row.get(name)
        for case in objects(_unpacked(row[name], name), name)
    ]
    kinds = {case.get("testtype") for case in cases}
    if len(kinds) != 1 or not kinds <= {"stdin", "functional"}:
        raise InvalidRequest("public_test_cases", f"have tests of {len(kinds)} kinds; testtype is stdin or functional")
    names = {"tests": "public_test_cases"}
    if kinds == {"stdin"}:
        tests: Any = [{"input": case.get("input"), "output": case.get("output")} for case in cases]
        more = {"checker": None if row.get("checker_code") else "float:0"}
        return Converted(row_of(row, "stdin", tests, limits=_LIMITS, prelude="standard", **more), names)
    metadata = read_json(row.get("metadata") or "{}", "metadata")
    name = metadata.get("func_name") if isinstance(metadata, dict) else None
    if not isinstance(name, str):
        raise InvalidRequest("metadata", "has no func_name, which functional tests need")
    calls = [
        {"args": json_lines(case["input"], "input"), "expected": read_json(case["output"], "output")}
        for case in cases
        if isinstance(case.get("input"), str) and isinstance(case.get("output"), str)
    ]
    if len(calls) != len(cases):
        raise InvalidRequest("public_test_cases", "must have an input and an output each, as texts")
    tests = {"entry_point": name, "cases": calls}
    return Converted(row_of(row, "function", tests, limits=_LIMITS, prelude="standard"), names)


def _unpacked(value: Any, where: str) -> Any:
    """Test cases: as they are, as JSON, or as JSON in a pickle in zlib in base64."""
    if not isinstance(value, str) or value.lstrip()[:1] in ("[", ""):
        return read_json(value or "[]", where)
    try:
        packed = base64.b64decode(value, validate=True)
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(packed, _MOST_UNPACKED)
        if unpacker.unconsumed_tail:
            raise InvalidRequest(where, f"unpacks to more than {_MOST_UNPACKED} bytes")
        return read_json(text_of(data), where)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise InvalidRequest(where, f"is neither JSON nor packed JSON: {error}") from None
