"""Whole responses against references, from the tables in testdata/responses/: claims, hedges, denials, no answer.

A line is a mark and two texts, apart by ` || `: `=` the response's answer is the reference, `!` it is not, or the
response gives none. ⏎ stands for a line break.
"""

from pathlib import Path

import pytest

from gradewire_extractors import extract, verify

FOLDER = Path(__file__).with_name("testdata") / "responses"


def rows() -> list[tuple[str, str, bool]]:
    """Response, reference, and whether they are equal."""
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            response, separator, reference = line[1:].partition("||")
            if line[0] not in "=!" or not separator:
                raise ValueError(f"{path}:{number}: a line must be '=  RESPONSE || REFERENCE', or begin with '!'")
            found.append((response.strip().replace("⏎", "\n"), reference.strip(), line[0] == "="))
    return found


@pytest.mark.parametrize(("response", "reference", "equal"), rows())
def test_response(response: str, reference: str, equal: bool) -> None:
    verdict = verify(response, reference)
    assert bool(verdict) is equal, verdict


def test_a_response_may_be_cut_behind_any_word() -> None:
    """A token limit cuts where it likes: what is left is located, or has no answer, and nothing is raised."""
    for response, _, _ in rows():
        for at, char in enumerate(response):
            if char in " \n({$*:":
                extract(response[: at + 1])
