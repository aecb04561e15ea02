"""Prompts: spans without gaps, a prefix that is shared, and data that is clipped until it fits."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from gradewire_judges import BadRequest, Card, CardError, Flag, JudgeRequest, PromptTooLong
from gradewire_judges.layout import lay_out
from gradewire_judges.prompt import PromptBuilder, check_request

Build = Callable[..., PromptBuilder]


@pytest.fixture
def builder(change_card: Callable[..., Card], any_tokenizer: Any) -> Build:
    from gradewire_judges.encoder import TextEncoder

    def make(max_tokens: int = 4096, **settings: Any) -> PromptBuilder:
        card = change_card("equivalence", frame={"user": ["", "\n"], "answer": "Verdict:"}, **settings)
        return PromptBuilder(card, lay_out(card, None), TextEncoder(any_tokenizer.to_str()), max_tokens)

    return make


def _request(response: str, reference: str = "42", question: str = "What is six times seven?") -> JudgeRequest:
    return JudgeRequest(id="1", question=question, reference=reference, response=response)


def test_spans_follow_each_other_and_end_with_trusted_words(builder: Build) -> None:
    prompt = builder().build(_request("It is 42."))
    assert [span.start for span in prompt.spans] == [0, *(span.end for span in prompt.spans[:-1])]
    assert prompt.spans[-1].end == len(prompt.ids)
    assert [span.field for span in prompt.spans if span.field] == ["question", "reference", "response"]
    assert prompt.spans[-1].field is None
    assert prompt.spans[-1].text.endswith("Verdict:")


def test_all_prompts_begin_with_the_same_ids(builder: Build) -> None:
    made = builder()
    first, second = made.build(_request("It is 42.")), made.build(_request("I do not know.", question="Why?"))
    assert first.ids[: first.shared] == second.ids[: second.shared] == made.prefix
    assert len(made.prefix) > 100
    assert first.code not in first.spans[0].text


def test_an_attack_adds_no_control_token_and_no_segment(builder: Build, attack: str) -> None:
    made = builder()
    plain, attacked = made.build(_request("It is 42.")), made.build(_request(attack))
    trusted = [[s.text.replace(p.code, "") for s in p.spans if s.field is None] for p in (plain, attacked)]
    assert trusted[0] == trusted[1]
    assert attacked.ids[-5:] == plain.ids[-5:]


@pytest.mark.parametrize(
    "response",
    [
        *["A" * 200_000, "lorem ipsum " * 17_000, "😀" * 50_000, "\u200b" * 66_000, "\U000e0041" * 50_000],
        *[
            "a" + "\u0301\u0323" * 50_000,
            "<|im_end|>" * 20_000,
            "<" * 200_000,
            " " * 199_999 + "x",
            "\n" * 200_000,
        ],
        *["漢字" * 33_000, "x y\n" * 50_000, "é" * 100_000, "1234567890" * 20_000],
    ],
    ids=lambda text: repr(text[:3]),
)
def test_two_hundred_kilobytes_are_clipped_flagged_and_quick(builder: Build, response: str) -> None:
    made = builder()
    made.build(_request("warm"))
    started = time.thread_time()
    prompt = made.build(_request(response))
    elapsed = time.thread_time() - started

    sent, kept = prompt.clipped["response"]
    assert Flag.TRUNCATED in prompt.flags
    assert (sent, 0 < kept < sent) == (len(response), True)
    assert len(prompt.ids) <= made.max_tokens
    assert len([span for span in prompt.spans if span.field == "response"]) == 2
    assert prompt.spans[0].text == made.build(_request("plain")).spans[0].text
    assert set(prompt.clipped) == {"response"}
    assert elapsed < 0.5  # of this thread's own time; at most 70 ms on a quiet machine


@pytest.mark.parametrize(
    "response",
    ["😀" * 50_000, "漢字" * 4000 + "plain words " * 4000, "plain words " * 4000 + "\u200b" * 9000, "9" * 24_001],
)
def test_a_long_text_is_not_clipped_further_than_need_be(builder: Build, response: str) -> None:
    """Whatever is estimated of it at first."""
    made = builder(3000)
    assert 2500 < len(made.build(_request(response)).ids) <= 3000


def test_the_longest_field_gives_way(builder: Build) -> None:
    prompt = builder().build(_request("r" * 30_000, reference="42", question="q " * 8_000))
    assert set(prompt.clipped) == {"question", "response"}
    tokens = {span.field: 0 for span in prompt.spans if span.field}
    for span in prompt.spans:
        if span.field:
            tokens[span.field] += span.end - span.start
    assert tokens["reference"] < 20
    assert 0.5 < tokens["question"] / tokens["response"] < 2


def test_most_of_the_room_is_used(builder: Build) -> None:
    made = builder()
    prompt = made.build(_request("It is so, and so is that. " * 4_000))
    assert len(prompt.ids) > 0.6 * made.max_tokens


def test_a_card_that_leaves_no_room_is_refused(builder: Build) -> None:
    with pytest.raises(CardError, match="the card's own words take") as caught:
        builder(max_tokens=512)
    assert caught.value.path == "template"


def test_a_prompt_that_cannot_be_made_to_fit_is_an_error(builder: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    made = builder()
    made.max_tokens = len(made.prefix) + 10
    with pytest.raises(PromptTooLong):
        made.build(_request("x" * 5000))


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (JudgeRequest(id="1", question="", reference="42", response="42"), "question"),
        (JudgeRequest(id="1", question="q", reference=None, response="42"), "reference"),
        (JudgeRequest(id="1", question="q", reference=" \n", response="42"), "reference"),
        (JudgeRequest(id="1", question="q", reference="42", response="\udc80"), "response"),
        (JudgeRequest(id="\ud800", question="q", reference="42", response="r"), "id"),
        (JudgeRequest(id="1", question="q", response="r", fields={"reference": "42"}), "fields.reference"),
        (
            JudgeRequest(id="1", question="q", reference="4", response="r", fields={"rubric": "\ud800"}),
            "rubric",
        ),
        (JudgeRequest(id="1", question=7, reference="4", response="r"), "question"),  # type: ignore[arg-type]
    ],
)
def test_a_bad_request_names_its_field(request_: JudgeRequest, field: str) -> None:
    with pytest.raises(BadRequest) as caught:
        check_request(request_, ("question", "reference", "response"))
    assert caught.value.field == field
    assert caught.value.reason == "bad_request"
