"""How often a response is the better one among the responses to its prompt, by a judge that compares two.

A grader of scope GROUP. In each round a response meets two others of its group, each pair is judged in both orders, and
a pair whose verdict depends on the order counts half for both: 12.9 % of pairs were seen to (lm-sys/FastChat #3911).
"""

from collections.abc import Sequence
from statistics import mean

from pydantic import BaseModel, ConfigDict, PositiveInt

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
        outcomes: dict[int, list[float]] = {place: [] for place in range(len(samples))}
        failed: dict[int, GradewireError] = {}
        requests: dict[int, JudgeRequest] = {}
        for place, sample in enumerate(samples):
            try:
                requests[place] = request_of(picked.judge, item, sample)
            except GradewireError as error:
                failed[place] = error
        matches = []
        for a, b in pairs(len(samples), how.rounds):
            if a in requests and b in requests and requests[a].response != requests[b].response:
                matches.append((a, b))
            elif a in requests and b in requests:  # the same words: nobody need be asked
                outcomes[a].append(_HALF)
                outcomes[b].append(_HALF)
        said = picked.ask(
            [_match(requests[a], requests[b]) for a, b in matches],
            lambda at: all(samples[place].called_off() for place in matches[at]),
        )
        usage = {place: model_pb2.Usage() for place in outcomes}
        split: set[int] = set()
        for (a, b), one in zip(matches, said, strict=True):
            if isinstance(one.verdict, JudgeError):
                failed.setdefault(a, in_our_words(one.verdict))
                failed.setdefault(b, in_our_words(one.verdict))
                continue
            share = _share(one.verdict)
            split |= {a, b} if share is None else set()
            outcomes[a].append(_HALF if share is None else share)
            outcomes[b].append(_HALF if share is None else 1 - share)
            for place in (a, b):
                _count(usage[place], one)
        return [
            failed.get(place) or _grade(outcomes[place], usage[place], place in split, picked.judge.card.name)
            for place in outcomes
        ]

    return grade


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


def _grade(shares: Sequence[float], usage: model_pb2.Usage, split: bool, card: str) -> Graded:
    if not shares:
        return Grade(
            outcome=grader_pb2.OUTCOME_UNDECIDED, reason="no_opponent", explanation="Nobody was there to meet."
        )
    score = mean(shares)
    outcome = {1.0: grader_pb2.OUTCOME_PASSED, 0.0: grader_pb2.OUTCOME_FAILED}.get(score, grader_pb2.OUTCOME_PARTIAL)
    grade = Grade(
        score=score,
        outcome=outcome,
        reason="win_rate",
        explanation=f"It won {sum(shares):g} of {len(shares)} matches.",
        decided_by=f"judge:{card}",
        parts={"matches": len(shares), "won": sum(shares)},
        flags=["position_inconsistent"] if split else [],
        versions={"gradewire-judges": VERSION, "card": card},
    )
    grade.usage.CopyFrom(usage)
    return grade
