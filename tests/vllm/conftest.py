"""What runs vLLM for real: `make test-vllm`, in an environment of its own. Without vLLM nothing here is collected."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from gradewire_judges.fixture import write_fixture

if importlib.util.find_spec("vllm") is None:
    collect_ignore_glob = ["test_*.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """vLLM and what it imports warn of their own doings, which are not ours to mend."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("default"))


@pytest.fixture(scope="session")
def qwen_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_fixture(tmp_path_factory.mktemp("qwen3"), model="qwen3").parent


@pytest.fixture(scope="session")
def reward_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_fixture(tmp_path_factory.mktemp("reward"), model="reward").parent


@pytest.fixture(scope="session")
def on_vllm(qwen_folder: Path) -> Any:
    from gradewire_judges.backends.vllm import VllmBackend

    return VllmBackend(qwen_folder, dtype="float32", device="cpu", batch_tokens=4096, max_tokens=2048)


@pytest.fixture(scope="session")
def on_transformers(qwen_folder: Path) -> Any:
    from gradewire_judges.backends.transformers import TransformersBackend

    return TransformersBackend(qwen_folder, dtype="float32", device="cpu", batch_tokens=4096)
