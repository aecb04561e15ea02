"""Tokenizers and models made at test time, and the attacks that they are tried with."""

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from gradewire_judges import Card, Judge, load_card, parse_card

ATTACKS: dict[str, str] = yaml.safe_load(
    (Path(__file__).parent / "testdata" / "attacks.yaml").read_text(encoding="utf-8")
)

_LINES = [
    "The answer is 42, and not (a) [b] {c} \"d\" 'e' f/g\\h; x^2 + y_1 = 3.14 != 5 < 6 > 4 | 7 & 8 * 9 ?!",
    "A reader compares a response with its reference: the same, different, or no final answer.",
    "Reply with one letter. ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789 ~`@#$%-+:.,",
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test with an argument `attack` runs once an attack."""
    if "attack" in metafunc.fixturenames:
        metafunc.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())


@pytest.fixture(scope="session")
def torch_installed() -> None:
    if importlib.util.find_spec("torch") is None:
        pytest.skip("torch is not installed: judges[transformers]")


@pytest.fixture(scope="session")
def tokenizers() -> Any:
    return pytest.importorskip("tokenizers", reason="tokenizers is not installed: judges[transformers]")


@pytest.fixture(scope="session")
def byte_level(tokenizers: Any) -> Any:
    """The fixture model's tokenizer: byte-level BPE, NFC."""
    from gradewire_judges.fixture_tokenizers import train_chatml

    return train_chatml()


@pytest.fixture(scope="session")
def sentencepiece(tokenizers: Any) -> Any:
    """Unigram over metaspaces with byte fallback, its control tokens in the ordinary vocabulary as well."""
    return _unigram(tokenizers, byte_fallback=True)


@pytest.fixture(scope="session")
def sentencepiece_unknown(tokenizers: Any) -> Any:
    """The same without byte fallback: what it does not know becomes `<unk>`. It normalises by NFKC."""
    made = _unigram(tokenizers, byte_fallback=False)
    made.normalizer = tokenizers.normalizers.NFKC()
    return made


@pytest.fixture(scope="session")
def llama_like(tokenizers: Any) -> Any:
    """BPE that puts a space before the text by a normaliser, and takes it off again when it decodes."""
    t = tokenizers
    made = t.Tokenizer(t.models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    made.normalizer = t.normalizers.Sequence([t.normalizers.Prepend("▁"), t.normalizers.Replace(" ", "▁")])
    made.decoder = t.decoders.Sequence(
        [
            t.decoders.Replace("▁", " "),
            t.decoders.ByteFallback(),
            t.decoders.Fuse(),
            t.decoders.Strip(" ", 1, 0),
        ]
    )
    pieces = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    trainer = t.trainers.BpeTrainer(vocab_size=600, special_tokens=pieces, show_progress=False)
    made.train_from_iterator(_LINES, trainer)
    return _keep_added(t, made, ["<unk>", "<s>", "</s>"])


@pytest.fixture(params=["byte_level", "sentencepiece", "sentencepiece_unknown", "llama_like"])
def any_tokenizer(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def wordpiece(tokenizers: Any) -> Any:
    t = tokenizers
    made = t.Tokenizer(t.models.WordPiece(unk_token="[UNK]"))
    made.normalizer = t.normalizers.BertNormalizer()
    made.pre_tokenizer = t.pre_tokenizers.BertPreTokenizer()
    made.decoder = t.decoders.WordPiece()
    made.train_from_iterator(
        _LINES, t.trainers.WordPieceTrainer(vocab_size=400, special_tokens=["[UNK]"], show_progress=False)
    )
    return made


@pytest.fixture(scope="session")
def fixture_card(torch_installed: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The card of a model of random weights, written by the project's own script."""
    import torch

    from gradewire_judges.fixture import write_fixture

    torch.set_num_threads(1)  # threads that wait for each other are slow on a machine that does other things
    return write_fixture(tmp_path_factory.mktemp("fixture-model"))


@pytest.fixture(scope="session")
def judge(fixture_card: Path) -> Judge:
    return Judge.open(fixture_card)


@pytest.fixture(scope="session")
def sentencepiece_judge(fixture_card: Path, sentencepiece: Any, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """The same weights behind the other kind of tokenizer."""
    folder = tmp_path_factory.mktemp("sentencepiece") / "model"
    shutil.copytree(fixture_card.parent, folder)
    (folder / "tokenizer.json").write_text(sentencepiece.to_str(), encoding="utf-8")
    return Judge.open(folder / "card.yaml")


@pytest.fixture(params=["judge", "sentencepiece_judge"])
def any_judge(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def change_card() -> Callable[..., Card]:
    """Make a card from a shipped or written one, with some top-level settings changed."""

    def change(source: str | Path, **settings: Any) -> Card:
        card = load_card(source)
        content = card.model_dump(mode="json", exclude_none=True) | settings
        return parse_card(yaml.safe_dump(content), source=card.source)

    return change


def _unigram(t: Any, *, byte_fallback: bool) -> Any:
    trained = t.Tokenizer(t.models.Unigram())
    trained.pre_tokenizer = t.pre_tokenizers.Metaspace(prepend_scheme="first")
    special = ["<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>", "<think>", "</think>"]
    pieces = [f"<0x{byte:02X}>" for byte in range(256)] if byte_fallback else ["\n", "é"]
    trainer = t.trainers.UnigramTrainer(
        vocab_size=700, special_tokens=[*special, *pieces], unk_token="<unk>", show_progress=False
    )
    trained.train_from_iterator(_LINES * 20, trainer)
    decoders = [t.decoders.ByteFallback()] if byte_fallback else []
    trained.decoder = t.decoders.Sequence([*decoders, t.decoders.Metaspace(prepend_scheme="first")])
    return _keep_added(t, trained, special, byte_fallback=byte_fallback)


def _keep_added(t: Any, tokenizer: Any, keep: list[str], **model: Any) -> Any:
    """The tokenizer with only `keep` as added tokens: a trainer calls every given piece special."""
    import json

    spec = json.loads(tokenizer.to_str())
    spec["added_tokens"] = [token for token in spec["added_tokens"] if token["content"] in keep]
    spec["model"] |= model
    return t.Tokenizer.from_str(json.dumps(spec))
