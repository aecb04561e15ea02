"""System calls that are written down ahead and made in one go: what closes a box, with no Python in between.

After a fork, every page that is written to is copied, and Python writes to whatever it looks at: a function, its
names, its constants. So the way from the fork to a closed box is a list of calls whose arguments the kernel takes as
they are: numbers, and the bytes of strings and structures. Call numbers: the kernel's syscall_64.tbl and
asm-generic/unistd.h.
"""

import ctypes
import marshal
import os
import signal
import struct

from . import kernel

_NUMBERS = {  # x86_64, aarch64
    "capset": (126, 91), "chdir": (80, 49), "close": (3, 57), "close_range": (436, 436), "dup3": (292, 24),
    "mkdirat": (258, 34), "mount": (165, 40), "openat": (257, 56), "prctl": (157, 167), "prlimit64": (302, 261),
    "rt_sigaction": (13, 134), "seccomp": (317, 277), "setgroups": (116, 159), "setresgid": (119, 149),
    "setresuid": (117, 147), "setsid": (112, 157), "umask": (95, 166), "unshare": (272, 97), "write": (1, 64),
}  # fmt: skip
_HERE = -100  # AT_FDCWD
MOST_FDS = 1 << 20
_SIGNAL_SET = 8  # bytes
_ACTION = 32  # bytes of the kernel's struct sigaction
_call = ctypes.PyDLL(None, use_errno=True).syscall  # it keeps the interpreter's lock: there is one thread
_call.restype = ctypes.c_long

Step = tuple[str | int | bytes | None, ...]


class Steps:
    """Calls to make, in order. Each: the call's name and its arguments; numbers have 31 bits at most."""

    def __init__(self, *steps: Step):
        column = 0 if kernel.machine() == "x86_64" else 1
        self.packed = marshal.dumps([(_NUMBERS[str(name)][column], *arguments) for name, *arguments in steps])
        """The calls in one piece, which become objects that lie side by side, on pages that the job needs anyway."""

    def take(self) -> None:
        """Make them all, as `take` does."""
        take(self.packed)


def take(packed: bytes) -> None:
    """Make these calls. OSError, with the call's name, at the first that fails."""
    call = _call
    for step in marshal.loads(packed):
        if call(*step) < 0:
            _fail(step)


def _fail(step: tuple[int | bytes | None, ...]) -> None:
    number = ctypes.get_errno()
    name = next(
        name for name, numbers in _NUMBERS.items() if numbers[0 if kernel.machine() == "x86_64" else 1] == step[0]
    )
    paths = " ".join(one.decode() for one in step if isinstance(one, bytes) and one.startswith(b"/"))
    raise OSError(number, f"{name} {paths}: {os.strerror(number)}")


def mount(source: bytes, target: bytes, kind: bytes, flags: int, data: bytes | None = None) -> Step:
    """mount(2)."""
    return "mount", source, target, kind, flags, data


def folder(path: bytes) -> Step:
    """mkdir(2), for the owner alone."""
    return "mkdirat", _HERE, path, 0o700


def prctl(option: int, value: int) -> Step:
    """prctl(2)."""
    return "prctl", option, value, 0, 0, 0


def limit(which: int, most: int, hard: int | None = None) -> Step:
    """setrlimit(2). hard: the limit to which a process may raise its own, if that is another."""
    return "prlimit64", 0, which, struct.pack("QQ", most, most if hard is None else hard), None


def become(user: int) -> tuple[Step, ...]:
    """Change to a user and its group, for good."""
    return ("setgroups", 0, None), ("setresgid", user, user, user), ("setresuid", user, user, user)


def only(fd: int) -> tuple[Step, ...]:
    """Close every descriptor but this one, which must not be 0."""
    return ("close_range", 0, fd - 1, 0), ("close_range", fd + 1, MOST_FDS, 0)


def open_as(fd: int, path: bytes, flags: int) -> tuple[Step, ...]:
    """Open a file under this number, when no descriptor below is free but 0."""
    return ("openat", _HERE, path, flags | os.O_CLOEXEC), ("dup3", 0, fd, os.O_CLOEXEC), ("close", 0)


def handle_interrupts() -> Step:
    """Have SIGINT raise KeyboardInterrupt, as in an interpreter that is started. In the process that calls this it does
    what it did before, and in its child until the step is made.
    """
    before, ours = (ctypes.create_string_buffer(_ACTION) for _ in range(2))
    number = _NUMBERS["rt_sigaction"][0 if kernel.machine() == "x86_64" else 1]
    kernel.system_call("rt_sigaction", number, int(signal.SIGINT), None, before, ctypes.c_size_t(_SIGNAL_SET))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    kernel.system_call("rt_sigaction", number, int(signal.SIGINT), before, ours, ctypes.c_size_t(_SIGNAL_SET))
    return "rt_sigaction", int(signal.SIGINT), ours.raw, None, _SIGNAL_SET
