"""Parcels of one ask that wait to be sent, first come first served."""

from collections import deque
from collections.abc import Sequence

from gradewire_trainer.client.parcel import Parcel


class Line:
    """A queue that knows when it has waited long enough."""

    def __init__(self) -> None:
        self.parcels: deque[Parcel] = deque()
        self.samples = 0
        self.ripe_at = 0.0
        """The loop's time at which it goes, however short."""

    def add(self, parcels: Sequence[Parcel], ripe_at: float) -> None:
        """Behind the others. An empty line ripens anew."""
        if not self.parcels:
            self.ripe_at = ripe_at
        self.parcels.extend(parcels)
        self.samples += sum(len(parcel.samples) for parcel in parcels)

    def add_first(self, parcels: Sequence[Parcel]) -> None:
        """Before the others, and ripe: they have been sent before."""
        self.ripe_at = 0.0
        self.parcels.extendleft(reversed(parcels))
        self.samples += sum(len(parcel.samples) for parcel in parcels)

    def take(self, most: int) -> list[Parcel]:
        """The first parcels that somebody waits for: up to `most` samples, and one parcel at least."""
        taken: list[Parcel] = []
        count = 0
        while self.parcels and (not taken or count + len(self.parcels[0].samples) <= most):
            parcel = self.parcels.popleft()
            self.samples -= len(parcel.samples)
            if parcel.missing:
                taken.append(parcel)
                count += len(parcel.samples)
        return taken
