"""Finds the texts of control tokens in data, and cuts the data so that none of them stays whole.

A tokenizer may have thousands of added tokens, some of them runs of spaces or line feeds: a search must not
try them one by one at every character.
"""

import re
from collections import defaultdict
from collections.abc import Collection
from itertools import pairwise


class Markers:
    """A set of texts to be cut."""

    def __init__(self, markers: Collection[str]) -> None:
        """Texts of one character are left out: there is nothing to cut."""
        self._all = frozenset(marker for marker in markers if len(marker) > 1)
        lengths: dict[str, set[int]] = defaultdict(set)
        for marker in self._all:
            lengths[marker[:2]].add(len(marker))
        self._lengths = {start: tuple(sorted(found)) for start, found in lengths.items()}
        firsts = "".join(sorted({re.escape(start[0]) for start in lengths}))
        self._first = re.compile(f"[{firsts}]") if firsts else None

    def split(self, text: str) -> list[str]:
        """`text` cut after the first character of every marker in it, overlapping ones included.

        The pieces are the text when joined, and no marker is in any of them.
        """
        if self._first is None:
            return [text]
        starts = (found.start() for found in self._first.finditer(text))
        cuts = (0, *(at + 1 for at in starts if self._is_at(text, at)), len(text))
        return [text[start:end] for start, end in pairwise(cuts)]

    def _is_at(self, text: str, at: int) -> bool:
        return any(text[at : at + length] in self._all for length in self._lengths.get(text[at : at + 2], ()))
