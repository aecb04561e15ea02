"""Numbers in Chinese characters, as Chinese and Japanese write them: 十二, 一百零五, 三分之一, 百分之五十."""

from __future__ import annotations

from fractions import Fraction

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SCALES = (("亿", 10**8), ("億", 10**8), ("万", 10**4), ("萬", 10**4))
_MAX_CHARS = 40


def read_han(text: str) -> int | Fraction | None:
    """The number that the whole text says; None where it says none."""
    if not text or len(text) > _MAX_CHARS or text[0] not in "负負零〇一二三四五六七八九十百千两兩":
        return None
    if text[0] in "负負":
        value = read_han(text[1:])
        return -value if value is not None else None
    bottom, mark, top = text.partition("分之")
    if mark:
        under = _whole(f"一{bottom}" if bottom in _TENS else bottom)
        over = Fraction(top) if top.replace(".", "", 1).isdigit() and top.isascii() else _whole(top)
        return Fraction(over, under) if under and over is not None else None
    return _whole(text)


def _whole(text: str) -> int | None:
    if not text:
        return None
    for mark, scale in _SCALES:
        if mark in text:
            before, _, after = text.rpartition(mark)
            high, low = _whole(before), _whole(after) if after else 0
            return high * scale + low if high and low is not None and low < scale else None
    if len(text) > 1 and all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text)) if text[0] not in "零〇" else None
    return _below_ten_thousand(text)


def _below_ten_thousand(text: str) -> int | None:
    total, digit, last = 0, None, 10_000
    for char in text:
        if char in _TENS:
            size = _TENS[char]
            if size >= last or digit == 0 or (digit is None and (size != 10 or total)):
                return None
            total, digit, last = total + (1 if digit is None else digit) * size, None, size
        elif char in _DIGITS and digit in (None, 0):
            digit = _DIGITS[char]
        else:
            return None
    return total + (digit or 0)
