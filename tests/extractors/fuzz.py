"""A long fuzz of the answer verifier: random texts, mutated cases, numbers of known value. Prints what breaks a law.

    python -m tests.extractors.fuzz [--seconds 600] [--seed N]

The laws: nothing raises but an unusable reference; no call is over its deadline by more than 50 ms; `equivalent` is
symmetric, and no answer differs from itself; a wrapper changes nothing; numbers are equal exactly when their values
are; the process stays under 512 MiB. Exit code 1 when there are findings; the same seed draws the same cases.
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import accumulate
from random import Random

from gradewire_extractors import Outcome, ReferenceError_, Verdict, equivalent, verify
from tests.extractors.test_fuzz import FRAGMENTS
from tests.extractors.test_tables import CASES

DEADLINE_S, SLACK_S = 0.3, 0.05
MAX_RSS_KIB = 512 * 1024
ANSWERS = sorted({text for case in CASES for text in (case.answer, case.reference)})
WRAPPERS = (
    "$\\boxed{%s}$",
    "Thus \\[ \\boxed{ %s } \\]",
    "We are done.\n\n\\boxed{%s}\n",
    "<think>\nso\n</think>\n\\boxed{%s}.",
)


class Broken(Exception):
    """A law does not hold."""


def fragments(draw: Random) -> str:
    """Pieces of mathematics in a row."""
    return draw.choice(("", " ")).join(draw.choice(FRAGMENTS) for _ in range(draw.randint(1, 12)))


def mutated(draw: Random) -> str:
    """An answer of the tables with some characters taken out, put in or doubled, or two of them spliced."""
    text = draw.choice(ANSWERS)
    for _ in range(draw.randint(0, 3)):
        at = draw.randint(0, len(text))
        match draw.randrange(4):
            case 0:
                text = text[:at] + text[at + 1 :]
            case 1:
                text = text[:at] + draw.choice(FRAGMENTS) + text[at:]
            case 2:
                text = text[:at] + text[at : at + 3] * draw.choice((2, 2, 2, 200)) + text[at + 3 :]
            case _:
                text = text[:at] + draw.choice(ANSWERS)[at:]
    return text


def timed(call: Callable[[], Verdict], what: object) -> Verdict:
    """The verdict, in time."""
    began = time.monotonic()
    verdict = call()
    late = time.monotonic() - began - DEADLINE_S
    if late > SLACK_S:
        raise Broken(f"{late * 1e3:.0f} ms late: {what!r}")
    return verdict


def law_of_pairs(draw: Random) -> None:
    """Symmetric, and every answer equals itself or is not decided."""
    a, b = (draw.choice((fragments, mutated))(draw) for _ in "ab")
    forth = timed(lambda: equivalent(a, b, deadline_s=DEADLINE_S), (a, b))
    back = timed(lambda: equivalent(b, a, deadline_s=DEADLINE_S), (b, a))
    if "deadline" not in (forth.reason, back.reason) and forth.outcome is not back.outcome:
        raise Broken(f"not symmetric, {forth.reason} and {back.reason}: {(a, b)!r}")
    itself = timed(lambda: equivalent(a, a, deadline_s=DEADLINE_S), a)
    if itself.outcome is Outcome.NOT_EQUAL:
        raise Broken(f"differs from itself, {itself.reason}: {a!r}")


def law_of_wrappers(draw: Random) -> None:
    """The same verdict in each wrapper, for answers whose braces close."""
    a, b = mutated(draw), mutated(draw)
    if not wrappable(a):
        return
    try:
        found = [timed(lambda w=w: verify(w % a, b, deadline_s=DEADLINE_S), (w, a, b)) for w in WRAPPERS]  # type: ignore[misc]
    except ReferenceError_:
        return
    if len({verdict.outcome for verdict in found if verdict.reason != "deadline"}) > 1:
        raise Broken(f"wrappers matter, {[str(verdict.reason) for verdict in found]}: {(a, b)!r}")


def wrappable(answer: str) -> bool:
    """Whether a box around the answer ends where the answer does, and nothing in it is a mark of its own."""
    plain = re.sub(r"\\.", "", answer, flags=re.DOTALL)
    depths = list(accumulate((mark == "{") - (mark == "}") for mark in plain))
    closed = bool(depths) and depths[-1] == 0 and min(depths) >= 0 and not plain.endswith("\\")
    return closed and len(answer) < 500 and "\\boxed" not in answer and "<" not in answer and bool(answer.strip())


def law_of_texts(draw: Random) -> None:
    """Any text has a verdict: prose, markup and mathematics in any order, at times repeated a thousand times."""
    marks = (
        "\n",
        "\n\n",
        " ",
        "```",
        "<think>",
        "</think>",
        "\\boxed{",
        "}",
        "####",
        "<answer>",
        "The answer is ",
        "答案是",
    )
    parts = [
        draw.choice((fragments, mutated, lambda draw: draw.choice(marks)))(draw) for _ in range(draw.randint(1, 12))
    ]
    text = " ".join(parts) * draw.choice((1, 1, 1, 1, 1000))
    timed(lambda: verify(text, "12", deadline_s=DEADLINE_S), text[:2000])


def law_of_numbers(draw: Random) -> None:
    """Two numbers are equal exactly when their values are, however they are written."""
    a = Fraction(
        draw.randint(-(10 ** draw.randint(1, 12)), 10 ** draw.randint(1, 12)),
        draw.choice((1, 2, 3, 7, 8, 20, 125, 997)),
    )
    b = draw.choice((a, a, -a, a + 1, a * 10, 1 / a if a else a, a + Fraction(1, 10**9)))
    first, second = written(a, draw), written(b, draw)
    verdict = timed(lambda: verify(f"so $\\boxed{{{first}}}$", second, deadline_s=DEADLINE_S), (first, second))
    if verdict.outcome is not (Outcome.EQUAL if a == b else Outcome.NOT_EQUAL):
        raise Broken(f"{verdict.outcome}, {verdict.reason}: {first!r} and {second!r}")


def written(value: Fraction, draw: Random) -> str:
    """One of the ways to write a number."""
    sign, size = "-" if value < 0 else "", abs(value)
    top, bottom, times = size.numerator, size.denominator, draw.randint(1, 9)
    forms = [f"{sign}{top * times}/{bottom * times}", f"{sign}\\frac{{{top * times}}}{{{bottom * times}}}"]
    forms.append(f"\\dfrac{{{sign}{top}}}{{{bottom}}}")
    if bottom == 1:
        forms += [f"{sign}{top}", f"{sign}{top:,}", f"{sign}{top}.0", f"{sign}{top}e0"]
    elif size > 1:
        forms.append(f"{sign}{top // bottom}\\frac{{{top % bottom}}}{{{bottom}}}")
    if 10**12 % bottom == 0:
        digits, power = top * (10**12 // bottom), draw.randint(-3, 3)
        forms += [
            f"{sign}{digits} \\times 10^{{-12}}",
            f"{sign}{digits}e-12",
            f"{sign}{digits}\\cdot10^{{{power - 12 - power}}}",
        ]
    return draw.choice(forms)


LAWS = (law_of_pairs, law_of_wrappers, law_of_texts, law_of_numbers)


def run(seconds: float, seed: int) -> int:
    """The number of findings."""
    draw, tried, findings = Random(seed), Counter[str](), 0
    until = time.monotonic() + seconds
    verify("\\boxed{\\zeta(2)}", "\\frac{\\pi^2}{6}", deadline_s=30)  # the helper starts before the clock does
    while time.monotonic() < until:
        law = draw.choice(LAWS)
        tried[law.__name__] += 1
        try:
            law(draw)
            if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > MAX_RSS_KIB:
                raise Broken("the process is over 512 MiB; this case or one before it")
        except Exception as error:  # noqa: BLE001  # an exception of the engine is a finding too
            findings += 1
            print(f"{law.__name__} {sum(tried.values())}: {type(error).__name__}: {error}", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"seed {seed}: {sum(tried.values())} cases ({dict(tried)}), peak {peak:.0f} MiB, {findings} findings")
    return findings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 10**9, help="default: another one each time")
    options = parser.parse_args()
    sys.exit(1 if run(options.seconds, options.seed) else 0)


if __name__ == "__main__":
    main()
