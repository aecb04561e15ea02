"""The job's own process, from its fork to the first line of the program: closing the box behind itself.

Everything here is trusted code that still has the lane's capabilities; `enter` gives them up step by step,
and a step that fails ends the job as a failure of the box, not as the program's.
"""

import contextlib
import os
import resource
import sys
from pathlib import Path
from typing import Any

from . import kernel
from .root import BOX, mount_proc

WORK = f"{BOX}/work"
_JOB_ID = 1  # user and group of jobs, inside the lane
_OPEN_FILES = 512
_STACK = 64 << 20
_INODES = 65536
_FLAGS = kernel.MS_NOSUID | kernel.MS_NODEV


def enter(job: dict[str, Any], stdio: tuple[int, int, int], last_filter: kernel.SeccompFilter) -> None:
    """Close the box around this process. OSError when it does not close.

    job: limits as the lane's messages carry them. stdio: descriptors that become 0, 1 and 2.
    """
    os.setsid()
    kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC)
    size = f"size={job['disk_mb']}m,nr_inodes={_INODES},mode=755,uid={_JOB_ID},gid={_JOB_ID}"
    kernel.mount("job", BOX, "tmpfs", _FLAGS, size)
    prefer_for_killing()
    mount_proc("/proc", read_only=True)  # a job may not make itself less likely to be killed
    take_streams(stdio)
    if os.geteuid() != _JOB_ID:
        become(_JOB_ID)
    kernel.drop_capabilities()
    kernel.die_with_parent()
    os.umask(0o022)
    for folder in ("work", "tmp", "shm"):
        Path(f"{BOX}/{folder}").mkdir(0o700)
    os.chdir(WORK)
    limit(job)
    last_filter.install()


def take_streams(stdio: tuple[int, int, int]) -> None:
    """Make these descriptors 0, 1 and 2."""
    for source, target in zip(stdio, (0, 1, 2), strict=True):
        os.dup2(source, target)


def prefer_for_killing() -> None:
    """When memory runs out, the kernel takes a job before anything else."""
    Path("/proc/self/oom_score_adj").write_text("1000")


def become(user: int) -> None:
    """Change to a user and its group, for good."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def limit(job: dict[str, Any]) -> None:
    """Set the limits that a process has by itself."""
    cpu = int(job["cpu_s"]) + 2
    disk = job["disk_mb"] << 20
    limits = {
        resource.RLIMIT_CPU: (cpu, cpu + 1),
        resource.RLIMIT_FSIZE: (disk, disk),
        resource.RLIMIT_NOFILE: (_OPEN_FILES, _OPEN_FILES),
        resource.RLIMIT_NPROC: (job["nproc"], job["nproc"]),
        resource.RLIMIT_STACK: (_STACK, _STACK),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_MEMLOCK: (0, 0),
        resource.RLIMIT_MSGQUEUE: (0, 0),
    }
    if not job["counted"]:  # no cgroup counts its memory
        which = resource.RLIMIT_DATA if job.get("reserves") else resource.RLIMIT_AS
        limits[which] = (job["address_space"], job["address_space"])
    for which, limit in limits.items():
        resource.setrlimit(which, limit)


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
