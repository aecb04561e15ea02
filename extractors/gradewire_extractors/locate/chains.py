"""Sums that are carried out: '45 + 30 = 75 dollars'. The value is what stands behind the last sign of equality."""

from .body import Body
from .content import is_numeral, is_quantity, prose_words
from .located import Span
from .tidy import tidy
from .values import is_value

_MAX_UNIT_WORDS = 2
_SUM_MARKS = frozenset(" .,+-−–*×/÷=()$%·^!{}€£")
_SUM_COMMANDS = ("\\times", "\\cdot", "\\div", "\\frac", "\\dfrac", "\\%", "\\$", "\\,", "\\left", "\\right")


def is_sum(text: str, start: int, end: int) -> bool:
    """Whether the span is numbers, operations and a sign of equality, and nothing else."""
    piece = text[start:end]
    for command in _SUM_COMMANDS:
        piece = piece.replace(command, " ")
    return "=" in piece and all(c in _SUM_MARKS or is_numeral(c) for c in piece)


def chain_result(body: Body, start: int, end: int) -> Span | None:
    """The result of the only sum in a sentence that ends with it: '75 dollars' in 'she spent 45 + 30 = 75 dollars'."""
    text = body.text
    sign = text.rfind("=", start, end)
    first = next((i for i in range(start, max(sign, start)) if is_numeral(text[i])), -1)
    if first < 0 or not is_sum(text, first, sign + 1):
        return None
    lo, hi = tidy(text, sign + 1, end)
    is_result = lo < hi and is_quantity(text, lo, hi) and is_value(body, lo, hi)
    return (lo, hi) if is_result and len(prose_words(text, lo, hi)) <= _MAX_UNIT_WORDS else None
