"""Answers that are no formulas: choice letters, dates and clock times, 'undefined', numbers in another
base.
"""

from __future__ import annotations

import re

from gradewire_extractors.parse.limits import NotUnderstoodError
from gradewire_extractors.parse.measures import base_value
from gradewire_extractors.parse.nodes import Const, Num, Op, negate
from gradewire_extractors.parse.types import BaseN, Choice, Interval, Moment, Region, Set, Text, Undefined
from gradewire_extractors.parse.units import NAMES

_UNDEFINED = {
    "undefined": "undefined", "not defined": "undefined", "indeterminate": "undefined", "undef": "undefined",
    "does not exist": "does not exist", "dne": "does not exist", "doesn't exist": "does not exist",
    "limit does not exist": "does not exist", "the limit does not exist": "does not exist",
    "d.n.e": "does not exist", "nan": "not a number", "not a number": "not a number",
    "no solution": "no solution", "no solutions": "no solution", "no real solution": "no real solution",
    "no real solutions": "no real solution", "there is no solution": "no solution",
    "there are no solutions": "no solution", "none": "none",
}  # fmt: skip
_REALS = frozenset(
    ("all real numbers", "all reals", "all real x", "any real number", "every real number",
    "the real numbers",
     "all real values", "real numbers")
)  # fmt: skip

_MONTHS = {
    name: index + 1
    for index, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ]
    )
}
_MONTHS |= {name[:3]: index for name, index in _MONTHS.items()} | {"sept": 9}
_MONTH = re.compile("|".join(sorted({name[:3] for name in _MONTHS})))
_DATE_PARTS = re.compile(r"[A-Za-z]+|[0-9]+")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SLASHED = re.compile(r"[0-9]{1,4}([/.-])[0-9]{1,2}\1[0-9]{2,4}")
_TIME = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?(?::([0-9]{2}))?\s?(a\.?m\.?|p\.?m\.?|o'clock|h|)", re.IGNORECASE)
_CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-4]):[0-5][0-9]")

_CHOICE = re.compile(r"[(\[]?([A-Za-z])[)\]]?")
_CHOICE_TEXT = re.compile(r"(?:\(([A-J])\)|([a-h])\)|([A-J])(?:\)|[.:](?=\s)))\s*(\S.*)", re.DOTALL)
_GOES_ON = re.compile(
    r"[=+*/^_<>|&,;]|(?:or|and)\b|\\(?:text\{ ?)?(?:or|and|cup|cap|cdot|times|le|ge|ne|in|sum|lor|land)\b"
)
"""What follows a bracketed letter where it is no option: the rest of a formula, or another option."""
_RIVAL = re.compile(
    r"(?:(?:or|maybe|perhaps|possibly|probably|alternatively|otherwise|else|vs|versus|but|it|could|might|may|also|be|even)"
    r"[.,:]?\s+){0,6}[(]?[A-J][).]*",
    re.IGNORECASE,
)
_OPTION = re.compile(r"(?:option|choice|answer)\s?[(]?([A-Za-z])[)]?", re.IGNORECASE)
_LETTERS = re.compile(r"[(]?[A-J][)]?(?:(?:\s?[,;&/+]\s?|\s)(?:and\s)?[(]?[A-J][)]?){1,9}")
_RUN = re.compile(r"[A-J]{2,6}")

_LABEL = re.compile(r"(?:^|(?<=[\s,;\\]))\(?([a-fA-F]|i{1,3}|iv|v|[1-6])\)[\s:\\]\s*")
_LABELS = ("abcdef", ("i", "ii", "iii", "iv", "v"), "123456")

_ORDINAL = re.compile(r"[0-9]{1,9}(?:st|nd|rd|th)", re.IGNORECASE)
_PAIR = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s?([A-Za-z]{1,12})")
_COMPOUND = re.compile(r"[0-9A-Za-z., ]+")

_FORMULA = re.compile(r"[A-Z][a-z]?|[0-9]+|[()]|.")
_ELEMENTS = frozenset((
    "H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na", "Mg", "Al", "Si", "P", "S",
    "Cl", "Ar", "K", "Ca", "Sc", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga",
    "Ge", "As", "Se", "Br", "Kr", "Rb", "Sr", "Ag", "Cd", "Sn", "Sb", "I", "Xe", "Cs", "Ba",
    "W", "Pt", "Au", "Hg", "Pb", "Bi", "U",
))  # fmt: skip

