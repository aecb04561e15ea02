"""Text to token ids, trusted and untrusted apart.

Trusted text may hold control tokens; untrusted text never can: it is encoded by a tokenizer that knows no
added token, and each control marker in it is split after its first character, because some models (Unigram,
BPE with `ignore_merges`) have the markers in their ordinary vocabulary as well. What was encoded is then
checked: no control token is in it, and decoding gives the text back.
"""

import json
import re
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from tokenizers import Tokenizer

from gradewire_judges import surgery
from gradewire_judges.encoding import Encoded
from gradewire_judges.errors import TokenizerUnsuitable, Unencodable
from gradewire_judges.markers import Markers
from gradewire_judges.visible import escape

_BYTE = re.compile(r"<0x[0-9A-F]{2}>")
_PLAIN = (
    "The answer is 42.",
    "  two  spaces,\nline\n\n\n3.14 + x^2 != y_1; don't, I'm (a) [b] {c} \"d\" 'e' ?!",
    "\\frac{1}{2} \\cdot \\sqrt{7}",
)
"""What every judge's tokenizer must give back as it is."""

_NORMALISABLE = "Café cafe\u0301 ﬁne Ａ１ ²"
"""What a tokenizer may only change by one of Unicode's four normal forms."""

_SHORT = 16
"""Characters. A text full of markers falls into many short pieces, mostly the same ones."""

_METASPACE = "\u2581"
"""What SentencePiece writes for a space, and so cannot tell from one."""

_ALL_BYTES = (
    "".join(map(chr, [*range(0x80, 0x800, 0x3F), *range(0x1000, 0x10000, 0x1000), *range(0xE000, 0xE040)]))
    + "\u0800\U00010000\U00040000\U00080000\U000c0000\U00100000"
)
"""Characters whose UTF-8 forms have every byte beyond ASCII that such forms can have."""


class TextEncoder:
    """Encodes for one tokenizer. Holds no state that encoding changes: threads may share it."""

    def __init__(self, tokenizer_json: str, *, name: str = "the tokenizer") -> None:
        """Take the JSON form of a fast tokenizer.

        Raises:
            TokenizerUnsuitable: it does not give ordinary text back exactly, but for Unicode normalisation.
        """
        spec: dict[str, Any] = json.loads(tokenizer_json)
        normaliser = surgery.normaliser(spec)
        self._whole = Tokenizer.from_str(json.dumps(spec | {"truncation": None, "padding": None}))
        self._inner = Tokenizer.from_str(json.dumps(surgery.inner(spec)))
        self._data = Tokenizer.from_str(json.dumps(surgery.data(spec)))
        self._normaliser = (
            Tokenizer.from_str(json.dumps(surgery.data(spec) | {"normalizer": normaliser})).normalizer
            if normaliser
            else None
        )
        fallback = bool(spec["model"].get("byte_fallback"))
        added = {token["id"]: token["content"] for token in spec["added_tokens"]}
        bytes_ = {piece: id_ for piece, id_ in self._data.get_vocab().items() if fallback and _BYTE.fullmatch(piece)}
        self.control_ids = frozenset(added) - frozenset(bytes_.values()) | _unknown_id(spec, self._whole)
        """Ids that only trusted text may hold: every added token, special or not, and the unknown token."""
        self._markers = Markers({*added.values(), *bytes_})
        self._short_piece = lru_cache(maxsize=65_536)(self._encode_piece)
        self._survives = lru_cache(maxsize=65_536)(self._survives_alone)
        self._carries_bytes = self._survives(_ALL_BYTES)
        self._probe(name)

    def trusted(self, text: str, *, first: bool = False) -> list[int]:
        """Encode the card's or the chat template's own words; `first` where the prompt begins with them."""
        tokenizer = self._whole if first else self._inner
        return list(tokenizer.encode(text, add_special_tokens=False).ids)

    def untrusted(self, text: str, *, field: str) -> Encoded:
        """Encode data. Time is near-linear in the text.

        Raises:
            Unencodable: the tokenizer cannot carry the text, not even with its odd characters escaped.
        """
        normalised = self.normalise(text)
        encoded = self._attempt(normalised, text)
        if encoded is None:
            legible = "".join(c if self._survives(c) else escape(c) for c in normalised)
            encoded = self._attempt(legible, text)
        if encoded is None:
            raise Unencodable(field, "this judge's tokenizer cannot carry the text exactly")
        return encoded

    def carries(self, character: str) -> bool:
        """Whether the tokenizer can give this character back, or what it normalises it to."""
        if self._carries_bytes:
            return character != _METASPACE or self._survives(character)
        return self._survives(self.normalise(character))

    def normalise(self, text: str) -> str:
        """`text` as the tokenizer's own Unicode normalisation writes it."""
        return str(self._normaliser.normalize_str(text)) if self._normaliser else text

    def decode(self, ids: tuple[int, ...] | list[int]) -> str:
        """The text that data ids stand for."""
        return str(self._data.decode(list(ids), skip_special_tokens=False))

    def written(self, ids: tuple[int, ...] | list[int]) -> str:
        """What a model wrote, control tokens included: for people to read."""
        return str(self._whole.decode(list(ids), skip_special_tokens=False))

    def piece(self, id_: int) -> str:
        """The vocabulary's entry for an id."""
        return str(self._whole.id_to_token(id_))

    def _attempt(self, text: str, wanted: str) -> Encoded | None:
        ids: list[int] = []
        for piece in self._markers.split(text):
            ids += self._short_piece(piece) if len(piece) <= _SHORT else self._encode_piece(piece)
        if self.control_ids.isdisjoint(ids) and self.decode(ids) == text:
            return Encoded(tuple(ids), text, text != wanted)
        return None

    def _encode_piece(self, piece: str) -> list[int]:
        return list(self._data.encode(piece, add_special_tokens=False).ids)

    def _survives_alone(self, text: str) -> bool:
        ids = self._encode_piece(text)
        return self.control_ids.isdisjoint(ids) and self.decode(ids) == text

    def _probe(self, name: str) -> None:
        forms = {_NORMALISABLE, *(normalize(form, _NORMALISABLE) for form in ("NFC", "NFD", "NFKC", "NFKD"))}
        pairs = [(probe, self.decode(self._encode_piece(self.normalise(probe)))) for probe in _PLAIN]
        changes = [(before, after) for before, after in pairs if before != after]
        if (changed := self.normalise(_NORMALISABLE)) not in forms:
            changes.append((_NORMALISABLE, changed))
        for before, after in changes:
            raise TokenizerUnsuitable(
                f"{name} turns {before!r} into {after!r}: a judge would read another text than was sent. "
                "Use a model with a byte-level BPE or SentencePiece tokenizer"
            )


def _unknown_id(spec: dict[str, Any], tokenizer: Tokenizer) -> frozenset[int]:
    model = spec["model"]
    if model.get("unk_id") is not None:
        return frozenset({int(model["unk_id"])})
    unknown = tokenizer.token_to_id(model["unk_token"]) if model.get("unk_token") else None
    return frozenset() if unknown is None else frozenset({unknown})
