"""Find the answer in a reference: it is one already, or boxed, marked, or the end of a worked solution."""

from .body import BLANK, Body
from .boxes import last_box
from .located import Located, Method, Reason, nowhere
from .numeral import numeral_alone
from .offer import offer, unannounced
from .tags import answer_tag, hash_line
from .tidy import tidy


def locate_reference(reference: str) -> Located:
    """The answer that a reference gives: its last box, tag or `####` line, else the whole of it, tidied."""
    number = numeral_alone(reference)
    if number is not None:
        return number
    body = Body(reference, 0, len(reference))
    if not reference.strip(BLANK):
        return nowhere(Reason.EMPTY)
    for finder in (last_box, answer_tag, hash_line):
        found = finder(body)
        if found is not None and found.text is not None:
            return found
    start, end = tidy(reference, 0, len(reference))
    if start == end:
        return nowhere(Reason.EMPTY)
    start, end = unannounced(body, (start, end))
    whole = offer(body, (start, end), Method.BARE, Reason.WHOLE_REFERENCE)
    return (
        whole
        if (whole.start, whole.end) == (start, end)
        else Located(
            reference[start:end],
            start,
            end,
            Method.BARE,
            Reason.WHOLE_REFERENCE,
            choice_text=whole.choice_text,
        )
    )
