"""Choice letters and claims among other talk."""

import pytest

from gradewire_extractors.locate import locate

CLAIMS = [
    ("A is the correct answer.", "A"),
    ("(A) is correct.", "(A)"),
    (r"Answer: $\boxed{A}$", "A"),
    ("**Answer:** (A)\n\n**Explanation:** Options (B) and (C) are wrong because 3 > 2.", "(A)"),
    ("The answer is (A). Options (B), (C) and (D) are wrong.", "(A)"),
    ("Among the options, only B satisfies x > 2, so the answer is B.", "B"),
    ("The correct answer is A.\n\nB is wrong since 4 > 3.", "A"),
    ("Let me eliminate: A is wrong, B is wrong. The answer is therefore C.", "C"),
    ("Answer: D) None of the above", "D) None of the above"),
    ("The answer is E. None of these", "E. None of these"),
    ("I'd go with B.", "B"),
    ("My choice is B.", "B"),
    ("So I pick (C).", "(C)"),
    ("Option D", "D"),
    ("option d", "option d"),
    ("Choice B", "B"),
    ("D: 12", "D: 12"),
    ("The answer is A) 3, since 3 < 4.", "A) 3"),
    ("The answer is A. 3\n\nBecause 3 < 4.", "A. 3"),
    (r"The format is \boxed{answer}. So I write \boxed{7}.", "7"),
    (r"It is not \boxed{5}, it is \boxed{6}.", "6"),
    (r"It is \boxed{6}, not \boxed{5}.", "6"),
    (r"\boxed{6} rather than \boxed{5}", "6"),
    ("The reference answer is 12.", "12"),
    ("The correct answer is the reference answer.", "the reference answer"),
    (r"\boxed{12} \boxed{13} \boxed{14} \boxed{15}", "15"),
    ("1 2 3 4 5 6 7 8 9 10 11 12", "1 2 3 4 5 6 7 8 9 10 11 12"),
    ("The answer is 3. But the answer is 5.", "5"),
    ("Answer: 42\n\nExplanation: the result of the first step is 6, and 6 * 7 = 42.", "42"),
    ("The answer is 42. To check: the result of 84/2 is 42, and the solution is x = 3.", "42"),
    ("The result of step one is 6. Final result: 42", "42"),
]


@pytest.mark.parametrize(("response", "text"), CLAIMS)
def test_claims(response: str, text: str) -> None:
    found = locate(response)
    assert found.text == text
    assert not found.hedged
