"""`gradewire up`: the three services on this machine, each a process of its own, until Ctrl-C or until one dies.

They are told to end when this process ends, also when it is killed. A service whose engine is not installed says so
and the others run.
"""

import asyncio
import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import entry_points

import grpc

from gradewire_protos import DEFAULT_PORTS, dial
from gradewire_trainer.cli.delegates import GROUP, KNOWN
from gradewire_trainer.errors import GradewireError, MissingExtra

SERVICES = ("extraction", "execution", "judging")
STOP_S = 15.0
"""How long a service may take to end what it has begun, before it is killed."""

_CANNOT_START = 2
"""The exit code of a `serve` that was told wrong or lacks something: no crash."""

_PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Service:
    """A `gradewire serve` that we started."""

    name: str
    address: str
    process: asyncio.subprocess.Process
    serving: bool = False
    said: deque[str] = field(default_factory=lambda: deque(maxlen=5))
    """The last lines that it wrote."""


def require_serve() -> None:
    """Raises MissingExtra where nothing can be served."""
    if not any(point.name == "serve" for point in entry_points(group=GROUP)):
        raise MissingExtra("gradewire serve", KNOWN["serve"].install)


def bring_up(command: Sequence[str] = (sys.executable, "-m", "gradewire_trainer")) -> int:
    """Start, watch and stop them; `command` is what `serve NAME --listen HOST:PORT` is given to.

    Raises GradewireError, before anything is started, where one of the ports is taken.
    """
    _require_ports()
    return asyncio.run(_run(command))


def _require_ports() -> None:
    """Raises GradewireError where one is taken: what answers there would pass for the service that we start."""
    for name in SERVICES:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gRPC does: a port just left is free
            try:
                probe.bind(("127.0.0.1", DEFAULT_PORTS[name]))
            except OSError as error:
                raise GradewireError(
                    f"127.0.0.1:{DEFAULT_PORTS[name]}, the port of {name}: {error.strerror}. If another `gradewire up` "
                    "runs here, use it or stop it; `gradewire serve` takes any port by --listen HOST:PORT"
                ) from None


async def _run(command: Sequence[str]) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    # Before any channel is opened: a process that has gRPC threads must not fork.
    services = [await _start(name, command) for name in SERVICES]
    tasks = [asyncio.create_task(_watch(service)) for service in services]
    stopped = asyncio.create_task(stop.wait())
    code = 0
    try:
        waiting: set[asyncio.Task[int | bool]] = {*tasks, stopped}
        while stopped not in (ended := await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED))[0]:
            waiting -= ended[0]
            died = [task.result() for task in ended[0]]
            if any(returned != _CANNOT_START for returned in died):
                _say("the others are stopped too")
                code = 1
                break
            if waiting == {stopped}:
                print("no service can run here", file=sys.stderr)
                code = 2
                break
    finally:
        stopped.cancel()
        await _stop(services)
        await asyncio.gather(*tasks, return_exceptions=True)
    if stop.is_set():
        _say("stopped")
    return code


async def _start(name: str, command: Sequence[str]) -> Service:
    address = f"127.0.0.1:{DEFAULT_PORTS[name]}"
    libc, parent = ctypes.CDLL(None, use_errno=True), os.getpid()

    def die_with_parent() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    process = await asyncio.create_subprocess_exec(
        *command,
        "serve",
        name,
        "--listen",
        address,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        # Its own session, so that Ctrl-C reaches it once and from us, as a request to end well.
        start_new_session=True,
        preexec_fn=die_with_parent if sys.platform == "linux" else None,
    )
    return Service(name, address, process)


async def _watch(service: Service) -> int:
    """Tell when it serves and when it ends; gives its exit code."""
    reading = asyncio.create_task(_relay(service))
    asking = asyncio.create_task(_tell_when_serving(service))
    try:
        code = await service.process.wait()
    finally:
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking
    await reading
    why = f": {service.said[-1]}" if service.said else ""
    if not service.serving and code == _CANNOT_START:
        _say(f"{service.name:<11} not started{why}")
        return code
    how = f"by signal {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
    _say(f"{service.name:<11} ended {how}{why if code > 0 else ''}")
    return 1 if code == _CANNOT_START else code


async def _relay(service: Service) -> None:
    """What it writes, with its name before each line; that it is SERVING is ours to say, once its health does too."""
    assert service.process.stdout is not None
    async for raw in service.process.stdout:
        line = raw.decode(errors="replace").rstrip()
        if line:
            service.said.append(line)
        if line and " SERVING on " not in line:
            print(f"{service.name:<11} | {line}", file=sys.stderr, flush=True)


async def _tell_when_serving(service: Service) -> None:
    """Ask its health (grpc.health.v1) until it says SERVING."""
    async with dial(service.address) as channel:
        # Bytes in, bytes out: both messages are tiny, and their package is not among what a trainer needs.
        check: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes]
        check = channel.unary_unary("/grpc.health.v1.Health/Check")
        while True:
            try:
                # HealthCheckResponse{status: SERVING}, for the server as a whole (an empty request).
                if await check(b"", timeout=1.0) == b"\x08\x01":
                    break
            except grpc.aio.AioRpcError:
                pass
            await asyncio.sleep(0.1)
    service.serving = True
    _say(f"{service.name:<11} SERVING on {service.address} (pid {service.process.pid})")


async def _stop(services: Sequence[Service]) -> None:
    """End all that run: politely, then by force."""
    running = [service.process for service in services if service.process.returncode is None]
    for process in running:
        with suppress(ProcessLookupError):
            process.terminate()
    try:
        async with asyncio.timeout(STOP_S):
            await asyncio.gather(*(process.wait() for process in running))
    except TimeoutError:
        for process in running:
            with suppress(ProcessLookupError):
                process.kill()


def _say(line: str) -> None:
    print(line, flush=True)
