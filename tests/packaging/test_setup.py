"""Set-up is done once, and notices what it was made from: asked of make itself, by its what-if flag."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def planned(*changed: str) -> str:
    """What `make setup` would do if these files had just changed."""
    flags = [flag for name in changed for flag in ("-W", name)]
    done = subprocess.run(
        ["make", "--no-print-directory", "-n", *flags, "setup"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module", autouse=True)
def set_up() -> None:
    if not all((ROOT / ".venv" / stamp).exists() for stamp in (".rooms", ".stubs", ".torch", ".os")):
        pytest.skip("this tree was not set up by make, so there is no second call to look at")


def test_a_second_call_installs_nothing() -> None:
    assert "install" not in planned()


@pytest.mark.parametrize("proto", sorted(path.name for path in (ROOT / "protos/gradewire/v1").glob("*.proto")))
def test_a_changed_proto_rebuilds_the_stubs_alone(proto: str) -> None:
    plan = planned(f"protos/gradewire/v1/{proto}")
    assert "-e protos" in plan
    assert "-e extractors" not in plan


@pytest.mark.parametrize("room", ["extractors", "judges", "services", "trainer"])
def test_a_changed_pyproject_installs_the_rooms_again(room: str) -> None:
    assert f"-e {room}" in planned(f"{room}/pyproject.toml").replace('"', "")


def test_torch_is_pinned_to_exactly_one_version() -> None:
    pins = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line.startswith("torch==")]
    assert pins == ["torch==2.13.0"]
