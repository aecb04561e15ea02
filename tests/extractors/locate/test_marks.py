"""Answer tags, `####` lines and JSON fields."""

import pytest

from gradewire_extractors.locate import locate

TAGS = [
    ("<answer> 5 </answer>", "5"),
    (r"<answer>\boxed{5}</answer>", "5"),
    ("<ANSWER>5</ANSWER>", "5"),
    ("<think>a</think><answer>The answer is 5.</answer>", "5"),
    ("<answer>5", None),
    ("<answer>4</answer> hmm <answer>6</answer>", "6"),
    ("I put my result in <answer></answer> tags. The answer is 9.", "9"),
    ("<answer>\nB\n</answer>", "B"),
    ("<answer>So x=5 and the total is therefore 12.</answer>", "12"),
]

HASHES = [
    ("He has 3+4=7.\n#### 7", "7"),
    ("#### 1,234", "1,234"),
    ("blah\n#### $5", "$5"),
    ("####7", "7"),
    ("#### Step 1: add\n3+4=7\n#### Step 2\nmore words", None),
    ("#### Final Answer\n42", "42"),
    ("#### Answer: 42", "42"),
    ("#### Yes", "Yes"),
    ("#### 18 dollars", "18 dollars"),
    ("text #### 5\n\nLet me know!", "5"),
]

FIELDS = [
    ('{"answer": 42}', "42"),
    ('```json\n{"reasoning": "x", "answer": "B"}\n```', "B"),
    ('{"answer": "\\\\frac{1}{2}"}', r"\\frac{1}{2}"),
    ('{"answer": [1, 2]}', "[1, 2]"),
    ('{"final_answer": "Paris", "confidence": 0.9}', "Paris"),
    ('{"answer": "Par', None),
    ('{"answer": null}', None),
    ("{'answer': '5'}", "5"),
    ('{"answer": -3.5}', "-3.5"),
]


@pytest.mark.parametrize(("response", "text"), TAGS)
def test_tags(response: str, text: str | None) -> None:
    found = locate(response)
    assert found.text == text
    assert not found.hedged


@pytest.mark.parametrize(("response", "text"), HASHES)
def test_hash_lines(response: str, text: str | None) -> None:
    found = locate(response)
    assert found.text == text
    assert not found.hedged


@pytest.mark.parametrize(("response", "text"), FIELDS)
def test_json_fields(response: str, text: str | None) -> None:
    found = locate(response)
    assert found.text == text
    assert not found.hedged
