"""The win rate of a group: who meets whom, what counts, and what an error of a match is."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("gradewire_judges", reason="the judging engine is not installed")

from gradewire.v1 import grader_pb2, sample_pb2
from gradewire_judges import Judge, JudgeError, JudgeRequest, JudgeVerdict, Outcome, Usage, load_card
from gradewire_judges.errors import BackendFailed
from gradewire_protos import parse_status
from gradewire_services.graders.bench import Bench
from gradewire_services.graders.win_rate import pairs, win_rate
from gradewire_services.work import GradeOperation
from tests.services.service_wire import Served, group, ledger, refused, request


@given(st.integers(1, 20), st.integers(1, 12))
def test_every_pair_meets_once_and_everybody_meets_as_many(count: int, rounds: int) -> None:
    met = pairs(count, rounds)
    assert len(set(met)) == len(met)
    assert all(0 <= a < b < count for a, b in met)
    matches = Counter(place for pair in met for place in pair)
    assert len({matches[place] for place in range(count)}) == 1
    if rounds >= count // 2:
        assert len(met) == count * (count - 1) // 2


class Umpire:
    """Stands where a judge of pairs would: the longer one is better, and `odd` depends on the order."""

    def __init__(self) -> None:
        self.card = load_card("pairwise")
        self.engine = None
        self.info = Judge.open("rules").info
        self.asked = 0

    def drift(self) -> None:
        return None

    def key(self, request: JudgeRequest) -> str:
        return request.raw_hash()

    def judge(
        self, requests: Sequence[JudgeRequest], *, cancelled: Callable[[int], bool]
    ) -> list[JudgeVerdict | JudgeError]:
        return [self._one(request) for request in requests]

    def _one(self, request: JudgeRequest) -> JudgeVerdict | JudgeError:
        self.asked += 1
        one, other = request.response, request.response_b or ""
        said = JudgeVerdict(request.id, Outcome.JUDGED, "preference", "model", score=0.0, usage=Usage(100, 40, 2))
        if "fail" in (one, other):
            return BackendFailed("out of order")
        if "odd" in (one, other):
            return replace(said, outcome=Outcome.INCONSISTENT, score=None)
        return replace(said, score=float(len(one) > len(other)))


def grades(responses: list[str], **how: Any) -> tuple[dict[str, grader_pb2.Result], Umpire]:
    umpire: Any = Umpire()
    operation = GradeOperation(win_rate(Bench({"pairwise": umpire})))
    asked = request(group(responses), grader="win_rate", parameters=str(how).replace("'", '"') if how else "")
    (step,) = operation.steps(memoryview(asked.SerializeToString()), 10, lambda _: False)
    bodies = [grader_pb2.GradeResponse.FromString(body) for body in step if body is not None]
    return ledger(asked, bodies), umpire


def test_the_share_of_matches_that_a_response_wins() -> None:
    found, umpire = grades(["a", "aa", "aaa", "aaaa"])
    assert [found[f"g-{n}"].grade.score for n in range(4)] == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert umpire.asked == 6
    best = found["g-3"].grade
    assert (best.outcome, best.parts["matches"], best.parts["won"]) == (grader_pb2.OUTCOME_PASSED, 3, 3)
    assert best.usage.prompt_tokens == 150  # half of three matches


def test_rounds_bound_the_matches() -> None:
    found, umpire = grades(["a" * n for n in range(1, 11)], rounds=1)
    assert umpire.asked == 10
    assert {result.grade.parts["matches"] for result in found.values()} == {2}


def test_a_pair_that_depends_on_the_order_counts_half_and_so_do_the_same_words() -> None:
    found, umpire = grades(["odd", "aaaa", "aaaa"])
    assert [found[f"g-{n}"].grade.score for n in range(3)] == [0.5, 0.5, 0.5]
    assert list(found["g-0"].grade.flags) == ["position_inconsistent"]
    assert umpire.asked == 1  # the other match has the same bytes


def test_a_match_that_fails_counts_for_nobody() -> None:
    found, _ = grades(["fail", "a", "aa", "aaa", "aaaa"], rounds=1)
    assert {name for name, result in found.items() if result.HasField("error")} == {"g-0"}
    assert parse_status(found["g-0"].error).reason == "BACKEND_FAILED"
    beside, apart = found["g-4"].grade, found["g-3"].grade
    assert (beside.score, beside.parts["matches"], beside.parts["failed"]) == (1.0, 1, 1)
    assert list(beside.flags) == ["matches_failed"]
    assert "out of order" in beside.explanation
    assert (apart.score, apart.parts["matches"], apart.parts["failed"], list(apart.flags)) == (0.5, 2, 0, [])


def test_how_many_matches_are_enough_is_stated() -> None:
    found, _ = grades(["fail", "a", "aa", "aaa", "aaaa"], rounds=1, enough=1)
    assert {name for name, result in found.items() if result.HasField("error")} == {"g-0", "g-1", "g-4"}
    found, _ = grades(["fail", "a", "fail", "aaa"], rounds=1)  # who meets but what fails has no score
    assert {name for name, result in found.items() if result.HasField("error")} == {"g-0", "g-1", "g-2", "g-3"}


def test_alone_there_is_no_score() -> None:
    found, _ = grades(["a"])
    assert (found["g-0"].grade.outcome, found["g-0"].grade.reason) == (grader_pb2.OUTCOME_UNDECIDED, "no_opponent")
    assert not found["g-0"].grade.HasField("score")


def test_over_the_wire_with_a_model_of_random_weights(modelled: Served) -> None:
    asked = group(["120 minutes.", "About a hundred.", "Two hours."], reference="")
    asked.group_size = 3
    asked.prompt.append(sample_pb2.Message(role="user", content="How many minutes are in two hours?"))
    found = ledger(request(asked), modelled.graders.Grade(request(asked, grader="win_rate"), timeout=60))
    scores = [found[f"g-{n}"].grade.score for n in range(3)]
    assert sum(scores) == pytest.approx(1.5)  # each match is worth one
    single = request(asked, grader="judge", parameters='{"judge": "pairwise"}')
    single.groups[0].item_json = '{"response_b": "An hour is sixty minutes."}'
    for result in ledger(single, modelled.graders.Grade(single, timeout=60)).values():
        assert result.grade.reason in ("preference", "position_inconsistent")
        assert len(json.loads(result.grade.detail_json)["votes"]) == 2
    part = request(asked, grader="win_rate")
    del part.groups[0].samples[1:]
    assert refused(lambda: modelled.graders.Grade(part, timeout=10)).code is grpc.StatusCode.INVALID_ARGUMENT
    rules = request(asked, grader="win_rate", parameters='{"judge": "rules"}')
    assert "pairwise" in refused(lambda: modelled.graders.Grade(rules, timeout=10)).message
