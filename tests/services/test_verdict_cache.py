"""Identical requests are judged once, look-alikes and errors are not, and the memory is bounded."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("gradewire_judges", reason="the judging engine is not installed")

from gradewire_judges import Judge, JudgeError, JudgeRequest, JudgeVerdict, Outcome, load_card
from gradewire_judges.drift import Drift
from gradewire_judges.errors import BackendFailed, Cancelled
from gradewire_services.graders.verdict_cache import CachedJudge, VerdictCache

MIB = 1 << 20


class Counting:
    """Stands where a judge with a model would: says how often it was asked."""

    def __init__(self, revision: str = "r1") -> None:
        self._rules = Judge.open("rules")
        self.card = self._rules.card
        self.revision = revision
        self.asked: list[str] = []
        self.fails = False
        self.drifted: Drift | None = None

    def drift(self) -> Drift | None:
        return self.drifted

    def key(self, request: JudgeRequest) -> str:
        return f"{self.card.name} {self.revision} {request.raw_hash()}"

    def judge(
        self, requests: Sequence[JudgeRequest], *, cancelled: Callable[[int], bool]
    ) -> list[JudgeVerdict | JudgeError]:
        return [self._one(request, cancelled(place)) for place, request in enumerate(requests)]

    def _one(self, request: JudgeRequest, is_off: bool) -> JudgeVerdict | JudgeError:
        if is_off:
            return Cancelled()
        self.asked.append(request.response)
        if self.fails:
            return BackendFailed("out of order")
        return JudgeVerdict(request.id, Outcome.JUDGED, "label_probability", "model", score=1.0, rationale="x" * 100)


def asked(judge: Any, cache: VerdictCache, *responses: str, **fields: str) -> list[Any]:
    requests = [JudgeRequest(f"id{n}", text, fields=fields) for n, text in enumerate(responses)]
    return CachedJudge(judge, cache).ask(requests, lambda _: False)


def test_twins_of_a_batch_are_judged_together_and_later_ones_not_at_all() -> None:
    judge, cache = Counting(), VerdictCache(MIB)
    first = asked(judge, cache, "a", "b", "a")
    assert judge.asked == ["a", "b"]
    assert [said.reused for said in first] == [False, False, True]
    assert [said.verdict.id for said in first] == ["id0", "id1", "id2"]
    later = asked(judge, cache, "b", "c")
    assert judge.asked == ["a", "b", "c"]
    assert [said.reused for said in later] == [True, False]
    assert later[0].verdict == replace(first[1].verdict, id="id0")


@pytest.mark.parametrize("other", ["a ", "A", "а", "a\u200b", "\ufeffa", "a\n"])
def test_a_response_that_only_looks_alike_is_another(other: str) -> None:
    judge, cache = Counting(), VerdictCache(MIB)
    asked(judge, cache, "a", other)
    assert judge.asked == ["a", other]


def test_another_field_another_template_or_another_card_is_another() -> None:
    cache = VerdictCache(MIB)
    one, revised, renamed = Counting(), Counting("r2"), Counting()
    renamed.card = load_card("rules").model_copy(update={"name": "others"})
    for judge in (one, revised, renamed):
        asked(judge, cache, "a")
        assert judge.asked == ["a"]
    asked(one, cache, "a", policy="be kind")
    assert one.asked == ["a", "a"]


def test_drift_from_the_calibration_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    judge: Any = Counting()
    asking = CachedJudge(judge, VerdictCache(0))
    shares = {"right": 0.9, "wrong": 0.1}
    with caplog.at_level(logging.INFO):
        for psi in (0.02, 0.4, 0.5, 0.03):
            judge.drifted = Drift(psi, 0.1, 500, shares, {"right": 0.5, "wrong": 0.5})
            asking.ask([JudgeRequest("1", "a")], lambda _: False)
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "judge rules: label shares have drifted" in caplog.text


def test_errors_are_not_kept() -> None:
    judge, cache = Counting(), VerdictCache(MIB)
    judge.fails = True
    first = asked(judge, cache, "a", "a")
    assert all(isinstance(said.verdict, BackendFailed) for said in first)
    judge.fails = False
    assert asked(judge, cache, "a")[0].verdict.score == 1.0
    assert judge.asked == ["a", "a"]


def test_one_that_is_called_off_is_asked_on_for_its_twin() -> None:
    judge: Any = Counting()
    requests = [JudgeRequest("0", "a"), JudgeRequest("1", "a"), JudgeRequest("2", "b")]
    said = CachedJudge(judge, VerdictCache(MIB)).ask(requests, lambda place: place in (0, 2))
    assert judge.asked == ["a"]
    assert isinstance(said[1].verdict, JudgeVerdict)
    assert isinstance(said[2].verdict, Cancelled)


def test_what_was_used_last_is_kept_and_the_bytes_are_bounded() -> None:
    judge, cache = Counting(), VerdictCache(8_000)
    for n in range(100):
        asked(judge, cache, "often", f"once {n}")
        assert cache.bytes <= 8_000
    assert 1 < len(cache) < 30
    assert judge.asked.count("often") == 1
    asked(judge, cache, "once 0")
    assert judge.asked.count("once 0") == 2
    nothing = VerdictCache(0)
    asked(judge, nothing, "a")
    assert (len(nothing), nothing.bytes) == (0, 0)
