"""Generation, a token of every row at a time: what may be said, what is said, and when a row is done.

Holds no model: it reads a session's logits and says which ids come next.
"""

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import torch

from gradewire_judges.backend import IsCancelled
from gradewire_judges.constraint import Constraint, Cursor
from gradewire_judges.errors import BackendFailed, Cancelled

if TYPE_CHECKING:
    from gradewire_judges.backends.reading import Session


@dataclass
class Saying:
    """One row while it is generated."""

    place: int
    """Of its prompt in the call."""

    max_tokens: int
    stop: Sequence[Sequence[int]]
    constraint: Constraint | None
    temperature: float
    draws: torch.Generator | None
    """None where nothing is drawn."""

    ids: list[int] = field(default_factory=list)
    """Said so far, an end not included."""

    log_prob: float = 0.0
    tokens: int = 0
    """Generated, the end included."""

    finish: Literal["stop", "length"] | None = None
    """None: it goes on, or it failed."""

    failed: BackendFailed | None = None

    def __post_init__(self) -> None:
        """Stand before anything is said."""
        self._cursor: Cursor | None = self.constraint.start() if self.constraint else None

    @property
    def allowed(self) -> list[int] | None:
        """Ids that may come next, in order. None: any."""
        return sorted(self._cursor.allowed) if self._cursor else None

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.finish is None and self.failed is None

    def choose(self, log_probs: torch.Tensor) -> int:
        """The next id, by one row of log-probabilities over the vocabulary."""
        allowed = self.allowed
        open_ = log_probs if allowed is None else log_probs[allowed]
        if self.draws is None or not bool(open_.isfinite().any()):
            chosen = int(open_.argmax())
        else:
            weights = (open_.double() / self.temperature).softmax(-1)
            chosen = int(torch.multinomial(weights, 1, generator=self.draws))
        return chosen if allowed is None else allowed[chosen]

    def say(self, id_: int, log_prob: float) -> None:
        """Take an id with its natural log-probability, and see whether that was all."""
        if not math.isfinite(log_prob):
            self.failed = BackendFailed("the model's probabilities are not finite")
            return
        self.tokens += 1
        self.log_prob += log_prob
        self.ids.append(id_)
        if self._cursor is not None and self.constraint is not None:
            self._cursor = self._cursor.after(id_)
            if not self._cursor.allowed:
                self.finish = "stop"
                if id_ == self.constraint.end:
                    self.ids.pop()
                return
        for ending in self.stop:
            if ending and self.ids[-len(ending) :] == list(ending):
                self.finish = "stop"
                del self.ids[-len(ending) :]
                return
        if self.tokens == self.max_tokens:
            self.finish = "length"


def decode(
    begin: Callable[[Sequence[Saying]], "Session"],
    rows: Sequence[Saying],
    turn: Callable[[], AbstractContextManager[None]],
    cancelled: IsCancelled | None,
) -> None:
    """Let every row say what it says, or fail.

    Args:
        begin: reads the prompts of rows.
        rows: nothing has been said of them yet.
        turn: held while the model runs, and not between two tokens.
        cancelled: by the rows' places; asked between two tokens.
    """
    session: Session | None = None
    going = list(rows)
    while True:
        for row in going:
            if cancelled is not None and row.is_open and cancelled(row.place):
                row.failed = Cancelled()
        kept = [place for place, row in enumerate(going) if row.is_open]
        if not kept:
            return
        if session is not None and len(kept) < len(going):
            session.keep(kept)
        going = [going[place] for place in kept]
        with turn():
            if session is None:
                session = begin(going)
            else:
                session.step([row.ids[-1] for row in going])
            _say_next(going, session.logits)


def _say_next(rows: Sequence[Saying], logits: torch.Tensor) -> None:
    log_probs = torch.log_softmax(logits.float(), dim=-1)
    if any(row.constraint or row.draws for row in rows):
        log_probs = log_probs.cpu()  # rows are looked at one by one
        ids = [row.choose(log_probs[place]) for place, row in enumerate(rows)]
        values = [float(log_probs[place, id_]) for place, id_ in enumerate(ids)]
    else:
        best = log_probs.max(dim=-1)
        ids, values = best.indices.tolist(), best.values.tolist()
    for row, id_, value in zip(rows, ids, values, strict=True):
        row.say(id_, value)
