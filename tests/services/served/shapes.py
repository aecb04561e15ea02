"""Graders of every shape, loaded as an engine is."""

import os
import time

from pydantic import BaseModel, ConfigDict, Field

from gradewire.v1 import grader_pb2
from gradewire_services.errors import Missing
from gradewire_services.grader import Grade, Scope, grader
from gradewire_services.work import Loaded


class Threshold(BaseModel):
    model_config = ConfigDict(extra="forbid")

    at_least: int = Field(default=1, ge=0)


def _grade(passed):
    outcome = grader_pb2.OUTCOME_PASSED if passed else grader_pb2.OUTCOME_FAILED
    return Grade(score=float(passed), outcome=outcome, reason="counted")


@grader("length", Threshold, version="1", description="Long enough?")
def length(how, item, sample):
    return _grade(len(sample.text) >= how.at_least)


@grader("batched", version="1", description="Several at a time.", batch=8)
def batched(how, work):
    for _, sample in work:
        if sample.text == "crash":
            os._exit(1)
        if sample.text == "sleep":
            time.sleep(60)
    return [Missing("nothing there") if sample.text == "missing" else _grade(True) for _, sample in work]


@grader("majority", version="1", description="Is it what most say?", scope=Scope.GROUP)
def majority(how, item, samples):
    texts = [sample.text for sample in samples]
    if "exit" in texts:
        os._exit(1)
    most = max(sorted(set(texts)), key=texts.count)
    return [_grade(text == most) for text in texts]


@grader("wrong", version="1", description="Returns what is no grade.")
def wrong(how, item, sample):
    return {
        "undecided": Grade(outcome=grader_pb2.OUTCOME_UNDECIDED),
        "undecided_score": Grade(outcome=grader_pb2.OUTCOME_UNDECIDED, score=0.5),
        "no_score": Grade(outcome=grader_pb2.OUTCOME_PASSED),
        "infinite": Grade(outcome=grader_pb2.OUTCOME_PASSED, score=float("inf")),
        "number": 1.0,
    }[sample.text]


def load(settings):
    return Loaded(service="shapes", graders=[length, batched, majority, wrong], version="1")


def load_not(settings):
    os._exit(7)
