"""What each mode makes of a model's answers: pairs, rubrics, extraction, rewards, and judges that think first."""

import dataclasses
import itertools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from gradewire_judges import (
    BackendFailed,
    BadRequest,
    CutOff,
    Flag,
    Judge,
    JudgeError,
    JudgeRequest,
    JudgeVerdict,
    Outcome,
    Unreadable,
    load_card,
)
from gradewire_judges.backend import Labels, LabelScores, Prompts
from gradewire_judges.backends.scripted import Script, Scripted
from gradewire_judges.card import Criterion, Reasoning
from gradewire_judges.encoding import Encoded
from gradewire_judges.wholes import cuts

_RUBRIC = '[{"criterion": "Names the city.", "points": 2}, {"criterion": "Invents a source.", "points": -1}]'


def _on(judge: Judge, name: str, **changes: Any) -> Judge:
    """A shipped card on the test model."""
    return judge.with_card(load_card(name).model_copy(update={"min_label_mass": 0.0, **changes}))


def _scripted(judge: Judge, output: str, **script: Any) -> Judge:
    engine = judge.engine
    assert engine is not None
    backend = Scripted(Script(output, **script), engine.backend, engine.encoder)
    return Judge(judge.card, dataclasses.replace(engine, backend=backend))


class _Says(Scripted):
    """Says one label after the other, a prompt each."""

    places: Sequence[int] = ()

    def score_labels(self, prompts: Prompts, labels: Labels, **rest: Any) -> list[LabelScores | BackendFailed]:
        spread = [[-9.0] * len(labels) for _ in prompts]
        for row, place in zip(spread, self.places, strict=True):
            row[place] = math.log(0.9)
        return [LabelScores(tuple(row), 0, 0.0, 10) for row in spread]


def _saying(judge: Judge, *places: int) -> Judge:
    engine = judge.engine
    assert engine is not None
    backend = _Says(Script(), engine.backend, engine.encoder)
    backend.places = places
    return Judge(judge.card, dataclasses.replace(engine, backend=backend))


def _verdict(judge: Judge, **texts: Any) -> JudgeVerdict:
    result = _result(judge, **texts)
    if isinstance(result, JudgeError):
        raise result
    return result


def _result(judge: Judge, **texts: Any) -> JudgeVerdict | JudgeError:
    (result,) = judge.judge([JudgeRequest(**{"id": "1", "question": "What is the capital of Portugal?"} | texts)])
    return result


_PAIR = {"response": "It is Lisbon.", "response_b": "It is Oporto."}


def test_a_pair_is_asked_in_both_orders(judge: Judge) -> None:
    verdict = _verdict(_on(judge, "pairwise"), **_PAIR)
    assert [vote.name for vote in verdict.votes] == ["given", "swapped"]
    given, swapped = verdict.votes
    assert verdict.expected_score == pytest.approx((given.expected_score + swapped.expected_score) / 2)
    assert sum(verdict.probabilities.values()) == pytest.approx(1)
    other = _verdict(_on(judge, "pairwise"), response="It is Oporto.", response_b="It is Lisbon.")
    assert other.expected_score == pytest.approx(1 - (verdict.expected_score or 0), abs=1e-5)


@pytest.mark.parametrize(
    ("said", "outcome", "score", "label"),
    [
        ((0, 1), Outcome.JUDGED, 1.0, "first"),
        ((1, 0), Outcome.JUDGED, 0.0, "second"),
        ((2, 2), Outcome.JUDGED, 0.5, "neither"),
        ((0, 0), Outcome.INCONSISTENT, None, None),
        ((1, 1), Outcome.INCONSISTENT, None, None),
        ((0, 2), Outcome.INCONSISTENT, None, None),
    ],
)
def test_what_depends_on_the_order_is_no_verdict(
    judge: Judge, said: tuple[int, int], outcome: Outcome, score: float | None, label: str | None
) -> None:
    verdict = _verdict(_saying(_on(judge, "pairwise"), *said), **_PAIR)
    assert (verdict.outcome, verdict.score, verdict.label) == (outcome, score, label)
    assert (Flag.POSITION_INCONSISTENT in verdict.flags) == (outcome is Outcome.INCONSISTENT)
    assert [vote.label for vote in verdict.votes] == [["first", "second", "neither"][place] for place in said]


