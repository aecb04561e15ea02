"""Does the box hold? Known ways out are tried in it at start; what is published is what was seen to hold."""

import json
import os
import secrets
import socket
import tempfile
from pathlib import Path
from typing import Any

from .errors import IsolationUnavailable
from .lane import Job, JobEnd, Lane
from .outcome import order
from .types import Limits
from .verdicts import Isolation

_ESCAPES = Path(__file__).with_name("escapes.py")
_LIMITS = Limits(time_s=5, memory_mb=64, processes=8, disk_mb=4)
_SUMMED = "memory summed over processes"
_MISSING = {
    "A": (),
    "B": (_SUMMED, "CPU time of orphans"),
    "C": (_SUMMED, "CPU time of orphans", "disk summed over files", "own /tmp and /dev/shm", "names of host files"),
}

_FORKS = """
import os, time
made = 0
try:
    while made < 64:
        if os.fork() == 0:
            os.setsid()
            time.sleep(1000)
        made += 1
except OSError:
    pass
print(made)
"""
_MEMORY = """
import os
for _ in range(4):
    if os.fork() == 0:
        block = bytearray(b"x") * (24 << 20)
        os.read(0, 1)
        os.kill(os.getpid(), 19)
os.wait()
"""
_SEGMENT = """
import ctypes
print(ctypes.CDLL(None).shmget(0x6772, 4096, {flags}))
"""


def prove(lane: Lane) -> Isolation:
    """What holds in this lane. IsolationUnavailable, naming what got through, when that is less than its
    level.
    """
    broken = {name: hits for name, hits in _escapes(lane).items() if hits}
    missing = list(_MISSING[lane.level])
    holding = ["survivors"]  # a job's end is only reported when its processes have been waited for
    holding += ["files", "network", "processes", "privileges", "system calls", "disk", "shared memory"]
    made = _count(_run(lane, _FORKS))
    if 0 < made < _LIMITS.processes:
        holding.append("process count")
    elif lane.level == "C":
        missing.append("process count")  # a plain user's limit counts all that the user runs
    else:
        broken["process count"] = [f"{made} children where {_LIMITS.processes} processes are allowed"]
    _run(lane, _SEGMENT.format(flags=0o1666))
    if _count(_run(lane, _SEGMENT.format(flags=0))) >= 0:
        broken["shared memory"] = ["a segment of the job before"]
    if _SUMMED not in missing:
        holding += [_SUMMED, "CPU time of orphans"]
        if not _run(lane, _MEMORY).oom_kills:
            broken[_SUMMED] = ["four children beyond the limit together"]
    if broken:
        told = "; ".join(f"{name}: {', '.join(hits)}" for name, hits in broken.items())
        raise IsolationUnavailable(f"level {lane.level}: the box does not hold: {told}")
    return Isolation(lane.level, tuple(holding), tuple(missing))


def _escapes(lane: Lane) -> dict[str, list[str]]:
    """Plant things of the host's, and let a job try to reach them."""
    abstract = f"gradewire-probe-{secrets.token_hex(8)}"
    with (
        tempfile.NamedTemporaryFile() as file,
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX) as unix,
    ):
        file.write(b"out of reach")
        file.flush()
        Path(file.name).chmod(0o644)
        unix.bind("\0" + abstract)
        unix.listen()
        told = {"file": file.name, "port": tcp.getsockname()[1], "abstract": abstract, "pid": os.getpid()}
        end = _run(lane, _ESCAPES.read_text(), json.dumps(told).encode())
    found: dict[str, list[str]] = json.loads(bytes(end.stdout.data) or b"null")
    if end.status != 0 or not isinstance(found, dict):
        words = bytes(end.stderr.data).decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise IsolationUnavailable(f"level {lane.level}: the probe did not run: {words or end.report!r}")
    return found


def _run(lane: Lane, source: str, stdin: bytes = b"") -> JobEnd:
    asked: dict[str, Any] = order(_LIMITS, do="script")
    return lane.run(Job("standard", asked, source.encode(), stdin=stdin))


def _count(end: JobEnd) -> int:
    return int(bytes(end.stdout.data) or b"-1")