_BASE = re.compile(r"\(?([0-9A-Za-z. ]{1,400})\)?\s?_\s?\{?([0-9]{1,2}|[a-z]{3,7})\}?")
_BASE_WORD = re.compile(r"([0-9A-Fa-f]{1,400}),?\s?\(?(?:in\s)?base[\s-]?([0-9]{1,2}|[a-z]{3,7})\)?")
_PREFIXED = re.compile(r"0(x[0-9A-Fa-f]{1,400}|b[01]{1,400}|o[0-7]{1,400})")
_BASE_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
"ten": 10,
               "twelve": 12, "sixteen": 16}  # fmt: skip


def read_undefined(words: str) -> Undefined | Region | Set | None:
    """'does not exist', 'no solution', 'all real numbers'; `words` are casefolded."""
    if words in _REALS:
        infinite = Const("oo")
        return Region((Interval(negate(infinite), infinite, False, False),))
    if words in ("empty set", "null set"):
        return Set(())
    meaning = _UNDEFINED.get(words)
    return Undefined(meaning) if meaning else None


def read_moment(text: str) -> Moment | None:
    """A date with its month in words or in ISO form, or a clock time with am, pm or a leading zero."""
    iso = _ISO.fullmatch(text)
    if iso:
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    slashed = _SLASHED.fullmatch(text)
    if slashed and (slashed[1] == "/" or text.count(slashed[1]) == 2):
        return Moment("/".join(str(int(part)) for part in text.replace(slashed[1], "/").split("/")))
    if not text[:1].isalnum() or len(text) > 60:
        return None
    time = _TIME.fullmatch(text)
    if time and (time[4] or (time[2] and (time[1].startswith("0") or time[3]) and ":" in text)):
        mark = time[4].lower().replace(".", "").replace("o'clock", "")
        if int(time[1]) > 24 or int(time[2] or 0) > 59 or (mark == "h" and not time[2]):
            return None
        return Moment(f"{int(time[1])}:{time[2] or '00'}{':' + time[3] if time[3] else ''}{mark.replace('h', '')}")
    return _written_date(text) if _MONTH.search(text.lower()) else None


def _written_date(text: str) -> Moment | None:
    parts = _DATE_PARTS.findall(text)
    words = [p.lower() for p in parts if p[0].isalpha()]
    months = [_MONTHS[w] for w in words if w in _MONTHS]
    rest = [w for w in words if w not in _MONTHS]
    numbers = [int(p) for p in parts if p[0].isdigit() and len(p) <= 4]
    if len(months) != 1 or any(w not in ("st", "nd", "rd", "th", "of", "the", "ad", "ce") for w in rest):
        return None
    if len(numbers) == 2:
        day, year = (numbers[0], numbers[1]) if numbers[0] <= 31 else (numbers[1], numbers[0])
        return _date(year, months[0], day)
    if len(numbers) == 1:
        return Moment(f"{months[0]}/{numbers[0]}") if numbers[0] <= 31 else Moment(f"{numbers[0]}-{months[0]:02}")
    return None


def _date(year: int, month: int, day: int) -> Moment | None:
    return Moment(f"{year}-{month:02}-{day:02}") if 1 <= month <= 12 and 1 <= day <= 31 else None


def split_parts(text: str) -> list[tuple[str, str]] | None:
    """The labelled parts of an answer: `(a) 2 (b) 3`; None unless it starts with the first label and has
    more.
    """
    if not text.startswith(("(a)", "a)", "(i)", "i)", "(A)", "(1)", "1)")):
        return None
    labels = list(_LABEL.finditer(text))
    first = labels[0][1].lower() if labels else ""
    order = next((row for row in _LABELS if row[0] == first), ())
    if len(labels) < 2 or tuple(label[1].lower() for label in labels) != tuple(order[: len(labels)]):
        return None
    ends = [*(label.start() for label in labels[1:]), len(text)]
    return [
        (f"({label[1].lower()})", text[label.end() : end].strip(" ,;\n\\"))
        for label, end in zip(labels, ends, strict=True)
    ]


def read_compound(text: str) -> Text | None:
    """A length or time in two units, `3 hours 20 minutes`, `5 ft 6 in`, and ordinals, as words; nothing is
    added up.
    """
    if _ORDINAL.fullmatch(text):
        return Text(text.casefold())
    if not text[:1].isdigit() or len(text) > 80 or not _COMPOUND.fullmatch(text):
        return None
    pairs = _PAIR.findall(text)
    units = [NAMES.get(unit) or NAMES.get(unit.casefold()) for _, unit in pairs]
    if len(pairs) < 2 or None in units:
        return None
    return Text(" ".join(f"{number.rstrip('.')} {unit}" for (number, _), unit in zip(pairs, units, strict=True)))


