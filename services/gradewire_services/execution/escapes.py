"""A program that tries to get out of its box. `probes` runs its text as a job at start; it is never imported.

Standard input: JSON {file, port, abstract, pid}, things of the host's that must be out of reach.
Standard output: JSON, for each layer what got through it. All lists empty: the box holds.
"""

import ctypes
import functools
import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_SYSCALLS = {
    "x86_64": {"mount": 165, "unshare": 272, "setns": 308, "ptrace": 101, "bpf": 321, "keyctl": 250,
               "chroot": 161, "perf_event_open": 298, "userfaultfd": 323, "io_uring_setup": 425},
    "aarch64": {"mount": 40, "unshare": 97, "setns": 268, "ptrace": 117, "bpf": 280, "keyctl": 219,
                "chroot": 51, "perf_event_open": 241, "userfaultfd": 282, "io_uring_setup": 425},
}  # fmt: skip


def through(attempts: dict[str, Callable[[], Any]]) -> list[str]:
    """The attempts that did not fail."""
    hits = []
    for name, attempt in attempts.items():
        try:
            if attempt() is not False:
                hits.append(name)
        except OSError:
            pass
    return hits


def connect(family: int, address: Any) -> None:
    """Reach a listener of the host's."""
    with socket.socket(family, socket.SOCK_STREAM) as client:
        client.settimeout(0.3)
        client.connect(address)


def syscall(number: int) -> bool:
    """Whether the kernel lets the call through: anything but EPERM or ENOSYS means that it was looked at."""
    libc = ctypes.CDLL(None, use_errno=True)
    result: int = libc.syscall(number, 0x10000000, 0, 0, 0, 0)
    return result >= 0 or ctypes.get_errno() not in (1, 38)


def status(field: str) -> int:
    """A field of our own /proc status."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(field + ":")).split()[1], 16)


def fill(megabytes: int) -> None:
    """Write that much to the disk."""
    with Path("fill").open("wb") as file:
        for _ in range(megabytes):
            file.write(bytes(1 << 20))


def main() -> None:
    """Try everything."""
    host = json.load(sys.stdin)
    writable = ["/", "/usr", "/etc", "/dev", "/packages", sys.prefix, str(Path(os.__file__).parent)]
    found = {
        "files": through(
            {"host file": Path(host["file"]).read_bytes, "shadow": Path("/etc/shadow").read_bytes}
            | {f"write {folder}": (Path(folder) / "gradewire-probe").touch for folder in writable}
        ),
        "network": through(
            {
                "loopback": lambda: connect(socket.AF_INET, ("127.0.0.1", host["port"])),
                "abstract socket": lambda: connect(socket.AF_UNIX, "\0" + host["abstract"]),
                "vsock": lambda: socket.socket(40, socket.SOCK_STREAM).close(),
            }
        ),
        "processes": through(
            {
                "host process": lambda: os.kill(host["pid"], 0),
                "other processes": lambda: len([p for p in Path("/proc").iterdir() if p.name.isdigit()]) > 2,
                "environment of process 1": Path("/proc/1/environ").read_bytes,
                "memory of process 1": Path("/proc/1/mem").open,
            }
        ),
        "privileges": [name for name in ("CapPrm", "CapEff", "CapInh", "CapAmb") if status(name) != 0]
        + ["new privileges"] * (status("NoNewPrivs") != 1),
        "system calls": through(
            {name: functools.partial(syscall, number) for name, number in _SYSCALLS[os.uname().machine].items()}
        ),
        "disk": through({"beyond the limit": lambda: fill(8)}),
    }
    print(json.dumps(found))


main()
