"""A network that parts client and server, and heals: noticed in time, routed round, and nothing lost or twice."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from gradewire_trainer.client import RewardClient

_NOTICED_S = 5.0
"""How long a partition may go unnoticed; without ping_timeout_ms it was 16.8 s."""


class Network:
    """A network namespace and a cable to it, which can be cut."""

    def __init__(self) -> None:
        self.name = f"gw{os.getpid() % 100_000}"
        self._here, there = f"{self.name}a", f"{self.name}b"
        subnet = f"10.213.{os.getpid() % 250}"
        self.host = f"{subnet}.2"
        self.inside = ("ip", "netns", "exec", self.name)
        self._ip("netns", "add", self.name)
        try:
            self._ip("link", "add", self._here, "type", "veth", "peer", "name", there)
            self._ip("link", "set", there, "netns", self.name)
            self._ip("addr", "add", f"{subnet}.1/30", "dev", self._here)
            for words in (("addr", "add", f"{self.host}/30", "dev", there), ("link", "set", there, "up")):
                self._ip("-n", self.name, *words)
            self._ip("-n", self.name, "link", "set", "lo", "up")
            self.heal()
        except subprocess.CalledProcessError:
            self.end()
            raise

    def cut(self) -> None:
        self._ip("link", "set", self._here, "down")

    def heal(self) -> None:
        self._ip("link", "set", self._here, "up")

    def end(self) -> None:
        subprocess.run(["ip", "link", "del", self._here], check=False, capture_output=True)
        self._ip("netns", "del", self.name)

    @staticmethod
    def _ip(*words: str) -> None:
        subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def network() -> Iterator[Network]:
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("a network to cut needs Linux, root, and iproute2")
    try:
        made = Network()
    except subprocess.CalledProcessError as error:
        if "not permitted" not in error.stderr.decode():
            raise
        pytest.skip(f"no network namespace may be made here: {error.stderr.decode().strip()}")
    yield made
    made.end()


def test_the_only_server_is_cut_off_and_back_again(faults: Any, network: Network) -> None:
    server = faults.server(host=network.host, inside=network.inside)
    asked = faults.groups(60, 8, seed=11)
    noticed: list[float] = []

    def cut_until_noticed(client: RewardClient) -> None:
        began, before = time.monotonic(), client.counts.resent
        network.cut()
        while client.counts.resent == before and time.monotonic() - began < 2 * _NOTICED_S:
            threading.Event().wait(0.02)
        noticed.append(time.monotonic() - began)
        network.heal()

    with RewardClient(faults.spec(), server.address, deadline_s=20) as client:
        cutter = threading.Thread(target=cut_until_noticed, args=(client,))
        got = client.grade(asked, on_progress=faults.after(100, cutter.start))
        cutter.join()
        faults.check(asked, got, client)
    assert noticed[0] < _NOTICED_S


def test_the_other_server_goes_on_while_one_is_cut_off(faults: Any, network: Network) -> None:
    near, far = faults.server(), faults.server(host=network.host, inside=network.inside)
    asked = faults.groups(100, 8, seed=12)
    with RewardClient(faults.spec(), f"ipv4:{near.address},{far.address}", deadline_s=20) as client:
        began = time.monotonic()
        got = client.grade(asked, on_progress=faults.after(150, network.cut))
        took = time.monotonic() - began
        faults.check(asked, got, client)
        assert client.counts.resent > 0
    assert took < _NOTICED_S + 10
    network.heal()
