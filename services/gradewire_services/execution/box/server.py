"""A fork-server: a warm interpreter that turns each message into one boxed process and reports its end.

It runs no untrusted code itself. Of a job it decides only when to kill it; verdicts are the engine's.
Messages are JSON datagrams with descriptors beside them, and the socket's end is the server's end.
"""

import gc
import importlib
import json
import math
import os
import select
import site
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import Any, NoReturn

from . import (
    attend,
    beside,
    candidate,
    fetch,
    kernel,
    native,
    program,
    seccomp,
    session,
    tester,
    wire,
    worker,
)
from .cell import Cell, FamilyCell, NamespaceCell
from .cgroups import LaneCgroup
from .meter import CgroupMeter, Meter, ProcessMeter, starved_us, threads_of
from .pod import PodBox

PACKAGES = "/packages"
"""Where the lane shows the packages that jobs may import beside the standard library."""

ENVIRONMENT = {
    "HOME": worker.WORK,
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONPATH": PACKAGES,
    "TMPDIR": "/tmp",
    "USER": "job",
}
"""All that a job finds in its environment."""

_SHORTEST_LOOK = 0.01  # seconds between two looks at a job's CPU time
_STARVED_AT_MOST = 10  # a starved job's wall cap grows to at most this many times its own
_MESSAGE = 1 << 16


class Server:
    """Serves one socket, one job at a time.

    pod: the box without namespaces, where that is the level. profile: {paths, modules, servers}: where
    packages lie, what to import before the first job, so that no job has to, and how many servers the lane
    has.
    """

    def __init__(self, control: socket.socket, cgroup: LaneCgroup | None, pod: PodBox | None, profile: dict[str, Any]):
        self._control = control
        self._cgroup = cgroup
        self._pod = pod
        self._trusted = frozenset(range(1, profile["servers"] + 2))  # init and the servers: they came first
        if pod is not None:
            kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
        self._folders = fetch.FolderKeeper()
        self._maker = kernel.InitMaker()
        self._own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY)
        self._filter = kernel.SeccompFilter(
            seccomp.job_filter(kernel.machine(), summed_memory=cgroup is not None, pod=pod is not None)
        )
        os.environ.clear()
        os.environ.update(ENVIRONMENT)
        sys.path += profile["paths"]
        for name in profile["modules"]:
            importlib.import_module(name)
        site.setquit()
        site.sethelper()
        for name in [name for name in sys.modules if name.partition(".")[0] == "box"]:
            del sys.modules[name]

    def serve(self) -> NoReturn:
        """Greet the engine, then run what it sends until it goes away."""
        self._control.send(b'{"ready": true}')
        gc.collect()
        gc.freeze()
        gc.disable()
        settled = False
        while True:
            data, fds, _, _ = socket.recv_fds(self._control, _MESSAGE, 8)
            if not data:
                os._exit(0)
            job = json.loads(data)
            if "kill" in job:
                continue  # came too late: that job has ended
            if not settled and self._cgroup is not None:
                self._cgroup.settle()
            settled = True
            end = self._run(job, fds)
            files = self._folders.files(job["fetch"]) if _keeps_folder(job) else []
            end["files"] = [name for name, _ in files]
            socket.send_fds(self._control, [json.dumps(end).encode()], [fd for _, fd in files])
            for _, fd in files:
                os.close(fd)
            if self._pod is not None:
                self._pod.clear()

    def _run(self, job: dict[str, Any], fds: list[int]) -> dict[str, Any]:
        """One job from fork to funeral. When this returns, no process of it is left."""
        meter: Meter = CgroupMeter(self._cgroup) if self._cgroup is not None else ProcessMeter()
        meter.begin(job["memory_mb"] << 20, job["processes"])
        job["nproc"] = job["processes"] + self._others()
        job["address_space"] = (job["memory_mb"] << 20) + _own_memory()
        job["counted"] = self._cgroup is not None
        start = time.monotonic()
        cell: Cell = FamilyCell()
        if self._pod is None:
            cell = NamespaceCell(self._maker, self._own_pids, self._trusted)
        else:
            self._pod.prepare()
        pid = cell.fork()
        if pid == 0:
            self._become(job, fds)
        for fd in fds:
            os.close(fd)
        meter.follow(cell.processes)
        worker_fd = os.pidfd_open(pid)
        try:
            if job["do"] == "session":
                killed = attend.attend(attend.Session(job, start, worker_fd, meter, cell, self._folders), self._control)
            else:
                killed = self._watch(job, worker_fd, meter, start, cell)
        finally:
            os.close(worker_fd)
            cell.kill()
        _, status, usage = os.wait4(pid, 0)
        cell.bury()
        cpu_us = max(meter.cpu_us(), round((usage.ru_utime + usage.ru_stime) * 1e6))
        return {
            "id": job["id"],
            "status": status,
            "killed": killed,
            "cpu_us": cpu_us,
            "wall_us": round((time.monotonic() - start) * 1e6),
            "peak_bytes": meter.peak_bytes(usage),
            "oom_kills": meter.oom_kills(),
        }

    def _others(self) -> int:
        """How many processes that are not the job's count as its user's."""
        if os.geteuid() == 0:
            return 0  # jobs have a user of their own
        if self._pod is None:
            return len(self._trusted) + 2  # the lane's, its supervisor and the job's process 1
        return threads_of(os.geteuid())

    def _watch(self, job: dict[str, Any], worker_fd: int, meter: Meter, start: float, cell: Cell) -> str | None:
        """Wait for the job's end. Why it must be killed: cpu, wall, asked; None when it ended by itself."""
        poll = select.poll()
        poll.register(worker_fd, select.POLLIN)
        poll.register(self._control, select.POLLIN)
        cores = min(os.cpu_count() or 1, job["processes"])
        allowed = job["wall_s"]
        while True:
            wall_left = start + allowed - time.monotonic()
            cpu_left = job["cpu_s"] - meter.cpu_us() / 1e6
            if cpu_left <= 0:
                return "cpu"
            if wall_left <= 0:
                longer = min(job["wall_s"] + starved_us(cell.processes()) / 1e6, _STARVED_AT_MOST * job["wall_s"])
                if longer - allowed < _SHORTEST_LOOK:
                    return "wall"
                allowed = longer
                continue
            look = max(_SHORTEST_LOOK, min(wall_left, cpu_left / cores))
            for fd, _ in poll.poll(math.ceil(look * 1000)):
                if fd == worker_fd:
                    return None
                data = self._control.recv(_MESSAGE)
                if not data:
                    os._exit(0)  # the engine is gone, and with this server the whole lane
                if json.loads(data).get("kill") == job["id"]:
                    return "asked"

    def _become(self, job: dict[str, Any], fds: list[int]) -> NoReturn:
        """The forked child: box itself, then be the program."""
        try:
            payload, stdin, stdout, stderr, report = fds[:5]
            try:
                enter = worker.enter if self._pod is None else self._pod.enter
                enter(job, (stdin, stdout, stderr), self._filter)
                if _keeps_folder(job):
                    self._folders.keep()
                source, arguments = _parts(payload)
                prelude = b""
                if job.get("beside"):
                    source, prelude = beside.place(source)
                worker.only_these([report, *fds[5:]])
                program.open_streams()
            except Exception as error:  # noqa: BLE001 - whatever it is, the box did not close
                worker.fail(report, error)
            gc.enable()
            worker.say(report, b"R")
            if job["do"] == "script":
                program.run_script(source, report, prelude)
            if job["do"] == "native":
                native.execute(source, report, job["name"], job["argv"])
            if job["do"] == "function":
                most = job["most_value_bytes"]
                program.run_function(source, report, job["entry_point"], arguments, most, prelude)
            if job["do"] == "session":
                session.serve(arguments, report, wire.Wire(fds[5], fds[6]), job["memory_mb"] << 20)
            serve = {"candidate": candidate.serve, "tests": tester.run_tests}[job["do"]]
            serve(source, report, job["entry_point"], wire.Wire(fds[5], fds[6]), prelude)
        except BaseException:  # noqa: BLE001 - the loop above must never run in a job
            traceback.print_exc()
        finally:
            os._exit(124)


