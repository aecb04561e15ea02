"""A job's own process, forked and boxed before its order comes: an order then finds a closed box.

Making the box is half of a trivial job's cost. The server does it when the job before is over, while the engine
is busy with what came of that one. Nothing of the job before is alive then, and no other is let in before.
"""

import gc
import marshal
import os
import resource
import socket
import time
import traceback
from typing import Any, NoReturn

from . import beside, candidate, fetch, kernel, native, program, seccomp, session, tester, wire, worker
from .cell import Cell, FamilyCell, NamespaceCell
from .pod import PodBox

_MESSAGE = 1 << 16
_MOST_FDS = 8
_FD = 4  # bytes
_CPU_CLOCK = 2  # of a process, in the clock ids that the kernel makes of process ids


class Standby:
    """A boxed process that waits for its order. disk_mb: the size of its disk, which is set with the box."""

    def __init__(self, cell: Cell, pid: int, channel: socket.socket, disk_mb: int):
        self.cell, self.disk_mb = cell, disk_mb
        self.fd = os.pidfd_open(pid)
        """Readable when the process has ended."""
        self._pid, self._channel = pid, channel

    def spent_us(self) -> int:
        """CPU time of the process so far, microseconds: what making the box took."""
        return time.clock_gettime_ns(~self._pid << 3 | _CPU_CLOCK) // 1000

    def begin(self, order: bytes, others: int, fds: list[int]) -> None:
        """Let it run. order: as the engine sent it; others: processes that its user has beside the job's."""
        rights = b"".join(fd.to_bytes(_FD, "little") for fd in fds)
        message = others.to_bytes(_FD, "little") + order
        self._channel.sendmsg([message], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])

    def end(self) -> tuple[int, resource.struct_rusage]:
        """Kill what is left of it and wait for all of that: the process's wait status, and what it used."""
        os.close(self.fd)
        self._channel.close()
        self.cell.kill()
        _, status, usage = os.wait4(self._pid, 0)
        self.cell.bury()
        return status, usage


class BoxMaker:
    """Makes a server's boxes. trusted: the lane's own processes; pod: the box without namespaces, where that is
    the level; counted: whether a cgroup counts the jobs' memory.
    """

    def __init__(self, trusted: frozenset[int], pod: PodBox | None, *, counted: bool):
        self._trusted, self._pod, self._counted = trusted, pod, counted
        self._inits = kernel.InitMaker()
        self._own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY)
        self._last = kernel.SeccompFilter(
            seccomp.job_filter(kernel.machine(), summed_memory=counted, pod=pod is not None)
        )
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123
            self._own_memory = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        self.folders = fetch.FolderKeeper()

    def make(self, disk_mb: int) -> Standby:
        """A box with a disk of that size."""
        if self._pod is None:
            cell: Cell = NamespaceCell(self._inits, self._own_pids, self._trusted)
        else:
            cell = FamilyCell()
            self._pod.prepare()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = cell.fork()
        if pid == 0:
            ours.close()
            self._stand_by(theirs, disk_mb)
        theirs.close()
        return Standby(cell, pid, ours, disk_mb)

    def _stand_by(self, channel: socket.socket, disk_mb: int) -> NoReturn:
        """The forked child: box itself, wait, then be the program."""
        closed: int | Exception
        try:
            try:
                closed = self._pod.close_box(self._last) if self._pod else worker.close_box(disk_mb, self._last)
                program.prepare()
            except Exception as error:  # noqa: BLE001 - told when there is somebody to tell
                closed = error
            data, rights, _, _ = channel.recvmsg(_MESSAGE, socket.CMSG_LEN(_MOST_FDS * _FD))
            if data:
                self._become(data, received(rights), closed)
        except BaseException:  # noqa: BLE001 - the server's loop must never run in a job
            traceback.print_exc()
        finally:
            os._exit(124)

    def _become(self, data: bytes, fds: list[int], closed: int | Exception) -> None:
        """Take the streams and the limits that the order gives, then run it."""
        payload, stdin, stdout, stderr, report = fds[:5]
        try:
            if isinstance(closed, Exception):
                raise closed
            job = marshal.loads(data[_FD:])
            worker.take_streams((stdin, stdout, stderr))
            if keeps_folder(job):
                self.folders.keep()
            others = int.from_bytes(data[:_FD], "little")
            worker.limit(job, others, None if self._counted else self._own_memory, closed)
            source, arguments = _parts(payload)
            prelude = b""
            if job.get("beside"):
                source, prelude = beside.place(source)
            worker.only_these([report, *fds[5:]])
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


def keeps_folder(job: dict[str, Any]) -> bool:
    """Whether files are brought back out of the job's work folder."""
    return bool(job["fetch"]) or job["do"] == "session"


def received(ancillary: list[tuple[int, int, bytes]]) -> list[int]:
    """The descriptors that came beside a message."""
    return [fd for _, _, data in ancillary for fd in memoryview(data).cast("i").tolist()]


def _parts(payload: int) -> tuple[bytes, bytes]:
    """The program and its encoded arguments, out of one memory file: length, program, arguments."""
    data = os.pread(payload, os.fstat(payload).st_size, 0)
    size = int.from_bytes(data[:8], "little")
    return data[8 : 8 + size], data[8 + size :]
