"""The file system of a lane: a read-only root with the tools that programs use, and nothing else of the
host.
"""

import os
from pathlib import Path

from . import kernel

BOX = "/box"
"""Where each job's own tmpfs is mounted; /tmp and /dev/shm are links into it."""

_DEVICES = ("null", "zero", "full", "random", "urandom")
_LINKS = {
    "/tmp": f"{BOX}/tmp",
    "/var/tmp": f"{BOX}/tmp",
    "/dev/shm": f"{BOX}/shm",
    "/dev/fd": "/proc/self/fd",
    "/dev/stdin": "/proc/self/fd/0",
    "/dev/stdout": "/proc/self/fd/1",
    "/dev/stderr": "/proc/self/fd/2",
}
_FILES = {
    "/etc/passwd": "root:x:0:0:root:/:/bin/sh\njob:x:1:1:job:/box/work:/bin/sh\n",
    "/etc/group": "root:x:0:\njob:x:1:\n",
    "/etc/hosts": "127.0.0.1 localhost\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}
_SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/etc/alternatives",
    "/etc/ld.so.cache",
)


def build(shown: list[tuple[str, str]]) -> None:
    """Make this mount namespace's root the lane's. shown: (host path, path in the lane), read-only.

    The caller is process 1 of the lane's PID namespace, with CAP_SYS_ADMIN over its mount namespace. OSError
    if a step fails; then nothing of the host has changed, for the namespace is private.
    """
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    system, links = [], dict(_LINKS)
    for path in _SYSTEM:
        if Path(path).is_symlink() and path.count("/") == 1:
            links[path] = str(Path(path).readlink())
        elif Path(path).exists():
            system.append((path, path))
    shown = [(source, target) for source, target in shown if not target.startswith("/usr")]
    binds = [(os.path.realpath(source), target) for source, target in system + shown]

    kernel.mount("tmpfs", "/tmp", "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=755,size=1m")
    Path("/tmp/old").mkdir()
    Path("/tmp/new").mkdir()
    kernel.mount("tmpfs", "/tmp/new", "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=755,size=1m")
    _step_into("/tmp", "old")  # from here on the host is /old: /tmp, just covered, can be a source as well

    for source, target in binds:
        _bind("/old" + source, "/new" + target)
    for path, goal in links.items():
        _folder_of("/new" + path)
        Path("/new" + path).symlink_to(goal)
    for path, text in _FILES.items():
        _folder_of("/new" + path)
        Path("/new" + path).write_text(text)
    for name in _DEVICES:
        Path(f"/new/dev/{name}").touch()
    Path("/new/proc").mkdir(0o555)
    Path("/new" + BOX).mkdir(0o755)
    kernel.make_read_only("/new")
    for name in _DEVICES:
        kernel.mount(f"/old/dev/{name}", f"/new/dev/{name}", None, kernel.MS_BIND)
    mount_proc("/new/proc")
    kernel.pivot_root("/new")


def mount_proc(where: str, *, read_only: bool = False) -> None:
    """The processes of this PID namespace, at `where`."""
    flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    kernel.mount("proc", where, "proc", flags | kernel.MS_RDONLY * read_only)


def _step_into(base: str, old: str) -> None:
    """Make `base` the root, with the former root at `/old`."""
    os.chdir(base)
    kernel.pivot_into(".", old)
    os.chdir("/")


def _folder_of(path: str) -> None:
    Path(path).parent.mkdir(mode=0o755, parents=True, exist_ok=True)


def _bind(source: str, target: str) -> None:
    if Path(source).is_dir():
        Path(target).mkdir(mode=0o755, parents=True, exist_ok=True)
    else:
        _folder_of(target)
        Path(target).touch()
    kernel.mount(source, target, None, kernel.MS_BIND | kernel.MS_REC)
