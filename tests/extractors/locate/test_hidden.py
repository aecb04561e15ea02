"""What no reader sees is no answer, and leaves positions as they are."""

import pytest

from gradewire_extractors.locate import Reason, locate

HIDDEN = [
    ("<!-- the answer is 3 -->", None),
    (r"<!-- \boxed{3}", None),
    (r"The answer is 4. <!-- \boxed{3} -->", "4"),
    (r"<!-- a --><!-- b -->\boxed{4}<!-- \boxed{3} -->", "4"),
    ("[//]: # (The answer is 3)\nThe answer is 4.", "4"),
    ("The answer is 4.\n[comment]: # (The answer is 3)", "4"),
    ("The answer is \u202e34\u202c.", None),
    ("The answer is \u202e34\u202c 5.", "5"),
    ("The answer is\u00a0\u200b4\u200b.", "4"),
    (r"% \boxed{3}", None),
    (r"50% of it: \boxed{3}", "3"),
    (r"\iffalse \boxed{3} \fi", None),
]


@pytest.mark.parametrize(("response", "text"), HIDDEN)
def test_only_what_is_seen_is_an_answer(response: str, text: str | None) -> None:
    found = locate(response)
    assert found.text == text
    assert text is None or response[found.start : found.end] == text


def test_a_comment_inside_an_answer_stays_in_its_text() -> None:
    response = r"\boxed{1 <!-- 2 --> 3}"
    found = locate(response)
    assert found.text == response[found.start : found.end] == "1 <!-- 2 --> 3"


@pytest.mark.parametrize("response", ["The answer is 42 (option C).", "The answer is 42, i.e. option C."])
def test_an_option_beside_its_value_carries_it(response: str) -> None:
    found = locate(response)
    assert found.text == "C"
    assert found.choice_text is not None
    assert response[slice(*found.choice_text)] == "42"


def test_a_template_in_a_box_is_an_empty_box() -> None:
    for content in (r"\text{your answer}", r"\text{Final answer}", r"\_\_", r"\phantom{5}", r"\$"):
        assert locate(rf"\boxed{{{content}}}").reason is Reason.EMPTY_BOX, content
