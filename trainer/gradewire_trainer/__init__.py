"""The thin client: reward specs, their composition, the record, the command line.

`RewardClient`, `RewardSpec` and `Sessions` are loaded when they are asked for: `gradewire --help` needs no gRPC.
"""

from typing import TYPE_CHECKING, Any

from gradewire_trainer.errors import (
    FileError,
    GradewireError,
    ItemError,
    MissingExtra,
    RecordError,
    RowError,
    ServiceError,
    SessionGone,
    SpecError,
    StepFailed,
    Unavailable,
)
from gradewire_trainer.types import FinishReason, Group, GroupRewards, Reward, Sample

if TYPE_CHECKING:
    from gradewire_trainer.client import RewardClient
    from gradewire_trainer.sessions import Sessions
    from gradewire_trainer.spec import RewardSpec

__all__ = [
    "FileError",
    "FinishReason",
    "GradewireError",
    "Group",
    "GroupRewards",
    "ItemError",
    "MissingExtra",
    "RecordError",
    "Reward",
    "RewardClient",
    "RewardSpec",
    "RowError",
    "Sample",
    "ServiceError",
    "SessionGone",
    "Sessions",
    "SpecError",
    "StepFailed",
    "Unavailable",
]


def __getattr__(name: str) -> Any:
    if name == "RewardClient":
        from gradewire_trainer.client import RewardClient

        return RewardClient
    if name == "RewardSpec":
        from gradewire_trainer.spec import RewardSpec

        return RewardSpec
    if name == "Sessions":
        from gradewire_trainer.sessions import Sessions

        return Sessions
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
