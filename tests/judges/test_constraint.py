"""What may be said: one of some sequences, a stretch of data, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradewire_judges.constraint import Constraint, Cursor, OneOf, SpanOf

END = 99
IDS = st.lists(st.integers(0, 3), min_size=1, max_size=6).map(tuple)


def _all(constraint: Constraint) -> set[tuple[int, ...]]:
    """Everything that may be said, the end left out."""
    found: set[tuple[int, ...]] = set()
    ways: list[tuple[tuple[int, ...], Cursor]] = [((), constraint.start())]
    while ways:
        said, cursor = ways.pop()
        if not cursor.allowed:
            found.add(said)
        for id_ in cursor.allowed:
            more = said if id_ == constraint.end else (*said, id_)
            ways.append((more, cursor.after(id_)))
    return found


@given(st.sets(IDS, min_size=1, max_size=5))
def test_one_of_allows_its_sequences_and_no_other(sequences: set[tuple[int, ...]]) -> None:
    assert _all(OneOf(tuple(sorted(sequences)), END)) == sequences


@given(IDS)
def test_a_span_allows_every_stretch_and_no_other(ids: tuple[int, ...]) -> None:
    stretches = {ids[start:end] for start in range(len(ids) + 1) for end in range(start, len(ids) + 1)}
    assert _all(SpanOf(ids, END)) == stretches


def test_nothing_can_be_said_of_no_data() -> None:
    assert _all(SpanOf((), END)) == {()}


@pytest.mark.parametrize(
    ("sequences", "end", "says"),
    [
        ((), None, "one of none"),
        (((1,), ()), None, "empty sequence"),
        (((1,), (1,)), None, "twice"),
        (((1,), (1, 2)), None, "begins another"),
        (((1, END),), END, "occurs in one"),
    ],
)
def test_what_could_not_be_told_is_refused(sequences: tuple[tuple[int, ...], ...], end: int | None, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        OneOf(sequences, end)


def test_a_span_whose_end_is_data_is_refused() -> None:
    with pytest.raises(ValueError, match="occurs in its data"):
        SpanOf((1, END), END)


@given(IDS, st.data())
def test_a_span_begins_and_ends_at_its_bounds_and_crosses_no_wall(ids: tuple[int, ...], drawn: st.DataObject) -> None:
    places = st.sets(st.integers(0, len(ids)))
    walls = drawn.draw(places)
    bounds = drawn.draw(places) | walls | {len(ids)}
    stretches = {
        ids[start:end]
        for start in bounds
        for end in bounds
        if start < end and not any(start < wall < end for wall in walls)
    }
    assert _all(SpanOf(ids, END, frozenset(bounds), frozenset(walls))) == {(), *stretches}


def test_a_span_that_could_not_end_is_refused() -> None:
    for bounds, walls in (({0}, set()), ({0, 2}, {1})):
        with pytest.raises(ValueError, match="may end"):
            SpanOf((1, 2), END, frozenset(bounds), frozenset(walls))
