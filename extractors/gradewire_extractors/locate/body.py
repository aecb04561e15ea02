"""The stretch of a response that may hold the final answer, shared by all finders.

Positions are those of the original response, so that a span never has to be translated back.
"""

from functools import cached_property

MAX_RESPONSE_CHARS = 200_000
"""Only so many characters at the end are searched for an answer. Reasoning marks are sought in all of it."""

MAX_ANSWER_CHARS = 10_000
"""A longer box, tag or phrase is no final answer."""

INVISIBLE = "\x00\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
"""NUL, zero-width and direction marks: they may surround an answer, and are no part of it."""

BLANK = " \t\r\n\x0b\x0c\xa0\u2002\u2003\u2009\u202f\u3000" + INVISIBLE


def fold(text: str) -> str:
    """Lower case, one character for each character, so that positions agree with the original."""
    low = text.lower()
    # 'İ' alone has a longer lower case in Unicode's default mapping.
    return low if len(low) == len(text) else text.replace("İ", "i").lower()


class Body:
    """`text[start:end]`, with its lower case made once and only when a finder asks."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.start = start if end - start <= MAX_RESPONSE_CHARS else end - MAX_RESPONSE_CHARS
        self.end = end

    @cached_property
    def low(self) -> str:
        """The lower case of all of `text` up to `end`, blank before `start`: positions stay the same."""
        return " " * self.start + fold(self.text[self.start : self.end])

    def within(self, start: int, end: int) -> "Body":
        """A part of this body."""
        part = Body(self.text, start, end)
        if "low" in self.__dict__:
            part.__dict__["low"] = self.low
        return part
