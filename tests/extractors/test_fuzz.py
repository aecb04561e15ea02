"""Fragments of mathematics put together at random, always the same: no exception, symmetric, reflexive, in
time.
"""

import random
import time

from gradewire_extractors import Outcome, equivalent

FRAGMENTS = (
    "\\frac", "\\sqrt", "{", "}", "(", ")", "[", "]", "\\{", "\\}", "^", "_", "+", "-", "*", "/", "=", "<",
    ">", "\\le",
    ",", ";", ":", "|", "!", "%", "1", "23", "0.5", "x", "y", "n", "e", "i", "\\pi", "\\sin", "\\ln",
    "\\log_", "and",
    "\\text{ cm}", "or", "\\begin{pmatrix}", "\\end{pmatrix}", "&", "\\\\", "\\cup", "\\infty", "\\pm",
    "\\overline",
    "\\binom", "\\sum_{k=1}^", "\\int_0^1", "dx", "\\lim", "\\mathbb{R}", "\\circ", "'", "...", "\\ldots",
    "$", "\\$",
    "€", "½", "²", "√", "−", "×", "≤", "∞", "\\left", "\\right", "10^", "E5", "AM", "2021-03-14", "July",
    "(A)", "B)",
    "\\mathrm{E}", "\\over", "\\choose", "\\mid", "\\angle", "abc", "Yes", "the", "\\dot", "\\%",
    "\\text{°C}", "mod",
    "\\pmod", "\\lfloor", "\\rfloor", "\\langle", "\\rangle", "\\neq", "\\in", "\u202e", "\x00", "２", "٣",
    "{,}",
)  # fmt: skip
RUNS = 2_000
DEADLINE_S = 0.3


def test_random_fragments() -> None:
    draw = random.Random(20)
    for _ in range(RUNS):
        a, b = (draw.choice(("", " ")).join(draw.choice(FRAGMENTS) for _ in range(draw.randint(1, 9))) for _ in "ab")
        started = time.monotonic()
        forth = equivalent(a, b, deadline_s=DEADLINE_S)
        assert time.monotonic() - started < DEADLINE_S + 0.05, (a, b)
        back = equivalent(b, a, deadline_s=DEADLINE_S)
        if "deadline" not in (forth.reason, back.reason):
            assert forth.outcome is back.outcome, (a, b)
        assert equivalent(a, a).outcome in (Outcome.EQUAL, Outcome.NO_ANSWER), a
