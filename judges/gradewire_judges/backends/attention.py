"""Attention over packed rows behind one shared prefix: what follows the prefix of each prompt, laid end to end.

A query sees the whole prefix and its own row so far. The two are attended to apart and joined by their log-sum-exp
(Milakov & Gimelshein 2018; for a shared prefix Juravsky et al. 2024, arXiv 2402.05099): the prefix's keys and values
are neither copied a row nor masked, and nothing but attention within the rows is padded. Of the last layer only what
the rows' last tokens see is computed, as nothing else of it is read.
"""

from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from transformers import AttentionInterface
from transformers.masking_utils import AttentionMaskInterface

NAME = "gradewire_rows"
"""What transformers calls it, as `attn_implementation`."""

Keys = tuple[torch.Tensor, torch.Tensor]
"""Keys and values of a layer: heads × tokens × width each, with a leading dimension of rows or of 1."""

_CHANGES_SCORES = ("sliding_window", "softcap", "s_aux", "position_bias")
"""Arguments of other kinds of attention, which this is none of."""


class Attends(Protocol):
    """The rows of one call of the model."""

    def attend(
        self, layer: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float
    ) -> torch.Tensor:
        """Query heads × tokens × width, key and value likewise with their own number of heads; the result as query."""


@dataclass
class Packed:
    """Whole rows, each behind the prefix."""

    lengths: torch.Tensor
    """Tokens of each row, on the model's device; none is 0."""

    prefix: list[Keys]
    """A layer each; empty where there is none."""

    last_layer: int | None = None
    """Whose result counts at the rows' last tokens alone; it is 0 elsewhere. None: no such layer."""

    keep: bool = False
    """Whether `kept` is to have the rows' own keys and values."""

    kept: list[Keys] = field(default_factory=list)
    """A layer each, with a leading dimension of rows, padded on the right."""

    def __post_init__(self) -> None:
        """Work out where each token goes when rows are laid below each other, and back."""
        self.longest = int(self.lengths.max())
        column = torch.arange(self.longest, device=self.lengths.device)
        starts = self.lengths.cumsum(0) - self.lengths
        last = self.lengths[:, None] - 1
        self._below = (starts[:, None] + torch.minimum(column, last)).reshape(-1)
        self._back = (column <= last).reshape(-1).nonzero()[:, 0]
        self.ends = starts + self.lengths - 1
        """Place of each row's last token."""
        self._beyond = column > last

    def attend(
        self, layer: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float
    ) -> torch.Tensor:
        """See `Attends.attend`."""
        heads, _, width = query.shape
        below = self._lay_below(key), self._lay_below(value)
        if self.keep:
            self.kept.append(below)
        if layer == self.last_layer:
            ends = query.index_select(1, self.ends)
            seen = _see_both(ends, *below, self._beyond, self.prefix[layer] if self.prefix else None, scale)
            return torch.zeros_like(query).index_copy_(1, self.ends, seen)
        groups = heads // key.shape[0]
        keys, values = (part.repeat_interleave(groups, 1) if groups > 1 else part for part in below)
        own, own_sum = _flash(self._lay_below(query), keys, values, True, scale)
        own = own.transpose(0, 1).reshape(heads, -1, width).index_select(1, self._back)
        if not self.prefix:
            return own
        own_sum = own_sum.transpose(0, 1).reshape(heads, -1).index_select(1, self._back)
        return _join(own, own_sum, *_see_prefix(self.prefix[layer], query, scale))

    def _lay_below(self, part: torch.Tensor) -> torch.Tensor:
        heads, _, width = part.shape
        return part.index_select(1, self._below).view(heads, -1, self.longest, width).transpose(0, 1)


