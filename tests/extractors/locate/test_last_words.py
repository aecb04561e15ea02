"""What the last sentence or line gives: amounts, labelled totals, chosen letters; and what breaks off."""

import pytest

from gradewire_extractors.locate import locate

WORKING = "We add 3 and 4 first.\n\n"

AMOUNTS = [
    ("Hence, the train covers 52 kilometers.", "52 kilometers"),
    ("Therefore, they need 24 more chairs.", "24 more chairs"),
    ("So Lisa is now 12 years old.", "12 years old"),
    ("Therefore, it will take her 381 minutes to finish.", "381 minutes"),
    ("Thus, 26 is the smallest such number.", "26"),
    ("Putting it all together, we get 13.", "13"),
    ("So exactly 12 of them are red.", "12"),
    ("Therefore Bob must pay 23 dollars.", "23 dollars"),
    ("We are left with 84.", "84"),
    ("So x ≠ 12.", "x ≠ 12"),
    ("Its volume is 36 liters.", "36 liters"),
    ("**Total: 97**", "97"),
    ("Sum: 22", "22"),
    ("**Conclusion:** The total is 17.", "17"),
    ("13 ways", "13 ways"),
    ("x = 82", "x = 82"),
    ("$$x = 5280$$", "x = 5280"),
]

PHRASES = [
    ("The answer we are looking for is 657.", "657"),
    ("The answer (in cm) is 1762.", "1762"),
    ("The answer is, therefore, 183.", "183"),
    ("The answer is of course 35.", "35"),
    ("The answer comes out to be 79.", "79"),
    ("we arrive at the answer 78.", "78"),
    ("So we get the answer $B$", "B"),
    ("The answer is $\\frac{3}{4}$!", "\\frac{3}{4}"),
    ("The final answer is **9**! 🎉", "9"),
    ("Thus the answer is 63 $\\blacksquare$", "63"),
    ("[Answer] 393", "393"),
    ("[ANSWER]17[/ANSWER]", "17"),
    ("【答案】B", "B"),
    ("Answer: - 3", "- 3"),
    ("**Answer** 5", "5"),
    ("Answer ➜ 23", "23"),
    ("Final answer\n---\n7", "7"),
    ("The answer is neither.", "neither"),
    ("The answer is right triangle.", "right triangle"),
    ("The answer is $i$.", "i"),
    ("Answer: i + 1", "i + 1"),
    ("Answer: -3 < a", "-3 < a"),
    ("b = a", "b = a"),
]

LETTERS = [
    ("A is correct.", "A"),
    ("It must be B.", "B"),
    ("So B is the best answer.", "B"),
    ("The correct statement is E.", "E"),
    ("A is wrong, B is wrong, so C.", "C"),
    ("Among the options A, B, C, D, the right one is D.", "D"),
    ("Answer (C)", "(C)"),
    ("The correct answer is option E: 42", "E: 42"),
    ("#### Option C", "Option C"),
]

LANGUAGES = [
    ("答：一共需要156元。", "156元"),
    ("本题选A", "A"),
    ("Odpowiedź to 476.", "476"),
    ("Odpověď je 740.", "740"),
    ("Svaret är 8948.", "8948"),
    ("Відповідь: 6061", "6061"),
    ("Răspunsul este 83.", "83"),
    ("Η απάντηση είναι 379.", "379"),
    ("התשובה היא 4903", "4903"),
    ("คำตอบคือ 939", "939"),
    ("Cevap 51.", "51"),
]

SILENT = [
    "Therefore, each of the 5 friends gets an equal share.",
    "Thus we can apply Theorem 5.",
    "So we need to check 5 more cases.",
    "Therefore 7 divides n.",
    "Therefore, we substitute 5 for x.",
    "Thus we rule out 12.",
    "So far we have found 42.",
    "So the price was $18 before the discount.",
    "Thus the number exceeds 12.",
    "So we need x ≥ 12",
    "One part is done. So she makes 9 * 2",
    "Each egg sells for 2 dollars. So she makes 18",
    "The total distance is 210 km. The total time is 3 hours",
]

REQUESTS = [
    "Our goal is $3+4$.",
    "Q: $x = 7$",
    "3+4 を計算せよ。",
    "$3+4$의 값을 구하시오.",
    "计算 $3+4$ 的值。",
    "求 $2^{10}$",
    "Calculate 6*7",
]


@pytest.mark.parametrize(("response", "text"), AMOUNTS)
def test_amounts(response: str, text: str) -> None:
    assert locate(WORKING + response).text == text


@pytest.mark.parametrize(("response", "text"), PHRASES + LETTERS + LANGUAGES)
def test_claims(response: str, text: str) -> None:
    found = locate(response)
    assert (found.text, found.hedged) == (text, False)


@pytest.mark.parametrize("response", SILENT + REQUESTS)
def test_silence(response: str) -> None:
    assert locate(response).text is None
