"""From the noun that names an answer to the value: by a link, directly, or backwards ('42 is the answer').

Denials, conditions and questions between them end the search: they announce nothing.
"""

from .body import BLANK, Body
from .choice import LETTERS, choice_at
from .conclusion import concluded, goes_on, leads
from .denied import is_denied
from .located import Span
from .sentences import sentence_end
from .tidy import tidy
from .values import (
    corrected,
    has_math,
    is_quantity,
    is_unspaced,
    is_value,
    prose_words,
    skip_fillers,
    skip_markup,
    value_at,
)
from .words import (
    BLOCKERS,
    CHOICE_NOUNS,
    CUES,
    JOINED_LINKS,
    LINK_SYMBOLS,
    LINK_WORDS,
    LINKED_NOUNS,
    PREFIXES,
)

_MAX_BETWEEN = 90
_MAX_WORDS_BETWEEN = 12
_MAX_ASIDE = 30
_STOPS = " \xa0,:：=\n.?!。*$\\("
_SENTENCE_WORDS = 3
_UNINFLECTED = "\u0600"  # from Arabic on, what follows a noun is another word
_WEAKENED = ("不", "非", "没", "可能", "也许", "或许", "至少", "至多", "最多", "最少", "大于", "小于", "应不")
"""Between noun and copula they weaken or deny."""
_OPTION_ENDS = ("项", "項", "択")
"""After 选 or 選 they make the noun 'option'."""
_POLISH = ("odpowiedz", "odpowiedź", "wynik")  # 'to' is their copula
_WORKING_NOUNS = ("solution", "solucion", "solución", "lösung", "solução", "解答")
_IMPERATIVE_OBJECTS = (
    " the ",
    " this ",
    " these ",
    " all ",
    " each ",
    " any ",
    " with ",
    " in the ",
    " in a ",
    " in your ",
)
_TURNS = tuple(
    f", but {turn} "
    for turn in ("it is actually", "it's actually", "actually it is", "in fact it is", "it is in fact", "it is really")
)
_BACKWARD = (
    "is the",
    "is our",
    "is my",
    "is thus the",
    "is therefore the",
    "is indeed the",
    "as the",
    "as our",
    "as my",
)
_CHOOSING = tuple(
    f"{lead} {noun}"
    for lead in (
        *("is", "so", "thus", "therefore", "hence", "thus,", "therefore,", "hence,", "choose", "select", "pick"),
        *("chose", "go with", "going with", "matches", "match", "matching", "corresponds to", "agrees with", "gives"),
    )
    for noun in ("option", "choice")
)
_CHOOSING += ("choose", "select", "pick", "go with", "chọn")
_PASSING = tuple(f"{word} {noun}" for word in ("each", "every", "another", "any") for noun in ("option", "choice"))
"""They pass over the options: 'let's look at each option: A. …'."""
_NUMBERS = tuple("123456789①②③④⑤⑥⑦⑧⑨")
_NUMBERED_NOUNS = ("option", "choice", "选", "選", "选项", "選項")
_MAX_OPTION = 300
_RIGHT = tuple(
    f" {verb} {praise}"
    for verb in ("is", "ist", "est", "es", "é", "è", "är")
    for praise in ("correct", "right", "the correct", "richtig", "korrekt", "correct", "juste", "la bonne", "correcta",
                   "la correcta", "correta", "a correta", "corretta", "true")
)  # fmt: skip
_AFFIRMED = (
    "is correct",
    "is the correct",
    "is the answer",
    "is the right",
    "is right",
    "is the best",
    "as the",
)


