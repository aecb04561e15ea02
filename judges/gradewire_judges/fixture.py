"""A model for tests: `python -m gradewire_judges.fixture --out DIR` writes one, with a card that allows it.

Its weights are random (from a seed) and its verdicts mean nothing; its config says so, and every other card
refuses it. Its tokenizer is a byte-level BPE trained on a page of text, with the chat and reasoning tokens
that current models have.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from gradewire_judges.card import load_card
from gradewire_judges.errors import BackendMissing
from gradewire_judges.model_files import TEST_MODEL_MARK

Size = Literal["tiny", "small"]

_SHAPES: dict[Size, dict[str, int]] = {
    "tiny": {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4},
    "small": {"hidden_size": 256, "intermediate_size": 768, "num_hidden_layers": 7, "num_attention_heads": 8},
}
"""About .15 and 6.3 million parameters."""

_VOCABULARY = 1024
_CONTEXT = 8192

SPECIAL_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
"""Control tokens of the chat format."""

PLAIN_ADDED_TOKENS = ("<think>", "</think>", "<tool_call>", "</tool_call>")
"""Added tokens that the tokenizer does not call special, as in the Qwen family."""

_CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)

_PAGE = """
A judge reads a question, a reference answer and a response, and says whether the response is right.
The answer is 42. The final answer is correct. The response is incorrect, because it names another city.
How many sides does a polygon have? Which river is the longest? What is the sum of the first ten odd numbers?
Let x = 3 and y = x^2 + 2x - 7; then y = 8. Therefore \\boxed{8}. \\frac{1}{2} + \\sqrt{9} = 3.5, or 35/10.
def add(left, right): return left + right    # a comment
for index in range(10): print(index, end=", ")
{"name": "value", "score": 0.25, "labels": ["A", "B", "C"]}
First, we note that the train leaves at 9:40 and arrives at 11:05, so that it travels for 85 minutes.
BEGIN question and END question, BEGIN reference and END reference, BEGIN response and END response.
Hence none of the options is both complete and consistent; the second one is close, but it lacks a unit.
"""


def write_fixture(out: Path, *, size: Size = "tiny", seed: int = 0, name: str = "test-model") -> Path:
    """Write model, tokenizer and `card.yaml` to `out`, which is made if need be; return the card's path.

    The same size and seed give the same weights on the same version of torch. `name` is the judge's, for specs that ask
    a judge by its name.

    Raises:
        BackendMissing: torch or transformers is not installed.
    """
    try:
        import torch
        from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM
        from transformers import logging as transformers_logging
    except ImportError as error:
        raise BackendMissing(f"{error.name} is not installed: pip install 'gradewire-judges[transformers]'") from None
    transformers_logging.disable_progress_bar()
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=train_tokenizer(),
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        chat_template=_CHAT_TEMPLATE,
    )
    tokenizer.save_pretrained(out)
    shape = _SHAPES[size]
    config = Qwen2Config(
        vocab_size=len(tokenizer),
        num_key_value_heads=shape["num_attention_heads"] // 2,
        max_position_embeddings=_CONTEXT,
        tie_word_embeddings=True,
        initializer_range=0.1,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        dtype="float32",
        **shape,
        **{TEST_MODEL_MARK: True},
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        Qwen2ForCausalLM(config).save_pretrained(out)
    card = out / "card.yaml"
    card.write_text(_card(name), encoding="utf-8")
    return card


def train_tokenizer() -> Any:
    """A byte-level BPE of up to 1,024 entries and seven added tokens: a `tokenizers.Tokenizer`."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=_VOCABULARY,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
        min_frequency=1,
    )
    tokenizer.train_from_iterator(_lines(), trainer)
    tokenizer.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in SPECIAL_TOKENS])
    tokenizer.add_tokens([AddedToken(text, normalized=False) for text in PLAIN_ADDED_TOKENS])
    return tokenizer


def _lines() -> Iterator[str]:
    yield from _PAGE.splitlines()
    for name in ("equivalence", "quality"):
        yield from (segment.text or "" for segment in load_card(name).segments())


def _card(name: str) -> str:
    """The equivalence card, for random weights: its words and labels, with any label mass accepted."""
    equivalence = load_card("equivalence")
    content = equivalence.model_dump(mode="json", exclude_none=True, exclude_defaults=True) | {
        "name": name,
        "model": ".",
        "dtype": "float32",
        "tolerance": 1e-5,
        "min_label_mass": 0.0,
        "allow_test_model": True,
    }
    return "# Random weights: the verdicts mean nothing. JSON is YAML.\n" + json.dumps(content, indent=2) + "\n"


def main(arguments: list[str] | None = None) -> None:
    """Command line of `python -m gradewire_judges.fixture`."""
    parser = argparse.ArgumentParser(prog="python -m gradewire_judges.fixture", description="write a test model")
    parser.add_argument("--out", type=Path, required=True, help="directory to write to")
    parser.add_argument("--size", choices=sorted(_SHAPES), default="tiny", help="about .15 or 6.3 million parameters")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--name", default="test-model", help="what specs call the judge")
    given = parser.parse_args(arguments)
    card = write_fixture(given.out, size=given.size, seed=given.seed, name=given.name)
    print(f"wrote a {given.size} model of random weights, its tokenizer and {card}")


if __name__ == "__main__":
    main()
