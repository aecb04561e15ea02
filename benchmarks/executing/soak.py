"""Many jobs of all kinds through one lane: what each costs in memory, what is left of them, and what has grown."""

import os
import tempfile
import time
from pathlib import Path
from statistics import quantiles

from gradewire_services.execution import Engine, Limits, Program, StdinCase, StdinTests

from .cost import below

_KINDS = (
    ("trivial", "print({n})", "accepted"),
    ("orphan", "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(1000)\nprint({n})", "accepted"),
    ("files", "import os\nos.makedirs('a/b')\nopen('a/b/c', 'w').write('x' * 100000)\nprint({n})", "accepted"),
    ("exception", "raise ValueError({n})", "runtime_error"),
    ("memory", "x = {n} * bytearray(1)\nwhile True: x += bytearray(b'x') * (8 << 20)", "memory_limit"),
    ("output", "while True: print('x' * 65536)", "output_limit"),
    ("threads", "import threading\nfor _ in range(4): threading.Thread(target=print).start()\nprint({n})", None),
    ("killed", "import os\nos.kill(os.getpid(), 9)", "runtime_error"),
)
_LIMITS = Limits(time_s=2, memory_mb=64, output_bytes=1 << 16, disk_mb=16)
_PRIVATE = """
for line in open('/proc/self/smaps_rollup'):
    if line.startswith('Private_Dirty'): print(line.split()[1])
"""
_SAME = 100  # looks at the lane's processes without a change, after which it counts as ready


def private_kb(engine: Engine) -> int:
    """Print and return the memory that a trivial job shares with nobody, KiB, as it sees it itself."""
    found = engine.run(Program("python", _PRIVATE), StdinTests((StdinCase("", ""),)), _LIMITS)
    private = int(found.tests[0].stdout)
    print(f"\nprivate memory of a trivial job: {private / 1024:.2f} MiB")
    return private


def soak(engine: Engine, jobs: int) -> None:
    """Run the kinds in turn and print what has changed since the first twentieth of them."""
    times: list[float] = []
    began = time.perf_counter()
    before = _state(engine)
    for number in range(jobs):
        kind, code, verdict = _KINDS[number % len(_KINDS)]
        start = time.perf_counter()
        tests = StdinTests((StdinCase("", str(number)),))
        found = engine.run(Program("python", code.format(n=number)), tests, _LIMITS)
        assert verdict in (None, found.verdict.value), (kind, found)
        if kind == "trivial":
            times.append(time.perf_counter() - start)
        if number == jobs // 20:
            before = _state(engine)
    cuts = quantiles(times, n=100)
    after = _state(engine)
    print(f"\n{jobs:,} mixed jobs in {time.perf_counter() - began:.0f} s; trivial ones among them: ", end="")
    print(f"p99 is {cuts[98] / cuts[49]:.1f} × p50 ({cuts[49] * 1e3:.1f} ms)")
    for name, value in after.items():
        was = before[name]
        change = f"{(value - was) / was * 100:+.1f} %" if was else f"{value - was:+,}"
        print(f"  {name:<46}{was:>12,}{value:>12,}{change:>9}")


def _state(engine: Engine) -> dict[str, int]:
    """What could grow, counted when the lane has its next box ready."""
    engine.run(Program("python", "print(1)"), StdinTests((StdinCase("", "1"),)), _LIMITS)
    lane, same = list(below(engine.lane_pid or 0)), 0
    while same < _SAME:
        before, lane = lane, list(below(engine.lane_pid or 0))
        same = same + 1 if lane == before else 0
    groups = [int(one.name.split("-")[2]) for one in Path("/sys/fs/cgroup").glob("**/gradewire-lane-*")]
    return {
        "processes of the lane": len(lane),
        "descriptors of the lane": sum(_count(f"/proc/{pid}/fd") for pid in lane),
        "memory of the lane, shared parts once, KiB": sum(_rollup(pid, "Pss:") for pid in lane),
        "memory of the engine's process, KiB": _rollup(os.getpid(), "Rss:"),
        "descriptors of the engine's process": _count("/proc/self/fd"),
        "mounts": len(Path("/proc/mounts").read_text().splitlines()),
        "control groups, of this lane or of dead ones": sum(
            pid == engine.lane_pid or not Path(f"/proc/{pid}").exists() for pid in groups
        ),
        "entries of the folder for temporary files": _count(tempfile.gettempdir()),
    }


def _count(folder: str) -> int:
    try:
        return len(os.listdir(folder))  # noqa: PTH208
    except OSError:
        return 0


def _rollup(pid: int, field: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(field)), 0)
