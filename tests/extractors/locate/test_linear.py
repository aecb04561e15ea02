"""Time grows with the text, whatever the text: what is twice as long takes about twice as long."""

import time

import pytest

from gradewire_extractors.locate import MAX_RESPONSE_CHARS, locate, locate_reference

HOSTILE = (
    *(
        "{",
        "}",
        r"\boxed{",
        r"\boxed{}",
        r"\boxed{5} or ",
        r"not \boxed{5} ",
        r"\boxed{$",
        "<think>",
        "</think>",
    ),
    *(
        "a<think>b</think>",
        "<|channel|>",
        "$",
        "$$ ",
        r"\(",
        r"\[",
        "\\",
        r"\begin{a}",
        "(",
        "**",
        "`",
        "```\n",
    ),
    *(
        '"',
        '{"answer":',
        "<answer>",
        "<answer></answer>",
        "####",
        "#### x\n",
        "</",
        "\n",
        " ",
        "\x00",
        "\u202e",
        "İ",
    ),
    *(
        "answer ",
        "the answer is ",
        "Answer: ",
        "5 is the answer. ",
        "option ",
        "答案",
        "答案是5，",
        " or ",
        "3 or ",
        "so 5 ",
        ", so 5",
        "<!--",
        "[//]: #\n",
        "<answer x=",
        "</answer><answer>",
        "A is wrong. ",
        "a) 3\n",
        "x = 2\n",
        "3 + 4 = ",
        "5 (",
        "5 — ",
        "option A, ",
        '{"answer": {"value": ',
        "| a |\n|-",
    ),
    *("therefore, x is ", "5. ", "a=1\n", "A) x\n\n", "not "),
)
SIZE = 50_000


def cpu_seconds(text: str) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.thread_time()
        locate(text)
        locate_reference(text)
        best = min(best, time.thread_time() - start)
    return best


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_is_linear(unit: str) -> None:
    text = unit * (SIZE // len(unit))
    floor = 0.005  # below it, the clock measures the machine
    ratios = (cpu_seconds(text + text) / max(cpu_seconds(text), floor) for _ in range(4))
    assert any(ratio <= 3 for ratio in ratios)


def test_a_huge_response_is_answered_from_its_end() -> None:
    response = "word " * MAX_RESPONSE_CHARS + "\nThe answer is 5."
    assert locate(response).text == "5"


def test_an_answer_before_a_flood_of_text_is_out_of_sight() -> None:
    assert locate(r"\boxed{5} " + "word " * MAX_RESPONSE_CHARS).text is None
