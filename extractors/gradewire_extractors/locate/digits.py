"""Long numbers: a limit on length that falls inside a run of digits is moved behind it, so that none is cut.

A number that is cut is another number. Runs are passed over in linear time.
"""

import re

_RUN = re.compile(r"[0-9,.]+")
_NUMBER = re.compile(r"[-+−]?[0-9][0-9,.]*")
_CLOSING = 8
"""Room behind a long number for what closes it: a brace, dollars, a quote."""


def bounded(text: str, limit: int, end: int) -> int:
    """`limit`, or `end` where that comes first; behind the number where the limit falls inside one."""
    if limit >= end:
        return end
    run = _RUN.match(text, limit, end)
    if run is None or not (text[limit - 1].isdigit() or text[limit - 1] in ",."):
        return limit
    return min(run.end() + _CLOSING, end)


def is_number(text: str, start: int, end: int) -> bool:
    """Whether the span is digits, their marks and a sign, and nothing else."""
    return _NUMBER.fullmatch(text, start, end) is not None
