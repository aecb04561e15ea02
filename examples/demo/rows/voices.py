r"""How people and models wrap an answer in English: terse, chatty, in LaTeX, in Markdown, with a reasoning block.

In a voice, {work} stands for the working, {plain} for the answer in running text and {tex} for the answer in a box;
{first} and {first_tex} for an answer that is taken back. A voice never changes the answer.
"""

import random

from rows.forms import Written

PLAIN = (
    "{plain}",
    "Answer: {plain}",
    "{work}\n\nSo the answer is {plain}.",
    "{work}\n#### {plain}",
    "{work} The final answer is {plain}.",
    "Sure! {work}\n\nThe answer is **{plain}**. Let me know if you would like another example! 😊",
    "<answer>{plain}</answer>",
    "{work}\n\n<answer>\n{plain}\n</answer>",
    "## Solution\n\n- {work}\n\n**Answer:** {plain}",
    "### Step by step\n\n1. Read off what is given.\n2. {work}\n\n**Final answer: {plain}**",
    "{work}\n\nFinal Answer: {plain}\n\nI hope this helps!",
    "Therefore, the answer is {plain}.",
    "{work}\n\n**{plain}**",
    "{work}\n\nResult: {plain}",
    "> {work}\n\nThat gives us the final answer: **{plain}** ✅",
    "| step | what |\n|---|---|\n| 1 | {work} |\n\nThe answer is: {plain}",
    "ok so here goes. {work}\n\nfinal answer: {plain}",
    "<think>\n{work} That was quick.\n</think>\n\nThe answer is {plain}.",
    "<think>\nHmm, let me see. {work}\nYes.\n</think>\n{plain}",
)

BOXED = (
    r"\boxed{{tex}}",
    r"$\boxed{{tex}}$",
    "{work}\n\n\\[\n\\boxed{{tex}}\n\\]",
    "{work}\n\n$$\\boxed{{tex}}$$",
    r"{work} Hence the result is $\boxed{{tex}}$.",
    r"The final answer is $\boxed{{tex}}$.",
    r"<think>{work}</think> \boxed{{tex}}",
    "<think>\nFirst I write down what is known.\n{work}\n</think>\n\n{work}\n\n\\boxed{{tex}}",
    "**Working.** {work}\n\n**Result.** $\\boxed{{tex}}$\n\nTell me if a step is unclear.",
    "{work}\n\n\\boxed{{tex}}\n\nWould you like to see a second way to check this?",
    "{work}\n\nTherefore\n\\[\n{tex}.\n\\]",
    "$$\\begin{aligned}\n&\\text{given}\\\\\n&\\Rightarrow \\boxed{{tex}}\n\\end{aligned}$$",
    r"We proceed directly. {work} \[ \boxed{ {tex} } \]",
)

CORRECTED = (
    r"\boxed{{first_tex}}. Wait, I slipped. {work} So it is \boxed{{tex}}.",
    "<think>\nMaybe \\boxed{{first_tex}}? No.\n{work}\n</think>\nThe answer is {plain}.",
    "My first try gave {first}, which is off.\n\n{work}\n\n$$\\boxed{{tex}}$$",
    "<think>The answer is {first}.</think>\n{work}\n\n**Answer:** {plain}",
)
"""Voices that first offer another answer; what comes last is what they mean."""

MUSINGS = (
    "Okay, let me read this slowly.",
    "What is given, and what is asked?",
    "I should be careful with the order of operations here.",
    "There may be a shortcut, but I would rather go step by step.",
    "Hmm, is that really what they want? I think so.",
    "Let me write it down properly before I go on.",
    "A quick estimate first, so that I notice if I am far off.",
    "Wait, did I copy the numbers correctly? Yes.",
    "Going over it a second time gives the same.",
    "I could also try it from the other end.",
    "That agrees with the estimate.",
    "No special cases that I can see.",
    "Let me double-check the units and the sign.",
    "Fine. Now I only have to put it into the requested form.",
)


def say(prompt: str, work: str, answer: Written, rng: random.Random) -> str:
    """The answer in one of the voices, a boxed one nearly as often as not, now and then after long thought."""
    response = _fill(rng.choice(BOXED if rng.random() < 0.45 else PLAIN), work, answer)
    if "<think>" in response or rng.random() > 0.2:
        return response
    return f"<think>\n{_ponder(prompt, work, rng)}\n</think>\n\n{response}"


def _ponder(prompt: str, work: str, rng: random.Random) -> str:
    """Thinking aloud, some hundreds of characters."""
    musings = [" ".join(rng.sample(MUSINGS, k=rng.randint(2, 5))) for _ in range(rng.randint(2, 5))]
    paragraphs = [f"They say: {prompt}", *musings]
    paragraphs.insert(rng.randint(1, len(paragraphs)), work)
    return "\n\n".join(paragraphs)


def take_back(work: str, first: Written, answer: Written, rng: random.Random) -> str:
    """`answer`, after another one that is given up on the way."""
    voice = rng.choice(CORRECTED).replace("{first}", first.plain).replace("{first_tex}", first.tex)
    return _fill(voice, work, answer)


def _fill(voice: str, work: str, answer: Written) -> str:
    return voice.replace("{work}", work).replace("{plain}", answer.plain).replace("{tex}", answer.tex)
