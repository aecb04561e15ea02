"""Labels of several tokens: where the model is asked, and that their probabilities never overlap."""

import math

import pytest

from gradewire_judges.backend import LabelScores
from gradewire_judges.errors import BackendFailed
from gradewire_judges.label_trie import LabelTrie, scores_of


def test_single_tokens_are_asked_for_once() -> None:
    trie = LabelTrie([[[1], [2]], [[3]]])
    assert trie.asked == {(): (1, 2, 3)}
    assert [math.exp(p) for p in trie.combine({(): [math.log(p) for p in (0.1, 0.2, 0.3)]})] == pytest.approx(
        [0.3, 0.3]
    )


def test_a_label_that_begins_another_counts_where_the_other_does_not_go_on() -> None:
    trie = LabelTrie([[[1]], [[1, 0]], [[1, 0, 5]]])
    assert trie.asked == {(): (1,), (1,): (0,), (1, 0): (5,)}
    one, ten, more = trie.combine({(): [math.log(0.8)], (1,): [math.log(0.25)], (1, 0): [math.log(0.5)]})
    assert [math.exp(p) for p in (one, ten, more)] == pytest.approx([0.6, 0.1, 0.1])


def test_a_label_that_always_goes_on_has_next_to_no_probability() -> None:
    (one, _) = LabelTrie([[[1]], [[1, 0]]]).combine({(): [0.0], (1,): [0.0]})
    assert math.isfinite(one)
    assert math.exp(one) < 1e-300


@pytest.mark.parametrize("labels", [[[[1]], [[1]]], [[]], [[[]]]])
def test_labels_that_cannot_be_told_apart_are_refused(labels: list[list[list[int]]]) -> None:
    with pytest.raises(ValueError, match="form"):
        LabelTrie(labels)


def test_a_failure_anywhere_in_the_trie_is_the_prompts() -> None:
    trie = LabelTrie([[[1, 2]], [[3]]])
    sound = LabelScores((-1.0, -1.0), 0, 0.1, 5)
    failure = BackendFailed("no memory")
    assert scores_of(trie, {(): sound, (1,): failure}) is failure
    assert isinstance(scores_of(trie, {(): sound, (1,): LabelScores((math.nan,), 0, 0.1, 5)}), BackendFailed)
    assert isinstance(scores_of(trie, {(): sound, (1,): LabelScores((-0.5,), 0, 0.1, 5)}), LabelScores)