def looks_like_clock(text: str) -> bool:
    """Whether `3:45` could be a time of day."""
    return _CLOCK.fullmatch(text) is not None


def read_choice(text: str) -> Choice | None:
    """`B`, `(b)`, `B) 12`, `A, C`, `option D`. A bare letter may turn out to be a variable."""
    single = _CHOICE.fullmatch(text)
    if single:
        return Choice(single[1].upper(), bare=len(text) == 1)
    if len(text) > 2_000:
        return None
    option = _OPTION.fullmatch(text)
    if option:
        return Choice(option[1].upper(), bare=False)
    if _LETTERS.fullmatch(text):
        letters = sorted(set(re.findall("[A-J]", text)))
        return Choice("".join(letters), bare=False) if len(letters) > 1 else None
    carried = _CHOICE_TEXT.fullmatch(text)
    if carried:
        letter = carried[1] or carried[2] or carried[3]
        if _RIVAL.fullmatch(carried[4]):
            return None  # another letter, and no option's text
        following = chr(ord(letter) + 1)
        if f"({following})" in carried[4] or f" {following})" in carried[4]:
            return None  # the options, one after the other
        if _GOES_ON.match(carried[4]):
            return None
        others = re.findall(r"\(([A-J])\)", carried[4])
        if others and carried[4].startswith("("):
            return Choice("".join(sorted({letter.upper(), *others})), bare=False)
        return Choice(letter.upper(), carried[4].strip(), bare=False)
    return None


def read_formula(text: str) -> Text | None:
    r"""A chemical formula, as words in their own case: H2O, \text{H}_2\text{O}, C_6H_{12}O_6."""
    if text.islower() or len(text) > 80 or not any(mark in text for mark in ("_", "\\", "2", "3", "4", "O")):
        return None
    plain = text
    for mark in ("\\text", "\\mathrm", "\\ce", "\\rm", "{", "}", "_", " "):
        plain = plain.replace(mark, "")
    pieces = _FORMULA.findall(plain)
    atoms = [piece for piece in pieces if piece[0].isupper()]
    if not pieces or not pieces[0][0].isupper() or any(atom not in _ELEMENTS for atom in atoms):
        return None
    if not all(piece in atoms or piece.isdigit() or piece in "()" for piece in pieces):
        return None
    counted = any(piece.isdigit() for piece in pieces)
    if len(atoms) < 2 or not (counted or "\\" in text):
        return None
    return Text(plain)


def read_base(text: str) -> BaseN | None:
    """`FF_{16}`, `(1011)_2`, `1011 base 2`, `0xFF`, `-77_8`; None where it is a variable with an index."""
    if text.startswith("-") and text[1:2].isdigit() and "_" in text:
        positive = read_base(text[1:].lstrip())
        return BaseN(-positive.value, f"-{positive.digits}", positive.base) if positive is not None else None
    prefixed = _PREFIXED.fullmatch(text)
    if prefixed:
        return _base(prefixed[1][1:], {"x": 16, "b": 2, "o": 8}[prefixed[1][0]])
    if "base" in text:
        worded = _BASE_WORD.fullmatch(text.replace("\\text{", "").replace("}", ""))
        if worded:
            return _base(worded[1], _BASE_WORDS.get(worded[2]) or (int(worded[2]) if worded[2].isdigit() else 0))
    if "_" in text:
        plain = text.replace("\\text", "").replace("\\mathrm", "").replace("{", "").replace("}", "")
        found = _BASE.fullmatch(plain.replace("\\,", ""))
        if found and (len(found[1]) > 1 or found[1].isdigit()):
            base = _BASE_WORDS.get(found[2]) or (int(found[2]) if found[2].isdigit() else 0)
            return _base(found[1].strip(), base)
    return None


def _base(digits: str, base: int) -> BaseN | None:
    if not any(c.isdigit() for c in digits) and not (base > 10 and digits.isupper()):
        return None
    try:
        node = base_value(digits, base)
    except NotUnderstoodError:
        return None
    assert isinstance(node, Op)
    value = node.args[0]
    assert isinstance(value, Num)
    return BaseN(value.value, digits.replace(" ", "").upper().lstrip("0") or "0", base)
