"""Judge models: prompts made of segments, constrained verdicts, backends, cards.

    judge = Judge.open("equivalence", model_dir=Path("models/some-instruct-model"))
    results = judge.judge([JudgeRequest(id="1", question="…", reference="42", response="…")])

Each result is a JudgeVerdict or a JudgeError, in the order of the requests; an error has no score.
Importing this package imports no torch: opening a card does, if the card has a model.
"""

from gradewire_judges.card import Card, load_card, parse_card, shipped_cards
from gradewire_judges.errors import (
    BackendFailed,
    BackendMissing,
    BadRequest,
    Cancelled,
    CardError,
    CutOff,
    EndpointBroken,
    EndpointBusy,
    EndpointFailed,
    EndpointGarbled,
    EndpointRefused,
    EndpointTimeout,
    JudgeError,
    LowLabelMass,
    ModelMissing,
    ModelUnsuitable,
    NotReady,
    PromptTooLong,
    SelfTestFailed,
    TestModelRefused,
    TokenizerUnsuitable,
    Unencodable,
    Unreadable,
    WrongLabel,
)
from gradewire_judges.judge import Judge, JudgeInfo
from gradewire_judges.request import JudgeRequest
from gradewire_judges.verdict import CriterionVerdict, Extracted, Flag, JudgeVerdict, Outcome, Usage, Vote

__all__ = [
    "BackendFailed",
    "BackendMissing",
    "BadRequest",
    "Cancelled",
    "Card",
    "CardError",
    "CriterionVerdict",
    "CutOff",
    "EndpointBroken",
    "EndpointBusy",
    "EndpointFailed",
    "EndpointGarbled",
    "EndpointRefused",
    "EndpointTimeout",
    "Extracted",
    "Flag",
    "Judge",
    "JudgeError",
    "JudgeInfo",
    "JudgeRequest",
    "JudgeVerdict",
    "LowLabelMass",
    "ModelMissing",
    "ModelUnsuitable",
    "NotReady",
    "Outcome",
    "PromptTooLong",
    "SelfTestFailed",
    "TestModelRefused",
    "TokenizerUnsuitable",
    "Unencodable",
    "Unreadable",
    "Usage",
    "Vote",
    "WrongLabel",
    "load_card",
    "parse_card",
    "shipped_cards",
]
