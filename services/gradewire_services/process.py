"""One worker process as the front holds it: started, spoken to, killed with all its children, its end noticed."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from gradewire_services import frames
from gradewire_services.board import Board
from gradewire_services.frames import Kind
from gradewire_services.job import Job

log = logging.getLogger(__name__)

_EOF_GRACE_S = 0.05
"""After a worker's end, how long what it sent before may still arrive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What every worker of a pool is started with."""

    loader: str
    """`module:function` that opens the engine; see `worker.load`."""

    settings: dict[str, Any]
    memory_mib: int | None
    """Address space of a worker; None: not bounded here, for engines that map more than they use."""


@dataclass(slots=True, eq=False)
class Chunk:
    """Units of a job that a worker was given."""

    job: Job
    positions: Sequence[int]
    timeout_ns: int
    expected_ns: float
    sent_ns: int = field(default_factory=time.monotonic_ns)
    recalled: bool = False
    overdue: bool = False
    """Its time is over, and its worker was asked to let go of it."""


class Owner(Protocol):
    """Who hears of a worker."""

    def on_frame(self, worker: "WorkerProcess", kind: Kind, body: bytes) -> None:
        """A frame came in."""

    def on_exit(self, worker: "WorkerProcess") -> None:
        """The process is gone; `returncode` says how."""


class WorkerProcess(asyncio.Protocol):
    """See the module. All methods belong to the event loop's thread."""

    def __init__(self, launch: Launch, owner: Owner, loop: asyncio.AbstractEventLoop, number: int) -> None:
        self._owner = owner
        self.number = number
        """Its place among the pool's workers; one that replaces it has it too."""
        self._loop = loop
        self._buffer = frames.FrameBuffer()
        self._transport: asyncio.Transport | None = None
        self._unsent: list[bytes] = []
        self._next_chunk = 0
        self._hung_up = False
        self.board = Board.create()
        self.chunks: dict[int, Chunk] = {}
        self.ready = False
        self.lost = False
        """Nothing more is taken from it: it was killed, or is gone."""

        self.returncode: int | None = None
        self.heard_ns = time.monotonic_ns()
        ours, theirs = socket.socketpair()
        try:
            self._process = _start(theirs, self.board)
        except OSError:
            ours.close()
            self.board.close()
            raise
        finally:
            theirs.close()
        ours.setblocking(False)
        self.pid = self._process.pid
        self._connecting = loop.create_task(self._connect(ours))
        start = {"loader": launch.loader, "settings": launch.settings, "memory_mib": launch.memory_mib}
        self._write(frames.pack(Kind.START, json.dumps(start).encode()))
        threading.Thread(target=self._await_exit, name=f"gradewire-wait-{self.pid}", daemon=True).start()

    @property
    def is_through(self) -> bool:
        """Whether all that it was given is finished, and nothing was called off, which may take it a while to notice.
        That it has ended its chunks is heard a moment later."""
        return not any(chunk.job.left or chunk.job.closed_ns for chunk in self.chunks.values())

    async def _connect(self, ours: socket.socket) -> None:
        await self._loop.create_connection(lambda: self, sock=ours)

    def send(self, chunk: Chunk, payload: bytes) -> None:
        """Give it work."""
        self._next_chunk = self._next_chunk % 0xFFFF_FFF0 + 1
        self.chunks[self._next_chunk] = chunk
        self.board.want(self._next_chunk)
        self._write(
            frames.pack_chunk(self._next_chunk, chunk.timeout_ns, chunk.job.plan.operation, chunk.positions, payload)
        )

    def kill(self) -> None:
        """End the process and its children now. `on_exit` follows."""
        self.lost = True
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def _end(self) -> None:
        """Kill it as something that ended by itself: its owner hears of it."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def _write(self, data: bytes) -> None:
        if self._transport is None:
            self._unsent.append(data)
        else:
            self._transport.write(data)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Of asyncio.Protocol."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.writelines(self._unsent)
        self._unsent.clear()

    def data_received(self, data: bytes) -> None:
        """Of asyncio.Protocol."""
        self.heard_ns = time.monotonic_ns()
        try:
            for kind, body in self._buffer.feed(data):
                if not self.lost:
                    self._owner.on_frame(self, kind, body)
        except (ValueError, KeyError, IndexError, struct.error) as error:
            log.error("a worker wrote what is no frame, and is stopped: %r", error, extra={"pid": self.pid})
            self._end()

    def connection_lost(self, _exc: Exception | None) -> None:
        """Of asyncio.Protocol."""
        self._hung_up = True
        if self.returncode is not None:
            self._gone()
        else:  # as a rule it has just ended; if it lives on, it is of no use to anybody
            self._loop.call_later(_EOF_GRACE_S, self._end)

    def _await_exit(self) -> None:
        # The group is killed before its leader is reaped, so that its number is still ours.
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        code = self._process.wait()
        with contextlib.suppress(RuntimeError):  # the loop has ended, so nobody wants to know
            self._loop.call_soon_threadsafe(self._exited, code)

    def _exited(self, code: int) -> None:
        self.returncode = code
        if self._hung_up:
            self._gone()
        else:
            self._loop.call_later(_EOF_GRACE_S, self._gone)

    def _gone(self) -> None:
        owner, self._owner = self._owner, _NOBODY
        owner.on_exit(self)
        self.lost = True
        if self._transport is not None:
            self._transport.abort()
        if owner is not _NOBODY:
            self.board.close()


def _start(link: socket.socket, board: Board) -> "subprocess.Popen[bytes]":
    # From the loop's own thread: PR_SET_PDEATHSIG looks at the thread that started the child.
    return subprocess.Popen(
        [
            # -P: what lies in the current folder is not imported by accident.
            *(sys.executable, "-P", "-m", "gradewire_services.worker"),
            *("--link", str(link.fileno()), "--board", str(board.fd), "--parent", str(os.getpid())),
        ],
        stdin=subprocess.DEVNULL,
        stdout=sys.__stderr__.fileno() if sys.__stderr__ else subprocess.DEVNULL,
        pass_fds=(link.fileno(), board.fd),
        start_new_session=True,
    )


class _Nobody:
    def on_frame(self, worker: WorkerProcess, kind: Kind, body: bytes) -> None:
        """Not heard."""

    def on_exit(self, worker: WorkerProcess) -> None:
        """Not heard."""


_NOBODY: Owner = _Nobody()
