"""A reward spec: the tree that says how a sample's grades become its reward. It holds no addresses."""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from gradewire_trainer.errors import SpecError, did_you_mean
from gradewire_trainer.spec.document import MAX_DEPTH, read_document
from gradewire_trainer.spec.grader import Grader
from gradewire_trainer.spec.leaf import Leaf
from gradewire_trainer.spec.openai import is_form, node_of
from gradewire_trainer.spec.problems import line_of, spec_error
from gradewire_trainer.spec.tree import Node, Scope, parse_node, walk

ROOT = "reward"
"""The path of the topmost node, and the one key of a spec's file."""


class RewardSpec:
    """A checked reward spec. Make one with `load` or `parse`."""

    def __init__(self, root: Node, *, file: str = "", lines: Mapping[str, int] | None = None) -> None:
        self.root = root
        self._file, self._lines = file, lines or {}

    @classmethod
    def load(cls, path: str | Path) -> "RewardSpec":
        """Read a `.yaml` or `.json` file, which may hold a grader of OpenAI's. Raises SpecError, with file and line."""
        told, lines = read_document(Path(path))
        return cls._parse(told, file=str(path), lines=lines)

    @classmethod
    def parse(cls, told: Mapping[str, Any]) -> "RewardSpec":
        """From plain values: `{"reward": {"grader": "answer"}}`. Raises SpecError."""
        return cls._parse(told, file="", lines={})

    @classmethod
    def _parse(cls, told: Any, *, file: str, lines: Mapping[str, int]) -> "RewardSpec":
        if not isinstance(told, Mapping):
            raise SpecError("", f"is {type(told).__name__}; a reward spec is a mapping with 'reward:'", file=file)
        if is_form(told):
            return cls._of_openai(told, file)
        for key in told:
            if key != ROOT:
                hint = did_you_mean(str(key), [ROOT]) or f" A spec's file has one key, {ROOT!r}; nodes stand below it."
                raise SpecError(str(key), f"no such field here.{hint}", file=file, line=lines.get(str(key)))
        if ROOT not in told:
            raise SpecError(ROOT, "is missing; it holds the topmost node", file=file)
        try:
            return cls(parse_node(told[ROOT]), file=file, lines=lines)
        except ValidationError as error:
            raise spec_error(error, told[ROOT], ROOT, file=file, lines=lines) from None
        except PydanticCustomError as error:
            raise SpecError(ROOT, error.message(), file=file, line=lines.get(ROOT)) from None
        except RecursionError:
            raise SpecError(ROOT, f"is nested deeper than {MAX_DEPTH}", file=file) from None

    @classmethod
    def _of_openai(cls, told: Mapping[str, Any], file: str) -> "RewardSpec":
        """A grader of OpenAI's as a spec."""
        try:
            return cls(parse_node(node_of(told)), file=file)
        except SpecError as error:
            placed = SpecError(error.path, error.message, file=file)
            placed.others = tuple(SpecError(other.path, other.message, file=file) for other in error.others)
            raise placed from None

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Every node by its path, those above first."""
        return dict(walk(self.root, ROOT))

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Every grader at its place, in the spec's order. Leaves that ask the same have the same `key`."""
        return tuple(node.leaf(path) for path, node in self.nodes.items() if isinstance(node, Grader))

    @property
    def scope(self) -> Scope:
        """GROUP when any node needs the whole group: then single samples cannot be graded by themselves."""
        scopes = {node.scope for node in self.nodes.values()}
        return Scope.GROUP if Scope.GROUP in scopes else Scope.SAMPLE

    @cached_property
    def digest(self) -> str:
        """What the spec says, as 16 hex digits: comments, the order of keys, and stated defaults do not count."""
        told = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """As plain values that `parse` reads, without what is default."""
        return {ROOT: self.root.model_dump(mode="json", by_alias=True, exclude_defaults=True)}

    def placed(self, error: SpecError) -> SpecError:
        """An error that a service found in this spec, with the file and the line that it is about."""
        line = line_of(error.path, self._lines)
        return SpecError(error.path, error.message, file=self._file, line=line) if self._file else error

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RewardSpec) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"RewardSpec({self.digest}: {', '.join(leaf.grader for leaf in self.leaves)})"
