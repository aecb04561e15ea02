"""What rules decide without a model, and what they leave to it."""

import pytest

from gradewire_judges import Flag, Judge, JudgeRequest, JudgeVerdict, Outcome
from gradewire_judges.rules import decide


def _ask(response: str, reference: str | None = "mercury") -> JudgeRequest:
    return JudgeRequest(id="1", question="Which planet is nearest to the sun?", reference=reference, response=response)


@pytest.mark.parametrize(
    "response",
    [
        *["", " ", "\n\t ", "\u200b", "\u3000\ufeff\u2060", "\x00"],
        *["\u2800", "\u3164", "\uffa0 \u115f", "\ufe0f", "\u034f", "\u17b4", "\u2065", "\U000e0100\U000e0fff"],
    ],
)
@pytest.mark.parametrize("reference", ["mercury", None])
def test_empty(response: str, reference: str | None) -> None:
    assert decide(_ask(response, reference)) == "empty_response"


@pytest.mark.parametrize(
    "response",
    [
        *[":", ".", ",", "…", "。", "：", "-", "?!", "=", "---", "***", '""', "()", "👍", "\u0301"],
        *[
            "Solution",
            "Solution:",
            "solution:\n",
            "**Solution**",
            "# Answer",
            "The answer is",
            "Final answer:",
        ],
        *[
            "Step 1",
            "Step one",
            "Step 1:",
            "Thought process:",
            "Let's think step by step.",
            "Let’s think step by step",
        ],
        *[
            "Let's solve this problem step by step.",
            "Solution: Let us think step by step.",
            "Here is my answer:",
        ],
        *[
            "Let us think. " * 400,
            "Solution: " * 20_000,
            "**Answer:**\n" * 2000,
            "Let's think step by step. " * 20,
            "Solution " * 300,
        ],
        *[
            "解",
            "解：",
            "答案是：",
            "让我们一步一步思考。",
            "Respuesta:",
            "La solución es",
            "Étape 1",
            "Lösung:",
        ],
        *["Die Antwort ist", "Решение:", "かいせつ", "정답:", "الجواب:", "उत्तर:", "A solução"],
        *["First,", "**First:**", "Sure!", "Okay, let's see.", "My solution is as follows:", "Plan:", "Wait, ..."],
        *["Step 1: First,", "I'd be happy to help!", "Great question!", "首先，", "まず、", "Zunächst:", "\u2800."],
        *["\\boxed{}", "<answer></answer>", "<think></think>", "<answer>.</answer>", "$$", "!" * 5000],
    ],
)
def test_degenerate(response: str) -> None:
    assert decide(_ask(response)) == "degenerate_response"


@pytest.mark.parametrize(
    ("response", "reference"),
    [
        ("mercury", "mercury"),
        ("no", "mercury"),
        ("7", "seven"),
        ("∞", "infinity"),
        ("∅", "the empty set"),
        ("solution", "Solution"),
        ("The answer is: solution.", "solution"),
        ("A", "A"),
        ("A", "(A) mercury"),
        (":", ":"),
        ("...", "…"),
        ("=", "="),
        ("First", "1st"),
        ("First.", "1st"),
        ("Plan", "scheme"),
        ("First, tin", "mercury"),
        ("Yes,", "true"),
        ("The answer is tin", "mercury"),
        ("Step 1: multiply", "mercury"),
        ("水銀", "mercury"),
        ("पारा", "mercury"),
        ("Let us think. " * 400 + "Tin it is.", "mercury"),
        ("Let us think. " * 400 + "Mercury", "mercury"),
        ("mercury " * 4000, "mercury"),
        (":", None),
        ("Solution", None),
    ],
)
def test_left_to_the_model(response: str, reference: str | None) -> None:
    assert decide(_ask(response, reference)) is None


def test_the_rules_card_decides_what_is_empty_and_scores_nothing_else() -> None:
    judge = Judge.open("rules")
    empty, degenerate, other = judge.judge([_ask(""), _ask("Solution:"), _ask("mercury")])
    assert isinstance(empty, JudgeVerdict)
    assert isinstance(degenerate, JudgeVerdict)
    assert isinstance(other, JudgeVerdict)
    assert (empty.outcome, empty.reason, empty.score) == (Outcome.NO_ANSWER, "empty_response", 0.0)
    assert (empty.decided_by, empty.flags) == ("rule", ())
    assert (degenerate.reason, degenerate.score) == ("degenerate_response", 0.0)
    assert degenerate.flags == (Flag.DEGENERATE_RESPONSE,)
    assert (other.outcome, other.reason, other.score) == (Outcome.UNDECIDED, "needs_model", None)
    assert judge.info().score_range is None
