"""Numbers in English words: twenty-one, one hundred and five, three halves, two and a half, minus five.

Only where the whole text is one, or one and the thing it counts. Ordinals (third, 21st) are no numbers, and
figures of speech (a couple, several) are none either.
"""

from __future__ import annotations

from fractions import Fraction

_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_BY_TEN = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = {name: value for value, name in enumerate(_TO_NINETEEN.split())}
_TENS = {name: 10 * value for value, name in enumerate(_BY_TEN.split(), start=2)}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SIGNS = ("minus", "negative")
_PARTS = {
    "half": 2, "quarter": 4, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "sixteenth": 16, "twentieth": 20, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
PLURALS = {("halves" if name == "half" else f"{name}s"): value for name, value in _PARTS.items()}
"""Several of a part: 3 tenths. Quarters are coins as well, and stand here for words alone."""
_OPENING = frozenset((*_ONES, *_TENS, *_SIGNS, "a", "an", "half", "hundred", "thousand", "dozen"))
_MAX_WORDS = 24


def read_cardinal(text: str) -> int | Fraction | None:
    """The number that the whole text says; None where it says none."""
    words = _words(text)
    if not words or not (words[0] in _OPENING or (words[0].isdigit() and words[1:2] == ["and"])):
        return None
    return _signed(words)


def split_cardinal(text: str) -> tuple[int | Fraction, str] | None:
    """The number and the last word, where that is the lower-case noun of what is counted: `five apples`."""
    head, _, noun = text.strip().rpartition(" ")
    if not noun.isalpha() or not noun.islower() or noun in _OPENING or noun in PLURALS or noun in _PARTS:
        return None
    value = read_cardinal(head)
    return (value, noun) if value is not None else None


def _words(text: str) -> list[str]:
    plain = text.strip(" .,;:!").casefold().replace(", ", " ")
    if plain[:1] == "-":
        return []  # a sign, and no hyphen
    plain = plain.replace("-", " ")
    if len(plain) > 200 or not plain.replace(" ", "").isalnum() or not plain.isascii():
        return []
    words = plain.split()
    worded = len(words) <= _MAX_WORDS and all(map(str.isalpha, words[1:]))
    return words if worded and (words[:1] == [] or words[0].isalpha() or len(words[0]) < 16) else []


def _signed(words: list[str]) -> int | Fraction | None:
    if words[0] in _SIGNS:
        value = _positive(words[1:])
        return -value if value is not None else None
    return _positive(words)


def _positive(words: list[str]) -> int | Fraction | None:
    if not words:
        return None
    if "point" in words:
        return _decimal(words)
    fraction = _fraction(words)
    if fraction is not None:
        return fraction
    for cut in range(len(words) - 2, 0, -1):
        if words[cut] == "and":
            whole = int(words[0]) if cut == 1 and words[0].isdigit() else _whole(words[:cut])
            part = _fraction(words[cut + 1 :])
            if whole is not None and part is not None and part < 1:
                return whole + part
    if words[:2] == ["half", "a"] and len(words) == 3:
        return Fraction({**_SCALES, "dozen": 12}.get(words[2], 0), 2) or None
    if words[-1] == "dozen":
        count = _whole(words[:-1]) if words[:-1] not in ([], ["a"]) else 1
        return 12 * count if count is not None else None
    return _whole(words)


def _fraction(words: list[str]) -> Fraction | None:
    """`a half`, `one third`, `three quarters`: one of the singular, several of the plural."""
    if words == ["half"]:
        return Fraction(1, 2)
    if len(words) < 2:
        return None
    if words[0] in ("a", "an", "one") and len(words) == 2:
        part = _PARTS.get(words[1])
        return Fraction(1, part) if part is not None else None
    parts = PLURALS.get(words[-1])
    count = _whole(words[:-1])
    return Fraction(count, parts) if parts is not None and count is not None and count != 1 else None


def _decimal(words: list[str]) -> Fraction | None:
    cut = words.index("point")
    whole = _whole(words[:cut]) if cut else 0
    digits = [_ONES.get(word, 10) for word in words[cut + 1 :]]
    if whole is None or not digits or max(digits) > 9:
        return None
    return whole + Fraction(int("".join(map(str, digits))), 10 ** len(digits))


def _whole(words: list[str]) -> int | None:
    """A natural number below 10^15; each scale once, from the largest down."""
    if words[:1] == ["a"] and len(words) > 1 and (words[1] == "hundred" or words[1] in _SCALES):
        words = ["one", *words[1:]]
    if words[:1] == ["hundred"] or (words and words[0] in _SCALES):
        words = ["one", *words]
    total, rest, limit = 0, words, 10**15
    while True:
        at = next((k for k, word in enumerate(rest) if word in _SCALES), None)
        if at is None:
            break
        scale, count = _SCALES[rest[at]], _below_thousand(rest[:at])
        if not count or scale >= limit:
            return None
        total, rest, limit = total + count * scale, rest[at + 1 :], scale
        if rest[:1] == ["and"] and len(rest) > 1:
            rest = rest[1:]
        if not rest:
            return total
    last = _below_thousand(rest)
    return total + last if last is not None and (last or not total) else None


def _below_thousand(words: list[str]) -> int | None:
    if not words:
        return None
    total = 0
    if words[1:2] == ["hundred"]:
        if not 1 <= _ONES.get(words[0], 0) <= 19:
            return None
        total, words = 100 * _ONES[words[0]], words[2:]
        if words[:1] == ["and"] and len(words) > 1:
            words = words[1:]
        if not words:
            return total
    if len(words) == 1:
        small = _ONES.get(words[0], _TENS.get(words[0]))
        return total + small if small is not None and (small or not total) else None
    if len(words) == 2 and words[0] in _TENS and 1 <= _ONES.get(words[1], 0) <= 9:
        return total + _TENS[words[0]] + _ONES[words[1]]
    return None