def test_an_empty_side_of_a_pair_needs_no_model(judge: Judge) -> None:
    pairs = _on(judge, "pairwise")
    better = _verdict(pairs, response="It is Lisbon.", response_b=" \n")
    assert (better.score, better.reason, better.decided_by) == (1.0, "empty_response_b", "rule")
    for other in ("It is Lisbon.", ""):
        worse = _verdict(pairs, response="", response_b=other)
        assert (worse.score, worse.reason, worse.outcome) == (0.0, "empty_response", Outcome.NO_ANSWER)


def test_a_pair_of_one_is_refused(judge: Judge) -> None:
    alone = _result(_on(judge, "pairwise"), response="It is Lisbon.")
    assert isinstance(alone, BadRequest)
    assert alone.field == "response_b"


def test_a_rubrics_points_are_added_up(judge: Judge) -> None:
    rubric = _on(judge, "rubric")
    expected = {(0, 0): (0.5, 0.5), (0, 1): (1.0, 1.0), (1, 0): (0.0, -0.5), (1, 1): (0.0, 0.0)}
    for said, (score, unclipped) in expected.items():
        verdict = _verdict(_saying(rubric, *said), response="It is Lisbon.", fields={"rubric": _RUBRIC})
        assert (verdict.score, verdict.unclipped_score) == (score, unclipped)
        assert [criterion.is_met for criterion in verdict.criteria] == [place == 0 for place in said]
        assert [criterion.points for criterion in verdict.criteria] == [2, -1]
        assert [vote.name for vote in verdict.votes] == ["1", "2"]


def test_a_cards_own_criteria(judge: Judge) -> None:
    plan = _on(judge, "plan")
    verdict = _verdict(plan, response="First the bridge, then the road.")
    assert [criterion.name for criterion in verdict.criteria] == [criterion.name for criterion in plan.card.criteria]
    assert 0 <= (verdict.expected_score or 0) <= 1


@pytest.mark.parametrize(
    ("rubric", "says"),
    [
        ("no json", "no JSON"),
        ("{}", "no list"),
        ("[]", "no list"),
        ("[" * 100_000, "no JSON"),
        ('[{"criterion": "a"}]', "needs `points`"),
        ('[{"criterion": "a", "points": NaN}]', "needs `points`"),
        ('[{"criterion": "a", "points": 0}]', "needs `points`"),
        ('[{"criterion": "a", "points": 1e308}, {"criterion": "b", "points": 1e308}]', "needs `points`"),
        ('[{"criterion": "a", "points": 5e-324}]', "needs `points`"),
        ('[{"criterion": "\\ud800", "points": 1}]', "surrogate"),
        ('[{"criterion": "a", "points": 1, "name": "\\udc00"}]', "surrogate"),
        ('[{"criterion": "\u200b", "points": 1}]', "no text"),
        ('[{"criterion": "a", "points": true}]', "needs `points`"),
        ('[{"criterion": "a", "points": 1' + "0" * 400 + "}]", "needs `points`"),
        ('[{"criterion": " ", "points": 1}]', "no text"),
        ('[{"criterion": "a", "points": -1}]', "nothing to reach"),
        ('[{"criterion": "a", "points": 1, "name": "x"}, {"criterion": "b", "points": 1, "name": "x"}]', "same name"),
        ("[" + ", ".join(['{"criterion": "a", "points": 1}'] * 65) + "]", "1 to 64"),
    ],
)
def test_a_bad_rubric_is_refused_by_its_field(judge: Judge, rubric: str, says: str) -> None:
    result = _result(_on(judge, "rubric"), response="It is Lisbon.", fields={"rubric": rubric})
    assert isinstance(result, BadRequest)
    assert result.field == "rubric"
    assert says in str(result)


def test_other_names_of_a_rubrics_fields(judge: Judge) -> None:
    rows = '[{"title": "city", "description": "Names the city.", "weight": 3}, {"text": "Is short.", "points": 1}]'
    verdict = _verdict(_saying(_on(judge, "rubric"), 0, 1), response="It is Lisbon.", fields={"rubric": rows})
    assert [(criterion.name, criterion.points) for criterion in verdict.criteria] == [("city", 3), ("2", 1)]
    assert verdict.score == 0.75


def test_one_criterion_without_an_answer_is_an_error_of_the_whole(judge: Judge) -> None:
    failing = _scripted(_on(judge, "rubric"), "perhaps")
    assert isinstance(_result(failing, response="It is Lisbon.", fields={"rubric": _RUBRIC}), Unreadable)


