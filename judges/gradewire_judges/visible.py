"""What the judge is shown of an untrusted text: clipped to a size, with nothing in it that cannot be seen.

The clip comes first, so that all later work is bounded by the limit and not by what was sent. The escapes
make characters visible that a reader does not see but a tokenizer does: zero-width and bidirectional
controls, tag characters, variation selectors, fillers; and those that compatibility normalisation turns
into the brackets that control markers are made of (`＜|im_end|＞`). An escape is written `\\u{200B}`.
"""

import re
from dataclasses import dataclass

from gradewire_judges.errors import BadRequest

HEAD_SHARE = 1 / 3
"""Part of a clipped text that is its head: final answers stand at the end."""

# Everything of category Cf (of Unicode 14, written out so that every Python escapes the same), controls other
# than tab, line feed and carriage return, line and paragraph separators, variation selectors, characters that
# render as nothing, and compatibility forms of < > | [ ] { }.
_HIDDEN = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad"
    "\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ufe37\ufe38\ufe47\ufe48\ufe5b\ufe5c\ufe64\ufe65\uff1c\uff1e\uff3b\uff3d\uff5b-\uff5d"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
    "]"
)


@dataclass(frozen=True, slots=True)
class Visible:
    """A text as the judge is shown it."""

    head: str
    """All of it, or its beginning."""

    tail: str | None
    """Its end, where the middle was left out; else None."""

    size: int
    """Characters that were sent."""

    kept: int
    """Characters that are shown, counted before escaping; equals `size` where nothing was left out."""

    escaped: bool
    """Whether a character was replaced by its escape."""

    @property
    def parts(self) -> tuple[str, ...]:
        """What stands in the prompt: one text, or head and tail."""
        return (self.head,) if self.tail is None else (self.head, self.tail)


def check_text(field: str, text: object) -> None:
    """Raise BadRequest where `text` is no text that has a UTF-8 form."""
    if not isinstance(text, str):
        raise BadRequest(field, f"must be text, not {type(text).__name__}")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadRequest(
            field, f"half a surrogate pair at character {error.start}: send valid Unicode"
        ) from None


def make_visible(text: str, limit: int) -> Visible:
    """Show at most `limit` characters of `text`, escapes included. Takes time linear in `limit`."""
    if len(text) <= limit:
        shown = escape_hidden(text)
        if len(shown) <= limit:
            return Visible(shown, None, len(text), len(text), shown != text)
    head_limit = int(limit * HEAD_SHARE)
    head = _escape_within(text[:head_limit], head_limit)
    backwards = text[len(head) :][-(limit - head_limit) :][::-1]
    tail = _escape_within(backwards, limit - head_limit)
    escaped = any(len(shown) > 1 for shown in head + tail)
    return Visible("".join(head), "".join(reversed(tail)), len(text), len(head) + len(tail), escaped)


def escape_hidden(text: str) -> str:
    """`text` with every character that cannot be seen, or that imitates a marker's bracket, as `\\u{…}`."""
    return _HIDDEN.sub(lambda found: escape(found.group()), text)


def escape(character: str) -> str:
    """The visible form of one character."""
    return f"\\u{{{ord(character):X}}}"


def _escape_within(text: str, limit: int) -> list[str]:
    """The characters of `text`, escaped, for as many as fit into `limit`."""
    kept: list[str] = []
    room = limit
    for character in text:
        shown = escape(character) if _HIDDEN.match(character) else character
        room -= len(shown)
        if room < 0:
            break
        kept.append(shown)
    return kept
