"""Tokenizers for test models, trained on a page of text: two byte-level, two SentencePiece-like, and a WordPiece.

Each has the control tokens and the chat format of a family of models, so that what reads them is tried with all kinds.
Importing this needs no `tokenizers`; making one does.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gradewire_judges.card import load_card, shipped_cards

VOCABULARY = 1280
"""Most entries of a tokenizer before its added tokens."""

SPECIAL_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
"""Control tokens of the ChatML format."""

PLAIN_ADDED_TOKENS = ("<think>", "</think>", "<tool_call>", "</tool_call>")
"""Added tokens that the tokenizer does not call special, as in the Qwen family."""

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
Let me check that again. It is what it was: the user asks, the assistant answers, the system says how.
BEGIN, END, BEGIN, END. The assistant is an assistant; the user is a user.
"""

_CHARACTERS = "".join(map(chr, range(0x20, 0x7F)))


@dataclass(frozen=True, slots=True)
class TokenizerKind:
    """How a family of models writes text."""

    train: Callable[[], Any]
    """Makes a `tokenizers.Tokenizer`."""

    end: str
    """Ends a turn."""

    chat_template: str
    """Jinja, as a tokenizer's configuration has it."""


def train_chatml() -> Any:
    """A byte-level BPE with ChatML's and reasoning tokens: a `tokenizers.Tokenizer`."""
    return _byte_level(SPECIAL_TOKENS, PLAIN_ADDED_TOKENS)


def train_headers() -> Any:
    """A byte-level BPE with Llama 3's control tokens."""
    return _byte_level(("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"), ())


def train_harmony() -> Any:
    """A byte-level BPE with GPT-OSS's control tokens."""
    return _byte_level(("<|start|>", "<|message|>", "<|channel|>", "<|end|>", "<|return|>"), ())


def train_sentencepiece_bpe() -> Any:
    """BPE over metaspaces with byte fallback, as Llama 2 and Mistral have it; a space is put before the text."""
    from tokenizers import Tokenizer, decoders, models, normalizers, trainers

    made = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    made.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    made.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    special = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]"]
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=[*special, *_bytes()], show_progress=False)
    words = (word for line in _lines() for word in line.split(" "))  # no stage would keep words apart
    made.train_from_iterator(words, trainer)
    return _with_added(made, special)


def train_sentencepiece_unigram() -> Any:
    """Unigram over metaspaces with byte fallback; its control tokens are in the ordinary vocabulary as well."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    made = Tokenizer(models.Unigram())
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    made.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace(prepend_scheme="first")])
    special = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]"]
    trainer = trainers.UnigramTrainer(
        vocab_size=VOCABULARY, special_tokens=[*special, *_bytes()], unk_token="<unk>", show_progress=False
    )
    made.train_from_iterator(list(_lines()) * 4, trainer)
    return _with_added(made, special, byte_fallback=True)


def train_wordpiece() -> Any:
    """A WordPiece, which cannot give text back as it was: no judge may use it."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    made = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece()
    special = ["[UNK]", "[CLS]", "[SEP]"]
    made.train_from_iterator(
        _lines(), trainers.WordPieceTrainer(vocab_size=VOCABULARY, special_tokens=special, show_progress=False)
    )
    return made


def _byte_level(special: Sequence[str], plain: Sequence[str]) -> Any:
    from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    made = Tokenizer(models.BPE())
    made.normalizer = normalizers.NFC()
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
        min_frequency=1,
    )
    made.train_from_iterator(_lines(), trainer)
    made.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in special])
    made.add_tokens([AddedToken(text, normalized=False) for text in plain])
    return made


def _with_added(tokenizer: Any, keep: Sequence[str], **model: Any) -> Any:
    """The tokenizer with only `keep` as added tokens: a trainer calls every given piece special."""
    spec = json.loads(tokenizer.to_str())
    spec["added_tokens"] = [token for token in spec["added_tokens"] if token["content"] in keep]
    spec["model"] |= model
    return type(tokenizer).from_str(json.dumps(spec))


def _bytes() -> list[str]:
    return [f"<0x{byte:02X}>" for byte in range(256)]


def _lines() -> Iterator[str]:
    yield from _PAGE.splitlines()
    yield _CHARACTERS
    # Pairs of digits and of letters up to f, which larger vocabularies all have.
    yield "x".join(f"{first}{second}" for first in range(10) for second in range(10))
    yield "0".join(f"{first}{second}" for first in "abcdef" for second in "abcdef")
    for name in shipped_cards():
        yield from (segment.text or "" for segment in load_card(name).segments())


_INST = (
    "{{ '<s>' }}{% set given = namespace(before='') %}{% for message in messages %}"
    "{% if message.role == 'system' %}{% set given.before = message.content + '\\n\\n' %}"
    "{% elif message.role == 'user' %}{{ '[INST] ' + given.before + message.content + ' [/INST]' }}"
    "{% set given.before = '' %}{% else %}{{ ' ' + message.content + '</s>' }}{% endif %}{% endfor %}"
)

KINDS = {
    "chatml": TokenizerKind(
        train_chatml,
        "<|im_end|>",
        "{% for message in messages %}"
        "{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}"
        "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
    ),
    "headers": TokenizerKind(
        train_headers,
        "<|eot_id|>",
        "{{ '<|begin_of_text|>' }}{% for message in messages %}"
        "{{ '<|start_header_id|>' + message.role + '<|end_header_id|>\\n\\n' + message.content + '<|eot_id|>' }}"
        "{% endfor %}{% if add_generation_prompt %}"
        "{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}",
    ),
    "harmony": TokenizerKind(
        train_harmony,
        "<|return|>",
        "{% for message in messages %}"
        "{{ '<|start|>' + message.role + '<|message|>' + message.content + '<|end|>' }}"
        "{% endfor %}{% if add_generation_prompt %}{{ '<|start|>assistant<|channel|>final<|message|>' }}{% endif %}",
    ),
    "sentencepiece-bpe": TokenizerKind(train_sentencepiece_bpe, "</s>", _INST),
    "sentencepiece-unigram": TokenizerKind(train_sentencepiece_unigram, "</s>", _INST),
    "wordpiece": TokenizerKind(train_wordpiece, "[SEP]", _INST),
}
"""By name."""