def _keeps_folder(job: dict[str, Any]) -> bool:
    return bool(job["fetch"]) or job["do"] == "session"


def _parts(payload: int) -> tuple[bytes, bytes]:
    """The program and its encoded arguments, out of one memory file: length, program, arguments."""
    data = os.pread(payload, os.fstat(payload).st_size, 0)
    size = int.from_bytes(data[:8], "little")
    return data[8 : 8 + size], data[8 + size :]


def _own_memory() -> int:
    """Address space that this server, and so each child of it, starts with, bytes."""
    return int(Path("/proc/self/statm").read_bytes().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def start_servers(profiles: dict[str, Any], cgroup: LaneCgroup | None, pod: PodBox | None) -> list[int]:
    """Fork a server for each profile; their process ids. The sockets stay with the servers."""
    sockets = {name: profile["socket"] for name, profile in profiles.items()}
    pids = []
    for name, profile in profiles.items():
        pids.append(os.fork())
        if pids[-1] == 0:
            kernel.die_with_parent()
            for other, fd in sockets.items():
                if other != name:
                    os.close(fd)
            try:
                control = socket.socket(fileno=profile["socket"])
                Server(control, cgroup, pod, profile | {"servers": len(profiles)}).serve()
            except Exception as error:  # noqa: BLE001 - the engine, waiting for a greeting, reads it
                print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
    for fd in sockets.values():
        os.close(fd)
    return pids
