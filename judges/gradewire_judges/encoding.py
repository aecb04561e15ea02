"""What turns the parts of a prompt into ids: a tokenizer (`encoder`), or characters for an endpoint (`characters`)."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Encoded:
    """An untrusted text as token ids."""

    ids: tuple[int, ...]
    """None of them is a control token."""

    text: str
    """What decoding them gives, exactly: the text, normalised by the tokenizer, odd characters escaped."""

    changed: bool
    """Whether `text` differs from what was to be encoded."""


class Encoder(Protocol):
    """Encodes trusted and untrusted text apart. Holds no state that encoding changes: threads may share it."""

    @property
    def control_ids(self) -> frozenset[int]:
        """Ids that only trusted text may hold."""

    def trusted(self, text: str, *, first: bool = False) -> list[int]:
        """Encode the card's or the chat template's own words; `first` where the prompt begins with them."""

    def untrusted(self, text: str, *, field: str) -> Encoded:
        """Encode data. Raises Unencodable where it cannot be carried, not even with its odd characters escaped."""

    def carries(self, character: str) -> bool:
        """Whether this character can be given back, or what it is normalised to."""

    def normalise(self, text: str) -> str:
        """`text` in the Unicode normalisation that encoding writes it in."""

    def decode(self, ids: tuple[int, ...] | list[int]) -> str:
        """The text that data ids stand for."""

    def written(self, ids: tuple[int, ...] | list[int]) -> str:
        """What a model wrote, control tokens included: for people to read."""

    def piece(self, id_: int) -> str:
        """What one id stands for."""
