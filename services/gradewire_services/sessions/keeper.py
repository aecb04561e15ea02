"""The sessions that are open: who may open one, who is idle for too long, what is remembered of those that ended.

Its methods are called from many threads, one a call. A session is used by one of them at a time: who has set `busy`.
"""

import contextlib
import logging
import os
import secrets
import select
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from gradewire.v1 import session_pb2
from gradewire_services.errors import BadRequest, GradewireError, Missing, Unavailable
from gradewire_services.execution import ExecutionError, InvalidRequest, SandboxFailed
from gradewire_services.execution.cells import CellResult, SessionEnd, SessionLimits, check_code
from gradewire_services.execution.session import Session
from gradewire_services.sessions import messages
from gradewire_services.sessions.errors import SessionBroken, SessionBusy, SessionEnded, SessionLost, SessionsFull
from gradewire_services.sessions.lanes import PROFILE, SessionLanes

log = logging.getLogger(__name__)

_REMEMBERED = 4096
_RETRY_S = 1.0
LOST = "LOST"


@dataclass(frozen=True, slots=True)
class Room:
    """How many sessions at a time, how much memory their limits may make together (MiB), how long one may live."""

    max_open: int
    max_memory_mib: int
    max_lifetime_s: float

    def default_limits(self) -> SessionLimits:
        """Of a session that asks for nothing."""
        usual = SessionLimits()
        lifetime = min(usual.lifetime_s, self.max_lifetime_s)
        memory = min(usual.memory_mb, self.max_memory_mib)
        return replace(usual, lifetime_s=lifetime, idle_s=min(usual.idle_s, lifetime), memory_mb=memory)

    def max_limits(self) -> SessionLimits:
        """The most that a session may ask for."""
        longest = self.max_lifetime_s
        return SessionLimits(
            idle_s=longest,
            lifetime_s=longest,
            time_s=7 * 86400,
            memory_mb=min(65536, self.max_memory_mib),
            processes=512,
            disk_mb=4096,
        )


@dataclass(slots=True, eq=False)
class _Entry:
    """An open session. giving_back: what to do with its lane when it has ended in good order."""

    id: str
    session: Session
    giving_back: Callable[[], None]
    busy: bool = True
    used_at: float = field(default_factory=time.monotonic)
    gone: threading.Event = field(default_factory=threading.Event)

    @property
    def idle_until(self) -> float:
        return self.used_at + self.session.limits.idle_s


