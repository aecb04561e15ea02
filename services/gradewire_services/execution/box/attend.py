"""The fork-server's side of a session: it measures cells, interrupts one that is over its limits, kills what goes on.

The interpreter inside is not asked about any of this. A limit that is met twice, first by the cell and then by its
interruption, ends the session.

Messages of the engine, each with the session's `id`: `arm` {cpu_s, wall_s} before a cell, `rest` after it, `interrupt`,
`fetch` [names], `kill`. Ours: `over` cpu or wall, once a cell; `used` {cpu_us, wall_us, peak_bytes};
`files` [names], with a descriptor each.
"""

import contextlib
import json
import marshal
import math
import os
import resource
import select
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import fetch
from .cell import Cell
from .meter import Meter, starved_us

_MESSAGE = 1 << 16
_SHORTEST_LOOK = 0.01  # seconds between two looks at the CPU time
_STARVED_AT_MOST = 10  # as for jobs
_AGAIN_S = 0.5  # the first interruption is lost on an interpreter that has not begun the cell
_STOPPING_CPU_S, _STOPPING_WALL_S = 1.0, 3.0  # what an interrupted cell may still take


@dataclass(slots=True)
class Session:
    """A session in the lane: its order, its interpreter's pidfd, what measures it, the way its order went."""

    job: dict[str, Any]
    start: float
    interpreter: int
    meter: Meter
    cell: Cell
    channel: socket.socket


@dataclass(slots=True)
class _Armed:
    """Limits of the running cell, or of its interruption."""

    cpu_us: int
    start: float
    wall_s: float
    starved_us: int
    again: float | None = None
    """When to interrupt once more. None: nobody has interrupted it yet."""

    @property
    def stopping(self) -> bool:
        return self.again is not None

    def exceeded(self, session: Session, cpu_us: int) -> str | None:
        if cpu_us >= self.cpu_us:
            return "cpu"
        gone = time.monotonic() - self.start
        if gone < self.wall_s:
            return None
        starved = max(0, starved_us(session.cell.processes()) - self.starved_us) / 1e6
        return "wall" if gone >= min(self.wall_s + starved, _STARVED_AT_MOST * self.wall_s) else None


def attend(session: Session, control: socket.socket) -> str | None:
    """Stay with a session until its end. Why it must be killed: cpu or wall (its own), cell (that could not be
    interrupted), asked; None when it ended by itself.
    """
    attendant = _Attendant(session, control)
    try:
        return attendant.stay()
    finally:
        attendant.close()


class _Attendant:
    def __init__(self, session: Session, control: socket.socket):
        self._session, self._control = session, control
        self._folder: int | None = None
        self._armed: _Armed | None = None
        self._cell = (0, 0.0)  # CPU time and the clock when the cell began

    def stay(self) -> str | None:
        job, meter = self._session.job, self._session.meter
        poll = select.poll()
        poll.register(self._session.interpreter, select.POLLIN)
        poll.register(self._control, select.POLLIN)
        cores = min(os.cpu_count() or 1, job["processes"])
        while True:
            now, used = time.monotonic(), meter.cpu_us()
            left_cpu, left_wall = job["cpu_s"] - used / 1e6, self._session.start + job["wall_s"] - now
            if left_cpu <= 0:
                return "cpu"
            if left_wall <= 0:
                return "wall"
            if self._armed is not None:
                over = self._armed.exceeded(self._session, used)
                if over is not None and self._armed.stopping:
                    return "cell"
                if over is not None:
                    self._say({"over": over})
                    self._interrupt(used)
                if self._armed.again is not None and now >= self._armed.again:
                    self._signal()
                    self._armed.again = now + _AGAIN_S
                left_cpu = min(left_cpu, (self._armed.cpu_us - used) / 1e6)
                left_wall = min(left_wall, self._armed.start + self._armed.wall_s - now, _AGAIN_S)
            look = max(_SHORTEST_LOOK, min(left_wall, left_cpu / cores))
            for fd, _ in poll.poll(math.ceil(look * 1000)):
                if fd == self._session.interpreter:
                    return None
                if self._hear():
                    return "asked"

    def close(self) -> None:
        if self._folder is not None:
            os.close(self._folder)

    def _hear(self) -> bool:
        """Do what the engine says. Whether that is the end."""
        data = self._control.recv(_MESSAGE)
        if not data:
            os._exit(0)  # the engine is gone, and with this server the whole lane
        message = marshal.loads(data)
        if message.get("id", message.get("kill")) != self._session.job["id"]:
            return False  # of a session before this one
        used = self._session.meter.cpu_us()
        if "arm" in message:
            self._cell = (used, time.monotonic())
            self._arm(used, message["arm"]["cpu_s"], message["arm"]["wall_s"])
        elif "interrupt" in message and self._armed is not None and not self._armed.stopping:
            self._interrupt(used)
        elif "rest" in message:
            self._armed = None
            self._say({"used": self._used(used)})
        elif "fetch" in message:
            self._fetch(message["fetch"])
        return "kill" in message

    def _arm(self, used: int, cpu_s: float, wall_s: float) -> None:
        starved = starved_us(self._session.cell.processes())
        self._armed = _Armed(used + round(cpu_s * 1e6), time.monotonic(), wall_s, starved)

    def _interrupt(self, used: int) -> None:
        self._signal()
        self._arm(used, _STOPPING_CPU_S, _STOPPING_WALL_S)
        if self._armed is not None:
            self._armed.again = time.monotonic() + _AGAIN_S

    def _signal(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._session.interpreter, signal.SIGINT)

    def _used(self, used: int) -> dict[str, int]:
        cpu_us, start = self._cell
        wall_us = round((time.monotonic() - start) * 1e6)
        return {
            "cpu_us": max(0, used - cpu_us),
            "wall_us": wall_us,
            "peak_bytes": self._session.meter.peak_bytes(self._usage()),
        }

    def _usage(self) -> resource.struct_rusage:
        """The largest process of the session, in the form that `wait4` has for one that has ended."""
        largest = 0
        for pid in self._session.cell.processes():
            with contextlib.suppress(OSError):
                status = Path(f"/proc/{pid}/status").read_bytes()
                if b"VmHWM:" in status:  # not of a zombie
                    largest = max(largest, int(status.partition(b"VmHWM:")[2].split(maxsplit=1)[0]))
        return resource.struct_rusage((0.0, 0.0, largest, *[0] * 13))

    def _fetch(self, names: list[str]) -> None:
        if self._folder is None:
            self._folder = fetch.take(self._session.channel)
        found = [] if self._folder is None else fetch.opened(self._folder, names)
        message = json.dumps({"id": self._session.job["id"], "files": [name for name, _ in found]}).encode()
        socket.send_fds(self._control, [message], [fd for _, fd in found])
        for _, fd in found:
            os.close(fd)

    def _say(self, message: dict[str, Any]) -> None:
        self._control.send(json.dumps({"id": self._session.job["id"], **message}).encode())
