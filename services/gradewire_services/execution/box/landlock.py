"""Landlock: a process gives up access to files, ports, and processes that are not its own. Works without
privileges.

Interface version 6 (Linux 6.12) is the least that will do: from there on, signals and abstract sockets to the
outside of the domain are refused as well. Bits: the kernel's include/uapi/linux/landlock.h.
"""

import ctypes
import os
import stat
import struct

from . import kernel

LEAST_VERSION = 6
READ = 0b1101  # execute, read file, read folder
WRITE = 0x7FF2  # write, remove, make and truncate, but no device nodes
_ALL_FILES = 0xFFFF
_FOR_ONE_FILE = 0b1100_0000_0000_0111 & ~(1 << 15)
_TCP = 0b11
_SCOPES = 0b11  # abstract unix sockets, signals
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_DEVICE_NODES = (1 << 6) | (1 << 11)


def version() -> int:
    """The kernel's interface version; OSError when it has none."""
    return kernel.system_call("landlock", _CREATE, None, ctypes.c_size_t(0), 1)


class Domain:
    """What is shown to the jobs of a lane. Folders are opened once; `enter` adds what is one job's own."""

    def __init__(self, readable: list[str], usable: list[str]):
        if version() < LEAST_VERSION:
            raise OSError(f"Landlock's version is {version()}; signals are scoped from version {LEAST_VERSION} on")
        self._rules = [(_opened(path), READ) for path in readable if os.path.lexists(path)]
        self._rules += [(_opened(path), READ | WRITE) for path in usable]

    def enter(self, own: list[tuple[str, bool]]) -> None:
        """Confine this process and its children for good. own: further paths, and whether they may be
        written.
        """
        attributes = ctypes.create_string_buffer(struct.pack("<QQQ", _ALL_FILES, _TCP, _SCOPES), 24)
        rules = kernel.system_call("landlock", _CREATE, attributes, ctypes.c_size_t(24), 0)
        for fd, access in self._rules:
            _allow(rules, fd, access)
        for path, writable in own:
            fd = _opened(path)
            _allow(rules, fd, READ | WRITE if writable else READ)
            os.close(fd)
        kernel.system_call("landlock", _RESTRICT, rules, 0)
        os.close(rules)


def _opened(path: str) -> int:
    return os.open(path, os.O_PATH | os.O_CLOEXEC)


def _allow(rules: int, fd: int, access: int) -> None:
    access &= ~_DEVICE_NODES
    if not stat.S_ISDIR(os.fstat(fd).st_mode):
        access &= _FOR_ONE_FILE
    rule = ctypes.create_string_buffer(struct.pack("<Qi", access, fd), 12)
    kernel.system_call("landlock", _ADD, rules, 1, rule, 0)
