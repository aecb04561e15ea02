"""The template and the model's chat format, joined once."""

from typing import Any

import pytest
import yaml

from gradewire_judges import Card, CardError, load_card, parse_card
from gradewire_judges.layout import ends_answer, lay_out
from gradewire_judges.segments import Slot, Trusted

_CARD = """
name: mine
backend: transformers
template:
  - role: system
    parts: [{text: "Rules."}]
  - role: user
    parts: [{text: "See "}, {text: "this: "}, {data: response}, {text: "A or B?"}]
  - role: assistant
    parts: [{text: "Verdict:"}]
labels: [{say: A, name: right, score: 1}, {say: B, name: wrong, score: 0}]
golden: {better: {response: good}, worse: {response: bad}}
"""


def _card(**settings: Any) -> Card:
    return parse_card(yaml.safe_dump(yaml.safe_load(_CARD) | settings))


def _chatml(messages: list[dict[str, str]], *, answer: bool = True) -> str:
    turns = "".join(f"<|{message['role']}|>{message['content'].strip()}<|end|>" for message in messages)
    return f"<s>{turns}{'<|assistant|>' if answer else ''}"


def test_the_models_own_chat_template_frames_the_turns() -> None:
    assert lay_out(_card(), _chatml) == [
        Trusted("<s><|system|>Rules.<|end|><|user|>See this: "),
        Slot("response"),
        Trusted("A or B?<|end|><|assistant|>Verdict:"),
    ]


def test_a_frame_of_the_cards_goes_before_it() -> None:
    frame = {"begin": "^", "system": ["[", "]"], "user": ["(", ")"], "answer": "="}
    assert lay_out(_card(frame=frame), _chatml) == [
        Trusted("^[Rules.](See this: "),
        Slot("response"),
        Trusted("A or B?)=Verdict:"),
    ]


def test_a_frame_without_a_system_turn() -> None:
    with pytest.raises(CardError, match="no system turn") as caught:
        lay_out(_card(frame={"user": ["(", ")"]}), _chatml)
    assert caught.value.path == "template.0"


def test_neither_frame_nor_chat_template() -> None:
    with pytest.raises(CardError, match="no chat template"):
        lay_out(_card(), None)


@pytest.mark.parametrize(
    "render",
    [
        lambda messages, answer: "".join(message["content"] for message in reversed(messages)),
        lambda messages, answer: "".join(message["content"] * 2 for message in messages),
        lambda messages, answer: messages[-1]["content"],
    ],
)
def test_a_chat_template_that_moves_turns_is_refused(render: Any) -> None:
    with pytest.raises(CardError, match="drops, repeats or reorders"):
        lay_out(_card(), render)


def test_a_chat_template_that_raises_is_named() -> None:
    def no_system(messages: list[dict[str, str]], *, answer: bool = True) -> str:
        raise ValueError("System role not supported")

    with pytest.raises(CardError, match=r"System role not supported.*user turn"):
        lay_out(_card(), no_system)


@pytest.mark.parametrize("name", ["equivalence", "quality"])
def test_shipped_cards_need_no_system_turn(name: str) -> None:
    layout = lay_out(load_card(name), _chatml)
    assert isinstance(layout[0], Trusted)
    assert isinstance(layout[-1], Trusted)
    assert layout[-1].text.endswith("<|assistant|>")


_REWARD = """
name: mine
backend: transformers
template:
  - role: user
    parts: [{data: question}]
  - role: assistant
    parts: [{data: response}]
mode: reward_model
reward: {map: sigmoid}
"""


def test_a_reward_model_reads_a_chat_that_ends_with_the_response() -> None:
    card = Card.model_validate(yaml.safe_load(_REWARD))
    assert lay_out(card, _chatml) == [
        Trusted("<s><|user|>"),
        Slot("question", fenced=False),
        Trusted("<|end|><|assistant|>"),
        Slot("response", fenced=False),
        Trusted("<|end|>"),
    ]
    frame = {"user": ["(", ")"], "answer": "[", "end": "]"}
    framed = lay_out(Card.model_validate(yaml.safe_load(_REWARD) | {"frame": frame}), None)
    assert [piece.text for piece in framed if isinstance(piece, Trusted)] == ["(", ")[", "]"]


def test_what_ends_an_answer() -> None:
    assert ends_answer(_card(), _chatml) == "<|end|>"
    assert ends_answer(_card(frame={"user": ["(", ")"], "end": "]"}), _chatml) == "]"
    assert ends_answer(_card(), None) == ""


def test_a_title_goes_with_its_slot() -> None:
    parts = [{"data": "response", "title": "first response"}, {"text": "A or B?"}]
    layout = lay_out(_card(template=[{"role": "user", "parts": parts}]), _chatml)
    assert layout[1] == Slot("response", "first response")
