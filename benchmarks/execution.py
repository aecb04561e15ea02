"""One lane against starting an interpreter a program: trivial jobs and numpy jobs a second, as ratios of one
run.

    python benchmarks/execution.py [--seconds 3] [--rounds 5]

Peers: `python -I -S` started for each program, the same inside bubblewrap where that is installed, and a bare
fork-server without any isolation. Rounds are interleaved, so that what else the machine does hits all alike;
every program is a different text. A peer that is not installed is named and left out.
"""

import argparse
import importlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from gradewire_services.execution import Engine, EngineConfig, Limits, Program, StdinCase, StdinTests

TRIVIAL = "a, b = map(int, input().split())\nprint(a + b + {n})\n"
NUMPY = "import numpy as np\na, b = map(int, input().split())\nprint(int(np.array([a, b, {n}]).sum()))\n"
BWRAP = (
    *("bwrap", "--unshare-all", "--die-with-parent", "--clearenv"),
    *("--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"),
)
Way = Callable[[str, str], None]


def lane(engine: Engine) -> Way:
    """Every layer on."""

    def once(code: str, expected: str) -> None:
        tests = StdinTests((StdinCase("3 4", expected),))
        found = engine.run(Program("python", code), tests, Limits(time_s=5))
        assert found.verdict.value == "accepted", found

    return once


def started(prefix: Sequence[str], path: str | None) -> Way:
    """A new interpreter a program."""

    def once(code: str, expected: str) -> None:
        code = code if path is None else f"import sys; sys.path.append({path!r})\n{code}"
        command = [*prefix, os.path.realpath(sys.executable), "-I", "-S", "-c", code]
        ran = subprocess.run(command, input="3 4", capture_output=True, text=True, check=True)
        assert ran.stdout.strip() == expected

    return once


def fork_server(warm: Sequence[str]) -> Way:
    """A warm interpreter in a process of its own that forks for each program: no isolation, no limits."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        ours.close()
        for name in warm:
            importlib.import_module(name)
        while True:
            code, fds, _, _ = socket.recv_fds(theirs, 1 << 16, 2)
            if not code:
                os._exit(0)
            pid = os.fork()
            if pid == 0:
                os.dup2(fds[0], 0)
                os.dup2(fds[1], 1)
                sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
                exec(compile(code, "main.py", "exec"), {"__name__": "__main__"})
                sys.stdout.flush()
                os._exit(0)
            for fd in fds:
                os.close(fd)
            theirs.send(str(os.waitpid(pid, 0)[1]).encode())
    theirs.close()

    def once(code: str, expected: str) -> None:
        given_r, given_w = os.pipe()
        said_r, said_w = os.pipe()
        os.write(given_w, b"3 4")
        os.close(given_w)
        socket.send_fds(ours, [code.encode()], [given_r, said_w])
        os.close(given_r)
        os.close(said_w)
        assert ours.recv(100) == b"0"
        assert os.read(said_r, 100).decode().strip() == expected
        os.close(said_r)

    return once


def rate(way: Way, template: str, seconds: float, first: int) -> tuple[float, list[float]]:
    """Jobs a second over `seconds`, and each job's time."""
    times: list[float] = []
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        n = first + len(times)
        before = time.perf_counter()
        way(template.format(n=n), str(7 + n))
        times.append(time.perf_counter() - before)
    return len(times) / (time.perf_counter() - start), times


def measure(title: str, ways: dict[str, Way], template: str, rounds: int, seconds: float) -> None:
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=3, help="for each way and kind of program")
    parser.add_argument("--rounds", type=int, default=5)
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
    bare = fork_server(warm)
    with Engine.open(EngineConfig(packages=packages, warm=warm)) as engine:
        print(f"isolation {engine.isolation.level}: {', '.join(engine.isolation.layers)}")
        ways = {"lane": lane(engine), **peers, "bare fork-server": bare}
        measure("trivial programs", ways, TRIVIAL, options.rounds, options.seconds)
        if packages:
            measure("numpy programs", ways, NUMPY, options.rounds, options.seconds)
        else:
            print("numpy is not installed: its programs are left out")


if __name__ == "__main__":
    main()
