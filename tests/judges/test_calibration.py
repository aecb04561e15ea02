"""Calibration against known labels, the file that travels with the card, and live labels held against it."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from gradewire_judges import Card, CardError, Judge, JudgeRequest, JudgeVerdict, Outcome, load_card
from gradewire_judges.agreement import PairAgreement, ScaleAgreement, of_pairs, of_scale
from gradewire_judges.calibrate import calibrate, main
from gradewire_judges.calibration import (
    Calibration,
    Scored,
    accuracy,
    brier,
    expected_calibration_error,
    f1_by_label,
    read_calibration,
    reliability,
    table,
)
from gradewire_judges.cases import CasesError, read_cases
from gradewire_judges.drift import LabelDrift, chi_square_at_999, stability_index
from gradewire_judges.verdict import Vote


def _said(known: str, a: float) -> Scored:
    return Scored(known, {"a": a, "b": 1 - a})


_FOUR = [_said("a", 0.95), _said("b", 0.95), _said("b", 0.15), _said("b", 0.35)]


def test_figures_that_a_person_can_check() -> None:
    assert accuracy(_FOUR) == 0.75
    assert f1_by_label(_FOUR) == {"a": pytest.approx(2 / 3), "b": pytest.approx(4 / 5)}
    assert brier(_FOUR) == pytest.approx(2 * (0.05**2 + 0.95**2 + 0.15**2 + 0.35**2) / 4)
    bins = reliability(_FOUR)
    assert [one.count for one in bins] == [0, 0, 0, 0, 0, 0, 1, 0, 1, 2]
    assert expected_calibration_error(bins) == pytest.approx((0.35 + 0.15 + 2 * 0.45) / 4)
    assert table(bins).splitlines()[-1].split() == ["0.9", "to", "1.0", "2", "0.95", "0.50", "#" * 20]


def test_a_judge_that_is_sure_and_right_is_perfect() -> None:
    perfect = [_said("a", 1.0), _said("b", 0.0)]
    bins = reliability(perfect)
    assert (accuracy(perfect), brier(perfect), expected_calibration_error(bins)) == (1.0, 0.0, 0.0)
    assert bins[-1].count == 2


def _gold(folder: Path, count: int = 12) -> Path:
    path = folder / "gold.jsonl"
    rows = [
        {
            "id": str(place),
            "question": "What is six times seven?",
            "reference": "42",
            "response": f"It is {40 + place % 4}. " + "Let me check. " * place,
            "gold": "correct" if place % 4 == 2 else "incorrect",
        }
        for place in range(count)
    ]
    rows.append(rows[0] | {"id": "empty", "response": "", "gold": "invalid"})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_calibration_travels_with_its_card(
    fixture_card: Path, tmp_path: Path, change_card: Callable[..., Card], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "calibration.json"
    assert main([str(fixture_card), str(_gold(tmp_path)), "--out", str(out)]) == 0
    assert "accuracy 0." in capsys.readouterr().out
    found = read_calibration(out)
    assert (found.cases, found.judged, found.by_rule, dict(found.errors)) == (13, 12, 1, {})
    assert sum(found.labels.values()) == sum(one.count for one in found.reliability) == 12
    assert found.repeat_agreement == 1
    assert found.largest_change < 1e-5
    settings = {"model": str(fixture_card.parent), "calibration": str(out)}
    judge = Judge.open(change_card(fixture_card, **settings))
    assert judge.info().calibration == f"accuracy {found.accuracy:.3f}, ECE {found.ece:.3f} on 12 cases"
    assert judge.drift() is None
    said = max(found.labels, key=found.labels.__getitem__)
    request = next(r for r in _requests(tmp_path) if _label(judge, r) == said)
    judge.judge([request] * 200)
    drift = judge.drift()
    assert drift is not None
    assert drift.verdicts >= 200
    assert drift.live[said] > 0.9
    changed = judge.with_card(judge.card.model_copy(update={"mode": "scale"}))
    assert "another template" in changed.info().calibration
    other = judge.with_card(judge.card.model_copy(update={"revision": "2"}))
    assert "other weights" in other.info().calibration


def _requests(folder: Path) -> list[JudgeRequest]:
    return [case.request for case in read_cases(folder / "gold.jsonl")]


def _label(judge: Judge, request: JudgeRequest) -> str | None:
    (result,) = judge.judge([request])
    return result.label if isinstance(result, JudgeVerdict) else None


def test_a_card_without_one_says_so(judge: Judge) -> None:
    assert judge.info().calibration == "not calibrated"
    assert judge.calibration is None
    assert judge.drift() is None


@pytest.mark.parametrize("content", [None, "{", "{}", '{"card": 7}'])
def test_a_calibration_that_is_none_is_a_mistake_of_the_card(tmp_path: Path, judge: Judge, content: str | None) -> None:
    path = tmp_path / "calibration.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CardError, match="anew") as caught:
        judge.with_card(judge.card.model_copy(update={"calibration": str(path)}))
    assert caught.value.path == "calibration"


def test_pairs_count_what_depends_on_the_order(judge: Judge) -> None:
    pairs = judge.with_card(load_card("pairwise").model_copy(update={"min_label_mass": 0.0}))
    requests = [
        JudgeRequest(id=str(place), question="q", response=f"It is {place}.", response_b="It is 7. " * place)
        for place in range(1, 15)
    ]
    results = pairs.judge(requests)
    inconsistent = sum(
        isinstance(result, JudgeVerdict) and result.outcome is Outcome.INCONSISTENT for result in results
    )
    assert 0 < inconsistent < len(requests)
    found = calibrate(pairs, requests, ["first"] * len(requests))
    assert (found.inconsistent, found.judged) == (inconsistent, len(requests) - inconsistent)
    assert found.pairs is not None
    assert found.pairs.consistent == 1 - inconsistent / len(requests)
    assert found.pairs.accuracy == pytest.approx((found.accuracy * found.judged + inconsistent / 2) / len(requests))
    assert found.said["(the order decides)"] == inconsistent


def test_scales_are_held_to_known_scores(judge: Judge, tmp_path: Path) -> None:
    scale = judge.with_card(load_card("quality").model_copy(update={"min_label_mass": 0.0}))
    requests = [JudgeRequest(id=str(place), question="q", response=f"It is {place}.") for place in range(6)]
    verdicts = [result for result in scale.judge(requests) if isinstance(result, JudgeVerdict)]
    known = ["useless", "excellent"] * 3
    worth = {label.name: label.score for label in scale.card.labels}
    found = calibrate(scale, requests, known)
    assert found.scale is not None
    assert found.pairs is None
    errors = [abs((verdict.score or 0.0) - worth[right]) for verdict, right in zip(verdicts, known, strict=True)]
    assert found.scale.mean_error == pytest.approx(math.fsum(errors) / 6)
    found.write(tmp_path / "kept.json")
    assert read_calibration(tmp_path / "kept.json") == found


def test_agreement_of_scores_that_a_person_can_check() -> None:
    perfect = of_scale([(0.0, 0.0, 0.0), (0.5, 0.5, 0.5), (1.0, 1.0, 1.0)])
    assert perfect == ScaleAgreement(0.0, 1.0, 1.0)
    turned = of_scale([(0.9, 1.0, 0.0), (0.5, 0.5, 0.5), (0.2, 0.0, 1.0)])
    assert turned.mean_error == pytest.approx((0.9 + 0.0 + 0.8) / 3)
    assert turned.rank_correlation == pytest.approx(-1)
    assert turned.weighted_kappa == pytest.approx(-1)
    ties = of_scale([(0.3, 0.0, 0.0), (0.3, 0.0, 0.5), (0.6, 0.5, 0.5)])  # ranks .5 .5 2 and 0 1.5 1.5
    assert ties.rank_correlation == pytest.approx(0.5)
    assert ties.weighted_kappa == pytest.approx(1 - (0.25 / 3) / (0.75 / 3 - 2 * 0.5 / 9))
    assert of_scale([(0.25, 0.5, 0.5), (0.25, 0.5, 0.5)]) == ScaleAgreement(0.25, None, None)


def test_agreement_of_pairs_that_a_person_can_check() -> None:
    cases = [_pair(1.0, 1.0, "first"), _pair(1.0, 0.0, None), _pair(0.0, 0.0, "second"), _pair(1.0, 0.5, None)]
    found = of_pairs([(verdict, "first") for verdict in cases])
    assert (found.accuracy, found.consistent) == ((1 + 2 * 0.5) / 4, 0.5)
    # What stood first got, in order: given yes, swapped no; yes, yes; no, yes; yes.
    assert found.first_chosen == pytest.approx(5 / 7)
    assert of_pairs([(_pair(0.5, 0.5, "neither"), "neither")]) == PairAgreement(1.0, 1.0, None)


def test_pairs_that_the_order_decides_can_drift() -> None:
    drift = LabelDrift({"first": 50, "second": 50, "(the order decides)": 5})
    for _ in range(200):
        drift.add(_pair(1.0, 0.0, None))
    report = drift.report()
    assert report is not None
    assert report.drifts
    assert report.live["(the order decides)"] == 1.0


def _pair(given: float, swapped: float, label: str | None) -> JudgeVerdict:
    outcome = Outcome.INCONSISTENT if label is None else Outcome.JUDGED
    votes = tuple(Vote(name, "", score, score, {}, None) for name, score in (("given", given), ("swapped", swapped)))
    return JudgeVerdict("1", outcome, "preference", "model", None if label is None else given, label, votes=votes)


def test_what_cannot_be_calibrated(judge: Judge, tmp_path: Path) -> None:
    request = JudgeRequest(id="1", question="q", reference="r", response="x")
    with pytest.raises(CasesError, match="none of the card's labels"):
        calibrate(judge, [request], ["perfect"])
    with pytest.raises(CasesError, match="nothing can be said"):
        calibrate(judge, [JudgeRequest(id="1", question="q", reference="r", response="")], ["invalid"])
    for name in ("extract", "plan"):
        with pytest.raises(CardError, match="says no label of the response"):
            calibrate(judge.with_card(load_card(name)), [], [])


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("", "has no cases"),
        ('{"id": "1", "response": "x"}', "`gold` is missing"),
        ("{", "line 1"),
    ],
)
def test_a_bad_gold_file_is_refused(
    tmp_path: Path, fixture_card: Path, capsys: pytest.CaptureFixture[str], lines: str, says: str
) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(lines)
    assert main([str(fixture_card), str(path)]) == 2
    assert says in capsys.readouterr().err


def test_the_plot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gradewire_judges.reliability_plot import PlotError, draw

    with monkeypatch.context() as without:
        without.setitem(__import__("sys").modules, "matplotlib.figure", None)
        with pytest.raises(PlotError, match=r"gradewire-judges\[plot\]"):
            draw(reliability(_FOUR), tmp_path / "plot.png")
    pytest.importorskip("matplotlib", reason="matplotlib is not installed: judges[plot]")
    draw(reliability(_FOUR), tmp_path / "plot.svg")
    assert "accuracy" in (tmp_path / "plot.svg").read_text()
    with pytest.raises(PlotError, match=r"plot\.nothing"):
        draw(reliability(_FOUR), tmp_path / "plot.nothing")


def _verdict(label: str | None) -> JudgeVerdict:
    return JudgeVerdict(id="1", outcome=Outcome.JUDGED, reason="label_probability", decided_by="model", label=label)


def _fed(counts: dict[str, int], calibrated: dict[str, int], **how: Any) -> LabelDrift:
    drift = LabelDrift(calibrated, **how)
    for label, count in counts.items():
        for _ in range(count):
            drift.add(_verdict(label))
    return drift


def test_the_same_shares_are_no_drift() -> None:
    report = _fed({"a": 500, "b": 300, "c": 200}, {"a": 50, "b": 30, "c": 20}).report()
    assert report is not None
    assert report.psi < 0.01
    assert not report.drifts
    assert str(report).startswith("label shares are as")


def test_other_shares_are_drift() -> None:
    report = _fed({"a": 900, "b": 100}, {"a": 500, "b": 500}).report()
    assert report is not None
    assert report.drifts
    assert "a 50% then, 90% now" in str(report)
    assert report.psi == pytest.approx(0.4 * math.log(9), rel=0.02)


def test_few_verdicts_say_nothing_and_chance_is_no_drift() -> None:
    assert _fed({"a": 99}, {"a": 50, "b": 50}).report() is None
    few = _fed({"a": 65, "b": 35}, {"a": 10, "b": 10}).report()
    assert few is not None
    assert few.bound > 0.5
    assert not few.drifts


def test_only_the_last_verdicts_count() -> None:
    drift = _fed({"a": 1000, "b": 200}, {"a": 100, "b": 100}, window=200)
    report = drift.report()
    assert report is not None
    assert report.live == {"a": 0.0, "b": 1.0}
    drift.add(_verdict(None))
    assert drift.report() == report


def test_a_label_that_was_never_said_is_drift() -> None:
    report = _fed({"a": 100, "new": 100}, {"a": 200}).report()
    assert report is not None
    assert report.drifts


@pytest.mark.parametrize(("degrees", "quantile"), [(1, 10.828), (2, 13.816), (4, 18.467), (9, 27.877)])
def test_chi_square(degrees: int, quantile: float) -> None:
    assert chi_square_at_999(degrees) == pytest.approx(quantile, rel=0.035)


def test_the_index_is_symmetric_and_never_negative() -> None:
    for before, now in [([1, 2, 3], [3, 2, 1]), ([0, 10], [10, 0]), ([5, 5], [5, 5])]:
        assert stability_index(before, now) == pytest.approx(stability_index(now, before))
        assert stability_index(before, now) >= 0


def test_a_calibration_is_json_that_a_card_can_name(tmp_path: Path) -> None:
    bins = reliability(_FOUR)
    made = Calibration("c", "h", "m", "r", 4, 4, 0, 0, {}, 0.75, {"a": 1.0}, 1.0, 0.1, 0.2, bins, {"a": 2}, 1.0, 0.0)
    made.write(tmp_path / "calibration.json")
    assert read_calibration(tmp_path / "calibration.json") == made
    assert yaml.safe_load((tmp_path / "calibration.json").read_text())["labels"] == {"a": 2}


def test_where_nothing_can_be_written_is_said_before_anything_is_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for option in ("--out", "--plot"):
        assert main(["no-card", "no-gold", option, str(tmp_path / "none" / "x.json")]) == 2
        assert "there is no directory" in capsys.readouterr().err