def announced(body: Body, at: int, noun: str) -> Span | None:
    """The value that the noun at `at` announces, None when it announces none."""
    low, end = body.low, body.end
    if noun.isascii() and at > body.start and low[at - 1].isalpha():
        return None
    i = at + len(noun)
    if noun == "ans" and low[i : i + 1].isalpha():
        return None
    if low[at - 1 : at] == '"' and low[i : i + 1] == '"':
        return None  # a JSON field is not prose
    if is_denied(body, at):
        return _actually(body, i)
    if noun in LINKED_NOUNS:
        return _linked(body, i, i, noun) or corrected(body, i)
    if noun in CHOICE_NOUNS:
        return _option(body, i)
    if low[i + 1 : i + 2].isdigit() and low[i + 2 : i + 4] in (": ", ":\n", ":*"):
        return None  # 'Answer 1: …' is one of several
    if low.startswith("(s)", i):
        i += 3
    while i < end and low[i].isalpha() and low[i] < _UNINFLECTED:
        i += 1  # plurals and cases
    if body.text[i + 1 : i + 2] in LETTERS and low.startswith(_RIGHT, i + 2):
        return i + 1, i + 2  # 'Antwort B ist richtig'
    direct = None if noun.isascii() else _direct(body, at, i)
    if direct is not None:
        return direct
    if low.startswith(_IMPERATIVE_OBJECTS, i):
        return None
    link = _link_end(body, i, noun)
    if link >= 0:
        return _linked(body, i, link, noun) or corrected(body, i)
    return _direct(body, at, i) or _backward(body, at, i) or corrected(body, i)


def _actually(body: Body, i: int) -> Span | None:
    """'17' in 'One might think the answer is 19, but it is actually 17.'"""
    stop = sentence_end(body.text, i, body.end)
    turn = next((turn for turn in _TURNS if body.low.find(turn, i, stop) >= 0), None)
    span = value_at(body, body.low.find(turn, i, stop) + len(turn)) if turn is not None else None
    return span if span is not None and leads(body.text, span) else None


def _linked(body: Body, i: int, link: int, noun: str) -> Span | None:
    """The value after the link; after a colon or under a heading, that of the sentence which stands there."""
    span = value_at(body, link)
    is_label = "\n" in body.text[i : link + 1] or body.text[link - 1] in ":："
    if not is_label:
        return span
    start = skip_markup(body.text, link, body.end)
    stop = sentence_end(body.text, start, body.end) if start < body.end else body.end
    if noun in _WORKING_NOUNS and goes_on(body, span[1] if span is not None else stop):
        return None  # 'Solution:' heads the working
    if span is not None and _heads_list(body, link, span):
        return None
    if span is not None and (
        leads(body.text, span)
        or (not is_unspaced(body.text[start]) and len(prose_words(body.text, *span)) < _SENTENCE_WORDS)
    ):
        return span
    told = concluded(body, start, stop, must_conclude=False) if start < stop else None
    return told or span


def _option(body: Body, i: int) -> Span | None:
    """'option C', 'the best choice is (J)', 'I choose B': a letter, and no more claim than that."""
    low, text = body.low, body.text
    if low.startswith("s are ", i):
        span = value_at(body, i + 6)
        return span if span is not None and _are_letters(text[span[0] : span[1]]) else None
    if low[i : i + 1].isalpha() and low[i - 1].isascii():
        return None  # 'options', 'selected'
    if low.endswith(_PASSING, max(body.start, i - 20), i):
        return None
    letter = i
    while letter < body.end and text[letter] in " *_`":
        letter += 1
    number = _option_number(body, i, letter)
    if number is not None:
        return number
    for stop in (letter + 1, letter + 3):
        if stop <= body.end and choice_at(text, letter, stop) is not None and not text[stop : stop + 1].isalnum():
            after = low[stop : stop + 20].lstrip(" *_`")
            is_end = not after or after[0] in "\n.,!。，—–"
            if after.startswith(_AFFIRMED) or (is_end and _is_chosen(body, i)):
                return letter, stop
            if after[:1] in (":", "：") and _is_chosen(body, i):
                return value_at(body, letter)
    link = _link_end(body, i, "option")
    span = value_at(body, link) if link >= 0 else None
    return span if span is not None and not _heads_list(body, link, span) else None


