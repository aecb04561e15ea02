"""The job's own process, from its fork to the first line of the program: closing the box behind itself.

Everything here is trusted code. `close_box` gives up the lane's capabilities step by step before there is a job,
`limit` adds what one job may use. A step that fails ends the job as a failure of the box, not as the program's.
"""

import contextlib
import os
import resource
import sys
from typing import Any

from . import kernel
from .root import BOX, mount_proc

WORK = f"{BOX}/work"
_JOB_ID = 1  # user and group of jobs, inside the lane
_INODES = 65536
_LIMITS = (
    (resource.RLIMIT_NOFILE, 512),
    (resource.RLIMIT_STACK, 64 << 20),
    (resource.RLIMIT_CORE, 0),
    (resource.RLIMIT_MEMLOCK, 0),
    (resource.RLIMIT_MSGQUEUE, 0),
)
_FLAGS = kernel.MS_NOSUID | kernel.MS_NODEV


def close_box(disk_mb: int, last_filter: kernel.SeccompFilter) -> int:
    """Close the box around this process, but for the limits that come with an order; what `limit` needs for
    them. OSError when it does not close.

    disk_mb: size of the job's tmpfs, MiB.
    """
    os.setsid()
    kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC)
    size = f"size={disk_mb}m,nr_inodes={_INODES},mode=755,uid={_JOB_ID},gid={_JOB_ID}"
    kernel.mount("job", BOX, "tmpfs", _FLAGS, size)
    preference = open_preference()
    mount_proc("/proc", read_only=True)  # a job may not make itself less likely to be killed
    if os.geteuid() != _JOB_ID:
        become(_JOB_ID)
    kernel.drop_capabilities()
    kernel.die_with_parent()
    os.umask(0o022)
    for folder in ("work", "tmp", "shm"):
        os.mkdir(f"{BOX}/{folder}", 0o700)  # noqa: PTH102 - a job pays for every page that it touches
    os.chdir(WORK)
    limit_always()
    last_filter.install()
    return preference


def take_streams(stdio: tuple[int, int, int]) -> None:
    """Make these descriptors 0, 1 and 2."""
    for source, target in zip(stdio, (0, 1, 2), strict=True):
        os.dup2(source, target)


def open_preference() -> int:
    """The file that says whom the kernel takes first when memory runs out: written when a job begins."""
    return os.open("/proc/self/oom_score_adj", os.O_WRONLY | os.O_CLOEXEC)


def become(user: int) -> None:
    """Change to a user and its group, for good."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def limit(job: dict[str, Any], others: int, own_memory: int | None, preference: int) -> None:
    """Set the limits that a process has by itself, and go before all others when memory runs out.

    job: limits as the engine's messages carry them. others: processes that count as this user's and are not the
    job's. own_memory: address space of a process before its program, bytes; None when a cgroup counts memory.
    """
    os.write(preference, b"1000")
    cpu = int(job["cpu_s"]) + 2
    disk = job["disk_mb"] << 20
    processes = job["processes"] + others
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (disk, disk))
    resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))
    if own_memory is not None:
        which = resource.RLIMIT_DATA if job.get("reserves") else resource.RLIMIT_AS
        most = (job["memory_mb"] << 20) + own_memory
        resource.setrlimit(which, (most, most))


def limit_always() -> None:
    """Set the limits that are the same for every job."""
    for which, most in _LIMITS:
        resource.setrlimit(which, (most, most))


def only_these(keep: list[int]) -> None:
    """Close every descriptor but 0, 1, 2 and `keep`."""
    start = 3
    for fd in sorted(keep):
        os.closerange(start, fd)
        start = fd + 1
    os.closerange(start, 1 << 20)


def say(report: int, message: bytes) -> None:
    """Write all of `message` to the engine."""
    view = memoryview(message)
    while view:
        view = view[os.write(report, view) :]


def fail(report: int, error: BaseException) -> None:
    """Tell the engine that the box failed, and end."""
    with contextlib.suppress(OSError):
        say(report, f"F{type(error).__name__}: {error}".encode("utf-8", "replace")[:2000])
    sys.stdout = sys.stderr = None  # nothing may be flushed twice
    os._exit(125)
