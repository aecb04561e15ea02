"""The algebra helper: killed, hanging, asked from threads, daemons and forks, gone with its parent."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from gradewire_extractors import Outcome, Verdict, verify
from gradewire_extractors.compare import algebra, algebra_worker

NEEDS_ALGEBRA = ("\\boxed{\\zeta(2)}", "\\frac{\\pi^2}{6}")
HANGS = ("\\boxed{\\int_0^1 x^x e^{x^x} \\sin(x^x) dx}", "5")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the helper's fork server is for Linux")


def _ask() -> Verdict:
    return verify(*NEEDS_ALGEBRA, deadline_s=20)


def _helpers() -> list[int]:
    return [helper.process.pid for helper in list(algebra._pool.idle.queue) if isinstance(helper, algebra._Helper)]


def test_it_decides_and_says_so() -> None:
    verdict = _ask()
    assert verdict
    assert verdict.tier == "algebra"


def test_sympy_is_not_imported_here() -> None:
    code = "import sys, gradewire_extractors as g; g.equivalent('xy+1', '1+yx'); print('sympy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_killed_helper_is_replaced() -> None:
    assert _ask()
    for pid in _helpers():
        os.kill(pid, signal.SIGKILL)
    assert _ask()


def test_a_stopped_helper_costs_the_deadline_and_is_replaced() -> None:
    assert _ask()
    for pid in _helpers():
        os.kill(pid, signal.SIGSTOP)
    started = time.monotonic()
    verdict = verify(*NEEDS_ALGEBRA, deadline_s=0.5)
    assert time.monotonic() - started < 0.55
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, "deadline")
    assert _ask()


def test_a_job_that_hangs_is_killed_and_the_helper_lives() -> None:
    assert _ask()
    before = _helpers()
    verdict = verify(*HANGS, deadline_s=0.5)
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, "deadline")
    assert _ask()
    assert set(before) & set(_helpers())


def test_from_many_threads_at_once() -> None:
    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(lambda _: _ask(), range(16)))


def test_from_a_thread_that_ends() -> None:
    verdicts: list[Verdict] = []
    for _ in range(2):
        thread = threading.Thread(target=lambda: verdicts.append(_ask()))
        thread.start()
        thread.join()
    assert len(verdicts) == 2
    assert all(verdicts)


@pytest.mark.parametrize("method", ["spawn", "fork"])
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_from_a_daemon_process(method: str) -> None:
    assert _ask()
    receiver, sender = multiprocessing.Pipe(duplex=False)
    spawn, fork = multiprocessing.get_context("spawn"), multiprocessing.get_context("fork")
    start = spawn.Process if method == "spawn" else fork.Process
    process = start(target=_send_verdict, args=(sender,), daemon=True)
    process.start()
    assert receiver.poll(30)
    assert receiver.recv() == "equal"
    process.join(10)
    assert _ask()


def _send_verdict(sender: "multiprocessing.connection.Connection") -> None:
    sender.send(_ask().outcome.value)


@pytest.mark.parametrize("power", ["(x+y)^{100000}\\zeta(3)", "2^{x}\\zeta(3)^{90000}", f"\\zeta({'7' * 7000})"])
def test_what_would_be_too_much_is_not_sent(power: str) -> None:
    for _ in range(3):
        verdict = verify(f"\\boxed{{{power}}}", "\\zeta(5)", deadline_s=5)
        assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, "limits")


def test_the_helper_has_a_limit_of_memory() -> None:
    assert algebra_worker._MEMORY_BYTES < 512 << 20
    code = (
        "import os, resource, sys\n"
        "from gradewire_extractors.compare import algebra_worker as worker\n"
        "worker.decide = lambda *_, **__: str(resource.getrlimit(resource.RLIMIT_AS)[0])\n"
        'print(worker.run_job(b\'{"id": 1, "left": 0, "right": 0, "evidence": false, "seconds": 5}\')[\'outcome\'])\n'
        "worker.decide = lambda *_, **__: str(len(bytearray(1 << 30)))\n"
        'print(worker.run_job(b\'{"id": 2, "left": 0, "right": 0, "evidence": false, "seconds": 5}\')[\'outcome\'])\n'
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == [str(algebra_worker._MEMORY_BYTES), "error MemoryError"]


def test_helpers_end_with_their_parent() -> None:
    code = (
        "import os, signal, gradewire_extractors as g\n"
        "from gradewire_extractors.compare import algebra\n"
        f"assert g.verify({NEEDS_ALGEBRA[0]!r}, {NEEDS_ALGEBRA[1]!r}, deadline_s=20)\n"
        "print(algebra._pool.idle.queue[0].process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    pid = int(done.stdout)
    end = time.monotonic() + 5
    while _running(pid):
        assert time.monotonic() < end, "the helper outlived its parent"


def _running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123  # read in one go, as it may vanish
            return stat.read().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_helper_that_comes_too_late_is_the_next_callers() -> None:
    pool = algebra._Pool()
    with pytest.raises(algebra.AlgebraFailedError):
        pool._start(time.monotonic())
    next_call = pool._start(time.monotonic() + 10)  # it orders one too, and takes whichever comes first
    other = pool.idle.get(timeout=10)
    assert isinstance(other, algebra._Helper)
    assert next_call.process.pid != other.process.pid
    for helper in (next_call, other):
        assert helper.process.poll() is None
        helper.kill()
