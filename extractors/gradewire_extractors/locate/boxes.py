r"""The last `\boxed`, `\fbox` or `\framebox`: the strongest claim a response can make.

The last box counts. Boxes that one sentence joins ('x=\boxed{3} and y=\boxed{4}') are one answer in parts;
boxes joined by 'or' hedge. Boxes that show the format, deny a value or stand in an instruction are passed
over; one that is cut off is no answer.
"""

from typing import NamedTuple

from .body import BLANK, MAX_ANSWER_CHARS, Body
from .braces import close_brace, is_balanced, skip_blank
from .hedging import without_doubt
from .located import Located, Method, Reason, Span, nowhere
from .offer import offer, unannounced
from .tidy import tidy
from .values import has_math, value_at

_NAMES = ("\\boxed", "\\fbox", "\\framebox", "\x08oxed", "\x0cbox", "<|begin_of_box|>")
_BOX_END_MARK = "<|end_of_box|>"
_MAX_BOXES = 16
_MAX_GAP = 60
_MAX_OUTER = 500
_MAX_BRACES_BETWEEN = 3
_DENIALS = (
    "not",
    "n't",
    "cannot be",
    "never",
    "≠",
    "\\ne",
    "\\neq",
    "不是",
    "≠ ",
    "rather than",
    "instead of",
)
_OR_WORDS = ("or", "或", "ou", "oder", "either", "alternatively", "maybe", "perhaps", "possibly")
_EXAMPLES = (
    "for example",
    "for example,",
    "for instance",
    "for instance,",
    "e.g.",
    "e.g.,",
    "such as",
    "example:",
    "例如",
    "比如",
)
_INSTRUCTIONS = (
    "put ",
    "place ",
    "enclose",
    "wrap ",
    "write ",
    "present ",
    "provide ",
    "report ",
    "give ",
    "format",
)
_INSTRUCTED = ("your", "please", "must", "should be")
_PLACEHOLDERS = (
    "...",
    "…",
    "\\ldots",
    "\\dots",
    "answer",
    "your answer",
    "final answer",
    "?",
    "\\cdots",
    "_",
    "___",
)


class _Box(NamedTuple):
    start: int  # of the command
    inner: int  # half-open contents
    inner_end: int
    end: int  # after the closing brace
    reason: Reason


def last_box(body: Body) -> Located | None:
    """The answer of the last box, 'no answer' where it is empty or cut off, None where there is no box."""
    text, end = body.text, body.end
    names = _names(text)
    for _ in range(_MAX_BOXES if names else 0):
        at = _last_name(text, names, body.start, end)
        if at < 0:
            return None
        box = _read(text, at, body.end)
        if isinstance(box, Reason):
            return nowhere(box)
        box = _outer(text, names, body.start, box)
        if not _is_shown(text, body.start, box):
            if _is_empty(text, box):
                return nowhere(Reason.EMPTY_BOX)
            return _joined(body, names, box)
        end = box.start
    return None


def _names(text: str) -> list[str]:
    """The box commands that the text uses: most use one, many none."""
    return [name for name in _NAMES if name in text]


def _last_name(text: str, names: list[str], start: int, end: int) -> int:
    at = -1
    for name in names:
        at = max(at, text.rfind(name, start, end))
    return at


def _read(text: str, at: int, end: int) -> _Box | Reason:
    """The box whose command stands at `at`."""
    if text[at] == "<":
        inner = at + len("<|begin_of_box|>")
        closing = text.find(_BOX_END_MARK, inner, min(end, inner + MAX_ANSWER_CHARS))
        if closing < 0:
            return Reason.TRUNCATED
        return _Box(at, inner, closing, closing + len(_BOX_END_MARK), Reason.LAST_BOX)
    i = at + 1
    while i < end and text[i].isalpha():
        i += 1
        if i - at in (5, 6) and text[at + 1 : i].endswith(("oxed", "fbox")) and text[i : i + 1] != "e":
            break
    i = skip_blank(text, i, end)
    while text[at + 1 : at + 6] == "frame" and text[i : i + 1] == "[":
        bracket = text.find("]", i, min(end, i + 20))
        if bracket < 0:
            break
        i = skip_blank(text, bracket + 1, end)
    if i >= end:
        return Reason.TRUNCATED
    if text[i] != "{":
        return _unbraced(text, at, i, end)
    closing = close_brace(text, i, end)
    if closing >= 0:
        return _Box(at, i + 1, closing, closing + 1, Reason.LAST_BOX)
    return _unclosed(text, at, i + 1, end)


