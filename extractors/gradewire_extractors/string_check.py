"""Two texts by the plainest rules: the same, not the same, one in the other. Nothing is trimmed, parsed or normalised.

The operations are those of OpenAI's `string_check` grader (openai-openapi, `GraderStringCheck`); its guide writes `neq`
for `ne`.
"""

from typing import Literal

StringOperation = Literal["eq", "ne", "neq", "like", "ilike"]


def string_check(text: str, reference: str, operation: StringOperation) -> bool:
    """Whether `text` stands to `reference` as the operation says.

    `eq`, `ne`: it is the reference, or not. `like`: it contains it; `ilike`: without regard to case (Unicode's full
    folding, so that `STRASSE` contains `straße`). An empty reference is in every text.
    """
    match operation:
        case "eq":
            return text == reference
        case "ne" | "neq":
            return text != reference
        case "like":
            return reference in text
        case "ilike":
            return reference.casefold() in text.casefold()
