"""docs/graders.md, OpenAI's graders: the example is one, and the table names every form that is read."""

import json
import re
from pathlib import Path

from gradewire_trainer import RewardSpec
from gradewire_trainer.spec import openai_forms
from gradewire_trainer.spec.openai_forms import Form

PAGE = (Path(__file__).parents[2] / "docs" / "graders.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## OpenAI's graders")[2].partition("\n## ")[0]


def test_the_example_is_a_grader() -> None:
    (block,) = re.findall(r"```json\n(.*?)```", SECTION, re.DOTALL)
    spec = RewardSpec.parse(json.loads(block))
    assert [leaf.grader for leaf in spec.leaves] == ["string_check", "python"]
    source = spec.leaves[1].parameters["source"]
    assert source.count("\n") == 2  # the page's JSON is read as it is copied


def test_every_form_is_in_the_table() -> None:
    named = set(
        re.findall(r"`(\w+)`", "".join(row.split("|")[1] for row in SECTION.splitlines() if row.startswith("| `")))
    )
    forms = (form for form in vars(openai_forms).values() if isinstance(form, type) and issubclass(form, Form))
    assert named == {form.kind for form in forms if form is not Form}
