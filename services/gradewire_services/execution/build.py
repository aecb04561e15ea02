"""Compile a program in a box of its own, once for all its tests, and keep what came out."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from . import outcome
from .box import beside
from .lane import Job, JobEnd
from .language import Language
from .outcome import order
from .types import Limits, Program
from .verdicts import TestResult, Verdict

_LIMITS = Limits(time_s=10, wall_s=40, memory_mb=2048, output_bytes=1 << 20, processes=64, disk_mb=256)
_MOST_BINARY = 64 << 20
_KEPT = 256 << 20


class Builder:
    """Turns programs into what `native` jobs execute; keeps the last 256 MiB of binaries."""

    def __init__(self) -> None:
        self._built: OrderedDict[str, bytes] = OrderedDict()

    def build(
        self, program: Program, language: Language, profile: str, lane: Callable[[list[Job]], list[JobEnd]]
    ) -> bytes | TestResult:
        """The file to execute; or, when it does not compile, the result of its every test."""
        source = program.code.encode()
        if not language.compile:
            return source
        if program.files:
            source = beside.pack(source, program.files, b"")
        key = hashlib.sha256(language.names[0].encode() + b"\0" + source).hexdigest()
        if key in self._built:
            self._built.move_to_end(key)
            return self._built[key]
        job = Job(
            profile,
            order(
                _LIMITS,
                do="native",
                name=language.source,
                argv=list(language.compile),
                reserves=language.reserves,
                beside=bool(program.files),
            ),
            source,
            stdout_most=_LIMITS.output_bytes,
            fetch=("main",),
            fetch_most=_MOST_BINARY,
        )
        ended = outcome.read(lane([job])[0], _LIMITS)
        binary = ended.end.files.get("main")
        if ended.verdict is not None or binary is None:
            words = ended.message or "the compiler made no program"
            return replace(ended.result(Verdict.COMPILE_ERROR, _first_error(ended) or words), cpu_ms=0.0)
        self._built[key] = binary
        while sum(map(len, self._built.values())) > _KEPT:
            self._built.popitem(last=False)
        return binary


def _first_error(ended: outcome.Ended) -> str:
    lines = bytes(ended.end.stderr.data).decode("utf-8", "replace").splitlines()
    return next((line for line in lines if "error" in line), "")[:300]