@dataclass
class Step:
    """One further token of each row."""

    seen: torch.Tensor
    """Tokens of each row so far, without the prefix and this one."""

    prefix: list[Keys]
    """As for Packed."""

    cells: list[Keys]
    """The rows' own keys and values, a layer each, with room for this token; it is written into them."""

    def __post_init__(self) -> None:
        """Work out which cells count."""
        self._longest = int(self.seen.max()) + 1
        self._hidden = torch.arange(self._longest, device=self.seen.device) > self.seen[:, None]
        self._rows = torch.arange(len(self.seen), device=self.seen.device)

    def attend(
        self, layer: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float
    ) -> torch.Tensor:
        """See `Attends.attend`."""
        keys, values = self.cells[layer]
        keys[self._rows, :, self.seen] = key.transpose(0, 1)
        values[self._rows, :, self.seen] = value.transpose(0, 1)
        keys, values = keys[:, :, : self._longest], values[:, :, : self._longest]
        return _see_both(query, keys, values, self._hidden, self.prefix[layer] if self.prefix else None, scale)


def _see_both(
    query: torch.Tensor,
    keys: torch.Tensor,
    values: torch.Tensor,
    hidden: torch.Tensor,
    prefix: Keys | None,
    scale: float,
) -> torch.Tensor:
    """One query a row, over the prefix and over the row's own cells, but for `hidden` ones (rows × cells)."""
    heads, rows, width = query.shape
    grouped = query.view(keys.shape[1], -1, rows, width).permute(2, 0, 1, 3)
    scores = (grouped @ keys.transpose(-1, -2)).float() * scale
    scores = scores.masked_fill(hidden[:, None, None], -torch.inf)
    own_sum = scores.logsumexp(-1)
    shares = (scores - own_sum[..., None]).exp().to(values.dtype)
    own = (shares @ values).permute(1, 2, 0, 3).reshape(heads, rows, width)
    if prefix is None:
        return own
    own_sum = own_sum.permute(1, 2, 0).reshape(heads, rows)
    return _join(own, own_sum, *_see_prefix(prefix, query, scale))


def _see_prefix(prefix: Keys, query: torch.Tensor, scale: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Every query over the whole prefix. Query heads that share a key head count as further queries of it."""
    heads, tokens, width = query.shape
    folded = query.reshape(1, prefix[0].shape[1], -1, width)
    out, log_sum = _flash(folded, *prefix, False, scale)
    return out.reshape(heads, tokens, width), log_sum.reshape(heads, tokens)


def _join(one: torch.Tensor, one_sum: torch.Tensor, other: torch.Tensor, other_sum: torch.Tensor) -> torch.Tensor:
    return torch.lerp(one, other, torch.sigmoid(other_sum - one_sum)[..., None].to(one.dtype))


def _flash(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, causal: bool, scale: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Attention and its log-sum-exp, by the kernels below `scaled_dot_product_attention`, which keeps the latter."""
    kernels = torch.ops.aten
    if query.device.type == "cpu":
        out, log_sum = kernels._scaled_dot_product_flash_attention_for_cpu(query, key, value, 0.0, causal, scale=scale)
    elif query.dtype == torch.float32:
        out, log_sum, *_ = kernels._scaled_dot_product_efficient_attention(
            query, key, value, None, True, 0.0, causal, scale=scale
        )
    else:
        out, log_sum, *_ = kernels._scaled_dot_product_flash_attention(query, key, value, 0.0, causal, scale=scale)
    return out, log_sum[..., : query.shape[2]]


def _attention(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    _mask: object,
    *,
    scaling: float,
    rows: Attends,
    **others: Any,
) -> tuple[torch.Tensor, None]:
    """What transformers calls in each layer, with one 'prompt': the rows, end to end."""
    if unknown := [name for name in _CHANGES_SCORES if others.get(name) is not None]:
        raise NotImplementedError(f"attention with {unknown[0]}")
    attended = rows.attend(module.layer_idx, query[0], key[0], value[0], scaling)
    return attended.transpose(0, 1)[None], None


AttentionInterface.register(NAME, _attention)
AttentionMaskInterface.register(NAME, lambda *_, **__: None)
