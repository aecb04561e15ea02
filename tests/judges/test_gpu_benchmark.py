"""The GPU benchmark, tried on a CPU: every step of it runs, it counts what is computed, and it gives way to memory."""

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def gpu(torch_installed: None) -> Any:
    import torch

    from benchmarks import judge_gpu

    torch.set_num_threads(1)
    return judge_gpu


def test_all_of_it_runs_and_is_written_down(gpu: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run.json"
    options = ["--device", "cpu", "--tiny", "--samples", "6", "--rounds", "2", "--batch-tokens", "64"]
    gpu.main([*options, "--out", str(out)])
    found = json.loads(out.read_text())
    assert (found["samples"], found["at_once"], len(found["scoring_s"])) == (6, 4, 2)
    assert all(len(seconds) == 2 for seconds in found["products_s"].values())
    assert found["difference"] < 0.02
    reached = found["operations"] / min(found["scoring_s"])
    assert found["fraction_of_peak"] == pytest.approx(reached / max(found["product_flops"].values()))
    assert "fraction of peak" in capsys.readouterr().out


def test_what_is_counted_is_what_is_computed(gpu: Any) -> None:
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    def attended(query: Any, key: Any, _value: Any, _dropout: float = 0.0, causal: bool = False, **_: Any) -> float:
        rows, heads, queries, width = query
        pairs = queries * (queries + 1) / 2 if causal else queries * key[2]
        return 4.0 * rows * heads * width * pairs

    setting = gpu.Setting(500, 128, 300, 3, 4, prefix=40, own=16, square=8)
    scoring = gpu.Scoring(setting, torch.device("cpu"), samples=5, batch_tokens=48)
    scoring()  # the prefix is computed once, and is not counted
    flash: Any = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
    with FlopCounterMode(display=False, custom_mapping={flash: attended}) as counted:
        scoring()
    assert counted.get_total_flops() == pytest.approx(setting.operations(5), rel=1e-3)


def test_the_model_has_seven_billion_parameters(gpu: Any) -> None:
    import torch

    with torch.device("meta"):
        model = gpu.draw_model(gpu.SEVEN_B, torch.device("meta"))
    parameters = sum(weight.numel() for weight in model.parameters())
    assert 6.5e9 < parameters < 7.5e9
    assert {weight.dtype for weight in model.parameters()} == {torch.bfloat16}
    embeddings = 2 * gpu.SEVEN_B.vocab_size * gpu.SEVEN_B.hidden_size
    assert parameters - embeddings == pytest.approx(gpu.SEVEN_B.weights(), rel=1e-4)  # beside the norms


def test_a_batch_that_does_not_fit_is_halved(gpu: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    scoring = gpu.Scoring(gpu.TINY, torch.device("cpu"), samples=8, batch_tokens=8 * gpu.TINY.own)
    sound = scoring._reader.last

    def small(prefix: Any, rows: Any) -> Any:
        if len(rows) > 3:
            raise torch.OutOfMemoryError
        return sound(prefix, rows)

    monkeypatch.setattr(scoring._reader, "last", small)
    scoring.fit()
    assert scoring.at_once == 2


def test_without_a_gpu_it_says_not_run(gpu: Any, capsys: pytest.CaptureFixture[str]) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a GPU here")
    gpu.main([])
    assert capsys.readouterr().out == "not run: there is no GPU here\n"
