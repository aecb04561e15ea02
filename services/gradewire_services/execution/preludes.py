"""The prelude called `standard`: what judges of LeetCode-like programs import for them.

The names are those that LiveCodeBench puts before every program (lcb_runner/evaluation/testing_util.py), and its
recursion limit.
"""

_STARRED = (
    "string", "re", "datetime", "collections", "heapq", "bisect", "copy", "math", "random", "statistics", "itertools",
    "functools", "operator", "io", "sys", "json", "builtins", "typing",
)  # fmt: skip
_WHOLE = (
    "string", "re", "datetime", "collections", "heapq", "bisect", "copy", "math", "random", "statistics", "itertools",
    "functools", "operator", "io", "sys", "json",
)  # fmt: skip

STANDARD = "".join(
    [
        *(f"from {name} import *\n" for name in _STARRED),
        *(f"import {name}\n" for name in _WHOLE),
        "sys.setrecursionlimit(50000)\n",
    ]
)


def text_of(prelude: str) -> str:
    """The Python that a prelude stands for: a name's, or itself."""
    return STANDARD if prelude == "standard" else prelude
