"""Files that a job has left: opened after its death, regular ones only, following no link.

The job's tmpfs lives on through a descriptor of its work folder, which the box sends out, the way its order came,
before the program starts.
"""

import contextlib
import os
import socket
import stat


def keep(channel: socket.socket) -> None:
    """In the box: send the work folder."""
    folder = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    socket.send_fds(channel, [b"f"], [folder])
    os.close(folder)


def files(channel: socket.socket, names: list[str]) -> list[tuple[str, int]]:
    """In the server, after the job: its files of these names that are there, opened for reading."""
    folder = take(channel)
    if folder is None:
        return []
    found = opened(folder, names)
    os.close(folder)
    return found


def take(channel: socket.socket) -> int | None:
    """In the server: the folder's descriptor, now the caller's. None: the box did not get that far, or it was taken."""
    channel.setblocking(False)
    try:
        _, folders, _, _ = socket.recv_fds(channel, 1, 1)
    except BlockingIOError:
        return None
    return folders[0] if folders else None


def opened(folder: int, names: list[str]) -> list[tuple[str, int]]:
    """Of these names below `folder`, the regular files that are there, opened for reading."""
    found = []
    for name in names:
        with contextlib.suppress(OSError):
            found.append((name, _open(folder, name)))
    return found


def _open(folder: int, name: str) -> int:
    """A descriptor of a regular file below `folder`; OSError for all else. No component may be a link."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    parts = name.split("/")
    if not all(parts) or ".." in parts:
        raise OSError(f"{name} is no path inside the folder")
    *parents, last = parts
    here = os.dup(folder)
    try:
        for part in parents:
            below = os.open(part, flags | os.O_DIRECTORY, dir_fd=here)
            os.close(here)
            here = below
        fd = os.open(last, flags, dir_fd=here)
    finally:
        os.close(here)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise OSError(f"{name} is no regular file")
    return fd
