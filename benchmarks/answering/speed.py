"""CPU time a pair, ours and the peers', on the same pairs, in turns."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.answering.contest import OURS, PEERS, Contestant
from benchmarks.answering.pairs import CATEGORIES, pairs

ROUNDS = 2
"""Turns of each engine at a category, so that what else the machine does hits all of them."""
WARM_UP = 20
"""Pairs of a category that are not timed: imports and compiled patterns, which a run pays once."""


@dataclass(frozen=True)
class Timing:
    """One category at one length: microseconds of CPU a pair."""

    category: str
    length: int
    mean: float
    p50: float
    p99: float
    peers: dict[str, float]
    """The peers' means."""
    medians: dict[str, float]
    wrong: dict[str, int]
    """Wrong or missing verdicts, of all engines."""
    count: int

    def ratio(self, peer: str) -> float:
        """How many times as many pairs a second as the peer."""
        return self.peers[peer] / self.mean

    def ratio_of_medians(self, peer: str) -> float:
        """How many times as fast as the peer on a middling pair."""
        return self.medians[peer] / self.p50


def measure(contestants: dict[str, Contestant], length: int, count: int, peer_count: int) -> list[Timing]:
    """Ours is timed on `count` pairs of each category, the peers on the first `peer_count` of them."""
    return [_category(contestants, category, length, count, peer_count) for category in CATEGORIES]


def _category(contestants: dict[str, Contestant], category: str, length: int, count: int, peer_count: int) -> Timing:
    times: dict[str, list[float]] = {engine: [] for engine in contestants}
    wrong = dict.fromkeys(contestants, 0)
    made = pairs(category, count + WARM_UP, length, seed=7)
    for turn in range(ROUNDS):
        for engine, contestant in contestants.items():
            share = made[WARM_UP + turn :: ROUNDS][: (count if engine == OURS else peer_count) // ROUNDS]
            if turn == 0:
                contestant.judge([(pair.response, pair.reference) for pair in made[:WARM_UP]])
            said = contestant.judge([(pair.response, pair.reference) for pair in share])
            times[engine] += [one.cpu_us for one in said]
            right = ["equal" if pair.equal else "not_equal" for pair in share]
            wrong[engine] += sum(one.says != wanted for one, wanted in zip(said, right, strict=True))
    ours = sorted(times[OURS])
    peers = {peer: statistics.fmean(times[peer]) for peer in PEERS}
    medians = {peer: statistics.median(times[peer]) for peer in PEERS}
    mean, p50, p99 = statistics.fmean(ours), percentile(ours, 50), percentile(ours, 99)
    return Timing(category, length, mean, p50, p99, peers, medians, wrong, count)


def percentile(ordered: Sequence[float], percent: float) -> float:
    """Of values in order: the least that is at least as large as `percent` of them."""
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
