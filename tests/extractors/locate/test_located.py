"""What `locate` tells besides the text: method, reason, spans of options and parts."""

import pytest

from gradewire_extractors.locate import Located, Method, Reason, locate

EXPLAINED = [
    (r"So $\boxed{5}$.", Method.BOX, Reason.LAST_BOX),
    (r"$\boxed 5$", Method.BOX, Reason.UNBRACED_BOX),
    (r"$\boxed{5$", Method.BOX, Reason.UNCLOSED_BOX),
    (r"$x=\boxed{3}$ and $y=\boxed{4}$", Method.BOX, Reason.BOX_PARTS),
    ("<answer>5</answer>", Method.TAG, Reason.ANSWER_TAG),
    ("#### 5", Method.HASHES, Reason.HASH_LINE),
    ('{"answer": 5}', Method.JSON, Reason.JSON_FIELD),
    ("The answer is 5.", Method.PHRASE, Reason.ANSWER_PHRASE),
    ("Therefore, x = 5.", Method.PHRASE, Reason.CONCLUSION),
    ("The answer is (B).", Method.CHOICE, Reason.ANSWER_PHRASE),
    ("Working.\n\n**5**", Method.MARKDOWN, Reason.BOLD),
    ("Therefore, we have\n$$x = 5$$", Method.MARKDOWN, Reason.FINAL_DISPLAY),
    ("```\n5\n```", Method.CODE, Reason.CODE_BLOCK),
    ("The answer is:\n```text\n5\n```", Method.CODE, Reason.CODE_BLOCK),
    ("5", Method.BARE, Reason.SHORT_RESPONSE),
    ("", Method.NONE, Reason.EMPTY),
    ("<think>5", Method.NONE, Reason.UNCLOSED_REASONING),
    ("<think>5</think>", Method.NONE, Reason.ONLY_REASONING),
    (r"\boxed{", Method.NONE, Reason.TRUNCATED),
    (r"\boxed{}", Method.NONE, Reason.EMPTY_BOX),
    ("<answer>5", Method.NONE, Reason.UNCLOSED_ANSWER_TAG),
    ("The answer is 5. Wait, no.", Method.NONE, Reason.RETRACTED),
    ("I cannot solve this.", Method.NONE, Reason.REFUSAL),
    ("What is 3+4?", Method.NONE, Reason.RESTATED_QUESTION),
    ("To find it, we divide both sides by", Method.NONE, Reason.TRUNCATED),
]


@pytest.mark.parametrize(("response", "method", "reason"), EXPLAINED)
def test_method_and_reason(response: str, method: Method, reason: Reason) -> None:
    found = locate(response)
    assert (found.method, found.reason) == (method, reason)


def piece(response: str, span: tuple[int, int] | None) -> str | None:
    return None if span is None else response[span[0] : span[1]]


@pytest.mark.parametrize(
    ("response", "text", "option"),
    [
        ("The answer is (B).", "(B)", None),
        ("B) Paris", "B) Paris", "Paris"),
        ("The answer is (B), Paris.", "(B)", "Paris"),
        ("Answer: C. 12", "C. 12", "12"),
        (r"\boxed{A) \frac{3}{4}}", r"A) \frac{3}{4}", r"\frac{3}{4}"),
        ("The answer is J. K. Rowling.", "J. K. Rowling", None),
        ("A, C", "A, C", None),
    ],
)
def test_choice_letters_keep_their_text(response: str, text: str, option: str | None) -> None:
    found = locate(response)
    assert found.text == text
    assert piece(response, found.choice_text) == option


def test_parts_are_the_contents_of_the_joined_boxes() -> None:
    response = r"Hence $x=\boxed{3}$ and $y=\boxed{4}$."
    assert [piece(response, part) for part in locate(response).parts] == ["3", "4"]


@pytest.mark.parametrize(
    ("response", "offers"),
    [
        ("The answer is 3 or 4.", ["3", "4"]),
        ("The answer is A, B, C or D.", ["A", "B", "C", "D"]),
        (r"\boxed{3} or \boxed{4}", ["3", "4"]),
        (r"\boxed{3} or maybe 4", ["3", "4"]),
        ("Answer: 1. Answer: 2. Answer: 3.", ["1", "2", "3"]),
        (r"\boxed{13} in part. <answer>26</answer>", ["13", "26"]),
    ],
)
def test_alternatives_are_named(response: str, offers: list[str]) -> None:
    found = locate(response)
    assert found.hedged
    assert [piece(response, span) for span in found.alternatives] == offers


def test_a_json_string_reads_unescaped() -> None:
    found = locate(r'{"answer": "\\frac{1}{2}"}')
    assert found.text == r"\\frac{1}{2}"
    assert found.readable == r"\frac{1}{2}"


def test_no_answer_reads_as_none() -> None:
    assert locate("") == Located(None, -1, -1, Method.NONE, Reason.EMPTY)
    assert locate("").readable is None
