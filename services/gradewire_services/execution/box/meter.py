"""What a job has used so far. A cgroup counts everything; without one, the processes that are alive are
summed.
"""

import contextlib
import os
import resource
import time
from pathlib import Path
from typing import Protocol

from .cgroups import LaneCgroup

_TICK_US = 1_000_000 // os.sysconf("SC_CLK_TCK")


class Meter(Protocol):
    """Follows one job at a time."""

    def begin(self, memory: int, processes: int) -> None:
        """A job with these limits (bytes, count) is about to start."""

    def cpu_us(self) -> int:
        """CPU time of the job so far, microseconds."""

    def peak_bytes(self, worker: resource.struct_rusage) -> int:
        """Memory of the job at its most."""

    def oom_kills(self) -> int:
        """How many of the job's processes the kernel killed for want of memory."""


class CgroupMeter:
    """Level A: all processes, dead or alive, summed. This server's own work is taken off."""

    def __init__(self, cgroup: LaneCgroup):
        self._cgroup = cgroup
        self._cpu = self._own = self._oom = 0

    def begin(self, memory: int, processes: int) -> None:  # noqa: D102
        self._cgroup.admit(memory, processes)
        self._oom = self._cgroup.oom_kills()
        self._cpu, self._own = self._cgroup.cpu_us(), time.process_time_ns()

    def cpu_us(self) -> int:  # noqa: D102
        own = (time.process_time_ns() - self._own) // 1000
        return max(0, self._cgroup.cpu_us() - self._cpu - own)

    def peak_bytes(self, worker: resource.struct_rusage) -> int:  # noqa: ARG002, D102
        return self._cgroup.peak_bytes()

    def oom_kills(self) -> int:  # noqa: D102
        return self._cgroup.oom_kills() - self._oom


class ProcessMeter:
    """Level B: what /proc says of the processes that live. CPU of a child that nobody waited for is lost."""

    def __init__(self, trusted: frozenset[int]):
        self._trusted = trusted

    def begin(self, memory: int, processes: int) -> None:  # noqa: D102
        pass

    def cpu_us(self) -> int:  # noqa: D102
        return sum(_cpu_us(pid) for pid in jobs_processes(self._trusted))

    def peak_bytes(self, worker: resource.struct_rusage) -> int:  # noqa: D102
        return worker.ru_maxrss * 1024

    def oom_kills(self) -> int:  # noqa: D102
        return 0


def jobs_processes(trusted: frozenset[int]) -> list[int]:
    """Processes of the lane that are not `trusted`, as process ids of the lane's own namespace."""
    return [
        pid
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and (pid := int(entry.name)) not in trusted
    ]


def starved_us(trusted: frozenset[int]) -> int:
    """The longest that one of the job's processes was ready to run and had to wait for a CPU,
    microseconds.
    """
    longest = 0
    for pid in jobs_processes(trusted):
        with contextlib.suppress(OSError):
            longest = max(longest, int(Path(f"/proc/{pid}/schedstat").read_bytes().split()[1]) // 1000)
    return longest


def _cpu_us(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return 0
    return sum(int(ticks) for ticks in fields[11:15]) * _TICK_US
