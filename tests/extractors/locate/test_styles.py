"""Responses as current models write them."""

import pytest

from gradewire_extractors.locate import locate

STYLES = [
    (
        (
            "To solve the problem, we need to follow these steps:\n\n1. "
            "**Find the slope**: The slope is $m = 3$.\n2. **Find the intercept**: $b = 4$.\n\n"
            "Therefore, the equation of the line is $y = 3x + 4$."
        ),
        "y = 3x + 4",
    ),
    (
        (
            "Let's break this down step by step.\n\n1. Total apples: 12\n2. Eaten: 5\n\n"
            "So the remaining number of apples is \\(12 - 5 = 7\\).\n\nThus, "
            r"the final answer is \(\boxed{7}\)."
        ),
        "7",
    ),
    ("To determine how many...\n\nHence, Nora earns \\$18 every day at her stall.", r"\$18 every day"),
    ("因此，小明一共有 $12$ 个苹果。\n\n答案：$\\boxed{12}$", "12"),
    ("综上所述，本题正确答案为：**B**。", "B"),
    ("所以正确选项是 C。", "C"),
    ("因此，答案是选项 D。", "D"),
    (r"故答案为：$\frac{3}{4}$.", r"\frac{3}{4}"),
    ("故答案为 12", "12"),
    ("所以，$x$ 的值为 $5$。", "5"),
    ("最后结果：12", "12"),
    ("答：小明有 5 个苹果。", "5 个苹果"),
    ("因此选 B", "B"),
    ("综上，正确答案为 A。", "A"),
    (
        (
            "## Step 1: Understand the problem\nWe need to add.\n\n## Step 2: Add\n3+4=7\n\n"
            r"The final answer is: $\boxed{7}$"
        ),
        "7",
    ),
    ("## Step 1: Add\n3+4=7\n\nThe final answer is: $7$", "7"),
    (r"The final answer is: $\boxed{\text{B}}$", r"\text{B}"),
    ("The best answer is C.", "C"),
    ("The best answer is C", "C"),
    ("Therefore, the correct answer is:\n\n**C) 12**", "C) 12"),
    ("The correct answer is:\n\nA) 5", "A) 5"),
    ("Sure! Here's how to do it:\n\n- Step 1: 3 + 4 = 7\n- Step 2: 7 × 2 = 14\n\n**Answer: 14**", "14"),
    (r"**Final answer: $\dfrac{7}{2}$**", r"\dfrac{7}{2}"),
    ("**Answer:** The probability is **1/4**.", "1/4"),
    ("**Answer:** $x = 2$ or $x = 3$", "$x = 2$ or $x = 3$"),
    ("So the total is:\n\n\\[\n\\boxed{35}\n\\]\n\nLet me know if you'd like me to explain any step!", "35"),
    ("The area is 24 cm².\n\nWould you like me to show another method?", "24 cm²"),
    ("✅ **Final Answer: 42**", "42"),
    ("👉 **42**", "42"),
    ("**Answer: B — Paris**", "B"),
    ("**Correct answer: B. Paris**\n\nExplanation: Paris is the capital of France.", "B. Paris"),
    ("The correct answer is **B. Paris**.\n\nParis is the capital since 987.", "B. Paris"),
    ("B. Paris\n\nParis is the capital of France.", "B. Paris"),
    ("C\n\nExplanation: because 3+4=7", "C"),
    ("(C)\n\nThe reason is simple.", "(C)"),
    ("**C**", "C"),
    ("The answer is **C**, because energy is conserved.", "C"),
    ("The correct choice is (A) 12.", "(A) 12"),
    ("Answer: A, B", "A, B"),
    ("The correct options are A and C.", "A and C"),
    ("The correct answers are A, C, and D.", "A, C, and D"),
    ("Statements I and III are correct, so the answer is (D).", "(D)"),
    (
        (
            "<think>\nOkay, so I need to find 3+4. The answer is 8? No, 7.\n</think>\n\n"
            "To solve this:\n\n1. Add.\n\n**Answer:** \\boxed{7}"
        ),
        "7",
    ),
    ("<think>\nhm\n</think>\n\n**Solution:**\n\nWe compute $3+4=7$.\n\n**Answer:**\n$$\n7\n$$", "7"),
    (
        (r"After careful analysis, we conclude that the number of ways is $\binom{5}{2}=10$."),
        r"\binom{5}{2}=10",
    ),
    ("Okay, so the total comes out to 56.", None),
    ("Here's the solution:\n\n1. First\n2. Second\n\n**Therefore, the answer is 12.**", "12"),
    (r"**The final answer is** $\boxed{12}$", "12"),
    ("**Answer:** Sarah has 12 apples.", "12 apples"),
    (r"Final Answer: The final answer is $\boxed{12}$", "12"),
    (r"So, the answer is $\mathbf{12}$.", r"\mathbf{12}"),
    ("The total number of ways is $5! = 120$.", "5! = 120"),
    ("Final Answer: (D)", "(D)"),
    ("* **Result:** 12 m/s", "12 m/s"),
    ("Answer: 12 (see above)", "12"),
    ("Answer: The train arrives at 7:05 PM.", None),
    ("The train arrives at 7:05 PM.", None),
    ("Therefore, the train arrives at 7:05 PM.", None),
    ("So there were 12 + 5 = 17 apples.", "12 + 5 = 17 apples"),
    ("So she has 20 - 5 = <<20-5=15>>15 apples left.\n#### 15", "15"),
    (
        (
            "Mira baked 30/2 = <<30/2=15>>15 rolls on Monday.\nShe baked 30+15 = <<30+15=45>>45 rolls in all.\n#### 45"
        ),
        "45",
    ),
    ("The answer is 1/2 = 0.5.", "1/2 = 0.5"),
    (r"Thus the answer is $2\sqrt{3}$, approximately 3.46.", r"2\sqrt{3}"),
    (r"The answer is $2\sqrt{3} \approx 3.46$.", r"2\sqrt{3} \approx 3.46"),
    (r"Therefore the probability that both are red is $\frac{1}{4}$.", r"\frac{1}{4}"),
    ("The solution to the equation is x = 5.", "x = 5"),
    ("The equation has no real solutions.", "no real solutions"),
    ("Therefore, there is no solution.", "no solution"),
    ("Therefore, the equation has no real solutions.", "no real solutions"),
    ("Therefore, the series diverges.", "diverges"),
    ("The answer is that the series diverges.", "diverges"),
    ("Yes, the series converges.", "Yes"),
    ("No.", "No"),
    ("Yes, because 3 > 2.", "Yes"),
    ("The statement is false.", "false"),
    ("Answer: False. The statement fails for n = 4.", "False"),
    ("Answer: True", "True"),
    ("The answer is true, since 3 is odd.", "true"),
    ("The capital of France is Paris.", "The capital of France is Paris"),
    ("The answer is Paris, France.", "Paris, France"),
    ("The author is **Jane Austen**.", "Jane Austen"),
    ("Answer: Jane Austen (1775-1817)", "Jane Austen (1775-1817)"),
    (r"Final Answer: $x \in [1, 2) \cup (3, \infty)$", r"x \in [1, 2) \cup (3, \infty)"),
    ("The answer is $(1, 2)$, $(3, 4)$.", "$(1, 2)$, $(3, 4)$"),
    ("The answer is: A = 5, B = 6", "A = 5, B = 6"),
    ("$$\\boxed{5}$$\n\n(The answer is 5 because...)", "5"),
    (
        ("The final answer is:\n\n$$\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}$$"),
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
    ),
    (
        ("The final answer is\n$$\n\\begin{pmatrix}\n1 & 2 \\\\\n3 & 4\n\\end{pmatrix}\n$$\nas required."),
        "\\begin{pmatrix}\n1 & 2 \\\\\n3 & 4\n\\end{pmatrix}",
    ),
    ("### Answer\n\n- x = 5", "x = 5"),
    ("### Answer\n1. 5", None),
    ("**Answer**\n\n> 5", "5"),
    ("Answer:   5   \n\n\n", "5"),
    ("Answer:5", "5"),
    ("answer=5", "5"),
    ("answer: {5}", "{5}"),
    ("Answer: [5]", "[5]"),
    ("Answer: (5)", "(5)"),
    ("FINAL ANSWER: 5.", "5"),
    ("final_answer = 5", "5"),
    ("The final result is 5.", "5"),
    ("Final result: 5", "5"),
    ("Result → 5", "5"),
    ("My final answer: 5", "5"),
    ("Your answer: 5", "5"),
    ("A: 5", "A: 5"),
    ("Q: What is 2+3?\nA: 5", None),
    ("Question: what is 2+3?\nAnswer: 5", "5"),
    ("x=5", "x=5"),
    ("x = 5\ny = 6", None),
    ("2x + 4 = 14\n2x = 10\nx = 5", "x = 5"),
    ("Answer: x = 5, y = 6", "x = 5, y = 6"),
    ("Solution:\n\n2x = 10, so x = 5", None),
    ("Solution: We have 2x = 10. Thus x = 5.", "x = 5"),
    ("**Solution.** We add. The sum is 7.", "7"),
    (r"The sum of the roots is $-\frac{b}{a} = 5$.", r"-\frac{b}{a} = 5"),
    (r"Thus, $\angle ABC = 60^\circ$.", r"\angle ABC = 60^\circ"),
    ("Hence $f(2) = 7$.", "f(2) = 7"),
    (r"Therefore $P(A) = \frac{1}{3}$, as desired.", r"P(A) = \frac{1}{3}"),
    (r"Therefore, $n = \boxed{5}$ is the smallest.", "5"),
    ("Thus n must be 5.", "5"),
    ("Thus the smallest such n is 5.", "5"),
    ("Thus, our final answer is 5 + 6 = 11.", "5 + 6 = 11"),
    ("The answer is thus $2^{10} = 1024$.", "2^{10} = 1024"),
    ("Answer: about 5 km", "5 km"),
    ("The answer is about $5$.", "5"),
    (r"The answer is $\approx 5.2$.", r"\approx 5.2"),
    ("The answer is roughly 5.2 million people.", "5.2 million people"),
    ("The answer is 5.2 × 10^6.", "5.2 × 10^6"),
    ("The answer is €5.", "€5"),
    ("The answer is 5 €.", "5 €"),
    ("The answer is −5°C.", "−5°C"),
    ("The answer is 5'6\".", "5'6\""),
    ("It's 5.", None),
    ("It is 5.", "5"),
    ("The value is 5", "5"),
    ("I believe the answer is 5.", "5"),
    ("I think it's 5.", None),
    ("I'm not sure, but the answer is 5.", "5"),
    ("The answer is probably 5.", "5"),
    ("The answer is likely 5.", "5"),
    ("Perhaps the answer is 5.", None),
    ("Maybe the answer is 5?", None),
]


@pytest.mark.parametrize(("response", "text"), STYLES)
def test_styles_of_writing(response: str, text: str | None) -> None:
    found = locate(response)
    assert found.text == text
    assert not found.hedged
