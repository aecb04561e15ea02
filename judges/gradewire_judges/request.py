"""What a judge is asked: one response, and what it is to be judged by."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class JudgeRequest:
    """One response to be judged. All texts are data: nothing in them is an instruction or a control token."""

    id: str
    """The caller's name for it; the verdict carries it back."""

    response: str
    """What the policy wrote, whole."""

    question: str = ""
    """What the policy was asked."""

    reference: str | None = None
    """The right answer. None: there is none; a card whose template shows it then refuses the request."""

    fields: Mapping[str, str] = field(default_factory=dict)
    """Further texts that a template may show, by name: a policy, a rubric's criterion."""

    response_b: str | None = None
    """The other response, for a judge that compares two; the score is then how `response` stands against it."""

    def texts(self) -> dict[str, str]:
        """Every text by field name. What is None is left out."""
        named = {**self.fields, "question": self.question, "response": self.response}
        further = {"reference": self.reference, "response_b": self.response_b}
        return named | {name: text for name, text in further.items() if text is not None}

    def raw_hash(self) -> str:
        """SHA-256 (hex) over the exact bytes of every field: texts that only look alike differ.

        Names and texts go in with their lengths, so that no two requests share a byte string.
        """
        digest = hashlib.sha256()
        for name, text in sorted(self.texts().items()):
            for part in (name, text):
                raw = part.encode("utf-8", "surrogatepass")
                digest.update(len(raw).to_bytes(8, "big"))
                digest.update(raw)
        return digest.hexdigest()
