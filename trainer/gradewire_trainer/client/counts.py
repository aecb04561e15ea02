"""The client's ledger: what was taken, what came back, and what had to go twice."""

from collections.abc import Iterable
from dataclasses import dataclass, fields


@dataclass(slots=True)
class Counts:
    """Counts of one sender. Every sample taken ends in exactly one result."""

    samples: int = 0
    """Taken from callers."""
    results: int = 0
    """Brought back from the service."""
    calls: int = 0
    resent: int = 0
    """Samples that went again."""
    duplicates: int = 0
    """Results for a sample that had one."""
    strangers: int = 0
    """Results for an id that was not sent in that call."""

    @classmethod
    def total(cls, several: Iterable["Counts"]) -> "Counts":
        """The sum."""
        total = cls()
        for counts in several:
            for name in (field.name for field in fields(cls)):
                setattr(total, name, getattr(total, name) + getattr(counts, name))
        return total
