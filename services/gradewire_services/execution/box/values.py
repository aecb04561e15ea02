"""Plain values as bytes, for the way between a box and the outside. Never pickle: bytes can only become data.

A value is written by what it holds, read with its built-in base class's own methods: an `int` that overrides
`__eq__` travels as its number. What is no plain data travels as its type's name and equals nothing.
Each node is a tag byte and its content, parents first:

    N None · T True · F False · i int · d float · c complex · s text · b bytes
    l list · t tuple · m dict · e set · z frozenset · v a value of `made`: its type's name, what it is made of
    o anything else · x nested too deeply, or cyclic
"""

import struct
import sys
from dataclasses import dataclass
from typing import Any

from . import made

MAX_DEPTH = 200
_DOUBLE, _COMPLEX, _LENGTH = struct.Struct("<d"), struct.Struct("<dd"), struct.Struct("<I")
_SEQUENCES: tuple[tuple[bytes, type], ...] = ((b"l", list), (b"t", tuple), (b"e", set), (b"z", frozenset))
_PLAIN = frozenset((dict, list, tuple, set, frozenset))
_NODE = {tag.decode(): kind for tag, kind in _SEQUENCES}


class TooLarge(ValueError):
    """A value whose encoding is longer than allowed."""


class NoDataError(ValueError):
    """Something that is no plain data, where only that can go."""


class Malformed(ValueError):
    """Bytes that no value encodes to."""


@dataclass(slots=True)
class Node:
    """A decoded value. tag: as above. content: the scalar, the type's name, or the children (a dict's: k, v,
    k, v …).
    """

    tag: str
    content: Any


def encode(value: Any, most: int, *, strict: bool = False, arrays: bool = False) -> bytes:
    """`value` as at most `most` bytes; longer raises TooLarge. Nothing in `value` is called but numpy's
    `tolist`. strict: NoDataError where there would be a node `o` or `x`. arrays: numpy's arrays and scalars travel
    as such, and not as the lists and numbers that they hold.
    """
    out = bytearray()
    stack: list[tuple[Any, int]] = [(value, 0)]
    while stack:
        item, depth = stack.pop()
        if len(out) > most:
            raise TooLarge(f"more than {most} bytes")
        if depth > MAX_DEPTH:
            if strict:
                raise NoDataError(f"something nested more than {MAX_DEPTH} deep, or in itself")
            out += b"x"
            continue
        start = len(out)
        children = _write(out, item, arrays)
        if strict and out[start] == 0x6F:
            raise NoDataError(f"a {type(item).__name__}")
        if children:
            stack.extend((child, depth + 1) for child in reversed(children))
    if len(out) > most:
        raise TooLarge(f"more than {most} bytes")
    return bytes(out)


def _write(out: bytearray, item: Any, arrays: bool = False) -> list[Any] | None:
    """Append one node; return its children, which follow it."""
    if arrays and (parts := made.array_parts(item)) is not None:
        out += b"v" + _LENGTH.pack(len(parts))
        return parts
    if item is None or item is True or item is False:
        out += b"N" if item is None else b"T" if item else b"F"
        return None
    kind = type(item)
    bases = type.__dict__["__mro__"].__get__(kind)
    if int in bases:
        number = int.__add__(item, 0)
        _sized(out, b"i", number.to_bytes(number.bit_length() // 8 + 1, "little", signed=True))
    elif str in bases:
        _sized(out, b"s", str.encode(item, "utf-8", "surrogatepass"))
    elif float in bases:
        out += b"d" + _DOUBLE.pack(item)
    elif complex in bases:
        out += b"c" + _COMPLEX.pack(complex.__add__(item, 0j).real, complex.__add__(item, 0j).imag)
    elif bytes in bases or bytearray in bases:
        _sized(out, b"b", bytes(memoryview(item)))
    elif kind not in _PLAIN and (parts := made.parts(item)) is not None:
        out += b"v" + _LENGTH.pack(len(parts))
        return parts
    elif dict in bases:
        pairs = list(dict.items(item))
        out += b"m" + _LENGTH.pack(len(pairs))
        return [part for pair in pairs for part in pair]
    else:
        for tag, base in _SEQUENCES:
            if base in bases:
                children = list(base.__iter__(item))  # type: ignore[attr-defined]
                out += tag + _LENGTH.pack(len(children))
                return children
        numpy = sys.modules.get("numpy")
        if numpy is not None and issubclass(kind, (numpy.generic, numpy.ndarray)):
            plain = item.tolist()
            if type(plain) in (bool, int, float, complex, str, bytes, list):
                return _write(out, plain)
        _sized(out, b"o", kind.__name__.encode("utf-8", "replace")[:200])
    return None


def is_plain(value: Any) -> bool:
    """Whether `value` by itself, whatever is in it, travels as data."""
    out = bytearray()
    _write(out, value)
    return not out.startswith(b"o")


def _sized(out: bytearray, tag: bytes, content: bytes) -> None:
    out += tag + _LENGTH.pack(len(content)) + content


def parse(data: bytes, most_nodes: int = 2_000_000) -> Node:
    """The value that `data` encodes. Malformed when there is none, when it is deeper than 200 or has more
    nodes.
    """
    position, nodes = 0, 0

    def take(size: int) -> bytes:
        nonlocal position
        piece = data[position : position + size]
        if len(piece) != size:
            raise Malformed(f"ends inside a value at byte {position}")
        position += size
        return piece

    def read(depth: int) -> Node:
        nonlocal nodes
        nodes += 1
        if depth > MAX_DEPTH + 1 or nodes > most_nodes:
            raise Malformed("nested too deeply" if depth > MAX_DEPTH else f"more than {most_nodes} nodes")
        tag = take(1)
        if tag in b"NTFx":
            return Node(tag.decode(), {b"N": None, b"T": True, b"F": False}.get(tag))
        if tag == b"d":
            return Node("d", _DOUBLE.unpack(take(8))[0])
        if tag == b"c":
            return Node("c", complex(*_COMPLEX.unpack(take(16))))
        if tag not in b"isboltezmv":
            raise Malformed(f"unknown tag {tag!r} at byte {position - 1}")
        size: int = _LENGTH.unpack(take(4))[0]
        if tag in b"ltezmv":
            return Node(tag.decode(), [read(depth + 1) for _ in range(2 * size if tag == b"m" else size)])
        content = take(size)
        if tag == b"i":
            return Node("i", int.from_bytes(content, "little", signed=True))
        if tag == b"b":
            return Node("b", content)
        try:
            return Node(tag.decode(), content.decode("utf-8", "surrogatepass"))
        except UnicodeDecodeError as error:
            raise Malformed(str(error)) from None

    root = read(0)
    if position != len(data):
        raise Malformed(f"{len(data) - position} bytes after the value")
    return root


def build(node: Node) -> Any:
    """The Python object of a node. Only inside a box: a hostile dict or set can make hashing slow."""
    if node.tag == "m":
        parts = [build(child) for child in node.content]
        return dict(zip(parts[::2], parts[1::2], strict=True))
    if node.tag in "ltez":
        return _NODE[node.tag](build(child) for child in node.content)
    if node.tag == "v":
        try:
            return made.make([build(child) for child in node.content])
        except (ValueError, TypeError, ArithmeticError, IndexError, KeyError) as error:
            raise Malformed(f"no value of its type: {error}") from None
    if node.tag in "ox":
        raise Malformed(f"a value of type {node.content or 'cyclic'} cannot leave its box")
    return node.content
