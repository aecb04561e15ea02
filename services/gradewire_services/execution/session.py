"""A session from outside: cells go in, what they print and say comes out, and whatever goes on too long is ended.

One thread runs a session's cells; `wake` and `stop` may come from others. How a cell ended is decided here and by
the fork-server (`box.attend`), never by the interpreter: that only tells values and exceptions.
"""

import contextlib
import io
import json
import marshal
import os
import select
import socket
import threading
import time
from collections.abc import Sequence
from typing import Any

from .box import values
from .box.wire import MARK
from .cell_ends import FLOOD, HUNG_UP, MOST_ANSWER, STOPPED, RunningCell, cell_end, session_end
from .cells import CellEnd, CellLimits, CellResult, SessionEnd, SessionLimits, json_of, read_answer
from .errors import InvalidRequest, SandboxFailed
from .lane import Job, Lane, Stream

_START_S = 20.0
_GRACE_S = 15.0  # beyond the longest that the fork-server itself lets a cell and its interruption take
_STARVED_AT_MOST = 10
_HANG_UP_S = 0.3  # after the last that can be heard of an interpreter, its end follows, or it has hung up
_MESSAGE = 1 << 16


class Session:
    """A running interpreter, alone in `lane`, which is free again after `finish`.

    SandboxFailed, and the lane is closed, when it does not start. InvalidRequest: its files cannot be written.
    """

    def __init__(
        self,
        lane: Lane,
        profile: str,
        limits: SessionLimits,
        files: Sequence[tuple[str, bytes]] = (),
        fetch_most: int = 0,
    ):
        self.limits = limits
        self.ended: SessionEnd | None = None
        self.message = ""
        """Why it ended, in a sentence."""

        self._lane, self._fetch_most = lane, fetch_most
        self._cells = 0
        self._peak = 0
        self._stop_for: SessionEnd | None = None
        self._waking = threading.Lock()
        self._wake, self._waker = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        requests, answers = os.pipe2(os.O_CLOEXEC), os.pipe2(os.O_CLOEXEC)
        self._requests, self._answers = requests[1], answers[0]
        for fd in (self._requests, self._answers):
            os.set_blocking(fd, False)
        theirs = (io.FileIO(requests[0], "r"), io.FileIO(answers[1], "w"))
        job = Job(
            profile,
            limits.order(),
            b"",
            arguments=values.encode([[name, content] for name, content in files], 1 << 30),
            pipes=theirs,
        )
        try:
            self._running = lane.begin(job)
        except BaseException:
            for fd in (self._requests, self._answers, self._wake, self._waker):
                os.close(fd)
            raise
        try:
            self._await_start()
        except InvalidRequest:
            self.finish()
            raise
        except BaseException:
            self.abandon()
            raise

    def _await_start(self) -> None:
        report, until = self._running.streams[2], time.monotonic() + _START_S
        while report.data != b"RS" and select.select([report.fd], [], [], max(0.0, until - time.monotonic()))[0]:
            if not report.drain():
                break
        stage, said = bytes(report.data[:2]), report.data[2:].decode("utf-8", "replace")
        if stage == b"RC":
            raise InvalidRequest("files", f"cannot be written: {said}")
        if stage != b"RS":
            errors = self._running.streams[1]
            errors.drain()
            words = report.data[1:] or bytes(errors.data).strip().rpartition(b"\n")[2] or b"it said nothing"
            raise SandboxFailed(f"the session's interpreter did not start: {words.decode('utf-8', 'replace')}")

    @property
    def control(self) -> socket.socket:
        """The way to the fork-server."""
        return self._running.control

    def run(
        self,
        code: str,
        limits: CellLimits | None = None,
        *,
        fetch: Sequence[str] = (),
        deadline: float | None = None,
        cancel: threading.Event | None = None,
    ) -> CellResult:
        """Run a cell to its end.

        deadline: on the monotonic clock; the cell is interrupted there, or when `cancel` is set and `wake` called.
        fetch: names of files to bring back. SandboxFailed: the session and its lane are lost. Not after its end.
        """
        if self.ended is not None:
            raise ValueError("the session has ended")
        limits = limits or self.limits.cell
        self._cells += 1
        request = values.encode([self._cells, code], 1 << 30)
        out, err, _ = self._running.streams
        cell = RunningCell(
            number=self._cells,
            limits=limits,
            out=Stream(out.fd, limits.output_bytes),
            err=Stream(err.fd, limits.output_bytes),
            unsent=memoryview(MARK + len(request).to_bytes(4, "little") + request),
            answer=bytearray(),
            cancel=cancel or threading.Event(),
            last=time.monotonic() + _STARVED_AT_MOST * (limits.wall + 3) + _GRACE_S,
        )
        self._tell(arm={"cpu_s": limits.time_s, "wall_s": limits.wall})
        try:
            answer = self._attend(cell, deadline)
            used = self._rest(cell, answer)
            files = self._fetched(fetch) if fetch and self.ended is None else {}
        except OSError as error:
            raise SandboxFailed(f"the session could not be served: {error}") from error
        return self._result(cell, answer, used, files)

    @property
    def stopping(self) -> bool:
        """Whether somebody has asked for its end."""
        return self._stop_for is not None

    def over(self) -> bool:
        """Whether it has ended, or ended by itself since anybody looked. Not while a cell runs. SandboxFailed."""
        while self.ended is None and select.select([self.control], [], [], 0)[0]:
            self._hear(None)
        return self.ended is not None

    def wake(self) -> None:
        """Let a running cell look whether it is cancelled. From any thread."""
        with self._waking, contextlib.suppress(OSError):  # it has been woken often enough, or is over
            os.write(self._waker, b"w")

    def stop(self, why: SessionEnd) -> None:
        """Ask the session to end; a running cell ends at once. From any thread. `finish` must follow."""
        self._stop_for = self._stop_for or why
        self.wake()

    def finish(self) -> None:
        """Without a cell running: end the interpreter, if need be. The lane is free then. SandboxFailed: it is not."""
        try:
            if self.ended is None:
                self._running.kill(STOPPED)
                until = time.monotonic() + _GRACE_S
                while self.ended is None:
                    if not select.select([self.control], [], [], max(0.0, until - time.monotonic()))[0]:
                        raise SandboxFailed("the session did not end")
                    self._hear(None)
        finally:
            self._close()

    def abandon(self) -> None:
        """After SandboxFailed: end the lane, and with it the session."""
        self._lane.close(kill=True)
        self._close()

    def _close(self) -> None:
        with self._waking:  # else a byte could go to whatever has the number next
            for fd in (self._requests, self._answers, self._wake, self._waker):
                with contextlib.suppress(OSError):
                    os.close(fd)
            self._requests = self._answers = self._wake = self._waker = -1
        self._running.close()
        self._running.streams = []

    def _tell(self, **message: Any) -> None:
        try:
            self.control.send(marshal.dumps({"id": self._running.number, **message}))
        except OSError as error:
            raise SandboxFailed(f"the fork-server is gone: {error}") from None

    # While a cell runs.

    def _attend(self, cell: RunningCell, deadline: float | None) -> bytes | None:
        """Serve the cell until its answer (returned) or the session's end (None)."""
        poll = select.poll()
        for fd in (self.control.fileno(), cell.out.fd, cell.err.fd, self._answers, self._wake):
            poll.register(fd, select.POLLIN)
        poll.register(self._requests, select.POLLOUT)
        self._look(cell)
        while True:
            now = time.monotonic()
            if now > cell.last:
                raise SandboxFailed("a cell outlived every limit of the lane")
            if deadline is not None and now >= deadline:
                self._cancel(cell)
                deadline = None
            if cell.silent is not None and now >= cell.silent:
                self._kill(HUNG_UP)
                cell.silent = None
            until = min(at for at in (cell.last, deadline, cell.silent) if at is not None)
            for fd, _ in poll.poll(max(0.0, until - now) * 1000 + 1):
                if fd == self.control.fileno():
                    self._hear(cell)
                elif fd == self._wake:
                    os.read(self._wake, 64)
                    self._look(cell)
                elif fd == self._requests:
                    if not self._send(cell):
                        poll.unregister(fd)
                elif fd == self._answers:
                    if not self._read(cell):
                        poll.unregister(fd)
                        cell.silent = time.monotonic() + _HANG_UP_S
                elif not (cell.out if fd == cell.out.fd else cell.err).drain():
                    poll.unregister(fd)
            if self.ended is not None:
                return None
            if cell.over is None and max(cell.out.total, cell.err.total) > FLOOD:
                cell.over = "output"
                self._tell(interrupt=True)
            if (answer := cell.full()) is not None:
                return answer

    def _hear(self, cell: RunningCell | None) -> dict[str, Any]:
        """One message of the fork-server's."""
        data, fds, _, _ = socket.recv_fds(self.control, _MESSAGE, 64)
        message: dict[str, Any] = json.loads(data) if data else {}
        if "files" in message and "status" not in message:
            message["fds"] = fds
        elif fds:
            for fd in fds:
                os.close(fd)
        if message.get("id") != self._running.number:
            raise SandboxFailed("the fork-server answered out of turn" if data else "the fork-server ended")
        if "status" in message:
            self._running.end = message
            end = self._running.result()
            self._peak = max(self._peak, end.peak_bytes)
            self.ended, self.message = session_end(end, self.limits, self._stop_for or SessionEnd.CLOSED)
        elif "over" in message and cell is not None:
            cell.over = cell.over or message["over"]
        return message

    def _look(self, cell: RunningCell) -> None:
        """Do what others have asked for."""
        if self._stop_for is not None:
            self._kill(STOPPED)
        elif cell.cancel.is_set() and not cell.cancelled:
            self._cancel(cell)

    def _cancel(self, cell: RunningCell) -> None:
        cell.cancelled = True
        self._tell(interrupt=True)

    def _kill(self, why: str) -> None:
        self._running.kill(why)

    def _send(self, cell: RunningCell) -> bool:
        """Send more of the cell. False: there is no more, or nobody takes it."""
        try:
            cell.unsent = cell.unsent[os.write(self._requests, cell.unsent) :]
        except BlockingIOError:
            return True
        except BrokenPipeError:  # its process has ended, or has closed its end: the answer's pipe shows
            return False
        return len(cell.unsent) > 0

    def _read(self, cell: RunningCell) -> bool:
        """Read more of the answer. False: there will be none."""
        try:
            piece = os.read(self._answers, 1 << 16)
        except BlockingIOError:
            return True
        cell.answer += piece
        return bool(piece) and cell.promised() <= MOST_ANSWER

    # After it.

    def _rest(self, cell: RunningCell, answer: bytes | None) -> dict[str, int]:
        """Take what it has printed, and disarm its limits; what it used."""
        if self.ended is None:
            self._tell(rest=True)
            while self.ended is None:
                message = self._hear(cell)
                if "used" in message:
                    used: dict[str, int] = message["used"]
                    self._peak = max(self._peak, used["peak_bytes"])
                    cell.out.drain()  # one read takes all that a pipe holds
                    cell.err.drain()
                    return used
        if answer is None or self.ended is not None:
            cell.out.rest()
            cell.err.rest()
        return {}

    def _fetched(self, names: Sequence[str]) -> dict[str, bytes]:
        self._tell(fetch=list(names))
        while True:
            message = self._hear(None)
            if self.ended is not None:
                return {}
            if "files" in message:
                break
        found, room = {}, self._fetch_most
        for name, fd in zip(message["files"], message["fds"], strict=True):
            with io.FileIO(fd) as file:
                content = file.read(room + 1) or b""
            if len(content) <= room:
                room -= len(content)
                found[name] = content
        return found

    def _result(
        self, cell: RunningCell, answer: bytes | None, used: dict[str, int], files: dict[str, bytes]
    ) -> CellResult:
        said = None if answer is None else read_answer(answer, cell.number)
        if answer is not None and said is None and self.ended is None:
            self._stop_for = SessionEnd.EXITED
            self.finish()
            self.message = "the interpreter answered nonsense"
        end, message = cell_end(cell, self.ended, self.message)
        if said is not None and said.raised and end is CellEnd.COMPLETED:
            end = CellEnd.RAISED
        result = CellResult(
            end=end,
            number=cell.number,
            stdout=bytes(cell.out.data),
            stdout_clipped=cell.out.total > len(cell.out.data),
            stderr=bytes(cell.err.data),
            stderr_clipped=cell.err.total > len(cell.err.data),
            files=files,
            ended=self.ended,
            cpu_us=used.get("cpu_us", 0),
            wall_us=used.get("wall_us", 0),
            peak_bytes=self._peak,
            message=message,
        )
        if said is not None:
            result.value, result.value_clipped, result.value_json = said.value, said.clipped, json_of(said.data)
            result.error_type, result.error_message = said.error_type, said.error_message
            result.traceback = said.traceback
        return result
