"""Runs a loaded transformers model over the rows of a batch: what follows the prefix that they share.

`PackedReader` is for models of ordinary attention, which is nearly all; `PlainReader` for the others (sliding windows,
sinks, soft caps), whose states cannot be shared and are not.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import torch
from transformers.cache_utils import DynamicCache, DynamicLayer

from gradewire_judges.backends import attention
from gradewire_judges.backends.attention import Attends, Keys, Packed, Step

Row = Sequence[int]
Prefix = tuple[int, ...]

_STATIC_ROPE = {"default", "linear", "llama3", "yarn"}
"""Rotations that depend on a token's position alone, and not on how long the longest prompt is."""

_LEAST_CELLS = 32
"""Tokens."""

_PROBE_DISTANCE = 0.02
"""Of two next-token distributions, as total variation: what is nearer is the same."""

_PROBE_NOISE = 3.0
"""Times the distance between two of the library's own ways, which low precision alone makes: in bfloat16 the logits of
a deep model move by some hundredths of their spread with each other kernel."""


class Session(Protocol):
    """Rows that go on, a token at a time."""

    logits: torch.Tensor
    """Rows × vocabulary, at each row's last token."""

    def step(self, ids: Sequence[int]) -> None:
        """Read one further token a row."""

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows only, in this order."""


class Reader(Protocol):
    """Runs a model. Not for several threads at once."""

    shares: bool
    """Whether a prefix's state is kept; else prompts are read whole, and `prefix` is empty."""

    def last(self, prefix: Prefix, rows: Sequence[Row]) -> torch.Tensor:
        """Rows × what the model says at each row's last token: logits of the vocabulary, or a classifier's."""

    def begin(self, prefix: Prefix, rows: Sequence[Row]) -> Session:
        """Read the rows, to go on with each."""


def reader(model: Any) -> Reader:
    """The best reader for a model."""
    plain = PlainReader(model)
    if not _is_ordinary(model):
        return plain
    packed = PackedReader(model)
    rows = [[1, 2, 3], [2]]
    before = model.config._attn_implementation

    def whole() -> torch.Tensor:
        return _distributions(plain.last((), [[1, 0, *row] for row in rows]))

    def apart() -> torch.Tensor:
        return _distributions(packed.last((1, 0), rows))

    def otherwise(kind: str, read: Callable[[], torch.Tensor]) -> torch.Tensor | None:
        try:
            model.set_attn_implementation(kind)
            return read()
        except (RuntimeError, TypeError, ValueError, NotImplementedError):  # its layers do not take such attention
            return None

    with torch.inference_mode():
        wanted, other, found = whole(), otherwise("eager", whole), otherwise(attention.NAME, apart)
    noise = 0.0 if other is None else _distance(wanted, other)
    if found is not None and _distance(wanted, found) < max(_PROBE_DISTANCE, _PROBE_NOISE * noise):
        return packed
    model.set_attn_implementation(before)
    return plain


def _is_ordinary(model: Any) -> bool:
    config = model.config.get_text_config()
    layers = DynamicCache(config=model.config).layers
    rope = getattr(config, "rope_parameters", None) or {}
    return (
        model.device.type in ("cpu", "cuda")
        and bool(getattr(model, "_supports_attention_backend", False))
        and bool(layers)
        and all(type(layer) is DynamicLayer for layer in layers)
        and rope.get("rope_type", "default") in _STATIC_ROPE
    )


def _distributions(logits: torch.Tensor) -> torch.Tensor:
    """Each row's probabilities; a classifier's few logits one by one."""
    return logits.float().softmax(-1) if logits.shape[-1] > 16 else logits.float().sigmoid()


