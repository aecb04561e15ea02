"""What a job has used so far. A cgroup counts everything; without one, the processes that are alive are
summed.
"""

import contextlib
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from .cgroups import LaneCgroup

_TICK_US = 1_000_000 // os.sysconf("SC_CLK_TCK")


class Meter(Protocol):
    """Follows one job at a time."""

    def begin(self, memory: int, processes: int, spent_us: int) -> None:
        """A job with these limits (bytes, count) is about to start in a process that has used this much CPU time,
        which is not the job's.
        """

    def follow(self, processes: Callable[[], list[int]]) -> None:
        """The job has started; this tells its processes."""

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

    def begin(self, memory: int, processes: int, spent_us: int) -> None:  # noqa: ARG002, D102
        self._cgroup.admit(memory, processes)
        self._oom = self._cgroup.oom_kills()
        self._cpu, self._own = self._cgroup.cpu_us(), time.process_time_ns()

    def follow(self, processes: Callable[[], list[int]]) -> None:  # noqa: D102
        pass

    def cpu_us(self) -> int:  # noqa: D102
        own = (time.process_time_ns() - self._own) // 1000
        return max(0, self._cgroup.cpu_us() - self._cpu - own)

    def peak_bytes(self, worker: resource.struct_rusage) -> int:  # noqa: D102
        return self._cgroup.peak_bytes(worker.ru_maxrss * 1024)

    def oom_kills(self) -> int:  # noqa: D102
        return self._cgroup.oom_kills() - self._oom


class ProcessMeter:
    """Without a cgroup: what /proc says of the processes that live, and what those used that we buried.

    CPU time of a process that nobody waited for is lost.
    """

    def __init__(self) -> None:
        self._before_us = 0
        self._processes: Callable[[], list[int]] = list

    def begin(self, memory: int, processes: int, spent_us: int) -> None:  # noqa: ARG002, D102
        self._before_us = _children_us() + spent_us

    def follow(self, processes: Callable[[], list[int]]) -> None:  # noqa: D102
        self._processes = processes

    def cpu_us(self) -> int:  # noqa: D102
        return max(0, _children_us() - self._before_us + sum(map(_cpu_us, self._processes())))

    def peak_bytes(self, worker: resource.struct_rusage) -> int:  # noqa: D102
        return worker.ru_maxrss * 1024

    def oom_kills(self) -> int:  # noqa: D102
        return 0


def starved_us(processes: list[int]) -> int:
    """The longest that one of them was ready to run and had to wait for a CPU, microseconds."""
    longest = 0
    for pid in processes:
        with contextlib.suppress(OSError):
            longest = max(longest, int(Path(f"/proc/{pid}/schedstat").read_bytes().split()[1]) // 1000)
    return longest


def threads_of(user: int) -> int:
    """How many threads this user has, everywhere."""
    count = 0
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and entry.stat().st_uid == user:
                count += len(list((entry / "task").iterdir()))
    return count


def _children_us() -> int:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return round((usage.ru_utime + usage.ru_stime) * 1e6)


def _cpu_us(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return 0
    return sum(int(ticks) for ticks in fields[11:15]) * _TICK_US
