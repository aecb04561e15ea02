"""Reasoning, channels and turn ends are left out."""

import pytest

from gradewire_extractors.locate import locate

BLOCKS = [
    ("<think>hm 5", None),
    ("hm 5</think>The answer is 6", "6"),
    ("<think>a</think>", None),
    (r"<think>\boxed{5}</think>", None),
    ("<think>a</think>\n\n7", "7"),
    ("The answer is 7. <think>a</think>", "7"),
    ("<think>a</think>The answer is 7.<think>wait", None),
    (
        (
            "<|channel|>analysis<|message|>maybe 5<|end|>"
            "<|start|>assistant<|channel|>final<|message|>The answer is 6.<|return|>"
        ),
        "6",
    ),
    ("<|channel|>analysis<|message|>the answer is 5", None),
    ("analysisWe compute 5.assistantfinalThe answer is 6.", "6"),
    ("◁think▷5◁/think▷6", "6"),
    ("[THINK]5[/THINK]Answer: 6", "6"),
    ("<reasoning>5</reasoning>\n<answer>6</answer>", "6"),
    ("The answer is 5.<|im_end|>\n<|im_start|>user\nWhat? The answer is 6.", "5"),
    (r"<|begin_of_thought|>x<|end_of_thought|><|begin_of_solution|>so \boxed{3}<|end_of_solution|>", "3"),
]


@pytest.mark.parametrize(("response", "text"), BLOCKS)
def test_what_stands_outside_reasoning(response: str, text: str | None) -> None:
    found = locate(response)
    assert found.text == text
    assert not found.hedged
