"""What the judge is shown of an untrusted text: clipped to a size, with nothing in it that cannot be seen.

The clip comes first, so that all later work is bounded by the limit and not by what was sent. The escapes
make characters visible that a reader does not see but a tokenizer does: zero-width and bidirectional
controls, tag characters, variation selectors, fillers; and those that compatibility normalisation turns
into the brackets that control markers are made of (`＜|im_end|＞`). An escape is written `\\u{200B}`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from unicodedata import category

from gradewire_judges.errors import BadRequest

HEAD_SHARE = 1 / 3
"""Part of a clipped text that is its head: final answers stand at the end."""

_MARKS = ("Mn", "Me")
"""Categories of what is drawn over the character before it."""

MARKS_IN_A_ROW = 8
"""Combining marks on one base that are shown as they are; no script needs more. The rest is escaped."""

# First and last code point of each range. Everything of category Cf (of Unicode 14, written out so that every
# Python escapes the same), controls other than tab, line feed and carriage return, line and paragraph
# separators, variation selectors, characters that render as nothing.
_UNSEEN_RANGES = """
0-8 B-C E-1F 7F-9F AD 34F 600-605 61C 6DD 70F 890-891 8E2 115F-1160 17B4-17B5 180B-180F 200B-200F 2028-202E
2060-206F 2800 3164 FE00-FE0F FEFF FFA0 FFF0-FFFB 110BD 110CD 13430-1343F 1BCA0-1BCA3 1D173-1D17A E0000-E0FFF
"""
_LOOK_ALIKE_RANGES = """
FE37-FE38 FE47-FE48 FE5B-FE5C FE64-FE65 FF1C FF1E FF3B FF3D FF5B-FF5D
"""
"""Of < > | [ ] { }."""


def _characters(ranges: str) -> Iterator[str]:
    for span in ranges.split():
        first, _, last = span.partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))


_UNSEEN = frozenset(_characters(_UNSEEN_RANGES))
_HIDDEN = _UNSEEN | frozenset(_characters(_LOOK_ALIKE_RANGES))


Carried = Callable[[str], bool]


def _every(_character: str) -> bool:
    return True


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

    head_kept: int
    """Characters, counted before escaping, that `head` shows."""

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
        raise BadRequest(field, f"half a surrogate pair at character {error.start}: send valid Unicode") from None


def is_blank(text: str) -> bool:
    """Whether there is nothing in it that could be seen: white space, controls, fillers and the invisible only."""
    return all(c.isspace() or c in _UNSEEN or category(c) in ("Cf", "Cc", "Zs", "Zl", "Zp") for c in text)


def make_visible(text: str, limit: int, carried: Carried = _every) -> Visible:
    """Show at most `limit` characters of `text`, escapes included. Takes time linear in `limit`.

    Args:
        text: any text.
        limit: at least a few dozen.
        carried: says of a character whether the judge's tokenizer can carry it; others are escaped.
    """
    if len(text) <= limit:
        shown = "".join(shown_characters(text, carried))
        if len(shown) <= limit:
            return Visible(shown, None, len(text), len(text), shown != text, len(text))
    head_limit = int(limit * HEAD_SHARE)
    head = _escape_within(text[:head_limit], head_limit, carried)
    backwards = text[len(head) :][-(limit - head_limit) :][::-1]
    tail = _escape_within(backwards, limit - head_limit, carried)
    escaped = any(len(shown) > 1 for shown in head + tail)
    return Visible("".join(head), "".join(reversed(tail)), len(text), len(head) + len(tail), escaped, len(head))


def escape_hidden(text: str) -> str:
    """`text` with `\\u{…}` for what cannot be seen, imitates a marker's bracket, or piles up marks."""
    return "".join(shown_characters(text, _every))


def escape(character: str) -> str:
    """The visible form of one character."""
    return f"\\u{{{ord(character):X}}}"


def shown_characters(text: str, carried: Carried = _every) -> Iterator[str]:
    """Each character as it is shown: itself, or its escape."""
    if _is_plain(text, carried):
        yield from text
        return
    marks = 0
    for character in text:
        marks = marks + 1 if category(character) in _MARKS else 0
        legible = character not in _HIDDEN and marks <= MARKS_IN_A_ROW and carried(character)
        yield character if legible else escape(character)


def _is_plain(text: str, carried: Carried) -> bool:
    """Whether no character is escaped, wherever it stands: a long text has few different ones."""
    distinct = set(text)
    return _HIDDEN.isdisjoint(distinct) and all(category(c) not in _MARKS and carried(c) for c in distinct)


def _escape_within(text: str, limit: int, carried: Carried) -> list[str]:
    """The characters of `text`, escaped, for as many as fit into `limit`."""
    kept: list[str] = []
    room = limit
    for shown in shown_characters(text, carried):
        room -= len(shown)
        if room < 0:
            break
        kept.append(shown)
    return kept
