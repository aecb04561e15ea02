"""A grader whose engine takes long to load: samples of several calls share a batch, and it lets go when it is asked."""

import os
import time
from collections.abc import Sequence
from typing import Any

from gradewire.v1 import grader_pb2
from gradewire_services.errors import CalledOff
from gradewire_services.grader import Grade, Graded, NoParameters, grader
from gradewire_services.item import Item, Sample
from gradewire_services.tokens import TokenBounds
from gradewire_services.work import Loaded


@grader(
    "grade",
    NoParameters,
    version="1",
    description="One for each sample of the batch.",
    range=None,
    batch=8,
    together=True,
    heavy=True,
    properties=TokenBounds(template=0, prompt=1000, output=0, batch=1 << 20).properties(),
)
def grade(_how: Any, work: Sequence[tuple[Item, Sample]]) -> list[Graded]:
    """The score is the batch's size. `wait` holds it up until it is called off; `hang` and `crash` do so."""
    return [_one(sample, len(work)) for _, sample in work]


def _one(sample: Sample, size: int) -> Graded:
    until = time.monotonic() + 20
    while sample.text.startswith("wait") and not sample.called_off():
        assert time.monotonic() < until
        time.sleep(0.002)
    if sample.text == "crash":
        os._exit(3)
    while sample.text == "hang":
        time.sleep(1)
    if sample.called_off():
        return CalledOff("nobody waits")
    return Grade(score=size, outcome=grader_pb2.OUTCOME_PARTIAL, reason=str(os.getpid()))


def load(_settings: dict[str, Any]) -> Loaded:
    return Loaded(service="together", graders=[grade], version="1")
