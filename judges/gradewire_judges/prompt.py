"""From a request to the token ids that the model reads, with the span of every segment.

The layout's first text is encoded once: it is the prefix that all prompts share. Data that is too long for
the model is clipped further until the prompt fits; the card's own words never are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradewire_judges.card import Card
from gradewire_judges.encoding import Encoded, Encoder
from gradewire_judges.errors import BadRequest, CardError, PromptTooLong, Unencodable
from gradewire_judges.request import JudgeRequest
from gradewire_judges.segments import Data, Layout, Slot, Trusted, fence_code, fill
from gradewire_judges.verdict import Flag
from gradewire_judges.visible import Visible, check_text, is_blank, make_visible, shown_characters

_CHARS_PER_TOKEN = 6
"""More characters a token than ordinary text has: bounds what is encoded before it is known to fit."""

_SAMPLES = 16
_SAMPLE_CHARS = 64
"""Pieces of a long text from which its tokens are estimated, and the length of each."""

_GENEROUS = 1.5
"""Times what the estimate has room for is encoded at first: an estimate must not cost a text what would have fitted."""

_ROUNDS = 12
"""Each takes at least a tenth from the longest field."""

_LEAST_CHARS = 30
"""Characters of a field below which there is nothing left to judge."""

_LEAST_FIELD_TOKENS = 160
"""Room that each field gets at least: its fence, and some of its text."""

_MAY_BE_BLANK = ("response", "response_b")
"""Rules decide about these."""

_OWN_FIELDS = ("question", "response", "reference", "response_b")


@dataclass(frozen=True, slots=True)
class Span:
    """Where a segment stands in the prompt's ids."""

    field: str | None
    """The field that the data comes from; None for trusted words."""

    start: int
    end: int
    """Half open, in tokens."""

    text: str
    """What stands there; for data exactly what decoding gives."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model reads for one request."""

    ids: tuple[int, ...]
    spans: tuple[Span, ...]
    """Without gaps, in order; the last is trusted."""

    shared: int
    """Leading ids that are the same for every request of this judge."""

    code: str
    """The fence's code; it stands in no field."""

    flags: tuple[Flag, ...]
    clipped: Mapping[str, tuple[int, int]]
    """Fields that were clipped: characters sent, characters shown."""

    heads: Mapping[str, int]
    """Characters of each field, as it was sent, that its first span shows: all, or its head."""

    tail_starts: Mapping[str, int]
    """Where in a clipped field, as it was sent, its second span begins."""


class PromptBuilder:
    """Builds the prompts of one judge. Holds no state that building changes."""

    def __init__(self, card: Card, layout: Layout, encoder: Encoder, context: int | None) -> None:
        """Encode what is shared.

        Raises:
            CardError: the card's own words leave no room for data.
        """
        self.max_tokens = min(context or card.limits.max_prompt_tokens, card.limits.max_prompt_tokens)
        """No prompt is longer."""
        self._max_chars = min(card.limits.max_chars, self.max_tokens * _CHARS_PER_TOKEN)
        self._layout = layout
        self._encoder = encoder
        self.fields = card.fields()
        self.fenced = all(piece.fenced for piece in layout if isinstance(piece, Slot))
        """Whether fences bound the data; a reward model's chat format does without."""
        first = layout[0]
        if not isinstance(first, Trusted):
            raise TypeError("a layout begins with trusted words")
        self.prefix = tuple(encoder.trusted(first.text, first=True))
        """The ids that all prompts begin with."""
        own = sum(len(encoder.trusted(piece.text)) for piece in layout if isinstance(piece, Trusted))
        if own + _LEAST_FIELD_TOKENS * len(self.fields) > self.max_tokens:
            raise CardError(
                f"the card's own words take {own} of {self.max_tokens} tokens: shorten them, or raise "
                "max_prompt_tokens as far as the model's context goes",
                path="template",
                source=str(card.source or card.name),
            )

    def build(self, request: JudgeRequest) -> Prompt:
        """The prompt for a request that `check_request` has let through.

        Raises:
            BadRequest: a text cannot be encoded, or the prompt cannot be made to fit.
        """
        return self.build_all((request,))[0]

    def build_all(self, variants: Sequence[JudgeRequest]) -> tuple[Prompt, ...]:
        """The same for variants of one request. They share a fence, and what they have in common is encoded once."""
        code = fence_code(*variants)
        memo = _Memo(self._encoder, self._max_chars, self.max_tokens)
        return tuple(self._build(request, code, memo) for request in variants)

    def _build(self, request: JudgeRequest, code: str, memo: "_Memo") -> Prompt:
        texts = request.texts()
        shown = {name: memo.visible(texts[name]) for name in self.fields}
        for _ in range(_ROUNDS):
            spans, ids, changed = self._encode(shown, code, memo)
            if len(ids) <= self.max_tokens:
                return self._prompt(ids, spans, code, shown, changed)
            shown = self._clip_to_fit(texts, shown, spans, len(ids), memo)
        raise PromptTooLong("response", f"does not fit into {self.max_tokens} tokens, however much of it is left out")

    def _encode(self, shown: Mapping[str, Visible], code: str, memo: "_Memo") -> tuple[list[Span], list[int], bool]:
        spans: list[Span] = []
        ids: list[int] = []
        changed = False
        for piece in fill(self._layout, shown, code):
            start = len(ids)
            if isinstance(piece, Data):
                encoded = memo.encoded(piece)
                ids += encoded.ids
                changed = changed or encoded.changed
                spans.append(Span(piece.field, start, len(ids), encoded.text))
            else:
                ids += self.prefix if not spans else self._encoder.trusted(piece.text)
                spans.append(Span(None, start, len(ids), piece.text))
        return spans, ids, changed

    def _clip_to_fit(
        self, texts: Mapping[str, str], shown: Mapping[str, Visible], spans: Sequence[Span], total: int, memo: "_Memo"
    ) -> dict[str, Visible]:
        """Clip the fields that take more than their share, so that about what is too much goes."""
        tokens = dict.fromkeys(shown, 0)
        for span in spans:
            if span.field is not None:
                tokens[span.field] += span.end - span.start
        room = self.max_tokens - (total - sum(tokens.values()))
        share = _water_level(sorted(tokens.values()), room)
        smaller = dict(shown)
        for name, count in tokens.items():
            if count > share:
                length = sum(map(len, shown[name].parts))
                limit = int(length * min(share / count, 1) * 0.9)
                if limit < _LEAST_CHARS:
                    raise PromptTooLong(
                        name, f"does not fit into {self.max_tokens} tokens beside the rest of the request"
                    )
                smaller[name] = memo.clipped(texts[name], limit)
        return smaller

    def _prompt(
        self, ids: list[int], spans: list[Span], code: str, shown: Mapping[str, Visible], changed: bool
    ) -> Prompt:
        clipped = {name: (value.size, value.kept) for name, value in shown.items() if value.kept < value.size}
        flags: list[Flag] = [Flag.TRUNCATED] if clipped else []
        if changed or any(value.escaped for value in shown.values()):
            flags.append(Flag.UNICODE_NORMALISED)
        return Prompt(
            ids=tuple(ids),
            spans=tuple(spans),
            shared=len(self.prefix),
            code=code,
            flags=tuple(flags),
            clipped=clipped,
            heads={name: value.head_kept for name, value in shown.items()},
            tail_starts={name: value.size - value.kept + value.head_kept for name, value in shown.items()},
        )


