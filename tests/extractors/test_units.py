"""Policies that convert units, and policies that allow rounding: what they let be equal, and what they still do not."""

import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradewire_extractors import Policy, equivalent, verify
from gradewire_extractors.compare.conversion import comparable, converted, size_of
from gradewire_extractors.parse.types import Number

CONVERT = Policy(units="convert")
ROUNDING = Policy(rounding=True)
_LENGTHS = ("mm", "cm", "m", "km", "in", "ft", "yd", "mi", "nm", "um")


@pytest.mark.parametrize(
    ("response", "reference"),
    [
        ("5 inches", "12.7 cm"),
        ("72 km/h", "20 m/s"),
        ("$32^\\circ\\text{F}$", "$0^\\circ\\text{C}$"),
        ("$20\\ ^\\circ\\text{C}$", "293.15 K"),
        ("2\\pi \\text{ rad}", "1 revolution"),
        ("1 L", "1000 cm^3"),
        ("2 N", "2 kg m/s^2"),
        ("500 cents", "\\$5"),
        ("2 pounds", "32 ounces"),
        ("5 megapascals", "5000 kPa"),
        ("1800 rpm", "30 rev/s"),
        ("3 M", "3000 mmol/L"),
        ("1 year", "12 months"),
        ("90 minutes", "1.5 hours"),
        ("1 light year", "9460730472580800 m"),
    ],
)
def test_the_same_in_another_unit(response: str, reference: str) -> None:
    """In both directions, and only where the policy says so."""
    assert verify(response, reference, CONVERT).reason == "converted"
    assert verify(reference, response, CONVERT).reason == "converted"
    assert equivalent(response, reference, CONVERT)
    assert verify(response, reference).reason == "different_unit"


@pytest.mark.parametrize(
    ("response", "reference"),
    [
        ("5 inches", "12.5 cm"),
        ("5 kg", "5 m"),
        ("3 apples", "3 oranges"),
        ("5 units", "5 nits"),
        ("2 cats", "2 apples"),
        ("180 degrees", "3.14 rad"),
        ("5 \\text{ dollars}", "5 euros"),
        ("HK$20", "\\$20"),
        ("30 mpg", "30 \\text{ pg}"),
        ("$32^\\circ\\text{F}$", "$32^\\circ\\text{C}$"),
    ],
)
def test_another_amount_or_another_dimension(response: str, reference: str) -> None:
    """Converting makes nothing else equal, and no word a unit for looking like one with a prefix."""
    assert verify(response, reference, CONVERT).outcome == "not_equal"
    assert verify(reference, response, CONVERT).outcome == "not_equal"


@pytest.mark.parametrize(("response", "reference"), [("1 year", "365 days"), ("1 ton", "1000 kg")])
def test_a_unit_without_one_size(response: str, reference: str) -> None:
    assert verify(response, reference, CONVERT).reason == "ambiguous_unit"


def test_a_tolerance_is_in_the_references_unit() -> None:
    """Half a centimetre is within .02 m of it, whatever the answer's unit."""
    near = Policy(units="convert", abs_tol=0.02)
    assert verify("101 cm", "1 m", near)
    assert not verify("105 cm", "1 m", near)
    assert not verify("0.9 m", "100 cm", near)


@given(st.fractions(-1000, 1000), st.sampled_from(_LENGTHS), st.sampled_from(_LENGTHS), st.sampled_from(_LENGTHS))
def test_there_and_back_is_the_same(amount: Fraction, one: str, other: str, third: str) -> None:
    """Conversions are exact, so a detour changes nothing."""
    start = Number(amount)
    there = converted(converted(start, one, other), other, third)
    assert converted(there, third, one) == start
    assert there == converted(start, one, third)


def test_sizes_are_bounded() -> None:
    """No power is too much for it: what is beyond its bound is no unit."""
    assert size_of("m^100000") is None
    assert comparable("m^100000", "cm^100000") is False
    assert verify("5 \\text{ m}^{99999999}", "5 \\text{ cm}^{99999999}", CONVERT).outcome != "equal"


@pytest.mark.parametrize(
    ("response", "reference", "equal"),
    [
        ("9.8 m/s^2", "9.81 m/s^2", True),
        ("9.7 m/s^2", "9.81 m/s^2", False),
        ("x = 0.333", "1/3", True),
        ("(0.33, 0.67)", "(1/3, 2/3)", True),
        ("1.5e-3", "0.04", False),
        ("1.5e-3", "0.00151", True),
        ("$1.5 \\times 10^{-3}$", "0.04", False),
        ("1.5e3", "1540", True),
        ("1.5e3", "1560", False),
        ("6.02 \\times 10^{23} \\text{ kg}", "6.022e23 kg", True),
        ("1.50", "1.504", True),
        ("1.5 \\text{ kg}", "1.54 kg", True),
        ("10^5", "100001", False),
        ("33.3%", "1/3", True),
        ("67\\%", "2/3", True),
        ("33.4%", "1/3", False),
    ],
)
def test_rounding_goes_by_the_last_digit_written(response: str, reference: str, equal: bool) -> None:
    """Wherever the number stands, and however its power of ten is written."""
    assert bool(verify(response, reference, ROUNDING)) is equal


def test_without_pint_the_policy_is_refused() -> None:
    """And nothing else is: the library is looked for only when it is asked for."""
    program = (
        "import sys; sys.modules['pint'] = None\n"
        "from gradewire_extractors import Policy, PolicyError, verify\n"
        "assert verify('7 cm', '7 cm')\n"
        "try: verify('7 cm', '70 mm', Policy(units='convert'))\n"
        "except PolicyError as error: print(error)\n"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told.startswith("policy.units: ")
    assert "pip install 'gradewire-extractors[units]'" in told
