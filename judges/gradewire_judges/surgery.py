"""A tokenizer's description, changed so that it encodes a piece from the middle of a text, and data as data.

Works on the JSON form of the `tokenizers` library, where each stage is a `{"type": …}`. Nothing here encodes.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any

Spec = dict[str, Any]

_SPACE = "▁"
_NESTED = ("normalizers", "pretokenizers", "decoders")


def inner(spec: Spec) -> Spec:
    """The tokenizer for a piece in the middle of a text: no space is put before it, nothing round it."""
    changed = copy.copy(spec) | {"post_processor": None, "truncation": None, "padding": None}
    changed["normalizer"] = _rebuild(spec["normalizer"], lambda stage: None if stage["type"] == "Prepend" else stage)
    changed["pre_tokenizer"] = _rebuild(spec["pre_tokenizer"], _without_prefix)
    changed["decoder"] = _rebuild(spec["decoder"], _without_prefix)
    changed["model"] = spec["model"] | ({"dropout": None} if spec["model"].get("dropout") else {})
    return changed


def data(spec: Spec) -> Spec:
    """`inner` for untrusted text: it knows no added token, and leaves normalisation to `normaliser`."""
    changed = inner(spec) | {"added_tokens": []}
    changed["normalizer"] = _rebuild(changed["normalizer"], lambda stage: stage if _writes_spaces(stage) else None)
    return changed


def normaliser(spec: Spec) -> Spec | None:
    """The stage that changes the text itself, or None: the normalizer less what only writes spaces as `▁`."""
    return _rebuild(
        spec["normalizer"],
        lambda stage: None if stage["type"] == "Prepend" or _writes_spaces(stage) else stage,
    )


def stages(stage: Spec | None) -> Iterator[Spec]:
    """A stage and all stages nested in it, but for the sequences themselves."""
    if stage is None:
        return
    for key in _NESTED:
        if key in stage:
            for part in stage[key]:
                yield from stages(part)
            return
    yield stage


def _writes_spaces(stage: Spec) -> bool:
    """Whether the stage is SentencePiece's `Replace " " by "▁"`."""
    return stage["type"] == "Replace" and stage.get("pattern") == {"String": " "} and stage.get("content") == _SPACE


def _without_prefix(stage: Spec) -> Spec | None:
    if stage["type"] == "Metaspace":
        return (
            stage | {"prepend_scheme": "never"} | ({"add_prefix_space": False} if "add_prefix_space" in stage else {})
        )
    if stage["type"] == "ByteLevel":
        return stage | {"add_prefix_space": False}
    if stage["type"] == "Strip" and "start" in stage:  # the decoder's; it removes the space that was put before
        return None
    return stage


def _rebuild(stage: Spec | None, change: Callable[[Spec], Spec | None]) -> Spec | None:
    """`stage` with `change` applied to each part; a part that becomes None is left out."""
    if stage is None:
        return None
    for key in _NESTED:
        if key in stage:
            parts = [kept for part in stage[key] if (kept := _rebuild(part, change)) is not None]
            return stage | {key: parts} if parts else None
    return change(stage)
