"""Every way in which the demo writes a number says that number, by a reading that shares nothing with the writing."""

import importlib.util
import re
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

FORMS = Path(__file__).parents[2] / "examples" / "demo" / "rows" / "forms.py"

VALUES = [
    *(Fraction(number) for number in (0, 7, -3, 42, 1000, -4096, 12345, 45_000_000, 9007199254740993)),
    *(Fraction(top, bottom) for bottom in (2, 3, 8, 20, 125, 4000) for top in (1, -1, 7, 29, -9001)),
    *(Fraction(53, 10**12), Fraction(-19, 10**11), Fraction(1001, 10**4)),
]


@pytest.fixture(scope="module")
def forms() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("demo_forms", FORMS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["demo_forms"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["demo_forms"]


def reading(text: str) -> Fraction:
    """What a person would read."""
    text = text.strip("$").replace("−", "-").replace("{,}", "").replace(",", "")
    if text.endswith("%"):
        return reading(text.removesuffix("%").rstrip("\\, ")) / 100
    power = re.fullmatch(r"(.+?)\s*(?:x|×|\\times|\\cdot)\s*10\^\{?(-?\d+)\}?", text)
    if power:
        return reading(power[1]) * Fraction(10) ** int(power[2])
    sign = -1 if text.startswith("-") else 1
    parts = re.fullmatch(r"-?(\d+)?\s*(?:\\d?frac\{?(\d+?)\}?\{?(\d+)\}?|(?<=\s)(\d+)/(\d+))", text)
    if parts:
        whole, top, bottom = int(parts[1] or 0), int(parts[2] or parts[4]), int(parts[3] or parts[5])
        return sign * (whole + Fraction(top, bottom))
    return Fraction(text)


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_every_form_reads_as_the_number(forms: ModuleType, value: Fraction) -> None:
    written = forms.forms_of(value)
    assert written
    for form in written:
        assert reading(form.plain) == value, form.plain
        assert reading(form.tex) == value, form.tex


def test_there_are_many_forms_of_one_twentieth(forms: ModuleType) -> None:
    told = {form.plain for form in forms.forms_of(Fraction(1, 20))}
    wanted = {".05", "0.05", "1/20", "$\\frac{1}{20}$", "5E-02", "5e-2", "5 x 10^-2", "$5\\times10^{-2}$", "5%", "2/40"}
    assert wanted <= told


def test_digits_that_never_end_or_are_many_make_no_decimal(forms: ModuleType) -> None:
    assert forms.decimal_of(Fraction(1, 3)) is None
    assert forms.decimal_of(Fraction(1, 2**20)) is None
    assert str(forms.decimal_of(Fraction(-3, 8))) == "-0.375"
