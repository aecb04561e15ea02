r"""A derivation in rows, `\begin{align*} 2x &= 8 \\ x &= 4 \end{align*}`: its last right side is what it finds."""

from .located import Span
from .tidy import tidy

_ENVIRONMENTS = tuple(
    f"\\begin{{{name}{star}}}"
    for name in ("align", "aligned", "split", "gather", "gathered", "eqnarray")
    for star in ("", "*")
)
_MAX_ROWS = 40
_MAX_NAME = 3


def last_row(text: str, start: int, end: int) -> Span | None:
    """The last right side, where the rows go on from each other or solve for one unknown; None for anything else."""
    opening = next((name for name in _ENVIRONMENTS if text.startswith(name, start)), None)
    closing = text.rfind("\\end{", start, end)
    if opening is None or closing < 0 or text[closing:end].strip() != opening.replace("begin", "end"):
        return None
    rows = text[start + len(opening) : closing].split(r"\\", _MAX_ROWS)
    rows = rows if rows[-1].strip() else rows[:-1]
    if not 2 <= len(rows) < _MAX_ROWS or any("=" not in row for row in rows):
        return None
    lefts = [row.partition("=")[0].strip(" \n&") for row in rows]
    names = {left for left in lefts if left.isalpha() and len(left) <= _MAX_NAME}
    if len(names) > 1 or not (lefts[-1] in names or (not lefts[-1] and not any(lefts[1:]))):
        return None
    lo, hi = tidy(text, text.rfind("=", start, closing) + 1, text.rfind(rows[-1], start, closing) + len(rows[-1]))
    return (lo, hi) if lo < hi and (not lefts[-1] or rows[-1].count("=") == 1) else None
