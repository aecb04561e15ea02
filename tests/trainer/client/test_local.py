"""The same client over services in this process: real workers, no socket."""

from pathlib import Path
from typing import Any

import pytest

from gradewire_trainer.client import RewardClient
from gradewire_trainer.spec import RewardSpec
from gradewire_trainer.types import Group

LENGTH = RewardSpec.parse({"reward": {"grader": "length"}})


def test_a_function_served_in_this_process_is_graded_as_over_the_wire(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local: Any = pytest.importorskip("gradewire_services.local", reason="needs gradewire-services")
    (tmp_path / "local_grader.py").write_text("def length(sample, item):\n    return len(sample['output_text'])\n")
    monkeypatch.chdir(tmp_path)
    client = RewardClient(LENGTH, local.LocalEndpoint("local_grader:length"))
    for _ in range(2):  # it ends its workers when it is closed, and loads them again when it is used again
        (got,) = client.grade([Group.of("g", ["a", "bb", "ccc"])])
        assert [reward.reward for reward in got.rewards] == [1.0, 2.0, 3.0]
        client.close()
