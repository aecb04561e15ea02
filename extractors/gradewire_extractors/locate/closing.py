"""What the last sentence says, courtesy aside: a bold value, a displayed formula, a conclusion."""

from .body import Body
from .conclusion import concluded, is_chatter
from .layout import bold, display
from .located import Located, Method, Reason
from .offer import offer
from .sentences import last_sentences

_MAX_SENTENCES = 5


def closing(body: Body) -> Located | None:
    """The answer that the last sentence gives; earlier ones are working."""
    sentences = last_sentences(body.text, body.start, body.end, _MAX_SENTENCES)
    for k, (start, end) in enumerate(sentences):
        if is_chatter(body, start, end):
            continue
        marked = bold(body, start, end) or display(body, start, end, sentences[k + 1 : k + 2])
        if marked is not None:
            return marked
        span = concluded(body, start, end, must_conclude=True)
        return None if span is None else offer(body, span, Method.PHRASE, Reason.CONCLUSION)
    return None
