"""Last sentences that conclude, and layout that does."""

import pytest

from gradewire_extractors.locate import locate

CONCLUSIONS = [
    ("Therefore, x = 5.", "x = 5"),
    ("Therefore, $x = 5$.", "x = 5"),
    ("Thus the total is 48.", "48"),
    ("So there are 36 ways.", "36 ways"),
    ("We conclude that n = 7.", "n = 7"),
    ("This gives a total of 96.", "96"),
    ("Hence, the probability is 3/8.", "3/8"),
    ("Thus, John has 5 apples left.", "5 apples"),
    ("So she needs 12 more dollars.", "12 more dollars"),
    (r"Finally, the area is $24\pi$ square units.", r"$24\pi$ square units"),
    ("In total, they sold 35 tickets.", "35 tickets"),
    ("Altogether, 35 tickets were sold.", "35 tickets"),
    ("The requested sum is 12 + 5 = 17.", "12 + 5 = 17"),
    (r"The desired probability is $\frac{1}{4}$.", r"\frac{1}{4}"),
    ("Hence the required value is 9", "9"),
    ("We get 5*6=30.\nSo the area is 30.", "30"),
    ("Hence, the maximum value is attained at x = 2.", None),
    ("So we have two cases.", None),
    ("Therefore $a=3$ and $b=4$, and the sum is $7$.", "7"),
    ("The area of the square is 49.", "49"),
    ("It takes 80 hours.", "80 hours"),
    ("So the answer is \n\n5", "5"),
    ("Therefore:\n\n$$x = 5$$", "x = 5"),
    ("Therefore, we have\n\\[\nx = 5.\n\\]", "x = 5"),
    ("The train takes **3 hours** to arrive.", "3 hours"),
    ("So John has **5 apples** left.", "5 apples"),
    ("Working.\n\n**42**", "42"),
    ("**Therefore, the total cost is $45.**", "$45"),
    ("### Final Answer\nThe train takes **3 hours** to arrive.", "3 hours"),
    ("The total cost is $45.", "$45"),
    ("She pays $18 every day.", None),
    ("So she makes $18 every day at the market.", "$18 every day"),
    ("∴ x = 5", "x = 5"),
    ("Thus $2 + 3 = 5$.", "2 + 3 = 5"),
]


@pytest.mark.parametrize(("response", "text"), CONCLUSIONS)
def test_conclusions(response: str, text: str | None) -> None:
    found = locate(response)
    assert found.text == text
    assert not found.hedged
