"""Dates and times of day, in words or figures. Nothing is converted: 2:30 PM is not 14:30."""

from __future__ import annotations

import re

from gradewire_extractors.parse.types import Moment

_MONTH_NAMES = "january february march april may june july august september october november december"
_DAY_NAMES = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_HOUR_NAMES = "one two three four five six seven eight nine ten eleven twelve"
_MONTHS = {name: index for index, name in enumerate(_MONTH_NAMES.split(), start=1)}
_MONTHS |= {name[:3]: index for name, index in _MONTHS.items()} | {"sept": 9}
_MONTH = re.compile("|".join(sorted({name[:3] for name in _MONTHS})))
_DAYS = {name: index for index, name in enumerate(_DAY_NAMES.split(), start=1)} | {"thirtieth": 30}
_DAY_PAIRS = re.compile(
    r"(twenty|thirty)[- ](first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)", re.IGNORECASE
)
_HOURS = {name: index for index, name in enumerate(_HOUR_NAMES.split(), start=1)}
_SPOKEN = re.compile(r"(?:(?:a )?(half|quarter) (past|to) )([a-z]+|[0-9]{1,2})")
_NAMED = {"noon": "12:00pm", "12 noon": "12:00pm", "12:00 noon": "12:00pm", "midday": "12:00pm",
          "midnight": "12:00am", "12 midnight": "12:00am", "12:00 midnight": "12:00am"}  # fmt: skip
_PARTS_OF_DAY = (("in the morning", "am"), ("in the afternoon", "pm"), ("in the evening", "pm"))
_DATE_PARTS = re.compile(r"[A-Za-z]+|[0-9]+")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SLASHED = re.compile(r"[0-9]{1,4}([/.-])[0-9]{1,2}\1[0-9]{2,4}")
_TIME = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?(?::([0-9]{2}))?\s?(a\.?m\.?|p\.?m\.?|o'clock|h|)", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(?:[01]?[0-9]|2[0-3]):[0-5][0-9]|24:00)(?::[0-5][0-9])?")
_HAN_DATE = re.compile(r"([0-9]{4})\s?年\s?([0-9]{1,2})\s?月\s?([0-9]{1,2})\s?日")
_FRENCH_TIME = re.compile(r"([0-9]{1,2})\s?h\s?([0-5][0-9])")


def read_moment(text: str) -> Moment | None:
    """A date with its month in words or in ISO form, or a clock time with am, pm or a leading zero
    (8:05, which is no ratio)."""
    is_digit = text[:1].isdigit()
    iso = (_ISO.fullmatch(text) or _HAN_DATE.fullmatch(text)) if is_digit else None
    if iso:
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    slashed = _SLASHED.fullmatch(text) if is_digit else None
    if slashed and (slashed[1] == "/" or text.count(slashed[1]) == 2):
        return Moment("/".join(str(int(part)) for part in text.replace(slashed[1], "/").split("/")))
    if not text[:1].isalnum() or len(text) > 60:
        return None
    if "\\" in text:
        text = " ".join(text.replace("\\,", " ").replace("\\ ", " ").replace("\\;", " ").split())
    if " " in text or "n" in text or "h" in text:
        spoken = _spoken_time(text.casefold())
        if spoken is not None:
            return spoken
        for words, mark in _PARTS_OF_DAY:
            text = text.replace(f" {words}", mark)
    time = _TIME.fullmatch(text) if is_digit else None
    if time and (time[4] or (time[2] and "0" in (time[1][0], time[2][0]) and ":" in text)):
        mark = time[4].lower().replace(".", "").replace("o'clock", "")
        if int(time[1]) > 24 or int(time[2] or 0) > 59 or (mark == "h" and not time[2]):
            return None
        return Moment(f"{int(time[1])}:{time[2] or '00'}{':' + time[3] if time[3] else ''}{mark.replace('h', '')}")
    return _written_date(text) if _MONTH.search(text.lower()) else None


def _spoken_time(text: str) -> Moment | None:
    """Noon, half past two, quarter to five, 14h30."""
    if text in _NAMED:
        return Moment(_NAMED[text])
    french = _FRENCH_TIME.fullmatch(text)
    if french and int(french[1]) <= 24:
        return Moment(f"{int(french[1])}:{french[2]}")
    found = _SPOKEN.fullmatch(text)
    if found is None:
        return None
    hour = int(found[3]) if found[3].isdigit() else _HOURS.get(found[3], 0)
    if not 1 <= hour <= 12 or (found[1] == "half" and found[2] == "to"):
        return None
    if found[2] == "to":
        return Moment(f"{hour - 1 or 12}:45")
    return Moment(f"{hour}:{'30' if found[1] == 'half' else '15'}")


def _written_date(text: str) -> Moment | None:
    pair = _DAY_PAIRS.search(text)
    if pair:
        text = text.replace(pair[0], f"{(20 if pair[1].lower() == 'twenty' else 30) + _DAYS[pair[2].lower()]}")
    parts = [str(_DAYS.get(part.lower(), part)) for part in _DATE_PARTS.findall(text)]
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


def looks_like_clock(text: str) -> bool:
    """Whether `3:45` could be a time of day."""
    return _CLOCK.fullmatch(text) is not None
