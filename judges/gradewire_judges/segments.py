"""A judge's prompt as a list of segments: trusted words, and data with a fence round it.

Pure: no tokenizer, no model. A segment's text is spliced in once and never read again, so that placeholders,
template syntax and fences inside data mean nothing.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gradewire_judges.request import JudgeRequest
from gradewire_judges.visible import Visible


@dataclass(frozen=True, slots=True)
class Trusted:
    """Words of the card, of the model's chat template, or of a fence."""

    text: str


@dataclass(frozen=True, slots=True)
class Data:
    """Untrusted text."""

    field: str
    """The request's field that it comes from."""

    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a field's data goes."""

    field: str

    title: str = ""
    """What the fence calls it. Empty: the field's name."""

    fenced: bool = True
    """False for reward models, which know chats and no fences: there the chat's control tokens bound the data."""


Layout = Sequence[Trusted | Slot]
"""A template without its data. Its first element is trusted, and is the same for all requests."""


def fence_code(*requests: JudgeRequest) -> str:
    """Six hex digits that occur in none of the requests' fields. Several requests are variants of one: they share it.

    Derived from the fields alone, so that the same request gets the same prompt. A response that holds its
    code would have to contain part of its own hash; the search makes sure of it all the same.
    """
    texts = {text for request in requests for text in request.texts().values()}
    seed = min(request.raw_hash() for request in requests)  # the same for a pair in either order
    while any(seed[:6] in text for text in texts):
        seed = hashlib.sha256(seed.encode()).hexdigest()
    return seed[:6]


def fill(layout: Layout, shown: Mapping[str, Visible], code: str) -> Iterator[Trusted | Data]:
    """The prompt's segments, in order. Each slot becomes a fence, its data, and a fence."""
    for piece in layout:
        if isinstance(piece, Trusted):
            yield piece
        else:
            yield from _fenced(piece, shown[piece.field], code)


def _fenced(slot: Slot, value: Visible, code: str) -> Iterator[Trusted | Data]:
    title = slot.title or slot.field
    if slot.fenced:
        yield Trusted(f"BEGIN {title} {code}\n")
    yield Data(slot.field, value.head)
    if value.tail is not None:
        yield Trusted(f"\n({code}: {value.size - value.kept} characters left out here)\n")
        yield Data(slot.field, value.tail)
    if slot.fenced:
        yield Trusted(f"\nEND {title} {code}\n")
