r"""Commands of LaTeX packages in the plain LaTeX that they stand for: siunitx's \SI{9.8}{m/s^2}, \num, \ang, money."""

from __future__ import annotations

import re

_QUANTITY = re.compile(r"\\(?:SI|qty)\s?\{([^{}]{1,80})\}\s?\{((?:[^{}]|\{[^{}]{0,20}\}){1,120})\}")
_NUMBER = re.compile(r"\\num\s?\{([^{}]{1,80})\}")
_ANGLE = re.compile(r"\\ang\s?\{([^{};]{1,40})\}")
_UNIT_WORDS = re.compile(r"\\([a-z]+)")
_SUN = re.compile(r"([MRL])_\{?\\(?:odot|text\{sun\})\}?")
_OF_THE_SUN = {"M": "solar masses", "R": "solar radii", "L": "solar luminosities"}
_SIGN = re.compile(r"\\(?:text|mathrm|mathord|mbox)\s?\{\s?(\\?\$|[€£¥₹])\s?\}")
_NAMED = re.compile(r"\\text(dollar|euro|sterling)(?![a-z])\s?")
_NAMES = {"dollar": "\\$", "euro": "€", "sterling": "£"}
_DEGREE = re.compile(r"(?<=[A-Za-z}])\s?\^\{?\s?\\circ\s?\}?\s?(?:\\(?:text|mathrm)\{\s?C\s?\}|C(?![a-z]))")


def respelled_packages(text: str) -> str:
    """The text with such commands replaced; `text` has a backslash."""
    if "\\SI" in text or "\\qty" in text:
        text = _QUANTITY.sub(lambda found: f"{found[1]} \\text{{{_unit(found[2])}}}", text)
    if "\\num" in text:
        text = _NUMBER.sub(r"\1", text)
    if "\\ang{" in text:
        text = _ANGLE.sub(r"\1^\\circ", text)
    if "odot" in text or "{sun}" in text:
        text = _SUN.sub(lambda found: f"\\text{{{_OF_THE_SUN[found[1]]}}}", text)
    if "\\circ" in text and "/" in text:
        text = _DEGREE.sub(r" \\text{degC}", text)  # J/g°C
    if "$" in text or not text.isascii():
        text = _SIGN.sub(lambda found: "\\$" if found[1] in ("$", "\\$") else found[1], text)
    return _NAMED.sub(lambda found: _NAMES[found[1]], text) if "\\text" in text else text


def _unit(text: str) -> str:
    r"""\meter\per\second\squared in words."""
    return " ".join(_UNIT_WORDS.sub(r" \1 ", text.replace("\\cdot", " ")).split())
