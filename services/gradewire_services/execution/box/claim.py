"""A lane's folder among those of other services, marked as in use by a lock that the kernel gives up with the lane.

The lock belongs to an open file that every process of the lane has, so that it holds until the last of them is
gone, and it is seen from other PID namespaces, where a process id would say nothing.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

_PREFIX = "gradewire-lane-"


class Claim:
    """A new folder below `parent` that is this process's and its children's. OSError when it cannot be made."""

    def __init__(self, parent: Path, mode: int = 0o755):
        while True:
            self.folder = parent / f"{_PREFIX}{os.getpid()}-{os.urandom(4).hex()}"
            self.folder.mkdir(mode)
            self._fd = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            fcntl.flock(self._fd, fcntl.LOCK_EX)
            if self.folder.exists():  # else another lane took it for abandoned before it was locked
                return
            os.close(self._fd)


def abandoned(parent: Path) -> Iterator[Path]:
    """The folders of lanes of which no process is left, locked while each is looked at."""
    for folder in parent.glob(_PREFIX + "*"):
        with contextlib.suppress(OSError):  # it is in use, or just gone, or somebody else's
            fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield folder
            finally:
                os.close(fd)