def test_a_rubrics_response_is_encoded_once(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = _on(judge, "plan")
    assert plan.engine is not None
    encoder, encoded = plan.engine.encoder, list[str]()
    untrusted = encoder.untrusted

    def watched(text: str, *, field: str) -> Encoded:
        encoded.append(field)
        return untrusted(text, field=field)

    monkeypatch.setattr(encoder, "untrusted", watched)
    plan._prepare(JudgeRequest(id="1", question="q", response="First the bridge."))
    assert encoded.count("response") == 1
    assert encoded.count("criterion") == len(plan.card.criteria)


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        ("Two and two is 4, so it is 42.", "42"),
        ("Es sind 12 Äpfel – ganz sicher.", "12 Äpfel"),
        ("六十八 也就是 六十八。", "六十八"),
        ("x\u200by = 7", None),
        ("So 15, -5, 0.5, 12,345 kg, 3/4 or 60%", None),
    ],
)
def test_an_answer_is_a_piece_of_the_response(any_judge: Judge, response: str, answer: str | None) -> None:
    judge = _on(any_judge, "extract")
    verdict = _verdict(judge, response=response)
    found = verdict.extracted
    assert (found is None) == (verdict.score == 0.0) == (verdict.outcome is Outcome.NO_ANSWER)
    if found is not None:
        assert response[found.start : found.end] == found.text == found.text.strip()
        assert not cuts(response, found.start)
        assert not cuts(response, found.end)
    if answer is not None and found is not None:
        assert found.text in response


def test_nothing_may_be_extracted(judge: Judge) -> None:
    verdict = _verdict(_scripted(_on(judge, "extract"), ""), response="I would rather not say.")
    assert (verdict.outcome, verdict.score, verdict.extracted) == (Outcome.NO_ANSWER, 0.0, None)
    assert verdict.reason == "no_answer_located"


def test_what_is_not_in_the_response_is_not_extracted(judge: Judge) -> None:
    result = _result(_scripted(_on(judge, "extract"), "42"), response="It is forty-three.")
    assert isinstance(result, Unreadable)


@pytest.mark.parametrize("response", ["It is 15.", "It is -5.", "It is 0.5.", "It is 5%.", "It is 3/5."])
def test_a_number_is_not_cut(judge: Judge, response: str) -> None:
    """The 5 of 15 would be another answer than the response's, and perhaps the right one."""
    assert isinstance(_result(_scripted(_on(judge, "extract"), "5"), response=response), Unreadable)


def test_the_whole_occurrence_is_the_one_that_is_pointed_at(judge: Judge) -> None:
    verdict = _verdict(_scripted(_on(judge, "extract"), "5"), response="It's (5), though 15 others said 0.5.")
    assert verdict.extracted is not None
    assert (verdict.extracted.text, verdict.extracted.start) == ("5", 6)


@pytest.mark.parametrize("response", ["é" * 20, "e\u0301 7", "7\u200b\u202e8", "😀 9", "가각 \u1112\u1161\u11ab"])
def test_places_are_those_of_the_text_as_it_was_sent(any_judge: Judge, response: str) -> None:
    """Escapes and normalisation move characters; what is pointed at is in the text that came."""
    from gradewire_judges.alignment import align

    assert any_judge.engine is not None
    encoder, builder = any_judge.engine.encoder, any_judge.engine.builder
    prompt = builder.build(JudgeRequest(id="1", question="q", reference="r", response=response))
    (shown,) = [span.text for span in prompt.spans if span.field == "response"]
    places = align(response, shown, encoder)
    assert places is not None
    assert len(places) == len(shown)
    assert places[0][0] == 0
    assert places[-1][1] == len(response)
    assert all(first[0] <= second[0] for first, second in itertools.pairwise(places))


def test_an_answer_from_the_tail_of_a_clipped_response(judge: Judge) -> None:
    extract = _on(judge, "extract")
    assert extract.engine is not None
    response = "word " * 20_000 + "so 77."
    prompt = extract.engine.builder.build(JudgeRequest(id="1", question="q", response=response))
    tail = [span for span in prompt.spans if span.field == "response"][1]
    assert response[prompt.tail_starts["response"] :] == tail.text
    ids = prompt.ids[tail.start : tail.end]
    cut = extract.engine.encoder.decode(ids[-3:])
    verdict = _verdict(_scripted(extract, cut), response=response)
    assert verdict.extracted is not None
    assert response[verdict.extracted.start : verdict.extracted.end] == verdict.extracted.text
    assert verdict.extracted.end >= len(response) - 1


def _thinking(judge: Judge, **settings: Any) -> Judge:
    how = Reasoning.model_validate(
        {"open": "<think>\n", "close": "</think>", "then": "\n\n", "max_tokens": 40} | settings
    )
    return judge.with_card(judge.card.model_copy(update={"reasoning": how}))


