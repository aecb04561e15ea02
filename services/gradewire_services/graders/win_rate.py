"""How often a response is the better one among the responses to its prompt, by a judge that compares two.

A grader of scope GROUP. In each round a response meets two others of its group, each pair is judged in both orders, and
a pair whose verdict depends on the order counts half for both: 12.9 % of pairs were seen to (lm-sys/FastChat #3911).

A match that fails counts for nobody. Who meets whom is a sample of all pairs already, so the rate over the others means
the same; were the failure an error of both, one response that no judge can read would take its neighbours with it.
With less than `enough` of the matches there is no rate, but the error.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import mean
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from gradewire.v1 import grader_pb2, model_pb2
from gradewire_judges import JudgeError, JudgeRequest, JudgeVerdict, Outcome
from gradewire_services.errors import GradewireError
from gradewire_services.grader import Grade, Graded, Grader, Scope, grader
from gradewire_services.graders.bench import Bench
from gradewire_services.graders.judge_errors import in_our_words
from gradewire_services.graders.judge_request import request_of
from gradewire_services.graders.judge_wire import VERSION, usage_of
from gradewire_services.graders.verdict_cache import Said
from gradewire_services.item import Item, Sample

_HALF = 0.5


class WinRateParameters(BaseModel):
    """Which judge, and how many pairs."""

    model_config = ConfigDict(extra="forbid")

    judge: str | None = None
    """A judge's name; its card's mode is `pairwise`. Not given: the only one of that mode."""

    rounds: PositiveInt = 2
    """In each, every response meets two others; with half as many rounds as there are responses, all meet all."""

    enough: Annotated[float, Field(gt=0, le=1)] = 0.5
    """The share of its matches that must be judged for a response to have a score. 1: a match that fails is an error of
    both sides."""


def pairs(count: int, rounds: int) -> list[tuple[int, int]]:
    """Who meets whom, each pair once: in round d, i meets i + d. Everybody has as many matches, but for the last round
    of an even number, where each meets one."""
    met = {
        (min(i, j), max(i, j))
        for d in range(1, min(rounds, count // 2) + 1)
        for i in range(count)
        if (j := (i + d) % count) != i
    }
    return sorted(met)


def win_rate(bench: Bench) -> Grader:
    """The grader over open judges."""

    @grader(
        "win_rate",
        WinRateParameters,
        version=VERSION,
        description="The share of a response's matches against others of its group that it wins, by a judge of pairs.",
        scope=Scope.GROUP,
        heavy=True,
        deterministic=False,
        properties=bench.properties(),
    )
    def grade(how: WinRateParameters, item: Item, samples: Sequence[Sample]) -> list[Graded]:
        picked = bench.pick(how.judge, "parameters.judge", mode="pairwise")
        tables = [_Table() for _ in samples]
        unfit: dict[int, GradewireError] = {}
        requests: dict[int, JudgeRequest] = {}
        for place, sample in enumerate(samples):
            try:
                requests[place] = request_of(picked.judge, item, sample)
            except GradewireError as error:
                unfit[place] = error
        matches = []
        for a, b in pairs(len(samples), how.rounds):
            wrong = unfit.get(a) or unfit.get(b)
            if wrong is not None:
                tables[a].failed.append(wrong)
                tables[b].failed.append(wrong)
            elif requests[a].response != requests[b].response:
                matches.append((a, b))
            else:  # the same words: nobody need be asked
                tables[a].shares.append(_HALF)
                tables[b].shares.append(_HALF)
        said = picked.ask(
            [_match(requests[a], requests[b]) for a, b in matches],
            lambda at: all(samples[place].called_off() for place in matches[at]),
        )
        for (a, b), one in zip(matches, said, strict=True):
            if isinstance(one.verdict, JudgeError):
                tables[a].failed.append(in_our_words(one.verdict))
                tables[b].failed.append(in_our_words(one.verdict))
                continue
            share = _share(one.verdict)
            tables[a].shares.append(_HALF if share is None else share)
            tables[b].shares.append(_HALF if share is None else 1 - share)
            for place in (a, b):
                tables[place].split |= share is None
                _count(tables[place].usage, one)
        return [
            unfit.get(place) or _graded(table, how.enough, picked.judge.card.name) for place, table in enumerate(tables)
        ]

    return grade


@dataclass
class _Table:
    """What a response's matches came to."""

    shares: list[float] = field(default_factory=list)
    """Of those that were judged, in [0, 1]."""

    failed: list[GradewireError] = field(default_factory=list)
    """Why the others were not."""

    split: bool = False
    """Whether one depends on the order."""

    usage: model_pb2.Usage = field(default_factory=model_pb2.Usage)


def _match(one: JudgeRequest, other: JudgeRequest) -> JudgeRequest:
    return JudgeRequest(
        id=f"{one.id} against {other.id}",
        response=one.response,
        question=one.question,
        reference=one.reference,
        fields=one.fields,
        response_b=other.response,
    )


def _share(verdict: JudgeVerdict) -> float | None:
    """Of the match, for the first, in [0, 1]. None: it depends on the order, or nobody can tell."""
    return verdict.score if verdict.outcome in (Outcome.JUDGED, Outcome.NO_ANSWER) else None


def _count(usage: model_pb2.Usage, said: Said) -> None:
    """Each side bears half of a match's tokens, rounded down."""
    if said.reused:
        return
    cost = usage_of(said)
    usage.prompt_tokens += cost.prompt_tokens // 2
    usage.cached_tokens += cost.cached_tokens // 2
    usage.output_tokens += cost.output_tokens // 2


def _graded(table: _Table, enough: float, card: str) -> Graded:
    planned = len(table.shares) + len(table.failed)
    if not planned:
        return Grade(
            outcome=grader_pb2.OUTCOME_UNDECIDED, reason="no_opponent", explanation="Nobody was there to meet."
        )
    if len(table.shares) < enough * planned:
        return table.failed[0]
    score, failed = mean(table.shares), len(table.failed)
    outcome = {1.0: grader_pb2.OUTCOME_PASSED, 0.0: grader_pb2.OUTCOME_FAILED}.get(score, grader_pb2.OUTCOME_PARTIAL)
    lost = f" {failed} more could not be judged: {table.failed[0]}" if failed else ""
    grade = Grade(
        score=score,
        outcome=outcome,
        reason="win_rate",
        explanation=f"It won {sum(table.shares):g} of {len(table.shares)} matches.{lost}",
        decided_by=f"judge:{card}",
        parts={"matches": len(table.shares), "won": sum(table.shares), "failed": failed},
        flags=[*(["position_inconsistent"] if table.split else []), *(["matches_failed"] if failed else [])],
        versions={"gradewire-judges": VERSION, "card": card},
    )
    grade.usage.CopyFrom(table.usage)
    return grade
