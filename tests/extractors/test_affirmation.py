"""A verdict in a word, and what follows it."""

import pytest

from gradewire_extractors import Outcome, verify
from gradewire_extractors.affirmation import affirmed, takes_back


@pytest.mark.parametrize("response", ["Yes, it converges.", "Yes, because 5 > 3", "The answer is yes, it does."])
def test_what_says_it_again_is_the_verdict(response: str) -> None:
    assert verify(response, "Yes").outcome is Outcome.EQUAL
    assert verify(response, "No").outcome is Outcome.NOT_EQUAL


@pytest.mark.parametrize("response", ["Yes, no", "Yes. No.", "Yes, it is not", "Yes, although arguably no", "Yes; no"])
def test_what_takes_it_back_is_neither(response: str) -> None:
    assert verify(response, "Yes").outcome is Outcome.NOT_EQUAL
    assert verify(response, "No").outcome is Outcome.NOT_EQUAL


def test_a_clause_must_agree() -> None:
    assert affirmed("no, they aren't similar") == "no"
    assert affirmed("no, they are similar") is None
    assert affirmed("yes, 5") is None
    assert not takes_back("no", ", there is no solution")
    assert takes_back("yes", ", no, who knows")
    assert not takes_back("yes", "")
