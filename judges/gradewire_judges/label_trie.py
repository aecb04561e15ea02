"""Labels of one or several tokens as a trie: where a model must be asked, and how its answers become labels.

The probability of a form is that of its tokens one after the other. Where a form begins another label's form, as 1
begins 10, it counts with what the longer one leaves of it: the labels' probabilities then never overlap.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gradewire_judges.backend import LabelScores
from gradewire_judges.errors import BackendFailed

Path = tuple[int, ...]
"""Ids that have been said of a label."""


class LabelTrie:
    """The forms of all labels."""

    def __init__(self, labels: Sequence[Sequence[Sequence[int]]]) -> None:
        """Take each label's forms.

        Raises:
            ValueError: a label has no form, a form has no token, or two labels share a form.
        """
        self._labels = [tuple(dict.fromkeys(tuple(form) for form in forms)) for forms in labels]
        said: dict[Path, int] = {}
        children: dict[Path, dict[int, None]] = {}
        for place, forms in enumerate(self._labels):
            if not forms or not all(forms):
                raise ValueError("a label has no form, or one without tokens")
            for form in forms:
                if said.setdefault(form, place) != place:
                    raise ValueError("two labels have the same form")
                for length, id_ in enumerate(form):
                    children.setdefault(form[:length], {})[id_] = None
        self.asked: dict[Path, tuple[int, ...]] = {path: tuple(ids) for path, ids in children.items()}
        """Paths after which the model is asked, and the ids whose log-probability is wanted there. The empty path,
        which stands for the prompt itself, comes first; it is the only one where all forms are single tokens."""
        self._said = said

    def combine(self, log_probs: Mapping[Path, Sequence[float]]) -> tuple[float, ...]:
        """Each label's log-probability.

        Args:
            log_probs: for each path of `asked` the log-probabilities of its ids, in that order.
        """
        reach: dict[Path, float] = {}
        for path, ids in self.asked.items():  # a path comes after those that it goes on from
            come = reach.get(path, 0.0)
            reach |= {(*path, id_): come + value for id_, value in zip(ids, log_probs[path], strict=True)}
        return tuple(
            _log_sum([self._alone(form, reach) for form in self._labels[place]]) for place in range(len(self._labels))
        )

    def _alone(self, form: Path, reach: Mapping[Path, float]) -> float:
        """`form`, less what goes on as another form; that counts there."""
        longer = math.fsum(math.exp(reach[path]) for path in self._next_said(form))
        if longer == 0:
            return reach[form]
        return math.log(max(math.exp(reach[form]) - longer, math.ulp(0.0)))

    def _next_said(self, path: Path) -> list[Path]:
        """The nearest forms that begin with `path` and go on."""
        found: list[Path] = []
        for id_ in self.asked.get(path, ()):
            further = (*path, id_)
            found += [further] if further in self._said else self._next_said(further)
        return found


def _log_sum(values: Sequence[float]) -> float:
    top = max(values)
    return (
        top
        if len(values) == 1 or math.isinf(top)
        else top + math.log(math.fsum(math.exp(value - top) for value in values))
    )


def scores_of(trie: LabelTrie, said: Mapping[Path, LabelScores | BackendFailed]) -> LabelScores | BackendFailed:
    """One prompt's scores, from what was read after each path of `trie.asked`, or the first of its failures."""
    read: dict[Path, LabelScores] = {}
    for path, one in said.items():
        if isinstance(one, BackendFailed):
            return one
        if not all(map(math.isfinite, one.log_probs)):
            return BackendFailed("the model's label probabilities are not finite")
        read[path] = one
    combined = trie.combine({path: one.log_probs for path, one in read.items()})
    return replace(read[()], log_probs=combined, elapsed_s=max(one.elapsed_s for one in read.values()))
