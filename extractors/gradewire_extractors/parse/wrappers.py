"""Take off what only dresses an answer: dollars, boxes, bold, quotes, a closing full stop.

Linear, bounded rounds.
"""

from __future__ import annotations

_ROUNDS = 12
_PAIRS = (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"), ("**", "**"), ("`", "`"), ('"', '"'),
("__", "__"),
          ("\u201c", "\u201d"))  # fmt: skip
_COMMANDS = ("\\boxed", "\\fbox", "\\text", "\\mathrm", "\\textbf", "\\mathbf", "\\textrm", "\\mbox",
"\\displaystyle",
             "\\operatorname", "\\mathit", "\\textit", "\\ensuremath", "\\boldsymbol", "\\bm",
             "\\underline")  # fmt: skip
_SPACE_COMMANDS = ("\\,", "\\;", "\\!", "\\ ", "\\:", "\\quad", "\\qquad")
_BARE_STARTS = (*"0123456789+-.([", "\\frac", "\\dfrac", "\\tfrac", "\\sqrt", "\\left", "\\begin", "\\{")
_BARE_ENDS = (*"0123456789%)]", "}")
"""Between these, an answer wears nothing that could be taken off."""


def unwrap(text: str) -> str:
    """The answer without its wrapping; at most a dozen layers are taken off."""
    if text.startswith(_BARE_STARTS) and text.endswith(_BARE_ENDS):
        return text
    for _ in range(_ROUNDS):
        before = text
        text = _spaces(text)
        for left, right in _PAIRS:
            if (
                len(text) > len(left) + len(right)
                and text.startswith(left)
                and text.endswith(right)
                and left not in text[len(left) : -len(right)]
            ):
                text = text[len(left) : -len(right)].strip()
        if text.startswith("\\"):
            text = _command(text)
        if text.startswith("{") and _closing(text, 0) == len(text) - 1 and "," not in text:
            text = text[1:-1].strip()
        if len(text) > 1 and text[-1] in ".。．" and not text.endswith(("..", "\\.")):
            text = text[:-1].rstrip()
        if text == before:
            break
    return text


def _spaces(text: str) -> str:
    text = text.strip()
    for command in _SPACE_COMMANDS:
        if text.startswith(command) and not text[len(command) : len(command) + 1].isalpha():
            text = text[len(command) :].lstrip()
        if text.endswith(command) and not text.endswith("\\" + command):
            text = text[: -len(command)].rstrip()
    return text[:-1].rstrip() if text.endswith(("\\",)) and not text.endswith("\\\\") else text


def _command(text: str) -> str:
    for command in _COMMANDS:
        if text.startswith(command):
            rest = text[len(command) :].lstrip()
            if rest.startswith("{") and _closing(rest, 0) == len(rest) - 1:
                return rest[1:-1].strip()
            if command == "\\displaystyle" and not rest[:1].isalpha():
                return rest
    return text


def _closing(text: str, start: int) -> int:
    """The index of the brace that closes the one at `start`, or -1."""
    depth = 0
    for here in range(start, len(text)):
        char = text[here]
        if char == "{" and (here == 0 or text[here - 1] != "\\"):
            depth += 1
        elif char == "}" and text[here - 1] != "\\":
            depth -= 1
            if depth == 0:
                return here
    return -1
