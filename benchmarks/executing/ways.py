"""Ways to run a program: a lane with every layer on, and its peers. Each is called with a program and its output."""

import importlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from gradewire_services.execution import Engine, Limits, Program, StdinCase, StdinTests

TRIVIAL = "a, b = map(int, input().split())\nprint(a + b + {n})\n"
NUMPY = "import numpy as np\na, b = map(int, input().split())\nprint(int(np.array([a, b, {n}]).sum()))\n"
BWRAP = (
    *("bwrap", "--unshare-all", "--die-with-parent", "--clearenv"),
    *("--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"),
)
Way = Callable[[str, str], None]


def lane(engine: Engine) -> Way:
    """Every layer on."""

    def once(code: str, expected: str) -> None:
        tests = StdinTests((StdinCase("3 4", expected),))
        found = engine.run(Program("python", code), tests, Limits(time_s=5))
        assert found.verdict.value == "accepted", found

    return once


def started(prefix: Sequence[str], path: str | None) -> Way:
    """A new interpreter a program."""

    def once(code: str, expected: str) -> None:
        code = code if path is None else f"import sys; sys.path.append({path!r})\n{code}"
        command = [*prefix, os.path.realpath(sys.executable), "-I", "-S", "-c", code]
        ran = subprocess.run(command, input="3 4", capture_output=True, text=True, check=True)
        assert ran.stdout.strip() == expected

    return once


def fork_server(warm: Sequence[str]) -> Way:
    """A warm interpreter in a process of its own that forks for each program: no isolation, no limits."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        ours.close()
        for name in warm:
            importlib.import_module(name)
        while True:
            code, fds, _, _ = socket.recv_fds(theirs, 1 << 16, 2)
            if not code:
                os._exit(0)
            pid = os.fork()
            if pid == 0:
                os.dup2(fds[0], 0)
                os.dup2(fds[1], 1)
                sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
                exec(compile(code, "main.py", "exec"), {"__name__": "__main__"})
                sys.stdout.flush()
                os._exit(0)
            for fd in fds:
                os.close(fd)
            theirs.send(str(os.waitpid(pid, 0)[1]).encode())
    theirs.close()

    def once(code: str, expected: str) -> None:
        given_r, given_w = os.pipe()
        said_r, said_w = os.pipe()
        os.write(given_w, b"3 4")
        os.close(given_w)
        socket.send_fds(ours, [code.encode()], [given_r, said_w])
        os.close(given_r)
        os.close(said_w)
        assert ours.recv(100) == b"0"
        assert os.read(said_r, 100).decode().strip() == expected
        os.close(said_r)

    return once


def rate(way: Way, template: str, seconds: float, first: int) -> tuple[float, list[float]]:
    """Jobs a second over `seconds`, and each job's time in seconds."""
    times: list[float] = []
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        n = first + len(times)
        before = time.perf_counter()
        way(template.format(n=n), str(7 + n))
        times.append(time.perf_counter() - before)
    return len(times) / (time.perf_counter() - start), times