def _option_number(body: Body, i: int, at: int) -> Span | None:
    """'option 3', '选③', where the options are numbered."""
    text = body.text
    is_number = text[at : at + 1] in _NUMBERS and not text[at + 1 : at + 2].isalnum()
    if not is_number or not body.low.endswith(_NUMBERED_NOUNS, 0, i) or not _is_chosen(body, i):
        return None
    return (at, at + 1) if text[at + 1 : body.end].lstrip(" *_`")[:1] in ("", *"\n.,!。，") else None


def _heads_list(body: Body, i: int, span: Span) -> bool:
    """Whether the value is the first of several labelled lines: the options themselves."""
    if "\n" not in body.text[i : span[0]] or choice_at(body.text, *span) is None:
        return False
    line = body.text[span[1] : min(body.end, span[1] + _MAX_OPTION)].partition("\n")[2].lstrip(" \n*-")
    return choice_at(line, 0, len(line.partition("\n")[0])) is not None


def _are_letters(listed: str) -> bool:
    words = [word.strip("().") for word in listed.replace(",", " ").split() if word != "and"]
    return all(len(word) == 1 and word.isupper() for word in words)


def _is_chosen(body: Body, i: int) -> bool:
    """Whether the words up to `i` choose: 'is option', 'so option', 'I choose', and not 'consider option'."""
    before = body.low[max(body.start, i - 30) : i]
    if before.endswith(("选", "選")):
        return not before.endswith(("不选", "不選", "可选", "备选"))
    return before.endswith(_CHOOSING) or before.strip() in ("option", "choice")


def _link_end(body: Body, i: int, noun: str) -> int:
    """The position after the link, or -1 when the noun leads to no value."""
    low, end = body.low, min(body.end, i + _MAX_BETWEEN)
    bracketed, bold = low[i : i + 1] in ("]", "】"), low.startswith("**", i)
    while i < end and low[i] in '*_`"”’») ]】':
        i += 1
    if bracketed:
        return i
    symbol = next((symbol for symbol in LINK_SYMBOLS if low.startswith(symbol, i)), None)
    if symbol is not None:
        return i + len(symbol)
    if i < end and low[i] in BLANK and low[i : i + 2].strip(" ")[:1] == "\n":
        return i if _is_heading(body, i) else -1
    if low.startswith(("</b>", "</strong>"), i):
        return _link_end(body, low.index(">", i) + 1, noun)
    if not noun.isascii():
        for link in JOINED_LINKS:
            at = low.find(link, i, i + 6)
            if (
                at >= 0
                and low[at + 1 : at + 2] not in _OPTION_ENDS
                and not any(word in low[i:at] for word in _WEAKENED)
            ):
                return at + len(link)
    if bold and (is_quantity(body.text, i, end) or body.text[i : i + 1] in ("$", "\\")):
        return i  # '**Answer** 5'
    if low.startswith("to ", i) and noun in _POLISH:
        return i + 3
    if low.startswith("of ", i):
        return i + 3 if is_quantity(body.text, i + 3, end) or low[i + 3 : i + 4] in ("$", "\\") else -1
    return _linking_word(low, i, end)


def _linking_word(low: str, i: int, end: int) -> int:
    """The position after the first copula, with nothing before it that takes the claim away."""
    seen = False
    for _ in range(_MAX_WORDS_BETWEEN):
        while i < end and low[i] in " \xa0,*":
            i += 1
        if low[i : i + 1] == "(":
            i = max(low.find(")", i, i + _MAX_ASIDE) + 1, i)
            while i < end and low[i] == " ":
                i += 1
        start = i
        while i < end and low[i] not in _STOPS:
            i += 1
        word = low[start:i]
        if word in BLOCKERS:
            return -1
        if word in LINK_WORDS and not _is_participle(low, i, end):
            return i
        if start < end and low[start] in ":：=":
            return start + 1 if low[start] != "=" or not seen else -1
        seen = seen or word.isalpha()
        if i >= end or low[i] in "\n.?!。" or start == i:
            return -1
    return -1


