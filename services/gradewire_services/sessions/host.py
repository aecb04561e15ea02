"""The process that keeps the sessions: a thread for each call under way, all over one link to the front.

Started by the front as `python -m gradewire_services.sessions.host`. When the link closes, or this process is killed,
every session ends: its lane lives no longer than its socket.
"""

import argparse
import json
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BufferedReader
from typing import Any

from google.protobuf.message import Message

from gradewire.v1 import session_pb2
from gradewire_services.errors import StartError, to_status
from gradewire_services.execution import ExecutionError
from gradewire_services.logs import log_json
from gradewire_services.sessions import link
from gradewire_services.sessions.keeper import Keeper, Room
from gradewire_services.sessions.lanes import SessionLanes
from gradewire_services.sessions.link import Kind
from gradewire_services.worker import die_with

log = logging.getLogger(__name__)

_MIB = 1 << 20


class Host:
    """Reads calls, answers them in any order."""

    def __init__(self, sock: socket.socket, keeper: Keeper, threads: int) -> None:
        self._socket, self._keeper = sock, keeper
        self._sending = threading.Lock()
        self._cancels: dict[int, tuple[threading.Event, str]] = {}
        self._pool = ThreadPoolExecutor(threads, "gradewire-session")

    def serve(self, stream: BufferedReader) -> None:
        """Until the front hangs up; then end all sessions."""
        while len(data := stream.read(link.HEAD_BYTES)) == link.HEAD_BYTES:
            head = link.read_head(data)
            body = stream.read(head.length)
            if head.kind is Kind.CANCEL:
                cancel, session_id = self._cancels.get(head.call, (None, ""))
                if cancel is not None:
                    cancel.set()
                    self._keeper.wake(session_id)
                continue
            request = _REQUESTS[head.kind].FromString(body)
            cancel = threading.Event()
            self._cancels[head.call] = cancel, getattr(request, "session_id", "")
            deadline = time.monotonic() + head.timeout_ns / 1e9 if head.timeout_ns else None
            self._pool.submit(self._answer, head, self._call(head.kind, request, deadline, cancel))
        self._keeper.shut()

    def _call(self, kind: Kind, request: Any, deadline: float | None, cancel: threading.Event) -> Callable[[], Message]:
        if kind is Kind.OPEN:
            return lambda: self._keeper.open(request)
        if kind is Kind.RUN:
            return lambda: self._keeper.run(request, deadline, cancel)
        if kind is Kind.CLOSE:
            return lambda: self._keeper.close(request)
        return self._keeper.describe

    def _answer(self, head: link.Head, call: Callable[[], Message]) -> None:
        try:
            frame = link.pack(head.call, Kind.DONE, call().SerializeToString())
        except Exception as error:  # noqa: BLE001 - typed by to_status, and logged there when it is not of the tree
            frame = link.pack(head.call, Kind.ERROR, to_status(error).SerializeToString())
        self._cancels.pop(head.call, None)
        with self._sending:
            try:
                self._socket.sendall(frame)
            except OSError as error:
                log.info("nobody hears an answer any more: %s", error)


_REQUESTS: dict[Kind, type[Message]] = {
    Kind.OPEN: session_pb2.OpenRequest,
    Kind.RUN: session_pb2.RunRequest,
    Kind.CLOSE: session_pb2.CloseRequest,
    Kind.DESCRIBE: session_pb2.DescribeSessionsRequest,
}


def room_of(settings: dict[str, Any]) -> Room:
    """The room that `execution.sessions` of the configuration says; half of the machine's memory unless it does."""
    told = settings["sessions"]
    half = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2 // _MIB
    return Room(told["max_open"], told["max_memory_mib"] or max(16, half), told["max_lifetime_s"])


def load(settings: dict[str, Any]) -> SessionLanes:
    """The lanes. Raises StartError where no box that will do can be had."""
    least = settings["min_isolation"]
    try:
        lanes = SessionLanes.open(settings["packages"])
    except ExecutionError as error:
        raise StartError(f"no session can be boxed in here: {error}") from error
    if least is not None and not lanes.isolation.at_least(least):
        missing = ", ".join(lanes.isolation.missing)
        raise StartError(
            f"min_isolation is {least}, and this machine reaches {lanes.isolation.level}, without {missing}"
        )
    return lanes


def main() -> int:
    """Keep sessions. Exit code 0: the front hung up; 2: there can be none here."""
    parser = argparse.ArgumentParser(description="Keeps Gradewire's sessions; started by a Gradewire server.")
    for name in ("--link", "--parent"):
        parser.add_argument(name, type=int, required=True)
    options = parser.parse_args()
    die_with(options.parent)
    log_json()
    os.set_inheritable(options.link, False)
    sock = socket.socket(fileno=options.link)
    stream = sock.makefile("rb")
    data = stream.read(link.HEAD_BYTES)
    if len(data) < link.HEAD_BYTES:
        return 0
    settings = json.loads(stream.read(link.read_head(data).length))
    try:
        lanes, room = load(settings), room_of(settings)
    except StartError as error:
        sock.sendall(link.pack(0, Kind.FAILED, to_status(error).SerializeToString()))
        return 2
    sock.sendall(link.pack(0, Kind.READY))
    # Each open session can have a cell that runs and a call that closes it; others are answered at once.
    Host(sock, Keeper(lanes, room), 2 * room.max_open + 8).serve(stream)
    return 0


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # threads that wait for cells have no say in when it ends
