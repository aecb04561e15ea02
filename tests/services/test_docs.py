"""What docs/serving.md shows is what happens."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from gradewire_services.config import ServiceConfig
from tests.services.service_wire import Served, group, ledger, request

TEXT = (Path(__file__).parents[2] / "docs" / "serving.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", TEXT, flags=re.DOTALL)
    return str(found)


def test_the_function_can_be_served(serve: Callable[..., Served], tmp_path: Path) -> None:
    (tmp_path / "lengths.py").write_text(block("python"))
    served = serve("lengths:grade", "--workers", "1", folder=tmp_path)
    rows = group(["one two three four", "one two", ""], reference="")
    rows.item_json = json.dumps({"words": 4})
    results = ledger(request(rows), served.graders.Grade(request(rows)))
    assert [results[f"g-{n}"].grade.score for n in range(3)] == [1.0, 0.5, 0.0]
    assert results["g-0"].grade.parts["words"] == pytest.approx(4)


def test_the_configuration_is_one_and_shows_the_defaults() -> None:
    shown = ServiceConfig.model_validate(yaml.safe_load(block("yaml")))
    default = ServiceConfig()
    assert shown.grace_s == default.grace_s
    assert shown.limits.values(10.0) == default.limits.values(10.0)
    assert set(yaml.safe_load(block("yaml"))) == set(ServiceConfig.model_fields)