def _unbraced(text: str, at: int, i: int, end: int) -> _Box | Reason:
    r"""`\boxed 5`, `\boxed\frac{1}{2}`: up to the next blank or math delimiter outside braces."""
    start, limit = i, min(end, i + 200)
    while i < limit:
        c = text[i]
        if c == "{":
            closing = close_brace(text, i, end)
            if closing < 0:
                return Reason.TRUNCATED
            i = closing + 1
        elif c in BLANK or c in "$}，。" or text.startswith((r"\)", r"\]"), i):
            break
        else:
            i += 2 if c == "\\" else 1
    return _Box(at, start, min(i, end), min(i, end), Reason.UNBRACED_BOX)


def _unclosed(text: str, at: int, inner: int, end: int) -> _Box | Reason:
    """An unclosed box holds what stands before its math or line ends; at the text's end it is cut off."""
    limit = min(end, inner + 300)
    stops = [text.find(stop, inner, limit) for stop in ("$", r"\)", r"\]", "\n")]
    stop = min((s for s in stops if s >= 0), default=-1)
    if stop < 0 or not is_balanced(text, inner, stop) or not text[inner:stop].strip(BLANK):
        return Reason.TRUNCATED
    if text[stop] == "\n" and not text[stop:end].strip(BLANK):
        return Reason.TRUNCATED
    return _Box(at, inner, stop, stop, Reason.UNCLOSED_BOX)


def _outer(text: str, names: list[str], start: int, box: _Box) -> _Box:
    """The enclosing box, where it holds more than this one and its label: 'box(box(2), box(3))'."""
    end, found = box.start, box
    for _ in range(3):
        at = _last_name(text, names, max(start, box.start - _MAX_OUTER), end)
        if at < 0:
            break
        outer = _read(text, at, min(len(text), box.end + _MAX_OUTER))
        if isinstance(outer, _Box) and outer.inner <= box.start and box.end <= outer.inner_end:
            before = text[outer.inner : box.start].strip(BLANK)
            after = text[box.end : outer.inner_end].strip(BLANK + ".$")
            if after or (before and not before.endswith(("=", ":", "$", "{"))) or "\\boxed" in before:
                found = outer
        end = at
    return found


def _is_empty(text: str, box: _Box) -> bool:
    start, end = tidy(text, box.inner, box.inner_end)
    return (
        not any(c.isalnum() or c in "∞∅\\" for c in text[start:end]) and text[start:end].strip("?_. ") == ""
    )


def _is_shown(text: str, start: int, box: _Box) -> bool:
    """Whether the box is denied, an example, or part of an instruction, and so claims nothing."""
    before = text[max(start, box.start - 100) : box.start].lower().rstrip(" $`\"'(“‘：:*\\")
    near = before[-16:]
    if near.endswith(_DENIALS) and not near.endswith(("if not", "why not")):
        return True
    if near.endswith(_EXAMPLES):
        return True
    sentence = before[max(before.rfind(". "), before.rfind("\n"), before.rfind("。")) + 1 :]
    if any(word in sentence for word in _INSTRUCTIONS) and any(word in sentence for word in _INSTRUCTED):
        return True
    if before.endswith((" in", " inside", " within", " using", " as", "放在", "写在")):
        content = text[box.inner : box.inner_end].strip(BLANK).lower().replace("\\text{", "").rstrip("}")
        return content == "" or content in _PLACEHOLDERS
    return False


