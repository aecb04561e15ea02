"""A lane with every layer on, against starting an interpreter a program; what it costs, and what it leaves behind.

    python -m benchmarks.execution [--seconds 3] [--rounds 5] [--jobs 10000]

Trivial programs and programs that import numpy, as ratios of one run: peers are `python -I -S` started for each
program, the same inside bubblewrap where that is installed, and a bare fork-server without any isolation. Rounds are
interleaved, so that what else the machine does hits all alike; every program is a different text. A peer that is not
installed is named and left out. Then what a job costs in CPU time, the same on all cores at once, eight lanes a core,
many mixed jobs through one lane, and the whole service behind one client channel.
"""

import argparse
import os
import shutil
import statistics
from importlib.util import find_spec
from pathlib import Path

from gradewire_services.execution import Engine, EngineConfig

from .executing import busy, channel, cost, soak
from .executing.ways import BWRAP, NUMPY, TRIVIAL, Way, fork_server, lane, rate, started


def measure(title: str, ways: dict[str, Way], template: str, rounds: int, seconds: float) -> float:
    """Print every way's rate; the lane's by the bare fork-server's."""
    rates: dict[str, list[float]] = {name: [] for name in ways}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, way in ways.items():
            per_second, took = rate(way, template, seconds / rounds, number * 100_000)
            rates[name].append(per_second)
            times[name] += took
    print(f"\n{title:<28}{'jobs/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'lane is':>12}")
    ours = statistics.median(rates["lane"])
    for name, values in rates.items():
        middle, cuts = statistics.median(values), statistics.quantiles(times[name], n=100)
        line = f"{name:<28}{middle:>9.0f}{cuts[49] * 1e3:>9.1f}{cuts[98] * 1e3:>9.1f}"
        print(line + (f"{ours / middle:>10.2f} ×" if name != "lane" else ""))
    return ours / statistics.median(rates["bare fork-server"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3, help="for each way and kind of program")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=10_000, help="mixed jobs through one lane; 0 leaves them out")
    options = parser.parse_args()
    numpy = find_spec("numpy")
    packages = ("numpy",) if numpy is not None else ()
    warm = ("numpy", "numpy.random") if numpy is not None else ()
    site = str(Path(numpy.origin).parents[1]) if numpy is not None and numpy.origin else None
    peers: dict[str, Way] = {"python -I -S": started((), site)}
    if shutil.which("bwrap"):
        peers["bwrap + python -I -S"] = started(BWRAP, site)
    else:
        print("bwrap is not installed: left out")
    before = set(cost.below(os.getpid()))
    bare = fork_server(warm)
    (bare_pid,) = set(cost.below(os.getpid())) - before
    alone = {}
    with Engine.open(EngineConfig(packages=packages, warm=warm)) as engine:
        print(f"isolation {engine.isolation.level}: {', '.join(engine.isolation.layers)}")
        ways = {"lane": lane(engine), **peers, "bare fork-server": bare}
        alone["trivial"] = measure("trivial programs", ways, TRIVIAL, options.rounds, options.seconds)
        if packages:
            alone["numpy"] = measure("numpy programs", ways, NUMPY, options.rounds, options.seconds)
        else:
            print("numpy is not installed: its programs are left out")
        kinds = {"trivial": TRIVIAL, "numpy": NUMPY} if packages else {"trivial": TRIVIAL}
        costly = {"lane": (ways["lane"], engine.lane_pid or 0), "bare fork-server": (bare, bare_pid)}
        cost.measure(costly, kinds, options.rounds, 100)
    for kind, ratio in busy.measure(warm, packages, site, options.rounds, options.seconds).items():
        print(f"{kind}: {ratio / alone[kind]:.2f} of the ratio of one lane alone")
    busy.oversubscribe()
    with Engine.open() as engine:
        soak.private_kb(engine)
        if options.jobs:
            soak.soak(engine, options.jobs)
    channel.measure(options.seconds, (1, os.cpu_count() or 1))


if __name__ == "__main__":
    main()
