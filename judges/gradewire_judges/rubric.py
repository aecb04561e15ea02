"""A rubric: criteria with signed points, and what the criteria that are met add up to.

As in HealthBench (Arora et al. 2025, arXiv 2505.08775): the points of the criteria that are met over the sum of the
positive points, clipped to [0, 1]. Rubrics as rewards (Gunjal et al. 2025, arXiv 2507.17746) name the same fields
otherwise; both are read.
"""

import json
import math
from collections.abc import Sequence

from gradewire_judges.card import Criterion
from gradewire_judges.card.parts import are_points
from gradewire_judges.errors import BadRequest
from gradewire_judges.visible import check_text, is_blank

MOST_CRITERIA = 64
"""More are refused: each is a prompt of its own."""

_TEXT = ("criterion", "description", "text")
_POINTS = ("points", "weight")
_NAME = ("name", "title")


def parse_rubric(text: str, field: str) -> tuple[Criterion, ...]:
    """Read a rubric that came as JSON: a list of objects with a text, points and, if need be, a name.

    Args:
        text: such as `[{"criterion": "Names the city.", "points": 2}]`.
        field: the request's field that it is from, for messages.

    Raises:
        BadRequest: it is no such list, or nothing in it is worth more than 0.
    """
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(
            field, f"is no JSON ({error}): give a list of criteria with `criterion` and `points`"
        ) from None
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_CRITERIA:
        raise BadRequest(field, f"is no list of 1 to {MOST_CRITERIA} criteria")
    criteria = tuple(_criterion(row, place, field) for place, row in enumerate(rows))
    if len({criterion.name for criterion in criteria}) < len(criteria):
        raise BadRequest(field, "two criteria have the same name")
    if not any(criterion.points > 0 for criterion in criteria):
        raise BadRequest(field, "no criterion is worth more than 0: there would be nothing to reach")
    return criteria


def rubric_score(points: Sequence[float], met: Sequence[float]) -> float:
    """Points that were met over the positive points, not clipped.

    Args:
        points: of each criterion; at least one is above 0.
        met: 1 or 0 for each, or the probability that it is met.
    """
    positive = math.fsum(value for value in points if value > 0)
    return math.fsum(value * share for value, share in zip(points, met, strict=True)) / positive


def _criterion(row: object, place: int, field: str) -> Criterion:
    if not isinstance(row, dict):
        raise BadRequest(field, f"criterion {place} is no object with `criterion` and `points`")
    text = next((row[key] for key in _TEXT if key in row), None)
    points = next((row[key] for key in _POINTS if key in row), None)
    name = next((row[key] for key in _NAME if row.get(key)), str(place + 1))
    if not isinstance(text, str) or is_blank(text):
        raise BadRequest(field, f"criterion {place} has no text: give it as `criterion`")
    if isinstance(points, bool) or not isinstance(points, int | float) or not are_points(points):
        raise BadRequest(field, f"criterion {place} needs `points`, a number from a millionth to a million, or below 0")
    if not isinstance(name, str) or len(name) > 64:
        raise BadRequest(field, f"criterion {place}: its name is no text of at most 64 characters")
    for said in (name, text):
        check_text(field, said)  # JSON can write half a surrogate pair
    return Criterion(name=name, text=text, points=float(points))