def _distance(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((one - other).abs().sum(-1).max()) / 2


class PackedReader:
    """Rows end to end behind a prefix whose keys and values are computed once, and kept until another one comes."""

    shares = True

    def __init__(self, model: Any) -> None:
        self._model = model
        self._base = getattr(model, model.base_model_prefix)
        self._last_layer = len(DynamicCache(config=model.config).layers) - 1
        self._prefix: tuple[Prefix, list[Keys]] = (), []

    def last(self, prefix: Prefix, rows: Sequence[Row]) -> torch.Tensor:
        """See `Reader.last`."""
        packed = Packed(self._tensor([len(row) for row in rows]), self._state(prefix), self._last_layer)
        return self._read(rows, [len(prefix)] * len(rows), packed, packed.ends)

    def begin(self, prefix: Prefix, rows: Sequence[Row]) -> "PackedSession":
        """See `Reader.begin`."""
        packed = Packed(self._tensor([len(row) for row in rows]), self._state(prefix), self._last_layer, keep=True)
        logits = self._read(rows, [len(prefix)] * len(rows), packed, packed.ends)
        return PackedSession(self, len(prefix), packed, logits)

    def read_step(self, ids: Sequence[int], positions: Sequence[int], step: Step) -> torch.Tensor:
        """One token a row."""
        return self._read([[id_] for id_ in ids], positions, step, torch.arange(len(ids), device=step.seen.device))

    def _state(self, prefix: Prefix) -> list[Keys]:
        if not prefix:
            return []
        if self._prefix[0] != prefix:
            packed = Packed(self._tensor([len(prefix)]), [], self._last_layer, keep=True)
            self._read([prefix], [0], packed, packed.ends)
            self._prefix = prefix, [(keys.contiguous(), values.contiguous()) for keys, values in packed.kept]
        return self._prefix[1]

    def _read(self, rows: Sequence[Row], firsts: Sequence[int], how: Attends, ends: torch.Tensor) -> torch.Tensor:
        """Rows from their first positions on, and the logits at `ends`."""
        ids = self._tensor([[id_ for row in rows for id_ in row]])
        places = self._tensor(
            [[first + place for first, row in zip(firsts, rows, strict=True) for place in range(len(row))]]
        )
        given = {"input_ids": ids, "position_ids": places, "use_cache": False, "rows": how}
        if (score := getattr(self._model, "score", None)) is not None:
            logits = score(self._base(**given).last_hidden_state[:, ends])
        else:
            logits = self._model(**given, logits_to_keep=ends).logits
        return logits[0]

    def _tensor(self, values: Sequence[Any]) -> torch.Tensor:
        return torch.tensor(values, device=self._model.device)


class PackedSession:
    """Rows with their keys and values in cells, the prefix's apart."""

    def __init__(self, reader: PackedReader, shared: int, packed: Packed, logits: torch.Tensor) -> None:
        self._reader = reader
        self._shared = shared
        self._prefix = packed.prefix
        self._seen = packed.lengths
        self.logits = logits
        self._cells = packed.kept

    def step(self, ids: Sequence[int]) -> None:
        """See `Session.step`."""
        if int(self._seen.max()) == self._cells[0][0].shape[2]:
            self._cells = [(_widened(keys), _widened(values)) for keys, values in self._cells]
        positions = (self._seen + self._shared).tolist()
        self.logits = self._reader.read_step(ids, positions, Step(self._seen, self._prefix, self._cells))
        self._seen = self._seen + 1

    def keep(self, rows: Sequence[int]) -> None:
        """See `Session.keep`."""
        chosen = torch.tensor(rows, device=self._seen.device)
        self._seen, self.logits = self._seen[chosen], self.logits[chosen]
        self._cells = [(keys[chosen], values[chosen]) for keys, values in self._cells]


def _widened(cells: torch.Tensor) -> torch.Tensor:
    """As many empty cells again, but at least some."""
    return torch.nn.functional.pad(cells, (0, 0, 0, max(cells.shape[2], _LEAST_CELLS)))


class PlainReader:
    """Whole prompts, padded on the right, where causal attention never looks; each goes on with a cache of its own."""

    shares = False

    def __init__(self, model: Any) -> None:
        self._model = model
        self._classifies = hasattr(model, "score")

    def last(self, prefix: Prefix, rows: Sequence[Row]) -> torch.Tensor:
        """See `Reader.last`."""
        if self._classifies:  # where padding begins is the library's guess: a row at a time has none
            return torch.cat([self._model(self._tensor([[*prefix, *row]]), use_cache=False).logits for row in rows])
        longest = max(map(len, rows))
        padded = [[*prefix, *row, *[0] * (longest - len(row))] for row in rows]
        lengths = self._tensor([len(prefix) + len(row) for row in rows])
        ends, place = torch.unique(lengths - 1, return_inverse=True)
        logits = self._model(input_ids=self._tensor(padded), use_cache=False, logits_to_keep=ends).logits
        return logits[torch.arange(len(rows), device=logits.device), place]

    def begin(self, prefix: Prefix, rows: Sequence[Row]) -> "PlainSession":
        """See `Reader.begin`."""
        return PlainSession(self._model, [[*prefix, *row] for row in rows])

    def _tensor(self, values: Sequence[Any]) -> torch.Tensor:
        return torch.tensor(values, device=self._model.device)


class PlainSession:
    """Rows that go on one after the other, each with a cache of the model's own kind."""

    def __init__(self, model: Any, prompts: Sequence[Row]) -> None:
        self._model = model
        self._caches = [DynamicCache(config=model.config) for _ in prompts]
        self.logits = self._read(prompts)

    def step(self, ids: Sequence[int]) -> None:
        """See `Session.step`."""
        self.logits = self._read([[id_] for id_ in ids])

    def keep(self, rows: Sequence[int]) -> None:
        """See `Session.keep`."""
        self._caches = [self._caches[row] for row in rows]
        self.logits = self.logits[list(rows)]

    def _read(self, rows: Sequence[Row]) -> torch.Tensor:
        read = [
            self._model(
                input_ids=torch.tensor([row], device=self._model.device),
                past_key_values=cache,
                use_cache=True,
                logits_to_keep=1,
            ).logits[:, -1]
            for row, cache in zip(rows, self._caches, strict=True)
        ]
        return torch.cat(read)
