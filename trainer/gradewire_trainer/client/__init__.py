"""The thin client: it finds the graders, sends samples together, and brings back one result for each."""

from gradewire_trainer.client.client import DEADLINE_S, Keeps, OnProgress, RewardClient
from gradewire_trainer.client.counts import Counts
from gradewire_trainer.client.directory import Directory, Place, Silent
from gradewire_trainer.client.progress import Progress
from gradewire_trainer.client.remote import RemoteEndpoint
from gradewire_trainer.client.targets import Target, Targets, read_targets

__all__ = [
    "DEADLINE_S",
    "Counts",
    "Directory",
    "Keeps",
    "OnProgress",
    "Place",
    "Progress",
    "RemoteEndpoint",
    "RewardClient",
    "Silent",
    "Target",
    "Targets",
    "read_targets",
]
