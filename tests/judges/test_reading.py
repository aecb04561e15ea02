"""Which reader a model gets: low precision costs no model its shared prefix, and wrong attention is noticed."""

from typing import Any

import pytest


@pytest.fixture
def deep(torch_installed: None) -> Any:
    """Sixteen layers in bfloat16 with peaked outputs: each other kernel moves its probabilities by some hundredths."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.set_num_threads(1)  # threads that wait for each other are slow on a machine that does other things
    config = LlamaConfig(
        vocab_size=500,
        hidden_size=128,
        intermediate_size=256,
        num_hidden_layers=16,
        num_attention_heads=2,
        num_key_value_heads=1,
        initializer_range=0.25,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        return LlamaForCausalLM(config).to(torch.bfloat16).eval()


def test_what_low_precision_moves_is_no_difference(deep: Any) -> None:
    import torch

    from gradewire_judges.backends.reading import PackedReader, PlainReader, reader

    with torch.inference_mode():
        whole = PlainReader(deep).last((), [[1, 0, 1, 2, 3]])
        packed = reader(deep)
        assert isinstance(packed, PackedReader)
        moved = (whole.float().softmax(-1) - packed.last((1, 0), [[1, 2, 3]]).float().softmax(-1)).abs().sum() / 2
    assert 0.02 < moved < 0.2


@pytest.mark.parametrize("wrong", [0.25, 3.0])
def test_attention_that_is_wrong_is_not_used(deep: Any, monkeypatch: pytest.MonkeyPatch, wrong: float) -> None:
    from gradewire_judges.backends import attention
    from gradewire_judges.backends.reading import PlainReader, reader

    right: Any = attention._flash
    monkeypatch.setattr(attention, "_flash", lambda *given: right(*given[:-1], given[-1] * wrong))
    assert isinstance(reader(deep), PlainReader)
    assert deep.config._attn_implementation != attention.NAME
