"""Models for tests: `python -m gradewire_judges.fixture --out DIR` writes one, with a card that allows it.

Their weights are random (from a seed) and their verdicts mean nothing; their config says so, and every other card
refuses them. They have the architectures, control tokens and chat formats of families of judges that people use.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Literal, get_args

from gradewire_judges.card import load_card
from gradewire_judges.errors import BackendMissing, CardError
from gradewire_judges.fixture_tokenizers import KINDS
from gradewire_judges.model_files import TEST_MODEL_MARK

Size = Literal["tiny", "small"]
Model = Literal["qwen2", "qwen3", "llama", "llama-unigram", "mistral", "reward", "gpt-oss", "wordpiece"]

_SHAPES: dict[Size, dict[str, int]] = {
    "tiny": {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 2},
    "small": {"hidden_size": 256, "intermediate_size": 864, "num_hidden_layers": 7, "num_attention_heads": 8},
}
"""About .15 and 6.4 million parameters."""

_FAMILIES: dict[Model, tuple[str, str, str]] = {
    "qwen2": ("Qwen2", "ForCausalLM", "chatml"),
    "qwen3": ("Qwen3", "ForCausalLM", "chatml"),
    "llama": ("Llama", "ForCausalLM", "headers"),
    "llama-unigram": ("Llama", "ForCausalLM", "sentencepiece-unigram"),
    "mistral": ("Mistral", "ForCausalLM", "sentencepiece-bpe"),
    "reward": ("Llama", "ForSequenceClassification", "headers"),
    "gpt-oss": ("GptOss", "ForCausalLM", "harmony"),
    "wordpiece": ("Qwen2", "ForCausalLM", "wordpiece"),
}
"""Architecture, head and tokenizer. `reward` is a classifier of one output; no judge may use `wordpiece`."""

_OWN: dict[Model, dict[str, Any]] = {
    "mistral": {"sliding_window": None},
    "reward": {"num_labels": 1},
    "gpt-oss": {
        "num_local_experts": 4,
        "num_experts_per_tok": 2,
        "sliding_window": 128,
        "rope_parameters": {"rope_type": "default", "rope_theta": 10_000.0},
    },
}
"""What a family's config has beside the shape."""

_CONTEXT = 8192


def write_fixture(
    out: Path, *, size: Size = "tiny", seed: int = 0, name: str = "test-model", model: Model = "qwen2"
) -> Path:
    """Write model, tokenizer and `card.yaml` to `out`, which is made if need be; return the card's path.

    The same model, size and seed give the same weights on the same version of torch. `name` is the judge's, for specs
    that ask a judge by its name.

    Raises:
        BackendMissing: torch or transformers is not installed.
    """
    try:
        import torch
        import transformers
        from transformers import PreTrainedTokenizerFast
    except ImportError as error:
        raise BackendMissing(f"{error.name} is not installed: pip install 'gradewire-judges[transformers]'") from None
    transformers.utils.logging.disable_progress_bar()
    out.mkdir(parents=True, exist_ok=True)
    family, head, writes = _FAMILIES[model]
    kind = KINDS[writes]
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=kind.train(),
        eos_token=kind.end,
        pad_token=kind.end,
        chat_template=kind.chat_template,
    )
    tokenizer.save_pretrained(out)
    shape = _SHAPES[size]
    config = getattr(transformers, f"{family}Config")(
        vocab_size=len(tokenizer),
        num_key_value_heads=shape["num_attention_heads"] // 2,
        head_dim=shape["hidden_size"] // shape["num_attention_heads"],
        max_position_embeddings=_CONTEXT,
        tie_word_embeddings=True,
        initializer_range=0.1,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        dtype="float32",
        **shape,
        **_OWN.get(model, {}),
        **{TEST_MODEL_MARK: True},
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        getattr(transformers, f"{family}{head}")(config).save_pretrained(out)
    card = out / "card.yaml"
    card.write_text(_card(name, model), encoding="utf-8")
    return card


def _card(name: str, model: Model) -> str:
    """The equivalence card, for random weights: its words and labels, with any label mass accepted."""
    equivalence = load_card("equivalence").model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    content = equivalence | {
        "name": name,
        "model": ".",
        "dtype": "float32",
        "tolerance": 1e-5,
        "allow_test_model": True,
    }
    if model == "reward":
        content = {key: value for key, value in content.items() if key not in ("labels", "min_label_mass")}
        content |= {"mode": "reward_model", "reward": {"map": "sigmoid"}, "template": _REWARDED}
    else:
        content["min_label_mass"] = 0.0
    return "# Random weights: the verdicts mean nothing. JSON is YAML.\n" + json.dumps(content, indent=2) + "\n"


_REWARDED = [
    {"role": "user", "parts": [{"text": "The question is this. "}, {"data": "question"}]},
    {"role": "assistant", "parts": [{"data": "response"}]},
]
"""What a reward model reads."""


def main(arguments: list[str] | None = None) -> int:
    """Command line of `python -m gradewire_judges.fixture`. Exit status 2: it could not be written."""
    parser = argparse.ArgumentParser(prog="python -m gradewire_judges.fixture", description="write a test model")
    parser.add_argument("--out", type=Path, required=True, help="directory to write to")
    parser.add_argument("--model", choices=get_args(Model), default="qwen2", help="family of the model")
    parser.add_argument("--size", choices=sorted(_SHAPES), default="tiny", help="about .15 or 6.4 million parameters")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--name", default="test-model", help="what specs call the judge")
    given = parser.parse_args(arguments)
    try:
        card = write_fixture(given.out, size=given.size, seed=given.seed, name=given.name, model=given.model)
    except OSError as error:
        return _refuse(f"{given.out} cannot be written: {error.strerror}")
    except (BackendMissing, CardError) as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        return 130
    print(f"wrote a {given.size} {given.model} model of random weights, its tokenizer and {card}")
    return 0


def _refuse(message: str) -> int:
    print(f"fixture: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
