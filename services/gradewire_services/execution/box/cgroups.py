"""A lane's control group: what its jobs use together, and may use.

One group a lane, not one a job: making one costs 10 ms. Limits are set to what the idle lane uses plus the
job's. Files are opened before the lane loses sight of the file system; what is done later goes through these
descriptors. This is cgroup version 1, with the memory, pids and cpuacct controllers mounted and writable.
"""

import contextlib
import os
from pathlib import Path

_CONTROLLERS = ("memory", "pids", "cpuacct")
_PREFIX = "gradewire-lane-"
_PARTS = 4  # the processes that make two boxes, a program's and its tester's; RLIMIT_NPROC counts exactly
_SLACK = 16 << 20  # page cache of files that were read; more is dropped between jobs


def _parents() -> dict[str, Path]:
    """Directory of our own group in each hierarchy. OSError when a controller is not there."""
    mounted: dict[str, Path] = {}
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        fields, _, rest = line.partition(" - ")
        kind, _, options = rest.split(" ", 2)
        if kind == "cgroup":
            for controller in set(options.split(",")) & set(_CONTROLLERS):
                mounted[controller] = Path(fields.split()[4])
    missing = [name for name in _CONTROLLERS if name not in mounted]
    if missing:
        raise OSError(f"no cgroup v1 controller {', '.join(missing)} is mounted")
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, names, path = line.split(":", 2)
        for controller in set(names.split(",")) & set(_CONTROLLERS):
            own = mounted[controller] / path.lstrip("/")
            if own.is_dir():
                mounted[controller] = own
    return mounted


def sweep(parents: dict[str, Path]) -> None:
    """Remove groups of lanes whose supervisor is gone: a killed one cannot tidy up."""
    for parent in parents.values():
        for left in parent.glob(_PREFIX + "*"):
            if not Path(f"/proc/{left.name.removeprefix(_PREFIX)}").exists():
                with contextlib.suppress(OSError):
                    left.rmdir()


class LaneCgroup:
    """The group of the lane whose supervisor calls this. OSError when it cannot be made."""

    def __init__(self) -> None:
        parents = _parents()
        sweep(parents)
        self._folders = {name: parents[name] / f"{_PREFIX}{os.getpid()}" for name in _CONTROLLERS}
        for folder in self._folders.values():
            with contextlib.suppress(OSError):
                folder.rmdir()  # of a killed supervisor whose process id we now have
            folder.mkdir()

    def join(self) -> None:
        """Move this process in, with all children that it has from now on, and open the files."""
        for folder in self._folders.values():
            (folder / "cgroup.procs").write_text("0")
        memory, pids, cpu = (self._folders[name] for name in _CONTROLLERS)
        self._limit = os.open(memory / "memory.limit_in_bytes", os.O_WRONLY)
        self._usage = os.open(memory / "memory.usage_in_bytes", os.O_RDONLY)
        self._peak = os.open(memory / "memory.max_usage_in_bytes", os.O_RDWR)
        self._oom = os.open(memory / "memory.oom_control", os.O_RDONLY)
        self._drop = os.open(memory / "memory.force_empty", os.O_WRONLY)
        self._pids_now = os.open(pids / "pids.current", os.O_RDONLY)
        self._pids_most = os.open(pids / "pids.max", os.O_WRONLY)
        self._cpu = os.open(cpu / "cpuacct.usage", os.O_RDONLY)
        self._idle_memory = 0
        self._base = 0

    def settle(self) -> None:
        """The lane is warm and idle: what it uses now is not the jobs' doing."""
        os.write(self._drop, b"0")
        self._idle_memory = _number(self._usage)

    def admit(self, memory: int, processes: int) -> None:
        """Make room for a job: `memory` bytes and `processes` beyond the idle lane's and what makes
        the box.
        """
        base = _number(self._usage)
        if base > self._idle_memory + _SLACK:
            os.write(self._drop, b"0")
            base = _number(self._usage)
        most_pids = _number(self._pids_now) + _PARTS + processes
        os.write(self._limit, b"%d" % (base + memory))
        os.write(self._pids_most, b"%d" % most_pids)
        self._base = base
        os.write(self._peak, b"0")

    def cpu_us(self) -> int:
        """CPU time of everything in the lane so far, microseconds."""
        return _number(self._cpu) // 1000

    def peak_bytes(self) -> int:
        """The most memory used since the last `admit`, beyond what the lane had then."""
        return max(0, _number(self._peak) - self._base)

    def oom_kills(self) -> int:
        """How many processes of this lane the kernel has killed for want of memory."""
        for line in os.pread(self._oom, 256, 0).splitlines():
            if line.startswith(b"oom_kill "):
                return int(line.split()[1])
        raise OSError("memory.oom_control has no oom_kill count")

    def remove(self) -> None:
        """Remove the group. Everything in it must have ended."""
        for folder in self._folders.values():
            with contextlib.suppress(FileNotFoundError):
                folder.rmdir()


def _number(fd: int) -> int:
    return int(os.pread(fd, 32, 0))
