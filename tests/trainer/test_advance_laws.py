"""Laws of `advance`: neither the samples' order nor the order in which results arrive changes a reward."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gradewire_trainer.advance import Calls, advance
from gradewire_trainer.spec import RewardSpec
from gradewire_trainer.types import Failure, Grade, GradeResult, Group, GroupRewards, Outcome, Reward, Sample, Span

ON_ERROR = st.sampled_from(["drop", "abstain", {"value": 0.25}])
GRADERS = st.sampled_from("pqrs")
PLAIN = st.builds(lambda grader, on_error: {"grader": grader, "on_error": on_error}, GRADERS, ON_ERROR)
LOCATORS = st.builds(
    lambda grader, on_error: {"grader": grader, "on_error": on_error},
    GRADERS,
    st.sampled_from(["drop", {"value": 0.25}]),
)
LEAVES = PLAIN | st.builds(lambda leaf, source: {**leaf, "answer_from": source}, PLAIN, LOCATORS)


def _nodes(below: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    formulas = st.builds(
        lambda a, b, on_error: {"formula": "a - b / 2", "parts": {"a": a, "b": b}, "on_error": on_error},
        below,
        below,
        ON_ERROR,
    )
    # What decides a gate may not abstain, so the gate's own grader is a plain leaf here.
    gates = st.builds(
        lambda grader, then, on_error: {"gate": {"grader": grader}, "then": then, "on_error": on_error},
        st.sampled_from("pqrs"),
        below,
        ON_ERROR,
    )
    cascades = st.builds(
        lambda nodes, on_error: {"cascade": nodes, "on_error": on_error},
        st.lists(below, min_size=1, max_size=3),
        ON_ERROR,
    )
    juries = st.builds(
        lambda members, verdict, on_error: {"jury": members, **verdict, "on_error": on_error},
        st.lists(below, min_size=2, max_size=3),
        st.sampled_from([{}, {"quorum": 1}, {"verdict": "median", "quorum": 2}]),
        ON_ERROR,
    )
    return formulas | gates | cascades | juries


SPECS = st.recursive(LEAVES, _nodes, max_leaves=6).map(lambda root: RewardSpec.parse({"reward": root}))
OUTCOMES = st.sampled_from(
    [
        *(Grade(score, Outcome.PARTIAL) for score in (0.0, 0.3, 1.0, 1.7)),
        Grade(0.6, Outcome.PARTIAL, answer=Span("42", 3, 5)),
        Grade(0.0, Outcome.NO_ANSWER),
        Grade(None, Outcome.UNDECIDED),
        Failure("UNAVAILABLE", "nobody answers", "UNAVAILABLE"),
    ]
)
IDS = ("a", "b", "c", "d")
TABLES = st.fixed_dictionaries({grader: st.fixed_dictionaries(dict.fromkeys(IDS, OUTCOMES)) for grader in "pqrs"})


def drive(spec: RewardSpec, ids: tuple[str, ...], table: dict[str, Any], data: st.DataObject | None = None) -> Any:
    """Answer what is asked: all of it at each step, or, with `data`, any part of it in any order."""
    group = Group("g", [Sample(sample_id, "") for sample_id in ids])
    results: dict[str, dict[str, GradeResult]] = {}
    steps = 0
    while isinstance(step := advance(spec, group, results), Calls):
        asked = [(call.leaf, sample_id) for call in step.calls for sample_id in call.sample_ids]
        assert asked, "it wants nothing, and gives nothing"
        steps += 1
        if data is not None:
            asked = data.draw(st.lists(st.sampled_from(asked), min_size=1, unique_by=lambda it: (it[0].key, it[1])))
        for leaf, sample_id in asked:
            assert sample_id not in results.get(leaf.key, {}), "it asks again for what it has"
            results.setdefault(leaf.key, {})[sample_id] = GradeResult(sample_id, table[leaf.grader][sample_id])
    assert data is not None or steps <= len(spec.leaves)
    return step, results


def by_id(rewards: GroupRewards) -> dict[str, Reward]:
    return {reward.sample_id: reward for reward in rewards.rewards}


@settings(max_examples=150, deadline=None)
@given(spec=SPECS, table=TABLES, data=st.data())
def test_the_order_of_arrival_changes_nothing(spec: RewardSpec, table: dict[str, Any], data: st.DataObject) -> None:
    at_once, asked_at_once = drive(spec, IDS, table)
    in_pieces, asked_in_pieces = drive(spec, IDS, table, data)
    assert at_once == in_pieces
    assert asked_at_once == asked_in_pieces


@settings(max_examples=100, deadline=None)
@given(spec=SPECS, table=TABLES, ids=st.permutations(IDS))
def test_the_order_of_samples_changes_nothing(spec: RewardSpec, table: dict[str, Any], ids: list[str]) -> None:
    straight, _ = drive(spec, IDS, table)
    permuted, _ = drive(spec, tuple(ids), table)
    assert by_id(straight) == by_id(permuted)
    assert [reward.sample_id for reward in permuted.rewards] == ids


@settings(max_examples=100, deadline=None)
@given(spec=SPECS, table=TABLES)
def test_a_reward_or_an_error_and_never_both(spec: RewardSpec, table: dict[str, Any]) -> None:
    rewards, _ = drive(spec, IDS, table)
    for reward in rewards.rewards:
        assert (reward.reward is None) == (reward.error is not None)
        for part in reward.parts.values():
            assert (part.score is None) <= (part.error is not None)
            assert (part.stand_in is not None) <= (part.error is not None)


def test_a_group_without_samples_has_no_rewards_and_asks_nothing() -> None:
    spec = RewardSpec.parse({"reward": {"grader": "answer", "on_error": "abstain"}})
    assert advance(spec, Group("g", []), {}) == GroupRewards("g", ())


def test_leaves_that_ask_the_same_share_their_results() -> None:
    spec = RewardSpec.parse(
        {
            "reward": {
                "formula": "a + b + c",
                "parts": {
                    "a": {"grader": "judge", "parameters": {"x": 1, "y": 2}},
                    "b": {"grader": "judge", "parameters": {"y": 2, "x": 1}, "on_error": "abstain"},
                    "c": {"grader": "judge", "parameters": {"x": 1}},
                },
            }
        }
    )
    step = advance(spec, Group.of("g", ["text"]), {})
    assert isinstance(step, Calls)
    assert [call.leaf.path for call in step.calls] == ["reward.parts.a", "reward.parts.c"]
