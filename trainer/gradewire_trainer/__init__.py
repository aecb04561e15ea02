"""The thin client: reward specs, their composition, the record, the command line."""

from gradewire_trainer.client import RewardClient
from gradewire_trainer.errors import (
    DeadlineExceeded,
    GradewireError,
    ItemError,
    MissingExtra,
    Overloaded,
    RecordError,
    Refused,
    RowError,
    ServiceError,
    SpecError,
    StepFailed,
    Unavailable,
)
from gradewire_trainer.spec import RewardSpec
from gradewire_trainer.types import FinishReason, Group, GroupRewards, Reward, Sample

__all__ = [
    "DeadlineExceeded",
    "FinishReason",
    "GradewireError",
    "Group",
    "GroupRewards",
    "ItemError",
    "MissingExtra",
    "Overloaded",
    "RecordError",
    "Refused",
    "Reward",
    "RewardClient",
    "RewardSpec",
    "RowError",
    "Sample",
    "ServiceError",
    "SpecError",
    "StepFailed",
    "Unavailable",
]
