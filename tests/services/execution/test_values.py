"""Values cross the border as bytes and come out the same; hostile bytes come out as an error."""

import math
import random
from collections import Counter, deque, namedtuple
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradewire_services.execution.box import values
from gradewire_services.execution.compare import difference, encoded_difference

Corner = namedtuple("Corner", "x y")
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
    | st.complex_numbers(allow_nan=False) | st.decimals(allow_nan=False) | st.fractions() | st.dates() | st.times()
    | st.datetimes() | st.timedeltas()
)  # fmt: skip
keys = st.none() | st.booleans() | st.integers() | st.text()
plain = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(keys, inner) | st.sets(keys),
    max_leaves=20,
)


def same(actual: object, expected: object, tolerance: float | None = None) -> bool:
    nodes = [values.parse(values.encode(value, 1 << 20)) for value in (actual, expected)]
    return difference(nodes[0], nodes[1], tolerance) is None


@given(plain)
def test_a_round_trip_is_exact(value: object):
    back = values.build(values.parse(values.encode(value, 1 << 20)))
    assert repr(back) == repr(value) or back == value
    assert type(back) is type(value)


@given(plain)
def test_comparison_is_reflexive(value: object):
    assert same(value, value)


@given(plain, plain)
def test_comparison_is_symmetric(one: object, other: object):
    assert same(one, other) == same(other, one)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_malformed(data: bytes):
    try:
        values.parse(data)
    except values.Malformed:
        return
    assert data


@given(plain, st.data())
def test_damaged_encodings_do_no_harm(value: object, data: st.DataObject):
    encoded = bytearray(values.encode(value, 1 << 20))
    place = data.draw(st.integers(0, len(encoded) - 1))
    encoded[place] ^= data.draw(st.integers(1, 255))
    try:
        node = values.parse(bytes(encoded))
    except values.Malformed:
        return
    difference(node, values.parse(values.encode(value, 1 << 20)), None)


@pytest.mark.parametrize(
    ("actual", "expected", "equal"),
    [
        (2, 2.0, True),
        (2.5, 2, False),
        (True, 1, False),
        (1, True, False),
        (0.0, -0.0, True),
        (2**53 + 1, float(2**53), False),
        (float("nan"), float("nan"), False),
        (float("inf"), float("inf"), True),
        ((1, 2), [1, 2], True),
        ({1, 2}, [1, 2], False),
        (frozenset({1, 2}), {2, 1}, True),
        (Decimal("1.0"), Decimal("1.00"), True),
        (Decimal("1e999999"), Decimal("1"), False),
        (Decimal("sNaN"), Decimal("sNaN"), False),
        (Decimal(1), 1, False),
        (Fraction(1, 2), Fraction(1, 3), False),
        (range(3), range(3), True),
        (range(3), [0, 1, 2], False),
        (deque([1]), deque([1], 5), False),
        (Counter("aab"), {"a": 2, "b": 1}, True),
        ({"a": 2}, Counter("aa"), True),
        (Corner(1, 2), (1, 2), True),
        (Corner(1, 2), [1, 3], False),
        ({1: "a", 2: "b"}, {2: "b", 1: "a"}, True),
        ({1: "a"}, {"1": "a"}, False),
        ({1: "a"}, {True: "a"}, False),
        ({"a": [1]}, {"a": [1.0]}, True),
        ("1", b"1", False),
        (None, False, False),
        ("", [], False),
        (object(), object(), False),
        (len, len, False),
        ([], {}, False),
    ],
)
def test_what_is_equal(actual: object, expected: object, equal: bool):
    assert same(actual, expected) is equal


def test_a_tolerance_concerns_floats_only():
    assert same([0.1 + 0.2, 5], [0.3, 5], 1e-9)
    assert not same([0.3, 6], [0.3, 5], 0.5)
    assert same(5.4, 5, 0.1)
    assert not same(math.nan, 1.0, 0.9)
    assert not same(math.inf, 1e308, 0.9)
    assert not same(10**400, 1.0, 0.9)


@given(plain, plain)
def test_encodings_compare_as_their_values_do(one: object, other: object):
    first, second = values.encode(one, 1 << 20), values.encode(other, 1 << 20)
    assert (encoded_difference(first, second, None) is None) == same(one, other)
    assert encoded_difference(first, first, None) is None


def test_a_huge_answer_is_not_even_read():
    answer = values.encode(list(range(200_000)), 1 << 24)
    assert encoded_difference(answer, values.encode([1], 100), None) == (
        f"value has {len(answer)} bytes, far more than the expected one"
    )
    assert encoded_difference(b"junk", values.encode([1], 100), None) == "no value: unknown tag b'j' at byte 0"
    nan = values.encode(float("nan"), 100)
    assert encoded_difference(nan, nan, None) is not None
    assert encoded_difference(values.encode(10**308, 1000), values.encode(1e308, 100), 1e-9) is None


def test_subclasses_travel_as_what_they_hold():
    class Liar(int):
        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 0

        def __add__(self, other: object) -> int:
            return 5

        def to_bytes(self, *args: object, **kwargs: object) -> bytes:
            return b""

    assert not same(Liar(3), 5)
    assert same(Liar(3), 3)


def test_cycles_and_depth_are_cut():
    cycle: list[object] = []
    cycle.append(cycle)
    assert not same(cycle, cycle)
    with pytest.raises(values.Malformed, match="nested"):
        values.parse(b"l\x01\x00\x00\x00" * 10_000 + b"N")


def test_size_is_bounded_both_ways():
    with pytest.raises(values.TooLarge):
        values.encode(["x" * 100] * 1000, 5000)
    with pytest.raises(values.Malformed, match="nodes"):
        values.parse(values.encode([None] * 100, 5000), most_nodes=50)


def test_keys_that_hash_alike_cost_no_time_outside():
    collide = [k * (2**61 - 1) for k in range(1, 3000)]
    random.Random(1).shuffle(collide)
    assert same(dict.fromkeys(collide, 0), dict.fromkeys(sorted(collide), 0))
