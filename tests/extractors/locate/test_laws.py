"""Laws for every text: the span is the text, nothing raises, wrapping and reasoning change nothing."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradewire_extractors.locate import Method, locate, locate_reference

MARKS = (
    *(
        r"\boxed{",
        r"\boxed",
        r"\fbox{",
        "}",
        "{",
        "$",
        "$$",
        r"\(",
        r"\)",
        r"\[",
        r"\]",
        "\\",
        "**",
        "`",
        "```",
    ),
    *(
        "<think>",
        "</think>",
        "<answer>",
        "</answer>",
        "####",
        '{"answer": "',
        '"',
        "'",
        "(",
        ")",
        "<|channel|>",
    ),
    *(
        "The answer is ",
        "Answer: ",
        "so ",
        "Therefore, ",
        " or ",
        " and ",
        "not ",
        "Option ",
        "A) ",
        "答案是",
        "उत्तर ",
    ),
    *("is ", "= ", "5", "x", "3.5", ".", ". ", "? ", "\n", "\n\n", " ", "\x00", "\u202e", "İ", "½", "一"),
)
texts = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(MARKS), max_size=40).map("".join))
answers = st.one_of(
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=2).map(str),
    st.tuples(st.integers(1, 99), st.integers(2, 99)).map(lambda pair: rf"\frac{{{pair[0]}}}{{{pair[1]}}}"),
    st.tuples(st.integers(), st.integers()).map(lambda pair: f"({pair[0]}, {pair[1]})"),
    st.sampled_from(["x = 3", r"\{1, 2\}", "[0, 1)", r"2\sqrt{3}", "B", "(C)", "12 km", "50%", "y^2 + 1", "∞", "7:05"]),
)
WRAPPERS = (
    "{}",
    "  {}\n",
    "${}$",
    "$${}$$",
    r"\({}\)",
    "\\[\n{}\n\\]",
    "**{}**",
    r"\boxed{{{}}}",
    r"So $\boxed{{{}}}$.",
    "<answer>{}</answer>",
    "Some work.\n#### {}",
    "The answer is {}.",
    "The final answer is: ${}$.",
    "**Final Answer**\n\n${}$",
    "Answer: {}",
    "答案是 {}。",
    "La respuesta es {}.",
    "La réponse est {}.",
    "Die Antwort ist {}.",
    "答えは {} です。",
    "답은 {}입니다.",
    "Ответ: {}.",
    "A resposta é {}.",
    "الجواب هو {}.",
    "उत्तर {} है।",
)


@given(texts)
@settings(max_examples=400, deadline=None)
def test_the_span_is_the_text_and_nothing_raises(response: str) -> None:
    for found in (locate(response), locate_reference(response)):
        if found.text is None:
            assert (found.start, found.end, found.method) == (-1, -1, Method.NONE)
        else:
            assert found.text != ""
            assert response[found.start : found.end] == found.text
            assert found.method is not Method.NONE
        for span in (*found.alternatives, *found.parts, *filter(None, [found.choice_text])):
            assert 0 <= span[0] < span[1] <= len(response)


@pytest.mark.parametrize("wrapper", WRAPPERS)
@given(answer=answers)
@settings(max_examples=30, deadline=None)
def test_wrapping_changes_nothing(wrapper: str, answer: str) -> None:
    assert locate(wrapper.format(answer)).text == answer


@given(answers, st.text(max_size=80).filter(lambda text: "<" not in text))
@settings(max_examples=200, deadline=None)
def test_reasoning_before_the_answer_changes_nothing(answer: str, reasoning: str) -> None:
    alone = f"The answer is ${answer}$."
    led = f"<think>{reasoning} The answer is 999.</think>\n\n{alone}"
    assert locate(led).text == locate(alone).text == answer


@given(answers, st.text(max_size=80).filter(lambda text: "<" not in text))
@settings(max_examples=100, deadline=None)
def test_open_reasoning_hides_every_answer(answer: str, reasoning: str) -> None:
    assert locate(rf"<think>{reasoning} \boxed{{{answer}}}").text is None


@given(answers)
@settings(max_examples=100, deadline=None)
def test_the_last_box_counts(answer: str) -> None:
    assert locate(rf"First \boxed{{41}}, then a closer look. Finally we have \boxed{{{answer}}}.").text == answer


@given(answers)
@settings(max_examples=100, deadline=None)
def test_a_response_cut_inside_its_box_has_no_answer(answer: str) -> None:
    assert locate(rf"The answer is \boxed{{{answer}").text is None


def test_a_response_cut_off_anywhere_raises_nothing() -> None:
    for path in sorted(Path(__file__).parent.parent.joinpath("testdata", "responses").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            response = line[1:].partition("||")[0].strip().replace("⏎", "\n")
            for at, c in enumerate(response):
                if c in " \n":
                    found = locate(response[: at + 1])
                    assert found.text == (response[found.start : found.end] if found.text is not None else None)
