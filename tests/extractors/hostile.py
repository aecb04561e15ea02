"""Inputs made to cost time or memory: answers, and whole responses. `test_hostile` judges what they cost.

    python tests/extractors/hostile.py DEADLINE_S

prints a line for each that was later than its deadline by more than 50 ms at three attempts, or raised, and last the
most memory that the daemon process and this one ever had, in MiB. (`test_algebra` has the helpers' limit.)
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from threading import Thread

from gradewire_extractors import ExtractorError, Policy, cluster, equivalent, extract, verify

SLACK_S = 0.05

ANSWERS = {
    "the roots of many numbers": "+".join(f"\\sqrt{{{number}}}" for number in range(2, 120)),
    "a tower of powers": "2^{2^{2^{2^{2^{2}}}}}",
    "a plain tower": "9^9^9^9^9",
    "a tower of variables": "x^{x^{x^{x^{x}}}}",
    "a factorial": "1000000000!",
    "a factorial of a factorial": "(100000!)!",
    "many factorials": "5" + "!" * 3000,
    "a sum of factorials": "+".join(["5000!"] * 300),
    "a product of factorials": "\\cdot ".join(["5000!"] * 200),
    "ratios of factorials": "\\frac{5000!}{4999!}" * 50,
    "a huge exponent": "7^{123456789}",
    "a huge power of ten": "10^{10^{10^{10}}}",
    "a binomial": "\\binom{1000000}{500000}",
    "many large binomials": "+".join(f"\\binom{{20000}}{{{k}}}" for k in range(9000, 9300)),
    "a sum of a billion terms": "\\sum_{k=1}^{1000000000} k^k",
    "a double sum": "\\sum_{k=1}^{2000}\\sum_{j=1}^{2000} \\frac{1}{kj}",
    "a triple sum": "\\sum_{k=1}^{50}\\sum_{j=1}^{50}\\sum_{i=1}^{50} kji",
    "a sum of powers": "\\sum_{k=1}^{2000} k^{2000}",
    "a sum of sums": "+".join(f"\\sum_{{k=1}}^{{2000}} \\frac{{1}}{{k^{{{i}}}}}" for i in range(1, 60)),
    "a product": "\\prod_{k=1}^{2000} (k^{100}+1)",
    "a sum without end": "\\sum_{k=1}^{\\infty} \\frac{1}{k^{k}}",
    "deep brackets": "(" * 4000 + "1" + ")" * 4000,
    "deep fractions": "\\frac{1}{" * 1000 + "1" + "}" * 1000,
    "deep braces": "{" * 3000 + "1" + "}" * 3000,
    "deep roots": "\\sqrt{" * 500 + "2" + "}" * 500,
    "deep functions": "\\sin(" * 50 + "x" + ")" * 50,
    "deep exponents": "e^{" * 50 + "x" + "}" * 50,
    "deep words": "the answer is {" * 200 + "1" + "}" * 200,
    "unclosed brackets": "(" * 4000,
    "a chain of carets": "^".join("x" * 2000),
    "a chain of signs": "-" * 5000 + "1",
    "a chain of divisions": "1/" * 3000 + "1",
    "a chain of indices": "x" + "_x" * 2000,
    "a chain of equalities": "=".join(f"x+{i}" for i in range(700)),
    "a long product": "(x+1)" * 1000,
    "a product of many variables": "".join(f"(x_{{{i}}}+1)" for i in range(400)),
    "a high power of a sum": "(x+y+z)^{100000}",
    "a power of a power of a sum": "((((x+y+z)^{99})^{99})^{99})^{99}",
    "a power of many variables": "(" + "+".join(f"x_{{{i}}}" for i in range(300)) + ")^{50}",
    "a hundred thousand digits": "9" * 100_000,
    "a million digits and one": "7" * 1_000_000 + "+1",
    "ninety thousand decimals": "1." + "3" * 90_000,
    "more digits than Python reads": "7" * 4_301,
    "a fraction of digits": "\\frac{" + "3" * 3900 + "}{" + "7" * 3900 + "}",
    "a root of digits": "\\sqrt{" + "7" * 4000 + "}",
    "an exponent of digits": "x^{" + "7" * 4000 + "}",
    "a power of ten": "1E999999999",
    "a small power of ten": "1E-199999",
    "a sum of powers of ten": "+".join(f"1e{i * 700}" for i in range(280)),
    "a product of powers of ten": "*".join(f"1e{190_000 + i}" for i in range(300)) + "x",
    "a large base": "Z" * 400 + "_{36}",
    "a megabyte of formula": "x+" * 500_000 + "x",
    "a megabyte of words": "word " * 200_000,
    "a run of superscripts": "x" + "²" * 50_000,
    "a run of marks": "a" + "\u0301" * 50_000,
    "half surrogates": "\ud800" * 1000,
    "spaces": " " * 100_000 + "1",
    "dollars": "$" * 100_000,
    "backslashes": "\\" * 100_000,
    "commas": "1," * 4000,
    "bars": "|".join("x" * 1000),
    "NUL": "1\x002",
    "bidirectional marks": "\u202e123\u202c",
    "code": "__import__('os').system('exit')",
    "a large root": "\\sqrt[999999999]{2}",
    "a huge angle": "\\cos(10^{100000})",
    "an exponential of exponentials": "e^{e^{e^{e^{e^{5}}}}}",
    "an integral": "\\int_0^1 x^x e^{x^x} \\sin(x^x) dx",
    "integrals": "\\int_0^1" * 30 + "x" + "dx" * 30,
    "a limit": "\\lim_{x\\to 0} (\\sin x)^{x^{x^x}}",
    "many logarithms": "+".join(f"\\log(x+{i})" for i in range(150)),
    "many sines": "+".join(f"\\sin({i}x)" for i in range(2, 400)),
    "many roots": "+".join(f"\\sqrt{{{i}}}" for i in range(2, 500)),
    "many absolute values": "+".join(f"|x-{i}|" for i in range(300)),
    "a large set": "\\{" + ",".join(f"x+{i}" for i in range(390)) + "\\}",
    "a set of roots": "\\{" + ",".join(f"\\sqrt{{{i}}}" for i in range(2, 380)) + "\\}",
    "a large union": "\\cup".join(f"({i},{i + 1})" for i in range(300)),
    "a punctured interval": "(0,1000)\\setminus\\{" + ",".join(map(str, range(300))) + "\\}",
    "a product of many matrices": "\\begin{pmatrix} x & y \\\\ y & x \\end{pmatrix}" * 20,
    "a power of a matrix": "\\begin{pmatrix} x & y & 1 \\\\ y & x & 2 \\\\ 1 & x & y \\end{pmatrix}^9",
    "derivatives of derivatives": "\\frac{d^4}{dx^4} " * 8 + "\\sin(x^x)",
    "the derivative of a long product": "\\frac{d}{dx}(" + "(x+1)" * 300 + ")",
    "a function in many pieces": "\\begin{cases}"
    + "\\\\".join(f"{i}x & {i} \\le x < {i + 1}" for i in range(150))
    + "\\end{cases}",
    "a large matrix": "\\begin{pmatrix}" + "\\\\".join("&".join("1" * 60) for _ in range(60)) + "\\end{pmatrix}",
    "a determinant": "\\begin{vmatrix}"
    + "\\\\".join("&".join(f"x+{i * j}" for i in range(12)) for j in range(12))
    + "\\end{vmatrix}",
    "many signs to choose": "\\pm x" * 12,
    "units": "5" + " cm" * 2000,
    "mixed fractions": "1" + "\\frac{1}{2}" * 800,
    "labels": "(a) 1 " * 2000,
    "denials": "3, not " * 1000 + "4",
    "numbers in words": "one hundred " * 2000,
    "months": "may " * 2000,
    "dots to a billion": "1,2,\\ldots,1000000000",
}

RESPONSES = {
    "boxes within boxes": "\\boxed{" * 3000 + "1" + "}" * 3000,
    "thousands of boxes": "\\boxed{1} " * 5000,
    "boxes that are joined": "\\boxed{1} and " * 5000,
    "boxes that are offered": "\\boxed{1} or " * 5000,
    "boxes that never close": "\\boxed{" * 5000,
    "frames that never close": "\\framebox[" * 5000,
    "a megabyte in a box": "\\boxed{" + "x" * 1_000_000 + "}",
    "thoughts within thoughts": "<think>" * 5000,
    "thoughts": "<think></think>" * 5000,
    "tags": "<answer>1</answer>" * 5000,
    "open tags": "<answer>" * 5000,
    "hash lines": "#### 1\n" * 5000,
    "nested JSON": '{"answer": ' * 5000,
    "fences": "```\n" * 5000,
    "phrases": "the answer is 1. " * 10_000,
    "phrases without an end": "the answer is " * 10_000,
    "Chinese phrases": "答案是" * 30_000,
    "brackets": "<" * 200_000,
    "stars": "**1** " * 20_000,
    "doubts": "\\boxed{3}" + " or maybe " * 20_000,
    "ends of turns": "<|im_end|>" * 20_000,
    "lines": "\n" * 200_000,
    "a megabyte before the box": "Let x be 5. " * 100_000 + "\\boxed{5}",
}
REFERENCES = ("5", "x+1", "\\{1, 2\\}", "(0, 1)", "x=3", "\\sqrt{2}+\\sin x", "5 cm", "A")
OFF_THE_LINE = "\\int_0^{40} x^{400} dx"
TOLERANT = Policy(rel_tol=0.01, rounding=True)


def calls(deadline_s: float) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is done with each, and the name of it."""
    judge, same = partial(verify, deadline_s=deadline_s), partial(equivalent, deadline_s=deadline_s)
    for name, text in ANSWERS.items():
        box = f"\\boxed{{{text}}}"
        for reference in REFERENCES:
            yield f"{name} against {reference}", partial(judge, box, reference)
        yield f"{name} as a reference", partial(judge, "\\boxed{5}", text)
        yield f"{name} against itself", partial(same, text, text)
        yield f"{name} against a little more", partial(same, f"1+{text}", f"{text}+2")
        yield f"{name} against what only the plane evaluates", partial(same, text, OFF_THE_LINE)
        yield f"{name}, tolerant", partial(judge, box, "x+2", TOLERANT)
        yield f"{name}, extracted", partial(extract, box)
        yield f"{name}, clustered", partial(cluster, [text, "5"], deadline_s=deadline_s)
    for name, text in RESPONSES.items():
        yield name, partial(judge, text, "5")
        yield f"{name}, as a reference", partial(judge, "\\boxed{5}", text)
        yield f"{name}, extracted", partial(extract, text)


