"""A grader that travels in the spec: `grade(sample, item)` in Python, run in the sandbox. OpenAI's form `python`.

It sees what a served function sees, and nothing else: no network, no files, its limits. What it raises, and what is no
finite number, is an error of the sample and no 0. It is trusted with the grade, and with nothing beyond its box.
"""

from __future__ import annotations  # the stubs' enum types are strings at run time

from importlib.metadata import version
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from gradewire.v1 import grader_pb2
from gradewire_services.errors import BadRequest, GraderFailed
from gradewire_services.execution import Case, GraderTests, InvalidRequest, Limits, Program, Verdict
from gradewire_services.grader import Grade, Grader, grader
from gradewire_services.graders.execute import Runs
from gradewire_services.graders.placeholders import seen_by_form
from gradewire_services.item import Item, Sample

_VERSION = version("gradewire-services")
_LIMITS = Limits(time_s=120, wall_s=120, memory_mb=2048, disk_mb=1024)
"""Those of OpenAI's graders: two minutes, 2 GB, 1 GB of files."""


class PythonParameters(BaseModel):
    """The grader itself."""

    model_config = ConfigDict(extra="forbid")

    source: Annotated[str, StringConstraints(min_length=1, max_length=262_143)]
    """Python that defines grade(sample, item); it returns a number."""

    pass_threshold: float | None = None
    """Scores from here on pass. Not given: 1 passes, 0 fails, and what is between is partial."""


def python_grader(runner: Runs, isolation: str) -> Grader:
    """The grader over an open engine."""

    @grader(
        "python",
        PythonParameters,
        version=_VERSION,
        description="OpenAI's python: grade(sample, item) of the spec's own, run in a sandbox.",
        range=None,
        deterministic=False,
        properties={"isolation": isolation},
    )
    def grade(how: PythonParameters, item: Item, sample: Sample) -> Grade:
        seen = seen_by_form(item, sample)
        try:
            case = Case(Program("python", how.source), GraderTests(seen["sample"], seen["item"]), _LIMITS, "default")
        except InvalidRequest as error:
            raise BadRequest.at(("parameters.source", error.problem)) from None
        verdict = runner.run(case, min_isolation=None, timeout_s=sample.timeout_s, path=lambda field: field)
        if verdict.verdict is not Verdict.ACCEPTED or verdict.score is None:
            said = next((test.message for test in verdict.tests if test.message), "it gave no score")
            raise GraderFailed(f"the python grader: {verdict.verdict.value}: {said}", reason="PYTHON_GRADER_FAILED")
        return Grade(
            score=verdict.score,
            outcome=_outcome(verdict.score, how.pass_threshold),
            reason="python",
            decided_by="python",
            flags=[f"isolation_{verdict.isolation.level.lower()}"],
            versions={"gradewire-services": _VERSION},
        )

    return grade


def _outcome(score: float, threshold: float | None) -> grader_pb2.Outcome.ValueType:
    if threshold is not None:
        return grader_pb2.OUTCOME_PASSED if score >= threshold else grader_pb2.OUTCOME_FAILED
    ends = {1.0: grader_pb2.OUTCOME_PASSED, 0.0: grader_pb2.OUTCOME_FAILED}
    return ends.get(score, grader_pb2.OUTCOME_PARTIAL)