def _joined(body: Body, names: list[str], last: _Box) -> Located:
    """The box with those joined to it in the same sentence."""
    text, start = body.text, body.start
    boxes, hedged = [last], False
    while len(boxes) < _MAX_BOXES:
        first = boxes[0]
        join, box = _neighbour(text, names, start, first)
        if box is None:
            break
        hedged = hedged or join == "or"
        boxes.insert(0, box)
    spans = tuple(tidy(text, box.inner, box.inner_end) for box in boxes)
    if len(boxes) == 1 or hedged:
        span = unannounced(body, spans[-1])
        rivals = spans if hedged else _offered_after(body, span, last.end)
        return offer(body, span, Method.BOX, last.reason, rivals=rivals)
    lo, hi = _label_start(text, start, boxes[0].start), last.end
    return Located(text[lo:hi], lo, hi, Method.BOX, Reason.BOX_PARTS, parts=spans)


def _neighbour(text: str, names: list[str], start: int, first: _Box) -> tuple[str, _Box | None]:
    """The box before `first` in the same sentence and the word that joins the two, if they are joined."""
    closing = first.start
    for _ in range(_MAX_BRACES_BETWEEN):
        closing = text.rfind("}", max(start, first.start - _MAX_GAP), closing)
        if closing < 0:
            break
        join = _joint(text[closing + 1 : first.start])
        if join is not None:
            at = _last_name(text, names, max(start, closing - MAX_ANSWER_CHARS), closing)
            box = _read(text, at, first.start) if at >= 0 else None
            if isinstance(box, _Box) and box.reason is Reason.LAST_BOX and box.end == closing + 1:
                return join, box
    return "", None


def _offered_after(body: Body, span: Span, end: int) -> tuple[Span, ...]:
    """What the words after a box offer besides it: 'box(3) or maybe 4'."""
    i = end
    while i < body.end and body.text[i] in " $)]*\\,":
        i += 1
    if body.text[i : i + 3].lower() != "or " or body.text[i + 3 : i + 12].lower().startswith("equivalent"):
        return ()
    other = value_at(body, i + 3)
    return (
        () if other is None or not has_math(body.text, *other) else (span, without_doubt(body.text, *other))
    )


def _joint(gap: str) -> str | None:
    """'and' or 'or' where the gap between two boxes only joins them, perhaps with a label ('y =')."""
    words = (
        gap.replace("$", " ")
        .replace("\\quad", " ")
        .replace("\\text{", " ")
        .replace("}", " ")
        .replace("\\", " ")
    )
    words = (
        words.replace(",", " , ")
        .replace(".", " . ")
        .replace(";", " , ")
        .replace("、", " , ")
        .replace("=", " = ")
        .replace("和", " and ")
    )
    kinds, labels = set(), 0
    tokens = words.split()
    for k, token in enumerate(tokens):
        if token in (".", "but", "then"):
            continue
        if token in (",", "and", "&", "y", "et", "und", "e") and tokens[k + 1 : k + 2] != ["="]:
            kinds.add("and")
        elif token.lower() in _OR_WORDS:
            kinds.add("or")
        elif token != "=":
            labels += 1
            if len(token) > 6 or tokens[k + 1 : k + 2] != ["="]:
                return None
    if labels > 1 or not kinds:
        return None
    return "or" if "or" in kinds else "and"


def _label_start(text: str, start: int, at: int) -> int:
    """Where the label of a box ('x = ') begins, or the box itself."""
    i = at
    while i > start and text[i - 1] in " $":
        i -= 1
    if i == start or text[i - 1] != "=":
        return at
    i -= 1
    while i > start and text[i - 1] == " ":
        i -= 1
    name_end = i
    while i > start and name_end - i < 12 and (text[i - 1].isalnum() or text[i - 1] in "_\\"):
        i -= 1
    return i if i < name_end else at