def findings(deadline_s: float) -> list[str]:
    """What was late each time."""
    found = []
    for name, call in calls(deadline_s):
        times = [_took(call)]
        while times[-1] > deadline_s + SLACK_S and len(times) < 3:
            times.append(_took(call))
        if min(times) > deadline_s + SLACK_S:
            found.append(f"{name}: {min(times):.3f} s")
    return found


def _took(call: Callable[[], object]) -> float:
    """Seconds that a call took: of its own process, as others keep it waiting, and on the clock if it hangs."""
    wall, own = time.monotonic(), time.process_time()
    with contextlib.suppress(ExtractorError):  # a reference may have no answer in it
        call()
    wall, own = time.monotonic() - wall, time.process_time() - own
    return own if wall < 3 else wall


def _elsewhere(deadline_s: float) -> None:
    """The same from a thread of a daemon process."""
    found: list[str] = []
    thread = Thread(target=lambda: found.extend(findings(deadline_s)))
    thread.start()
    thread.join()
    for line in found:
        print(line, flush=True)
    print(f"MiB {_most_mib():.0f}", flush=True)


def _most_mib() -> float:
    """The most memory that this process ever had. getrusage would tell the test's, from before this file was run."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def main() -> None:
    deadline_s = float(sys.argv[1])
    verify("\\boxed{\\zeta(2)}", "\\frac{\\pi^2}{6}", deadline_s=30)  # the helper has started
    process = get_context("fork").Process(target=_elsewhere, args=(deadline_s,), daemon=True)
    process.start()
    process.join()
    if process.exitcode:
        print(f"the daemon process ended with {process.exitcode}")
    print(f"MiB {_most_mib():.0f}")


if __name__ == "__main__":
    main()
