"""Is a returned value the expected one? Decided on decoded nodes: no object of the program's is ever made
here.

Numbers compare by value, exactly, integers with floats too (2 equals 2.0, as in JSON); booleans are no
numbers. A value of the standard library, such as a Decimal, equals one of its own type. A tuple counts as a
list. Sets and dictionaries are unordered; their keys must be the same, to the type. NaN equals nothing. With
a tolerance, a float on either side may differ by tolerance · max(1, |expected|).
"""

import decimal
import math
from collections.abc import Iterable

from .box.values import Malformed, Node, parse

_ALWAYS_READ = 1 << 16
_WRAPPED = ("Counter", "OrderedDict", "defaultdict", "namedtuple")
_LARGER = 16  # an int is encoded in up to that many times the bytes of a float that equals it


def encoded_difference(actual: bytes, expected: bytes, tolerance: float | None) -> str | None:
    """`difference` of two encodings. The work is bounded by the expected value, whatever a program sends."""
    if actual == expected and b"d" not in expected:  # no float in it, so no NaN
        return None
    if len(actual) > max(_ALWAYS_READ, _LARGER * len(expected)):
        return f"value has {len(actual)} bytes, far more than the expected one"
    try:
        return difference(parse(actual), parse(expected), tolerance)
    except Malformed as error:
        return f"no value: {error}"


def difference(actual: Node, expected: Node, tolerance: float | None, path: str = "value") -> str | None:
    """Where and how `actual` differs from `expected`; None when they are equal."""
    actual, expected = _underlying(actual), _underlying(expected)
    if expected.tag in "idTF" or actual.tag in "idTF":
        return None if _same_number(actual, expected, tolerance) else _differs(actual, expected, path)
    ours, theirs = _family(actual.tag), _family(expected.tag)
    if ours != theirs:
        return _differs(actual, expected, path)
    if theirs == "l":
        if len(actual.content) != len(expected.content):
            return f"{path} has length {len(actual.content)}, expected {len(expected.content)}"
        for i, (one, other) in enumerate(zip(actual.content, expected.content, strict=True)):
            if (found := difference(one, other, tolerance, f"{path}[{i}]")) is not None:
                return found
        return None
    if theirs == "v":
        return _different_made(actual, expected, tolerance, path)
    if theirs == "m":
        return _different_dicts(actual, expected, tolerance, path)
    if theirs == "e":
        same = sorted(map(_key, actual.content)) == sorted(map(_key, expected.content))
        return None if same else f"{path} holds other elements than expected"
    if theirs == "N":
        return None
    return None if theirs in "scb" and actual.content == expected.content else _differs(actual, expected, path)


def _underlying(node: Node) -> Node:
    """The dict of a Counter and its like, the tuple of a named one."""
    if node.tag == "v" and len(node.content) > 1 and node.content[0].content in _WRAPPED:
        return _as_tuple(node.content[-1])
    return node


def _as_tuple(node: Node) -> Node:
    return Node("t", node.content) if node.tag == "l" else node


def _family(tag: str) -> str:
    return {"t": "l", "z": "e"}.get(tag, tag)


def _same_number(actual: Node, expected: Node, tolerance: float | None) -> bool:
    if actual.tag in "TF" or expected.tag in "TF":
        return actual.tag == expected.tag
    if actual.tag not in "id" or expected.tag not in "id":
        return False
    ours, theirs = actual.content, expected.content
    if ours == theirs:  # exact between int and float as well; NaN is never equal
        return True
    if tolerance is None or (actual.tag == "i" and expected.tag == "i"):
        return False
    try:
        ours, theirs = float(ours), float(theirs)
    except OverflowError:
        return False
    return math.isfinite(ours) and math.isfinite(theirs) and abs(ours - theirs) <= tolerance * max(1.0, abs(theirs))


def _different_dicts(actual: Node, expected: Node, tolerance: float | None, path: str) -> str | None:
    ours, theirs = _pairs(actual.content), _pairs(expected.content)
    if [key for key, _ in ours] != [key for key, _ in theirs]:
        return f"{path} has other keys than expected"
    for (_, one), (_, other) in zip(ours, theirs, strict=True):
        if (found := difference(one, other, tolerance, f"{path}[…]")) is not None:
            return found
    return None


def _different_made(actual: Node, expected: Node, tolerance: float | None, path: str) -> str | None:
    """Values of the standard library: of the same type, made of the same parts; decimals by their value."""
    (ours, *our_parts), (theirs, *their_parts) = actual.content or [None], expected.content or [None]
    if ours is None or theirs is None or ours.tag != "s" or ours.content != theirs.content:
        return _differs(actual, expected, path)
    if ours.content == "Decimal":
        return None if _same_decimal(our_parts, their_parts) else _differs(actual, expected, path)
    return difference(Node("l", our_parts), Node("l", their_parts), tolerance, path)


def _same_decimal(ours: list[Node], theirs: list[Node]) -> bool:
    try:
        one, other = (decimal.Decimal(part.content) for (part,) in (ours, theirs) if part.tag == "s")
        return one == other
    except (ArithmeticError, ValueError):
        return False


def _pairs(content: list[Node]) -> list[tuple[str, Node]]:
    """Keys and values, sorted by key. Sorting cannot be slowed down by values that hash alike."""
    keyed = zip(map(_key, content[::2]), content[1::2], strict=True)
    return sorted(keyed, key=lambda pair: pair[0])


def _key(node: Node) -> str:
    """A text that two nodes share only when they are the same, to the type."""
    node = _underlying(node)
    if node.tag in "ltezmv":
        parts: Iterable[str] = map(_key, node.content)
        if node.tag in "ez":
            parts = sorted(parts)
        elif node.tag == "m":
            parts = sorted(f"{key}={value}" for key, value in zip(*[iter(parts)] * 2, strict=True))
        return f"{_family(node.tag)}({','.join(parts)})"
    if node.tag in "ox":
        return f"{node.tag}{id(node)}"
    text = hex(node.content) if node.tag == "i" else repr(node.content)
    return f"{node.tag}{len(text)}:{text}"


def _differs(actual: Node, expected: Node, path: str) -> str:
    return f"{path} is {_show(actual)}, expected {_show(expected)}"


def _show(node: Node) -> str:
    names = {"l": "a list", "t": "a tuple", "m": "a dict", "e": "a set", "z": "a frozenset"}
    if node.tag == "v" and node.content and node.content[0].tag == "s":
        return f"a {node.content[0].content:.40}"
    if node.tag in names:
        return f"{names[node.tag]} of {len(node.content) // (2 if node.tag == 'm' else 1)}"
    if node.tag == "x":
        return "nested too deeply, or cyclic"
    if node.tag == "o":
        return f"of type {node.content}"
    if node.tag == "i" and node.content.bit_length() > 200:
        return f"an integer of {node.content.bit_length()} bits"
    text = repr(node.content)
    return text if len(text) <= 60 else text[:60] + "…"
