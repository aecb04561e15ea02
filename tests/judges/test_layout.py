"""The template and the model's chat format, joined once."""

from typing import Any

import pytest
import yaml

from gradewire_judges import Card, CardError, load_card, parse_card
from gradewire_judges.layout import lay_out
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


def _chatml(messages: list[dict[str, str]]) -> str:
    turns = "".join(f"<|{message['role']}|>{message['content'].strip()}<|end|>" for message in messages)
    return f"<s>{turns}<|assistant|>"


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
        lambda messages: "".join(message["content"] for message in reversed(messages)),
        lambda messages: "".join(message["content"] * 2 for message in messages),
        lambda messages: messages[-1]["content"],
    ],
)
def test_a_chat_template_that_moves_turns_is_refused(render: Any) -> None:
    with pytest.raises(CardError, match="drops, repeats or reorders"):
        lay_out(_card(), render)


def test_a_chat_template_that_raises_is_named() -> None:
    def no_system(messages: list[dict[str, str]]) -> str:
        raise ValueError("System role not supported")

    with pytest.raises(CardError, match=r"System role not supported.*user turn"):
        lay_out(_card(), no_system)


@pytest.mark.parametrize("name", ["equivalence", "quality"])
def test_shipped_cards_need_no_system_turn(name: str) -> None:
    layout = lay_out(load_card(name), _chatml)
    assert isinstance(layout[0], Trusted)
    assert isinstance(layout[-1], Trusted)
    assert layout[-1].text.endswith("<|assistant|>")
