"""What a model may say when it generates: one of some sequences, or a stretch of given data. Token ids only.

A constraint is walked with a cursor, an id at a time: the ids that may come next, and where each leads. Every backend
asks the same cursors, so that a constraint means the same on each; none of them is a grammar over text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


class Cursor(Protocol):
    """A place in what may be said."""

    @property
    def allowed(self) -> frozenset[int]:
        """Ids that may come next. Empty: all is said."""

    def after(self, id_: int) -> "Cursor":
        """The place after saying `id_`, which is one of `allowed`."""


class Constraint(Protocol):
    """What may be said."""

    @property
    def end(self) -> int | None:
        """The id that says 'that was all'; it is no part of what was said. None: none is needed."""

    def start(self) -> Cursor:
        """The place before anything is said."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """Exactly one of some id sequences."""

    sequences: tuple[tuple[int, ...], ...]
    """At least one, none of them empty, each once."""

    end: int | None = None
    """Says 'that was all'; needed only where one sequence begins another."""

    def __post_init__(self) -> None:
        """Raises ValueError where there is nothing to say, or no telling when it is said."""
        if not self.sequences or not all(self.sequences):
            raise ValueError("one of none, or of an empty sequence")
        if len(set(self.sequences)) < len(self.sequences):
            raise ValueError("a sequence stands here twice")
        if any(self.end in sequence for sequence in self.sequences):
            raise ValueError("the id that ends a sequence occurs in one")
        if self.end is None and any(a != b and b[: len(a)] == a for a in self.sequences for b in self.sequences):
            raise ValueError("one sequence begins another: give the id that ends them")

    def start(self) -> Cursor:
        """See `Constraint.start`."""
        return _Branch(self.sequences, self.end)


@dataclass(frozen=True, slots=True)
class SpanOf:
    """A contiguous stretch of some data, which may be empty, and then the end."""

    ids: tuple[int, ...]
    """The data."""

    end: int
    """Says 'that was all'; it does not occur in the data."""

    bounds: frozenset[int] | None = None
    """Places between ids where a stretch may begin and end, such as 0 and the number of ids. None: anywhere."""

    walls: frozenset[int] = frozenset()
    """Places that no stretch goes across. Each is one of `bounds`, if there are any."""

    def __post_init__(self) -> None:
        """Raises ValueError where the end is in the data, or a stretch might have to go on and could not."""
        if self.end in self.ids:
            raise ValueError("the id that ends a span occurs in its data")
        if self.bounds is not None and not self.bounds >= {len(self.ids), *self.walls}:
            raise ValueError("where the data ends, a span may end")

    def start(self) -> Cursor:
        """See `Constraint.start`."""
        places: dict[int, list[int]] = {}
        for place, id_ in enumerate(self.ids):
            if self.bounds is None or place in self.bounds:
                places.setdefault(id_, []).append(place)
        return _Stretch(self, places, may_end=True)


@dataclass(frozen=True, slots=True)
class _Branch:
    """What is left of the sequences that begin with what was said; `()` is one that was said whole."""

    rests: tuple[tuple[int, ...], ...]
    end: int | None

    @property
    def allowed(self) -> frozenset[int]:
        """See `Cursor.allowed`."""
        if self.rests == ((),):  # nothing else could follow
            return frozenset()
        ending = {self.end} if self.end is not None and () in self.rests else set()
        return frozenset({rest[0] for rest in self.rests if rest} | ending)

    def after(self, id_: int) -> Cursor:
        """See `Cursor.after`."""
        if id_ == self.end and () in self.rests:
            return _SAID
        return _Branch(tuple(rest[1:] for rest in self.rests if rest and rest[0] == id_), self.end)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Where in the data one may stand, by the id that would come next."""

    span: SpanOf
    places: Mapping[int, Sequence[int]] = field(repr=False)
    may_end: bool

    @property
    def allowed(self) -> frozenset[int]:
        """See `Cursor.allowed`."""
        return frozenset(self.places) | ({self.span.end} if self.may_end else frozenset())

    def after(self, id_: int) -> Cursor:
        """See `Cursor.after`."""
        span = self.span
        if id_ == span.end and self.may_end:
            return _SAID
        follow: dict[int, list[int]] = {}
        after = [place + 1 for place in self.places[id_]]
        for place in after:
            if place < len(span.ids) and place not in span.walls:
                follow.setdefault(span.ids[place], []).append(place)
        return _Stretch(span, follow, span.bounds is None or not span.bounds.isdisjoint(after))


_SAID = _Branch(((),), None)
