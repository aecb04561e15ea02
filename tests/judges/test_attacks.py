"""Every defence holds on every attack of many kinds, whatever the tokenizer, and wherever the attack stands."""

import dataclasses
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from gradewire_judges import BadRequest, Card, Judge, JudgeRequest, JudgeVerdict, load_card
from gradewire_judges.defences import check_defences, measure
from tests.judges import attacks

_ALWAYS = {"S1", "S2", "S3", "S4", "S5", "S8", "S12", "S13", "S14", "S15", "S16"}
_QUESTION = "Which metal is liquid at room temperature?"


@pytest.fixture(scope="module", params=["qwen2", "llama-unigram", "mistral"])
def attacked(request: pytest.FixtureRequest, torch_installed: None, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """A judge of random weights: byte-level BPE, SentencePiece's Unigram, SentencePiece's BPE."""
    import torch

    from gradewire_judges.fixture import write_fixture

    torch.set_num_threads(1)  # threads that wait for each other are slow on a machine that does other things
    return Judge.open(write_fixture(tmp_path_factory.mktemp("attacked"), model=request.param))


@pytest.fixture
def unread(attacked: Judge) -> Judge:
    """The same judge, whose model does not have to read what is long."""
    from gradewire_judges.backends.scripted import Script, Scripted

    engine = attacked.engine
    assert engine is not None
    scripted = Scripted(Script("B"), engine.backend, engine.encoder)
    return Judge(attacked.card, dataclasses.replace(engine, backend=scripted))


def _request(response: Any, **others: Any) -> JudgeRequest:
    return JudgeRequest(**{"id": "1", "question": _QUESTION, "reference": "mercury", "response": response} | others)


def _broken(judge: Judge, requests: Iterable[JudgeRequest], measured: set[str]) -> list[str]:
    """What did not hold, and what was not measured."""
    found: list[str] = []
    asked = list(requests)
    for request, result in zip(asked, judge.judge(asked), strict=True):
        held = measure(judge, request, result)
        wrong = sorted(code for code in held.keys() | measured if not held.get(code, False))
        if wrong:
            found.append(f"{wrong} on {ascii(request.texts())[:120]}")
    return found


@pytest.mark.parametrize("kind", attacks.KINDS)
def test_attacks_in_the_response(attacked: Judge, kind: str) -> None:
    assert _broken(attacked, map(_request, attacks.KINDS[kind]), _ALWAYS) == []


@pytest.mark.parametrize("kind", ["markers", "fences", "templates", "hidden"])
def test_attacks_beside_the_response(attacked: Judge, kind: str) -> None:
    texts = attacks.KINDS[kind][::2]
    assert _broken(attacked, [_request("It is zinc.", question=text) for text in texts], _ALWAYS) == []
    assert _broken(attacked, [_request("It is zinc.", reference=text) for text in texts], _ALWAYS) == []


def test_hidden_characters_are_shown(attacked: Judge) -> None:
    assert _broken(attacked, map(_request, attacks.HIDDEN), {*_ALWAYS, "S11"}) == []


def test_long_attacks_are_clipped(unread: Judge) -> None:
    for text in attacks.LONG:
        (result,) = unread.judge([_request(text)])
        assert isinstance(result, JudgeVerdict)
        sent, shown = result.clipped["response"]
        assert sent == len(text) > shown
        held = measure(unread, _request(text), result)
        assert all(held.values())
        assert set(held) >= _ALWAYS


@pytest.mark.parametrize("mode", ["labels", "rubric", "pairwise"])
def test_long_attacks_are_ready_for_the_model_at_once(attacked: Judge, mode: str) -> None:
    """100 ms of the processor's time, the best of three: other work on the machine is not measured."""
    name = {"rubric": "plan", "pairwise": "pairwise"}.get(mode)
    judge = attacked.with_card(load_card(name)) if name else attacked
    most = 0.1
    for text in attacks.LONG:
        request = _request(text, response_b=f"x{text}" if mode == "pairwise" else None)
        for _ in range(3):
            started = time.process_time()
            judge._prepare(request)
            taken = time.process_time() - started
            if taken < most:
                break
        assert taken < most, text[:20]


def test_what_an_endpoint_is_shown_holds_as_well() -> None:
    """Without the endpoint: what it would be sent is made here."""
    from gradewire_judges.backends.scripted import Script, Scripted
    from gradewire_judges.engine import load_engine

    card = load_card("gpt-oss")
    engine = load_engine(card, None)
    scripted = Scripted(Script("B"), engine.backend, engine.encoder)
    judge = Judge(card, dataclasses.replace(engine, backend=scripted))
    for texts in (*attacks.KINDS.values(), attacks.EMPTY, attacks.WITHOUT_CONTENT):
        assert _broken(judge, map(_request, texts[::3]), _ALWAYS) == []


def test_empty_responses_need_no_model(attacked: Judge) -> None:
    assert _broken(attacked, map(_request, attacks.EMPTY), {*_ALWAYS, "S6"}) == []


def test_responses_without_content_need_no_model(attacked: Judge) -> None:
    assert _broken(attacked, map(_request, attacks.WITHOUT_CONTENT), {*_ALWAYS, "S7"}) == []


@pytest.mark.parametrize("reference", [None, "", " \n", "\u200b", "\u3000\u2060", "\x00"])
def test_without_a_reference_that_can_be_seen_nothing_is_asked(attacked: Judge, reference: str | None) -> None:
    request = _request("mercury", reference=reference)
    (result,) = attacked.judge([request])
    assert isinstance(result, BadRequest)
    assert result.field == "reference"
    assert check_defences(attacked, request)["S9"]


@pytest.mark.parametrize("text", ["\ud83d", "7 \udc00 7", "\udfff\ud800"])
@pytest.mark.parametrize("field", ["response", "question", "reference"])
def test_half_characters_are_refused_by_name(attacked: Judge, text: str, field: str) -> None:
    request = _request(**{"response": "mercury", field: text})
    (result,) = attacked.judge([request])
    assert isinstance(result, BadRequest)
    assert result.field == field
    held = check_defences(attacked, request)
    assert held == {"S8": True, "S14": True, "S16": True}


@pytest.mark.parametrize("what", [None, 7, ["mercury"], {"a": "b"}, True])
def test_what_is_no_text_is_refused_by_name(attacked: Judge, what: Any) -> None:
    (result,) = attacked.judge([_request(what)])
    assert isinstance(result, BadRequest)
    assert (result.field, "must be text" in str(result)) == ("response", True)
    assert all(check_defences(attacked, _request(what)).values())


def test_pairs_rubrics_and_policies_hold_as_well(attacked: Judge, change_card: Callable[..., Card]) -> None:
    def on_this_model(name: str) -> Judge:
        return attacked.with_card(load_card(name).model_copy(update={"min_label_mass": 0.0}))

    texts = [text for kind in ("markers", "fences", "hidden", "words") for text in attacks.KINDS[kind][::9]]
    pairs = [_request(text, response_b="It is zinc.") for text in texts]
    pairs += [_request("It is zinc.", response_b=text) for text in texts]
    assert _broken(on_this_model("pairwise"), pairs, {*_ALWAYS, "S10"}) == []
    policies = [_request("It is zinc.", fields={"policy": text}) for text in texts]
    assert _broken(on_this_model("safety-policy"), policies, _ALWAYS) == []
    extracted = [_request(text) for text in texts]
    assert _broken(on_this_model("extract"), extracted, _ALWAYS) == []
    plans = [_request(text) for text in texts[::8]]
    assert _broken(on_this_model("plan"), plans, _ALWAYS) == []


def test_word_pieces_are_refused(torch_installed: None, tmp_path: Path) -> None:
    from gradewire_judges import TokenizerUnsuitable
    from gradewire_judges.fixture import write_fixture

    with pytest.raises(TokenizerUnsuitable, match="byte-level BPE or SentencePiece"):
        Judge.open(write_fixture(tmp_path, model="wordpiece"))
