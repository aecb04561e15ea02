"""Identical requests are judged once: those of one batch together, and those of later ones by what was said before.

The key is `Judge.key`: the judge, its template as rendered, the model's revision, what the numbers depend on, and every
byte of every field. A text that only looks alike has another key. Errors are never kept.
"""

import logging
import pickle
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from gradewire_judges import Card, Judge, JudgeError, JudgeRequest, JudgeVerdict
from gradewire_services.meters import METERS

log = logging.getLogger(__name__)

_OVERHEAD_BYTES = 200
"""Of an entry, beside its verdict: key, dictionary, objects."""


class Said(NamedTuple):
    """What came of a request."""

    verdict: JudgeVerdict | JudgeError
    reused: bool
    """It had been judged before, or is judged with its twin: no token was computed for it."""


class VerdictCache:
    """Verdicts of models by exact request, the least recently used dropped first. Belongs to one thread."""

    def __init__(self, max_bytes: int) -> None:
        """`max_bytes` bounds what is kept; 0 keeps nothing."""
        self._max_bytes = max_bytes
        self._entries: OrderedDict[str, bytes] = OrderedDict()
        self.bytes = 0
        """What is kept now."""

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: str) -> JudgeVerdict | None:
        """The verdict of this key."""
        body = self._entries.get(key)
        if body is None:
            return None
        self._entries.move_to_end(key)
        verdict: JudgeVerdict = pickle.loads(body)
        return verdict

    def put(self, key: str, verdict: JudgeVerdict) -> None:
        """Keep a verdict, unless it alone is larger than the cache."""
        body = pickle.dumps(verdict, pickle.HIGHEST_PROTOCOL)
        size = len(body) + len(key) + _OVERHEAD_BYTES
        if size > self._max_bytes or key in self._entries:
            return
        self._entries[key] = body
        self.bytes += size
        while self.bytes > self._max_bytes:
            old, dropped = self._entries.popitem(last=False)
            self.bytes -= len(dropped) + len(old) + _OVERHEAD_BYTES


class CachedJudge:
    """A judge that says the same thing once."""

    def __init__(self, judge: Judge, cache: VerdictCache, place: int | None = None) -> None:
        """`place` is its component's among the service's; None: it has none."""
        self.judge = judge
        self._place = place
        self._cache = cache
        self._drifts = False

    def with_card(self, card: Card) -> "CachedJudge":
        """Another card on the same model, with the same cache. Raises what `Judge.with_card` does."""
        return CachedJudge(self.judge.with_card(card), self._cache)

    def ask(self, requests: Sequence[JudgeRequest], is_off: Callable[[int], bool]) -> list[Said]:
        """What comes of each request, in order. One that is called off is asked on as long as a twin of it is not."""
        keys = [self.judge.key(request) for request in requests]
        found = {key: verdict for key in dict.fromkeys(keys) if (verdict := self._cache.get(key)) is not None}
        twins: dict[str, list[int]] = {}
        for place, key in enumerate(keys):
            if key not in found:
                twins.setdefault(key, []).append(place)
        asked = list(twins.items())
        fresh = self.judge.judge(
            [requests[places[0]] for _, places in asked],
            cancelled=lambda at: all(is_off(place) for place in asked[at][1]),
        )
        self._warn_of_drift()
        said: dict[int, Said] = {}
        for (key, places), told in zip(asked, fresh, strict=True):
            if isinstance(told, JudgeVerdict) and told.decided_by == "model":
                self._cache.put(key, told)
            said |= {place: Said(_under(told, requests[place].id), place != places[0]) for place in places}
        for place, key in enumerate(keys):
            if key in found:
                said[place] = Said(replace(found[key], id=requests[place].id, elapsed_s=0.0), True)
        for place in range(len(requests)):
            _count(said[place])
        return [said[place] for place in range(len(requests))]

    def _warn_of_drift(self) -> None:
        """Say once when a calibrated judge's labels drift from its calibration's, and once when they are back."""
        drift = self.judge.drift()
        if drift is not None and drift.drifts is not self._drifts:
            self._drifts = drift.drifts
            if self._place is not None:
                METERS.drift(self._place, drift.drifts)
            (log.warning if drift.drifts else log.info)("judge %s: %s", self.judge.card.name, drift)


def _count(said: Said) -> None:
    if isinstance(said.verdict, JudgeVerdict) and said.verdict.decided_by == "model":
        usage = said.verdict.usage
        METERS.count(
            reused=said.reused, prompt=usage.prompt_tokens, cached=usage.cached_tokens, output=usage.output_tokens
        )


def _under(verdict: JudgeVerdict | JudgeError, request_id: str) -> JudgeVerdict | JudgeError:
    return replace(verdict, id=request_id) if isinstance(verdict, JudgeVerdict) else verdict