def test_a_judge_that_thinks_first(judge: Judge) -> None:
    verdict = _verdict(_scripted(_thinking(judge), "It names Lisbon.</think>B"), reference="Lisbon", response="Oporto")
    assert (verdict.label, verdict.rationale, verdict.finish) == ("incorrect", "It names Lisbon.", "label")
    assert 0 < verdict.usage.output_tokens <= 40


def test_only_the_judges_own_close_ends_its_thoughts(judge: Judge) -> None:
    silent = _scripted(_thinking(judge), "It names Lisbon, so A", finish="length")
    assert isinstance(_result(silent, reference="Lisbon", response="</think>Oporto"), CutOff)


def test_thoughts_without_an_end_are_an_error_unless_the_card_says_otherwise(judge: Judge) -> None:
    texts: dict[str, Any] = {"reference": "Lisbon", "response": "Oporto"}
    real = _thinking(judge, max_tokens=3)
    assert isinstance(_result(real, **texts), CutOff)
    verdict = _verdict(_thinking(judge, max_tokens=3, at_cap="conclude"), **texts)
    assert Flag.REASONING_CUT in verdict.flags
    assert verdict.usage.output_tokens == 3
    assert verdict.rationale


def test_a_reward_model(torch_installed: None, tmp_path: Path) -> None:
    from gradewire_judges.fixture import write_fixture

    reward = Judge.open(write_fixture(tmp_path, model="reward"))
    good, bad = (_verdict(reward, response=text) for text in ("It is Lisbon.", "No."))
    assert good.reason == "reward"
    assert good.label is None
    assert 0 < (good.score or 0) < 1
    assert good.score != bad.score
    assert reward.info().score_range == (0.0, 1.0)
    assert _verdict(reward, response="").score == 0.0
    for said, kind in [("2.5", JudgeVerdict), ("NaN", Unreadable), ("inf", Unreadable), ("great", Unreadable)]:
        assert isinstance(_result(_scripted(reward, said), response="It is Lisbon."), kind)
    with pytest.raises(ValueError, match="another kind of model"):
        reward.with_card(load_card("pairwise"))


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ({"output": "A"}, JudgeVerdict),
        ({"output": " B"}, JudgeVerdict),
        *[
            ({"output": said}, Unreadable)
            for said in ("B\n", "\nB", "b", "\uff22", "B.", "\u0412", "B\u200b", "\x00", "B A")
        ],
        ({"output": "A", "finish": "length"}, CutOff),
        ({"output": "A", "finish": "content_filter"}, Unreadable),
        ({"output": ""}, Unreadable),
        ({"output": "\n" * 500, "finish": "length"}, CutOff),
        ({"output": "A or B"}, Unreadable),
        ({"output": "[[A]]"}, Unreadable),
        ({"output": "correct"}, Unreadable),
        ({"output": '{"score": NaN}'}, Unreadable),
        ({"output": "A", "error": "UNAVAILABLE"}, BackendFailed),
    ],
)
def test_an_answer_that_is_no_label_is_an_error(judge: Judge, script: dict[str, str], kind: type) -> None:
    output = script.pop("output")
    result = _result(_scripted(judge, output, **script), reference="Lisbon", response="Lisbon")
    assert isinstance(result, kind)
    assert isinstance(result, JudgeVerdict) or not hasattr(result, "score")


def test_who_is_not_waited_for_is_left_out(judge: Judge) -> None:
    pairs = _on(judge, "pairwise")
    requests = [JudgeRequest(str(place), "It is Lisbon.", question="q", response_b="No.") for place in range(3)]
    results = pairs.judge(requests, cancelled=lambda place: place == 1)
    assert [getattr(result, "reason", "") for result in results].count("cancelled") == 1
    assert isinstance(results[1], JudgeError)


def test_the_key_of_a_verdict_follows_what_it_depends_on(judge: Judge) -> None:
    request = JudgeRequest(id="1", question="q", reference="r", response="x")
    changed = _thinking(judge)
    other = judge.with_card(judge.card.model_copy(update={"revision": "2"}))
    assert judge.key(request) == judge.key(dataclasses.replace(request, id="2"))
    assert len({judge.key(request), changed.key(request), other.key(request)}) == 3


def test_a_criterion_is_worth_something() -> None:
    with pytest.raises(ValueError, match="worth nothing"):
        Criterion(name="a", text="b", points=0)
