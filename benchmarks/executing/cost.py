"""What a job costs in CPU time, of all processes that have a part in it. On a busy machine this is what counts.

It is also what can be compared on a machine that others use as well: time that a job waits is no part of it.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from .ways import Way

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def measure(ways: dict[str, tuple[Way, int]], kinds: dict[str, str], rounds: int, jobs: int) -> None:
    """Print milliseconds a job for each kind of program: of ours and, by process id, of what runs them; and the last
    way's by each way's.
    """
    print(f"\n{'CPU time a job, ms':<28}{'caller':>9}{'the rest':>9}{'together':>9}{'of the bare one':>18}")
    for kind, template in kinds.items():
        costs: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for number in range(rounds):
            for name, (way, pid) in ways.items():
                own, theirs = time.process_time(), _spent_s(pid)
                for n in range(number * 1_000_000, number * 1_000_000 + jobs):
                    way(template.format(n=n), str(7 + n))
                costs[name].append((time.process_time() - own, _spent_s(pid) - theirs))
        together = {name: median(map(sum, found)) / jobs * 1e3 for name, found in costs.items()}
        bare = list(together.values())[-1]
        for name, found in costs.items():
            caller, rest = (median(one) / jobs * 1e3 for one in zip(*found, strict=True))
            line = f"{f'{kind}: {name}':<28}{caller:>9.2f}{rest:>9.2f}{together[name]:>9.2f}"
            print(line + (f"{bare / together[name]:>16.2f} ×" if together[name] != bare else ""))


def _spent_s(root: int) -> float:
    """CPU time of a process, and of what it and the living ones below it have waited for."""
    total = 0
    for pid in below(root):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))
    return total * _TICK_S


def below(root: int) -> Iterator[int]:
    """A process and its living descendants."""
    yield root
    try:
        children = Path(f"/proc/{root}/task/{root}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from below(int(child))
