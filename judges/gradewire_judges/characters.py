"""The 'tokenizer' of an endpoint that takes text: an id is a character, and each turn of the chat begins with a mark.

So a prompt for an endpoint is made, checked and clipped like any other, and its data cannot begin a turn. What the
endpoint's own tokenizer makes of the characters is out of reach: known control tokens in data are shown escaped, and
the verdict says that isolation is `text`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gradewire_judges.encoding import Encoded
from gradewire_judges.visible import escape

_ROLES = ("system", "user", "assistant")
_END = "\ufddf"
_MARKS = {role: chr(0xFDD0 + place) for place, role in enumerate(_ROLES)}
"""Noncharacters of Unicode, in trusted text only."""

_FIRST_CONTROL = 0x110000
"""Beyond every character."""

_CONTROLS = {mark: _FIRST_CONTROL + place for place, mark in enumerate((*_MARKS.values(), _END))}
_TURNS = {_CONTROLS[mark]: role for role, mark in _MARKS.items()}
_NONCHARACTERS = range(0xFDD0, 0xFDF0)

_CONTROL_TOKEN = re.compile(
    r"<(?=\|[^|<>\s]{1,40}\|>|</?SYS>>"
    r"|/?(?:s|unk|pad|bos|eos|mask|sop|eop|think|tool_call|tool_response|start_of_turn|end_of_turn|start_of_image)>"
    r"|/?(?:[A-Z_]{1,24}_TOKEN|(?:extra_id|unused|reserved|fim|jupyter|file|issue)_?[a-z0-9_]{1,24}|0x[0-9A-F]{2})>)"
    r"|\[(?=/?(?:INST|SYSTEM_PROMPT|TOOL_CALLS|AVAILABLE_TOOLS|TOOL_RESULTS|THINK|IMG|gMASK|UNUSED_TOKEN_\d{1,4})\]"
    r"|(?:CLS|SEP|MASK|PAD|UNK|BOS|EOS)\])"
)
"""Where the control tokens begin that chat models of today have."""

CHARACTERS_PER_TOKEN = 4
"""How many are taken for a token where a card counts in tokens, which only the endpoint can."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat."""

    role: str
    content: str


class CharacterEncoder:
    """An `encoding.Encoder` whose ids are characters."""

    control_ids = frozenset(_CONTROLS.values())

    def trusted(self, text: str, *, first: bool = False) -> list[int]:
        """See `Encoder.trusted`."""
        del first
        return [_CONTROLS.get(character, ord(character)) for character in text]

    def untrusted(self, text: str, *, field: str) -> Encoded:
        """See `Encoder.untrusted`."""
        del field
        shown = _CONTROL_TOKEN.sub(lambda found: escape(found.group()), text)
        shown = "".join(character if self.carries(character) else escape(character) for character in shown)
        return Encoded(tuple(map(ord, shown)), shown, shown != text)

    def carries(self, character: str) -> bool:
        """See `Encoder.carries`."""
        return ord(character) not in _NONCHARACTERS

    def normalise(self, text: str) -> str:
        """Nothing is normalised."""
        return text

    def decode(self, ids: tuple[int, ...] | list[int]) -> str:
        """See `Encoder.decode`."""
        return "".join(map(chr, ids))

    def written(self, ids: tuple[int, ...] | list[int]) -> str:
        """See `Encoder.written`."""
        return "".join(map(self.piece, ids))

    def piece(self, id_: int) -> str:
        """See `Encoder.piece`."""
        return f"<{_TURNS.get(id_, 'end')}>" if id_ >= _FIRST_CONTROL else chr(id_)


def render_chat(messages: list[dict[str, str]], *, answer: bool = True) -> str:
    """Messages as trusted text: a `layout.RenderChat`. The endpoint begins its answer by itself."""
    del answer
    turns = (
        _MARKS[message["role"]] + message["content"] + (_END if message["role"] == "assistant" else "")
        for message in messages
    )
    return "".join(turns)


def messages(ids: Iterable[int]) -> list[Message]:
    """A prompt's turns, as the endpoint is sent them."""
    turns: list[tuple[str, list[str]]] = []
    for id_ in ids:
        if id_ in _TURNS:
            turns.append((_TURNS[id_], []))
        elif id_ < _FIRST_CONTROL:
            turns[-1][1].append(chr(id_))
    return [Message(role, "".join(characters)) for role, characters in turns]
