"""Splitting, fingerprints and resending: what both ends of the wire rely on."""

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradewire.v1 import sample_pb2
from gradewire_protos import DEFAULT_LIMITS, LimitValues, fingerprint, may_resend, split_groups


def group(group_id: str, sizes: list[int], shared: int = 0) -> sample_pb2.Group:
    made = sample_pb2.Group(group_id=group_id, reference_json='"' + "r" * shared + '"')
    for index, size in enumerate(sizes):
        made.samples.add(sample_id=f"{group_id}/{index}", text="x" * size)
    return made


groups_of_sizes = st.lists(st.lists(st.integers(0, 300), min_size=1, max_size=12), min_size=1, max_size=8)


@given(groups_of_sizes, st.integers(1, 20), st.integers(200, 2000))
def test_splitting_keeps_every_sample_once_and_every_limit(
    sizes: list[list[int]], max_samples: int, max_bytes: int
) -> None:
    groups = [group(f"g{number}", each, shared=50) for number, each in enumerate(sizes)]
    batches = list(split_groups(groups, max_samples=max_samples, max_bytes=max_bytes))
    sent = [sample.sample_id for batch in batches for part in batch for sample in part.samples]
    assert sent == [sample.sample_id for each in groups for sample in each.samples]
    for batch in batches:
        count = sum(len(part.samples) for part in batch)
        size = sum(part.ByteSize() for part in batch)
        assert count <= max_samples
        assert size <= max_bytes or count == 1
        assert all(len(part.reference_json) == 52 for part in batch)


@given(groups_of_sizes, st.integers(1, 20))
def test_whole_groups_are_never_parted(sizes: list[list[int]], max_samples: int) -> None:
    groups = [group(f"g{number}", each) for number, each in enumerate(sizes)]
    batches = list(split_groups(groups, max_samples=max_samples, max_bytes=10_000, whole_groups=True))
    assert [part for batch in batches for part in batch] == groups


def test_a_group_of_no_samples_makes_no_request() -> None:
    assert list(split_groups([sample_pb2.Group(group_id="empty")], max_samples=4, max_bytes=100)) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda g: setattr(g, "reference_json", "2"),
        lambda g: setattr(g, "item_json", '{"a": 1}'),
        lambda g: setattr(g.samples[0], "text", "x "),
        lambda g: setattr(g.samples[0], "finish_reason", sample_pb2.FINISH_REASON_LENGTH),
        lambda g: g.prompt.add(role="user", content="hi"),
    ],
)
def test_any_byte_that_counts_changes_the_fingerprint(change) -> None:
    one, other = group("g", [3]), group("g", [3])
    change(other)
    assert fingerprint("answer", "1", "", one) != fingerprint("answer", "1", "", other)
    assert fingerprint("answer", "1", "", one) != fingerprint("answer", "2", "", one)


def test_ids_do_not_change_the_fingerprint() -> None:
    assert fingerprint("answer", "1", "", group("a", [3, 4])) == fingerprint("answer", "1", "", group("b", [3, 4]))


def test_parts_cannot_be_shifted_between_fields() -> None:
    one, other = (
        sample_pb2.Group(reference_json="12", item_json="3"),
        sample_pb2.Group(reference_json="1", item_json="23"),
    )
    assert fingerprint("g", "1", "", one) != fingerprint("g", "1", "", other)


def test_only_passing_trouble_is_sent_again() -> None:
    resent = {code for code in grpc.StatusCode if may_resend(code)}
    assert resent == {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
    }


def test_limits_survive_the_wire_and_zeros_mean_our_defaults() -> None:
    odd = LimitValues(1, 2, 3, 4, 5, 0.25, 1.5, 6)
    assert LimitValues.of(odd.message()) == odd
    assert LimitValues.of(type(odd.message())()) == DEFAULT_LIMITS
