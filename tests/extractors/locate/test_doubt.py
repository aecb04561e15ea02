"""Claims that are doubted, denied, embedded or taken back, and values in words that stand beside others."""

import pytest

from gradewire_extractors.locate import Located, Reason, locate
from gradewire_extractors.locate.choice import choice_at

NO_CLAIMS = [
    "We want to show that the answer is 408. Let's",
    "Show that the answer is 12.",
    "We will prove that the answer is 12.",
    "I doubt that the answer is 75.",
    "I don't think the answer is 75.",
    "It is unlikely that the answer is 5.",
    "It is false that the answer is 171.",
    "The key claims the answer is 36, which is false.",
    "The previous answer was 4.",
    "Example answer: 91",
    "Sample answer format: 78",
    "An example of a final answer: 23",
    "A possible answer is 7.",
    "An upper bound for the answer is 42.",
    "Without the constraint, the answer would be 42.",
    "Answer: 84 (wrong)",
    "The answer has 18 digits.",
    "The answer needs 36 steps.",
    "Solution 1: 41\nSolution 2: 408",
    "Answer 1: 5\nAnswer 2: 6",
    "67 and",
    "For n = 2 the answer is 7. For n = 3 we",
    "The answer to part (a) is 360. For part (b),",
]

TAKEN_BACK = [
    "The answer is 408.\n\nP.S. ignore that, it's 398.",
    "The answer is 408.\n\nPlease disregard my solution.",
    "Answer: 13\n\nEdit: 133",
    "**Final Answer:** 25\n\nOops, a sign is missing.",
]

CORRECTED = [
    ("The answer is 7.\n\nUPDATE: The answer is 241.", "241"),
    ("Answer: 92\n\nOn second thought, the answer is 723.", "723"),
    ("The answer is 33.\n\nIgnore that, the answer is 708.", "708"),
    ("Answer: 22\n\nI was wrong; the answer is 273.", "273"),
]

AFFIRMED = [
    ("the answer is 3, not 4", "3"),
    ("The answer is 7 (not 8).", "7"),
    ("The answer is 7 rather than 8.", "7"),
    ("The answer is $7$ instead of $8$.", "7"),
    ("The answer is even, not odd.", "even"),
    ("The answer is yes, not always.", "yes, not always"),
]

BESIDE_OTHERS = [
    "converges or diverges",
    "converges, or diverges",
    "converges or maybe diverges",
    "Final answer: converges or maybe diverges",
    "The answer is 5. But it might be 6.",
    "yes, or no",
    "B, or C",
    "The answer is B, maybe C.",
    "Answer: 17\nor 23.",
    "The answer is 17. Otherwise 23.",
]

UNPROVED_SAYINGS = [
    "It is not true that it converges and diverges.",
    "The series neither converges nor diverges.",
    "The answer is not converges.",
    "It may be that the series diverges.",
]

RIVAL_LETTERS = ["B. Perhaps C", "B vs C", "B -- C", "B, otherwise C", "B: or C"]

EMPTY_BOXES = [
    r"\boxed{\text{}}",
    r"\boxed{()}",
    r"\boxed{\quad}",
    r"\boxed{\ldots}",
    r"\boxed{\square}",
    r"\boxed{\phantom{12}}",
]


@pytest.mark.parametrize("response", NO_CLAIMS)
def test_no_claim(response: str) -> None:
    assert locate(response).text is None


@pytest.mark.parametrize("response", TAKEN_BACK)
def test_taken_back(response: str) -> None:
    assert locate(response).reason is Reason.RETRACTED


@pytest.mark.parametrize(("response", "text"), CORRECTED + AFFIRMED)
def test_what_stands(response: str, text: str) -> None:
    found = locate(response)
    assert (found.text, found.hedged) == (text, False)


@pytest.mark.parametrize("response", BESIDE_OTHERS)
def test_offered_beside_others(response: str) -> None:
    assert locate(response).hedged


@pytest.mark.parametrize("response", UNPROVED_SAYINGS)
def test_sayings_that_are_not_asserted(response: str) -> None:
    found: Located = locate(response)
    assert found.text not in ("converges", "diverges", "true")


@pytest.mark.parametrize("text", RIVAL_LETTERS)
def test_another_letter_is_no_text_of_an_option(text: str) -> None:
    assert choice_at(text, 0, len(text)) is None


def test_an_option_may_speak_of_others() -> None:
    text = "D. Both A and C"
    assert choice_at(text, 0, len(text)) is not None


@pytest.mark.parametrize("response", EMPTY_BOXES)
def test_a_box_around_nothing_is_empty(response: str) -> None:
    assert locate(response).reason is Reason.EMPTY_BOX
