"""A grader with its parameters, at a place in a spec: what a call is made for."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Leaf:
    """A grader with its parameters, at a place in a spec."""

    path: str
    grader: str
    parameters: Mapping[str, Any] = field(hash=False)
    service: str = ""
    timeout_s: float | None = None
    answer_from: "Leaf | None" = None
    """Whose located answer is this one's response. None: the response itself is."""

    @cached_property
    def parameters_json(self) -> str:
        """Canonical: sorted, without spaces. Empty: the grader's defaults."""
        if not self.parameters:
            return ""
        return json.dumps(self.parameters, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @cached_property
    def key(self) -> str:
        """Equal for leaves that ask the same, wherever they stand: they share one call and its results."""
        asked = [self.grader, self.parameters_json, self.service, self.timeout_s]
        told = json.dumps([*asked, self.answer_from.key] if self.answer_from else asked)
        return hashlib.sha256(told.encode()).hexdigest()[:16]
