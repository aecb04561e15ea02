"""Read an answer: text to a typed answer. Never raises; what cannot be read is text, or says why not.

The order: wrappers off, the common number forms, words and letters that are no formulas, and only then the
grammar.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from gradewire_extractors.parse.beside import read_beside
from gradewire_extractors.parse.cardinals import read_cardinal, split_cardinal
from gradewire_extractors.parse.chemistry import read_formula
from gradewire_extractors.parse.classify import classify
from gradewire_extractors.parse.combinations import read_count
from gradewire_extractors.parse.grammar import parse_tokens
from gradewire_extractors.parse.han import read_han
from gradewire_extractors.parse.lexer import tokenize
from gradewire_extractors.parse.limits import MAX_CHARS, LimitExceededError, NotUnderstoodError, read_int
from gradewire_extractors.parse.moments import read_moment
from gradewire_extractors.parse.nodes import Num, Op, show_rational
from gradewire_extractors.parse.numerals import read
from gradewire_extractors.parse.prose import canonical_text, has_words, is_prose, read_words, without_markup
from gradewire_extractors.parse.series import read_series
from gradewire_extractors.parse.single import scalar
from gradewire_extractors.parse.special import (
    read_angle,
    read_base,
    read_choice,
    read_compound,
    read_undefined,
    split_parts,
)
from gradewire_extractors.parse.types import (
    Answer,
    Choice,
    Decimal,
    List,
    Number,
    Percent,
    Quantity,
    Relation,
    Symbolic,
    Text,
    Unread,
)
from gradewire_extractors.parse.unicode import fold
from gradewire_extractors.parse.worded import read_region
from gradewire_extractors.parse.wrappers import unwrap

_UPRIGHT_E = re.compile(r"(?<=[0-9])\s?\\(?:mathrm|text|rm)\{[eE]\}\s?\{?([-+]?[0-9]{1,12})\}?")

_LONG_INTEGER = re.compile(r"([-+]?)([0-9][0-9,]{4000,})")
_TWICE = re.compile(r"([A-Za-z -]{3,80}) \(([0-9.,/]{1,40})\)|([0-9.,/]{1,40}) \(([A-Za-z -]{3,80})\)")
_SHARE = re.compile(r"([0-9]{1,15}) (?:out of|in|of) ([0-9]{1,15})")
_FOR_ALL = re.compile(r",?\s?(?:\\text\{,?\s?)?\(?(?:for (?:all|every|any)\b|\\forall(?![a-z]))[^=]{1,60}$")
"""`f(x) = x \\text{ for all } x`: where it holds, and no part of what is said."""
_POINT = re.compile(r"[ABDEGHJ-OQ-Z]'?\s?(?:\\left\s?)?(\([^(),]+,[^()]+\))")
"""The name of a point before its coordinates. C(5, 2), P(A, B), F(1, 2) and I(X, Y) are something else."""
_TOLD = re.compile(
    r"\\text\{(?![^{}]*\b(?:not|if|or|either|maybe|perhaps|when|than)\b)[^{}]{1,80}?(?:\bis|\bare|:|=)\s?\}\s?"
)
"""`\\text{The ratio is }` before a value."""
_DENIED = re.compile(
    r"\s?(?:,\s?|\(\s?)?(?:\\text\{\s?[,(]?\s?(?:and )?not\s?\}|(?:and )?\bnot )\s?(?=[-$\\0-9]|[A-J]\b)[^,;]{1,60}$"
)
_DOLLARS = re.compile(r"([-+]?)\$\s?([0-9][0-9,]*(?:\.[0-9]+)?)")
"""A dollar sign before a number and none behind it: a currency, or a delimiter whose partner was cut off."""

_LEAD = re.compile(
    r"(?:(?:\\text\{)?\s?(?:(?:the )?(?:final )?(?:answer|result|value)(?: is)?:? |"
    r"about |approximately |exactly )"
    r"\}?\s?)+",
    re.IGNORECASE,
)
"""Words before a value that say nothing about it."""

__all__ = ["parse_answer"]


def parse_answer(text: str, *, comma: bool = False) -> Answer:
    """The typed answer in `text`. `comma`: the comma is the decimal mark (12,75 is 12.75)."""
    if text.isascii() and text.isdigit() and len(text) < MAX_CHARS and not comma:
        return Number(read_int(text))
    plain = unwrap(fold(text))
    if "{E}" in plain or "{e}" in plain:
        plain = _UPRIGHT_E.sub(r"E\1", plain)
    if "$" in plain and not comma:
        amount = _DOLLARS.fullmatch(plain)
        number = read(f"{amount[1]}{amount[2]}") if amount else None
        if number is not None:
            return Quantity(number, "$")
    try:
        if plain and not comma:
            found = read(plain) or read_series(plain)
            if found is not None:
                return found
        return _read_other(plain, comma)
    except LimitExceededError as error:
        return _beyond_limits(plain, str(error))


def _beyond_limits(plain: str, detail: str) -> Unread:
    """What is too large to read: known by all of its text, or by its digits where it is an integer."""
    whole = _LONG_INTEGER.fullmatch(plain)
    if whole is not None:
        digits = whole[2].replace(",", "").lstrip("0")
        sign = "-" if whole[1] == "-" else ""
        return Unread(f"{sign}<integer of {len(digits)} digits {_digest(digits)}>", "limits", detail, integer=True)
    end = f" <{len(plain)} characters {_digest(plain)}>" if len(plain) > MAX_CHARS else ""
    return Unread(canonical_text(plain[:MAX_CHARS]) + end, "limits", detail)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _without_denied(plain: str) -> str | None:
    """What is claimed in `3, not 4`; None where nothing is denied behind it."""
    found = _DENIED.search(plain) if "not" in plain else None
    return plain[: found.start()] if found is not None and found.start() else None


def _read_other(plain: str, comma: bool) -> Answer:
    if len(plain) > MAX_CHARS:
        raise LimitExceededError(f"an answer of {len(plain):,} characters")
    words = canonical_text(plain)
    claimed = _without_denied(plain)
    if claimed is not None:
        return _part(claimed, comma)
    if "=" in plain:
        plain = _FOR_ALL.sub("", plain)
    point = _POINT.fullmatch(plain)
    if point is not None:
        return _part(point[1], comma)
    lead = _LEAD.match(plain) or _TOLD.match(plain)
    if lead and lead.end() < len(plain):
        return _part(plain[lead.end() :], comma)
    special: Answer | None = (
        read_undefined(words)
        or read_moment(without_markup(plain))
        or read_angle(plain)
        or read_base(plain)
        or read_formula(plain)
        or read_compound(without_markup(plain))
        or _read_cardinal(without_markup(plain), comma)
        or read_region(plain, lambda part: _part(part, comma))
    )
    if special is not None:
        return special
    count = read_count(plain)
    if count is not None:
        return scalar(count)
    parts = split_parts(without_markup(plain))
    if parts is not None and all(part for _, part in parts):
        return List(tuple(Relation((Text(label), _part(part, comma)), ("=",), label) for label, part in parts))
    choice = read_choice(without_markup(plain) if plain.startswith("\\") else plain)
    if choice is not None and not choice.bare:
        return choice
    if choice is None and is_prose(plain):
        return read_words(words)
    try:
        answer = classify(parse_tokens(tokenize(plain, comma=comma)), plain)
    except NotUnderstoodError as error:
        if choice is not None:
            return choice
        beside = read_beside(plain)
        if beside is not None:
            return beside
        if has_words(plain):
            return Text(words)
        return Unread("".join(plain.casefold().split()), "not_understood", str(error))
    if isinstance(choice, Choice) and isinstance(answer, Symbolic):
        return replace(choice, variable=answer.expr)
    return answer


def _read_cardinal(text: str, comma: bool) -> Answer | None:
    """A number in words, perhaps in figures too, or of something: `twenty-one`, `21 (twenty-one)`, `five apples`."""
    value = read_cardinal(text) if text.isascii() else read_han(text)
    if value is not None:
        return Number(value)
    twice = _TWICE.fullmatch(text)
    if twice is not None:
        said, number = read_cardinal(twice[1] or twice[4]), read(twice[2] or twice[3])
        return number if isinstance(number, Number | Decimal) and said == number.value else None
    share = _SHARE.fullmatch(text)
    if share is not None and int(share[2]):
        return scalar(Op("div", (Num(int(share[1])), Num(int(share[2])))))
    counted = split_cardinal(text)
    if counted is None:
        return None
    measured = _part(f"{show_rational(counted[0])} {counted[1]}", comma)
    return measured if isinstance(measured, Quantity | Percent) else None


def _part(text: str, comma: bool) -> Answer:
    """One labelled part of an answer."""
    plain = unwrap(text)
    return (read(plain) if plain and not comma else None) or _read_other(plain, comma)