class Keeper:
    """See the module."""

    def __init__(self, lanes: SessionLanes, room: Room) -> None:
        self._lanes, self._room = lanes, room
        self._incarnation = secrets.token_hex(4)
        self._lock = threading.Lock()
        self._open: dict[str, _Entry] = {}
        self._opening = 0
        self._memory = 0
        self._opened = self._refused = 0
        self._ended: Counter[str] = Counter()
        self._tombs: OrderedDict[str, str] = OrderedDict()
        self._closing = False
        self._changed, self._change = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        threading.Thread(target=self._watch, name="gradewire-sessions", daemon=True).start()

    def open(self, request: session_pb2.OpenRequest) -> session_pb2.OpenResponse:
        """Open a session. Raises GradewireError."""
        level, isolation = messages.min_isolation(request.min_isolation), self._lanes.isolation
        if level is not None and not isolation.at_least(level):
            missing = ", ".join(isolation.missing)
            what = f"level {level} is asked for; this machine reaches {isolation.level}, without {missing}"
            raise Missing(what, reason="ISOLATION_UNAVAILABLE")
        limits = self._limits(request.limits)
        files = messages.files(request, limits.disk_mb)
        self._admit(limits.memory_mb)
        try:
            entry = self._begin(limits, files)
        except BaseException:
            with self._lock:
                self._opening -= 1
                self._memory -= limits.memory_mb
            raise
        with self._lock:
            self._opening -= 1
            self._opened += 1
            self._open[entry.id] = entry
        if self._closing:
            entry.session.stop(SessionEnd.CLOSED)
        self._free(entry)
        return session_pb2.OpenResponse(
            session_id=entry.id,
            isolation=messages.isolation_level(isolation),
            missing_layers=isolation.missing,
            limits=messages.limits_message(limits),
        )

    def run(
        self, request: session_pb2.RunRequest, deadline: float | None, cancel: threading.Event
    ) -> session_pb2.RunResponse:
        """Run a cell. Raises GradewireError."""
        try:
            code = check_code(request.code)
        except InvalidRequest as error:
            raise BadRequest.at((error.field, error.problem)) from None
        names = messages.fetched_names(request)
        entry = self._take(request.session_id)
        try:
            limits = messages.cell_limits(request.limits, entry.session.limits.cell)
            result: CellResult | None = None
            if not entry.session.over():
                result = entry.session.run(code, limits, fetch=names, deadline=deadline, cancel=cancel)
        except SandboxFailed as error:
            self._lose(entry, error)
            raise SessionBroken(f"the session is lost: {error}. Open another") from error
        except BaseException:
            self._free(entry)
            raise
        if entry.session.ended is None:
            self._free(entry)
        else:
            self._bury(entry)
        if result is None:
            raise self._unknown(entry.id)
        return messages.run_response(result)

    def wake(self, session_id: str) -> None:
        """Let the session's running cell look at its `cancel`."""
        with self._lock:
            entry = self._open.get(session_id)
        if entry is not None:
            entry.session.wake()

    def close(self, request: session_pb2.CloseRequest) -> session_pb2.CloseResponse:
        """Close a session. Raises SessionLost, SessionBroken."""
        with self._lock:
            entry = self._open.get(request.session_id)
            running = entry is not None and entry.busy
            if entry is not None:
                entry.session.stop(SessionEnd.CLOSED)
                entry.busy = True
        if entry is not None and running:
            entry.gone.wait()  # who uses it ends it
        elif entry is not None:
            self._bury(entry)
        error = self._unknown(request.session_id)
        if not isinstance(error, SessionEnded):
            raise error
        why = SessionEnd(error.metadata["why"].lower())
        return session_pb2.CloseResponse(ended=messages.end_message(why))

    def describe(self) -> session_pb2.DescribeSessionsResponse:
        """How full it is."""
        with self._lock:
            return session_pb2.DescribeSessionsResponse(
                open=len(self._open) + self._opening,
                max_open=self._room.max_open,
                memory_mib=self._memory,
                max_memory_mib=self._room.max_memory_mib,
                default_limits=messages.limits_message(self._room.default_limits()),
                max_limits=messages.limits_message(self._room.max_limits()),
                opened=self._opened,
                refused=self._refused,
                ended=self._ended,
            )

    def shut(self) -> None:
        """End all sessions and all lanes."""
        self._closing = True
        with self._lock:
            entries = list(self._open.values())
            idle = [entry for entry in entries if not entry.busy]
            for entry in entries:
                entry.session.stop(SessionEnd.CLOSED)
            for entry in idle:
                entry.busy = True
        self._lanes.close()
        threads = [threading.Thread(target=self._bury, args=(entry,)) for entry in idle]
        for thread in threads:
            thread.start()
        for entry in entries:
            entry.gone.wait()

    # Its parts.

    def _limits(self, asked: session_pb2.SessionLimits) -> SessionLimits:
        limits, most = messages.session_limits(asked, self._room.default_limits()), self._room.max_limits()
        wire = messages.limits_message
        for name in ("idle_timeout", "lifetime", "cpu_time", "memory_mib"):
            got, allowed = getattr(wire(limits), name), getattr(wire(most), name)
            over = got > allowed if isinstance(got, int) else got.ToNanoseconds() > allowed.ToNanoseconds()
            if over:
                said = allowed if isinstance(allowed, int) else f"{allowed.ToNanoseconds() / 1e9:g} s"
                raise BadRequest.at((f"limits.{name}", f"is more than the {said} that this service allows"))
        return limits

    def _admit(self, memory_mb: int) -> None:
        with self._lock:
            if self._closing:
                raise Unavailable("the service is shutting down; ask another", reason="DRAINING", retry_after_s=1.0)
            open_now, room = len(self._open) + self._opening, self._room
            if open_now >= room.max_open or self._memory + memory_mb > room.max_memory_mib:
                self._refused += 1
                what = (
                    f"{open_now} sessions of {room.max_open} are open, with {self._memory} MiB of "
                    f"{room.max_memory_mib}; close some, or come back"
                )
                raise SessionsFull(what, retry_after_s=_RETRY_S)
            self._opening += 1
            self._memory += memory_mb

    def _begin(self, limits: SessionLimits, files: list[tuple[str, bytes]]) -> _Entry:
        try:
            lane = self._lanes.take()
            session = Session(lane, PROFILE, limits, files, messages.MOST_FILE_BYTES)
        except InvalidRequest as error:
            self._lanes.give(lane)
            raise BadRequest.at((error.field, error.problem)) from None
        except ExecutionError as error:
            log.warning("a session did not start: %s", error)
            raise Unavailable(
                f"no box could be had: {error}", reason="SANDBOX_FAILED", retry_after_s=_RETRY_S
            ) from error
        session_id = f"{self._incarnation}.{lane.pid}.{secrets.token_urlsafe(18)}"
        return _Entry(session_id, session, lambda: self._lanes.give(lane))

    def _take(self, session_id: str) -> _Entry:
        with self._lock:
            entry = self._open.get(session_id)
            if entry is not None and entry.busy:
                raise SessionBusy("a cell of this session runs; wait for its result, or close the session")
            if entry is not None:
                entry.busy = True
                return entry
        raise self._unknown(session_id)

    def _unknown(self, session_id: str) -> GradewireError:
        """Why a session is not open."""
        with self._lock:
            why = self._tombs.get(session_id)
        if why is None:
            return SessionLost("no such session here: it, or the process that kept it, is gone; open another")
        if why == LOST:
            return SessionBroken("the session was lost with its box; open another")
        words = why.lower().replace("_", " ")
        return SessionEnded(f"the session has ended: {words}; open another", metadata={"why": why})

    def _free(self, entry: _Entry) -> None:
        """Others may use a session again; unless somebody has asked for its end meanwhile."""
        with self._lock:
            entry.used_at = time.monotonic()
            entry.busy = stopping = entry.session.stopping
        if stopping:
            self._bury(entry)
        else:
            self._tell()

    def _bury(self, entry: _Entry) -> None:
        """End a session that is ours to use."""
        try:
            entry.session.finish()
        except SandboxFailed as error:
            self._lose(entry, error)
            return
        ended = entry.session.ended or SessionEnd.CLOSED
        entry.giving_back()
        self._forget(entry, ended.value.upper())

    def _lose(self, entry: _Entry, error: SandboxFailed) -> None:
        log.warning("a session is lost: %s", error)
        entry.session.abandon()
        self._forget(entry, LOST)

    def _forget(self, entry: _Entry, why: str) -> None:
        with self._lock:
            self._open.pop(entry.id, None)
            self._memory -= entry.session.limits.memory_mb
            self._ended[why] += 1
            self._tombs[entry.id] = why
            if len(self._tombs) > _REMEMBERED:
                self._tombs.popitem(last=False)
        entry.gone.set()
        self._tell()

    # Sessions that end while nobody asks.

    def _tell(self) -> None:
        with contextlib.suppress(BlockingIOError):  # it has been told often enough
            os.write(self._change, b"c")

    def _watch(self) -> None:
        while True:
            with self._lock:
                idle = {entry.session.control.fileno(): entry for entry in self._open.values() if not entry.busy}
            poll = select.poll()
            for fd in (self._changed, *idle):
                poll.register(fd, select.POLLIN)
            first = min((entry.idle_until for entry in idle.values()), default=None)
            timeout = None if first is None else max(0.0, first - time.monotonic()) * 1000 + 1
            ready = {fd for fd, _ in poll.poll(timeout)}
            if self._changed in ready:
                os.read(self._changed, 4096)
            now = time.monotonic()
            for fd, entry in idle.items():
                if fd in ready or entry.idle_until <= now:
                    self._end_idle(entry, now)

    def _end_idle(self, entry: _Entry, now: float) -> None:
        with self._lock:
            if entry.busy or entry.id not in self._open:
                return
            entry.busy = True
        try:
            over = entry.session.over()
        except SandboxFailed as error:
            self._lose(entry, error)
            return
        if not over and entry.idle_until <= now:
            entry.session.stop(SessionEnd.IDLE_TIMEOUT)
            over = True
        if over:
            self._bury(entry)
        else:
            with self._lock:
                entry.busy = stopping = entry.session.stopping
            if stopping:
                self._bury(entry)