def _is_participle(low: str, i: int, end: int) -> bool:
    """Whether the copula before `i` belongs to a clause of the noun: 'the answer we are looking for is'."""
    clause = low[i:end].split("\n", 1)[0].split(". ", 1)[0]
    following = clause.split(None, 1)[:1]
    return (
        bool(following)
        and not LINK_WORDS.isdisjoint(clause.split()[1:])
        and (following[0].endswith("ing") or following[0] in ("asked", "given", "told", "after"))
    )


def _is_heading(body: Body, i: int) -> bool:
    """Whether the line that ends at `i` is a heading such as '**Final Answer**' or '## Answer'."""
    line_start = max(body.text.rfind("\n", body.start, i) + 1, body.start)
    return len(body.text[line_start:i].split()) <= 5


def _direct(body: Body, at: int, i: int) -> Span | None:
    """A value right after the noun: 'Final answer 5', 'Also ist das Ergebnis $x = 13$', 'उत्तर 56 है'."""
    low, text = body.low, body.text
    i += low.startswith(". ", i) and low.startswith("ans", at)
    if text[i : i + 1] not in (" ", "(", "（", "\u3000") or text.startswith(LINK_SYMBOLS, i + 1):
        return None
    before = low[max(body.start, at - 24) : at].rstrip()
    strong = (
        before.endswith(PREFIXES)
        or not low[at].isascii()
        or low.startswith(("ans.", "cevap"), at)
        or _is_bracketed_letter(text, i)
        or (text[at:i].isupper() and not text[body.start : at].strip(BLANK))
    )
    span = value_at(body, i) if strong else None
    if span is None or span[0] - i > 4:
        return None
    is_marked = text[i : i + 4].lstrip(" ").startswith(("$", "\\(", "**")) or text.find("है", span[1], span[1] + 4) >= 0
    is_plain = (
        is_marked or is_quantity(text, *span) or text[span[0]] in "$\\|[{∞√π∅" or choice_at(text, *span) is not None
    )
    is_relation = text[span[0]].isascii() and has_math(text, *span) and not prose_words(text, *span)
    return span if is_plain or is_relation else None


def _is_bracketed_letter(text: str, i: int) -> bool:
    """' (C)' and nothing after it in its line."""
    rest = text[i : i + 6].split("\n", 1)[0].strip(" .*")
    return len(rest) == 3 and rest[0] in "(（" and choice_at(rest, 0, 3) is not None


def _backward(body: Body, at: int, i: int) -> Span | None:
    """'So 42 is the final answer.'"""
    low = body.low
    if low[i : i + 1] not in ("", ".", "!", ",", "\n", "*"):
        return None
    before = low[max(body.start, at - 300) : at].rstrip()
    for word in ("final", "correct", "right", "best", "required", "desired"):
        before = before.removesuffix(word).rstrip()
    link = next((link for link in _BACKWARD if before.endswith(" " + link)), None)
    if link is None:
        return None
    stop = max(body.start, at - 300) + len(before) - len(link)
    floor = max(body.start, at - 300)
    marks = ((low.rfind(mark, floor, stop), len(mark)) for mark in (". ", "\n", "! ", "? ", ": "))
    start = max((found + size for found, size in marks if found >= 0), default=floor)
    cue = next((cue for cue in CUES if low.startswith(cue, start)), "")
    lo, hi = tidy(body.text, start + len(cue), stop)
    hi -= len(", which") if low.endswith(", which", lo, hi) else 0
    lo = skip_fillers(body, lo)
    if link.startswith("as "):
        return concluded(body, lo, hi, must_conclude=False)
    is_short = len(prose_words(body.text, lo, hi)) <= 3
    return (lo, hi) if is_short and is_value(body, lo, hi) else None
