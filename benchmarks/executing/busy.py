"""All cores busy: a lane on each against a bare fork-server on each; eight lanes on each, whose limits must hold."""

import multiprocessing
import os
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from statistics import median

from gradewire_services.execution import Engine, EngineConfig, Limits, Program, StdinCase, StdinTests

from .ways import BWRAP, NUMPY, TRIVIAL, fork_server, lane, rate, started

_BURN = "import time\nwhile time.process_time() < .5: pass\nprint({n})\n"
_BURN_LIMITS = Limits(time_s=0.8, wall_s=1)


def measure(
    warm: Sequence[str], packages: Sequence[str], site: str | None, rounds: int, seconds: float
) -> dict[str, float]:
    """Print the rates on all cores; the lanes' rate by the fork-servers', by kind of program. site: where bubblewrap's
    interpreters find packages.
    """
    cores = os.cpu_count() or 1
    context = multiprocessing.get_context("spawn")
    ends = [context.Pipe() for _ in range(cores)]
    drivers = [
        context.Process(target=_drive, args=(theirs, tuple(warm), tuple(packages), site), daemon=True)
        for _, theirs in ends
    ]
    for driver in drivers:
        driver.start()
    ours = [end for end, _ in ends]
    for end in ours:
        end.recv()
    ratios = {}
    peers = ("bare", "bwrap") if shutil.which("bwrap") else ("bare",)
    heads = "".join(f"{f'{peer}/s':>9}{'lane is':>12}" for peer in peers)
    print(f"\n{f'on all {cores} cores at once':<28}{'lanes/s':>9}{heads}")
    for kind, template in (("trivial", TRIVIAL), ("numpy", NUMPY)) if packages else (("trivial", TRIVIAL),):
        rates: dict[str, list[float]] = {name: [] for name in ("lane", *peers)}
        for number in range(rounds):
            for way, found in rates.items():
                for place, end in enumerate(ours):
                    end.send((way, template, seconds / rounds, (number * cores + place) * 100_000))
                found.append(sum(end.recv() for end in ours))
        middle = {name: median(found) for name, found in rates.items()}
        ratios[kind] = middle["lane"] / middle["bare"]
        theirs = "".join(f"{middle[peer]:>9.0f}{middle['lane'] / middle[peer]:>10.2f} ×" for peer in peers)
        print(f"{kind:<28}{middle['lane']:>9.0f}{theirs}")
    for end in ours:
        end.send(None)
    for driver in drivers:
        driver.join()
    return ratios


def _drive(orders: Connection, warm: Sequence[str], packages: Sequence[str], site: str | None) -> None:
    ways = {"bare": fork_server(warm), "bwrap": started(BWRAP, site)}
    with Engine.open(EngineConfig(packages=tuple(packages), warm=tuple(warm))) as engine:
        ways["lane"] = lane(engine)
        for name in ("bare", "lane"):
            rate(ways[name], TRIVIAL, 0.2, 0)
        orders.send("ready")
        while order := orders.recv():
            way, template, seconds, first = order
            orders.send(rate(ways[way], template, seconds, first)[0])


def oversubscribe(times: int = 8) -> None:
    """Print how many of the jobs, `times` a core and all at once, are accepted: each burns .5 s of its .8 s."""
    count = times * (os.cpu_count() or 1)

    def one(number: int) -> tuple[str, float]:
        with Engine.open() as engine:
            tests = StdinTests((StdinCase("", str(number)),))
            began = time.perf_counter()
            found = engine.run(Program("python", _BURN.format(n=number)), tests, _BURN_LIMITS)
            return found.verdict.value, time.perf_counter() - began

    with ThreadPoolExecutor(count) as pool:
        ended = list(pool.map(one, range(count)))
    right = sum(verdict == "accepted" for verdict, _ in ended)
    print(f"\n{times} lanes a core, .5 s of CPU under a .8 s limit and a 1 s clock: {right} of {count} accepted,")
    print(f"the slowest after {max(took for _, took in ended):.1f} s")
