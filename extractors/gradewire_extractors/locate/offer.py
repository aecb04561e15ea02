"""Turn a span into what `locate` gives back: its choice letter seen, its hedging named."""

from .body import Body
from .choice import choice_at
from .hedging import offers
from .located import Located, Method, Reason, Span


def offer(body: Body, span: Span, method: Method, reason: Reason, rivals: tuple[Span, ...] = ()) -> Located:
    """The located answer. `rivals` are further answers that the response offers elsewhere."""
    text, (start, end) = body.text, span
    choice = choice_at(text, start, end)
    if choice is not None:
        start, end = choice.whole
        if method in (Method.PHRASE, Method.BARE):
            method = Method.CHOICE
    alternatives = offers(text, start, end) or rivals
    return Located(
        text[start:end],
        start,
        end,
        method,
        reason,
        hedged=bool(alternatives),
        alternatives=alternatives,
        choice_text=choice.text if choice is not None else None,
    )
