"""`make demo`: three services as processes of their own, a file graded through them, a record and a picture to look at.

The services listen on free localhost ports, so that the demo never meets services that already run, and are
stopped at the end, also after Ctrl-C. A service that cannot run here is named; the others do their part.
"""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "runs" / "demo"
GRADEWIRE = Path(sys.executable).parent / "gradewire"
START_S = 60.0
STOP_S = 10.0
SERVING = re.compile(r"SERVING on (\S+?):?(?:\s|$)")


@dataclass
class Service:
    """A service in a process of its own."""

    name: str
    process: subprocess.Popen[str]
    target: str = ""
    said: str = ""

    def await_serving(self) -> None:
        """Read what it prints until it serves. `target` stays empty if it ends instead, or takes over START_S."""
        assert self.process.stdout is not None
        too_long = threading.Timer(START_S, self.process.kill)
        too_long.start()
        for line in self.process.stdout:
            self.said = line.strip()
            if found := SERVING.search(line):
                self.target = found.group(1)
                break
        too_long.cancel()
        # What it prints from now on is not ours to read, but a full pipe would stop it.
        threading.Thread(target=shutil.copyfileobj, args=(self.process.stdout, sys.stderr), daemon=True).start()

    def stop(self) -> None:
        """Drain, then kill what does not end."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(name: str, *arguments: str) -> Service:
    log = (OUT / f"{name}.log").open("w")
    command = [str(GRADEWIRE), "serve", name, "--listen", "127.0.0.1:0", *arguments]
    return Service(name, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True))


def judge_arguments() -> list[str]:
    """A model for the judge: one of random weights, made here, because the project ships none."""
    if importlib.util.find_spec("torch") is None or importlib.util.find_spec("transformers") is None:
        print("judging: torch is not installed, so no judge model; empty and degenerate responses are decided by rule,")
        print("         the others are errors and get no reward. `make torch` says what can be done.")
        return ["--card", "equivalence"]
    model = OUT / "judge-model"
    command = [sys.executable, "-m", "gradewire_judges.fixture", "--out", str(model), "--name", "equivalence"]
    subprocess.run(command, check=True)
    print("judging: a test model of random weights stands in for a judge, to show the path; its scores mean nothing.")
    return ["--card", str(model / "card.yaml")]


def main() -> int:
    began = time.monotonic()
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    services = [start("extraction"), start("execution"), start("judging", *judge_arguments())]
    try:
        for service in services:
            service.await_serving()
            print(service.said or f"{service.name} ended without a word", flush=True)
            if not service.target:
                print(f"  It does not serve; see {OUT / service.name}.log. Its prompts will be errors, not zeros.")
        targets = ",".join(service.target for service in services if service.target)
        command: list[str | Path] = [
            GRADEWIRE,
            "grade",
            "--reward",
            HERE / "reward.yaml",
            HERE / "rows.jsonl",
            "--out",
            OUT,
        ]
        graded = subprocess.run(command, env=os.environ | {"GRADEWIRE_TARGETS": targets}, check=False).returncode
    except KeyboardInterrupt:
        graded = 130
    finally:
        for service in services:
            service.stop()
    print(f"The services are stopped. The demo took {time.monotonic() - began:.0f} s.")
    return 0 if graded == 1 else graded  # 1: some samples have no reward, and the table says which


if __name__ == "__main__":
    raise SystemExit(main())
