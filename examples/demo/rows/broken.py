"""Responses that hold no answer, whatever they hint at: cut, refused, hedged, empty, noise. All are labelled 0."""

import random

from rows.forms import Written
from rows.languages import REFUSALS
from rows.model import Response

ENGLISH_REFUSALS = (
    "I'm sorry, but I can't help with that.",
    "I don't have enough information to work this out.",
    "As a language model I cannot be certain, so I would rather not give a number.",
    "I do not know.",
)

NOISE = (
    "",
    " \n\n",
    "...",
    "asdkjh qwe ;; zxcv lorem lorem lorem lorem",
    "the the the the the the the the the the the the the the the",
    "!!!!!!!! ]]]]] }{ }{ \\frac \\frac {",
    "<|endoftext|>",
    "```\n```",
)


def broken(prompt: str, work: str, right: Written, wrong: Written, language: str, rng: random.Random) -> Response:
    """One response without an answer. Several of them show the right value where it does not count."""
    kind = rng.choice(("cut", "cut", "thinking", "thinking", "refusal", "hedge", "hedge", "noise", "restated", "box"))
    match kind:
        case "cut":
            words = work.split(" ")
            return Response(" ".join(words[: max(2, len(words) * 2 // 3)]), 0, "length")
        case "thinking":
            return Response(f"<think>\n{work} So that would be \\boxed{{{right.tex}}}, but let me check", 0, "length")
        case "refusal":
            return Response(REFUSALS.get(language) or rng.choice(ENGLISH_REFUSALS), 0, "stop")
        case "hedge":
            return Response(_hedge(right, wrong, rng), 0, "stop")
        case "noise":
            return Response(rng.choice(NOISE), 0)
        case "restated" if len(prompt.split()) > 5:  # a bare sum, said again, would be its own answer
            return Response(prompt, 0, "stop")
        case _:
            return Response(f"{work}\n\n$$\\boxed{{", 0, "length")


def _hedge(right: Written, wrong: Written, rng: random.Random) -> str:
    first, second = (right, wrong) if rng.random() < 0.5 else (wrong, right)
    return rng.choice(
        (
            f"The answer is {first.plain} or {second.plain}.",
            f"It is either {first.plain} or {second.plain}, depending on how you read it.",
            rf"\boxed{{{first.tex} \text{{ or }} {second.tex}}}",
            f"Final answer: {first.plain} or maybe {second.plain}",
            f"<answer>{first.plain}, {second.plain}</answer>",
        )
    )