class _Memo:
    """What was clipped and encoded for one request, so that its variants do not do it again."""

    def __init__(self, encoder: Encoder, max_chars: int, max_tokens: int) -> None:
        self._encoder = encoder
        self._max_chars = max_chars
        self._max_tokens = max_tokens
        self._visible: dict[str, Visible] = {}
        self._encoded: dict[str, Encoded] = {}

    def visible(self, text: str) -> Visible:
        """The text as it is shown: as far as earlier variants had room for it."""
        return self._visible[text] if text in self._visible else self.clipped(text, self._first_limit(text))

    def clipped(self, text: str, limit: int) -> Visible:
        """The text within `limit` characters, from now on."""
        self._visible[text] = make_visible(text, limit, self._encoder.carries)
        return self._visible[text]

    def _first_limit(self, text: str) -> int:
        """Characters to begin with: of a text in which each makes many tokens, not far more than will fit."""
        if min(len(text), self._max_chars) <= _SAMPLES * _SAMPLE_CHARS:
            return self._max_chars
        starts = range(0, len(text) - _SAMPLE_CHARS, len(text) // _SAMPLES)
        samples = ["".join(shown_characters(text[at : at + _SAMPLE_CHARS], self._encoder.carries)) for at in starts]
        try:
            tokens = sum(len(self._encoder.untrusted(sample, field="").ids) for sample in samples)
        except Unencodable:  # whether the whole can be carried is found out from the whole
            return self._max_chars
        fits = self._max_tokens * sum(map(len, samples)) / tokens
        return min(self._max_chars, int(fits * _GENEROUS))

    def encoded(self, data: Data) -> Encoded:
        """Its ids. Raises Unencodable."""
        if data.text not in self._encoded:
            self._encoded[data.text] = self._encoder.untrusted(data.text, field=data.field)
        return self._encoded[data.text]


def check_request(request: JudgeRequest, fields: Sequence[str]) -> None:
    """Refuse texts that are none, and a request that lacks what the template shows but for the response.

    Raises:
        BadRequest: with the field.
    """
    for name, text in (("id", request.id), *request.texts().items()):
        check_text(name, text)
    for name in _OWN_FIELDS:
        if name in request.fields:
            raise BadRequest(f"fields.{name}", "this name is taken: use the request's own field")
    texts = request.texts()
    for name in fields:
        missing = name not in texts if name in _MAY_BE_BLANK else is_blank(texts.get(name, ""))
        if missing:
            raise BadRequest(name, "is missing or blank, and this judge's template shows it")


def _water_level(amounts: Sequence[int], room: int) -> float:
    """The largest share such that the sum of min(amount, share) is at most `room`. Amounts ascend."""
    left = float(room)
    for place, amount in enumerate(amounts):
        share = left / (len(amounts) - place)
        if amount > share:
            return share
        left -= amount
    return float(amounts[-1])
