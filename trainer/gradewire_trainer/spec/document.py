"""A spec's file as plain values, with the line of every place in it.

YAML is read by the core schema of YAML 1.2: `1e-6` is a number, `no` and `2024-01-01` are text. A key that stands
twice is an error, not the last one's win. Aliases are followed, and may not contain themselves.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from gradewire_trainer.errors import SpecError

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64
MAX_VALUES = 20_000


def step(path: str, key: str | int) -> str:
    """The path of a field or an element below a path: `a.b`, `a[0]`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def read_document(path: Path) -> tuple[Any, dict[str, int]]:
    """The values of a `.yaml`, `.yml` or `.json` file, and the lines (from 1) by path. Raises SpecError."""
    file = str(path)
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise SpecError("", f"has {len(raw)} bytes; a reward spec has at most {MAX_BYTES}", file=file)
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SpecError("", f"is not UTF-8 text (byte {error.start})", file=file) from None
    except OSError as error:
        raise SpecError("", f"cannot be read: {error.strerror or error}", file=file) from None
    try:
        return _json(text, file) if path.suffix == ".json" else _yaml(text, file)
    except RecursionError:
        raise SpecError("", f"is nested deeper than {MAX_DEPTH}", file=file) from None


def _json(text: str, file: str) -> tuple[Any, dict[str, int]]:
    def once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for key, value in pairs:
            if key in told:
                raise SpecError("", f"the key {key!r} stands twice in one object", file=file)
            told[key] = value
        return told

    try:
        return json.loads(text, object_pairs_hook=once), {}
    except json.JSONDecodeError as error:
        raise SpecError("", f"is not JSON: {error.msg} (column {error.colno})", file=file, line=error.lineno) from None
    except ValueError as error:  # Python's own limit on the digits of an integer
        raise SpecError("", f"is not JSON that can be read: {error}", file=file) from None


def _yaml(text: str, file: str) -> tuple[Any, dict[str, int]]:
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            raise SpecError("", "is empty; a reward spec starts with 'reward:'", file=file)
        lines: dict[str, int] = {}
        _Lines(file, lines).walk(root, "", ())
        return loader.construct_document(root), lines
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise SpecError("", f"is not YAML: {error.problem or error.context}", file=file, line=line) from None
    except (yaml.YAMLError, ValueError) as error:
        raise SpecError("", f"is not YAML: {str(error).splitlines()[0]}", file=file) from None
    finally:
        loader.dispose()


class _Loader(yaml.SafeLoader):
    """The safe loader with the scalars of YAML 1.2."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 -- PyYAML's own form


for _tag, _pattern, _first in (
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", list("-+.0123456789")),
    ("float", r"^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$", list("-+.")),
    ("merge", r"^<<$", ["<"]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


def _int(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int:
    return int(loader.construct_scalar(node))


def _float(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> float:
    return float(loader.construct_scalar(node).lower().replace(".inf", "inf").replace(".nan", "nan"))


_Loader.add_constructor("tag:yaml.org,2002:int", _int)
_Loader.add_constructor("tag:yaml.org,2002:float", _float)


class _Lines:
    """The walk over a YAML file's nodes that finds lines, and what YAML itself lets through."""

    def __init__(self, file: str, lines: dict[str, int]) -> None:
        self.file, self.lines, self.values = file, lines, 0

    def walk(self, node: yaml.Node, path: str, above: tuple[int, ...]) -> None:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        self.values += 1
        if id(node) in above:
            raise SpecError(path, "an alias contains itself", file=self.file, line=line)
        if len(above) > MAX_DEPTH:
            raise SpecError(path, f"is nested deeper than {MAX_DEPTH}", file=self.file, line=line)
        if self.values > MAX_VALUES:
            raise SpecError(path, f"more than {MAX_VALUES} values, aliases followed", file=self.file, line=line)
        if isinstance(node, yaml.SequenceNode):
            for index, child in enumerate(node.value):
                self.walk(child, step(path, index), (*above, id(node)))
        elif isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, child in node.value:
                name, key_line = str(key.value), key.start_mark.line + 1
                if name in seen:
                    raise SpecError(step(path, name), "stands twice", file=self.file, line=key_line)
                seen.add(name)
                self.lines[step(path, name)] = key_line
                self.walk(child, step(path, name), (*above, id(node)))
