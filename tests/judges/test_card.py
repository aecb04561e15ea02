"""A card is read whole or refused with the path to what is wrong in it."""

from pathlib import Path

import pytest
import yaml

from gradewire_judges import CardError, load_card, parse_card, shipped_cards

_GOOD = yaml.safe_load("""
name: mine
backend: transformers
model: somewhere
template:
  - role: user
    parts: [{text: "Is it right?"}, {data: question}, {data: response}, {text: "A or B?"}]
labels:
  - {say: A, name: right, score: 1}
  - {say: B, name: wrong, score: 0}
golden:
  better: {question: q, response: yes it is}
  worse: {question: q, response: no it is not}
""")


_SHIPPED = """
code-quality compassverifier equivalence extract gpt-oss llama-guard pairwise plan prometheus-2 quality qwen3 rubric rules
safety-policy skywork-reward
""".split()


def _changed(path: str, value: object) -> str:
    card = yaml.safe_load(yaml.safe_dump(_GOOD))
    *steps, last = path.split(".")
    place = card
    for step in steps:
        place = place[int(step) if step.isdigit() else step]
    place[int(last) if last.isdigit() else last] = value
    return yaml.safe_dump(card)


@pytest.mark.parametrize("name", shipped_cards())
def test_a_shipped_card_loads_under_its_own_name(name: str) -> None:
    card = load_card(name)
    assert card.name == name
    assert not card.allow_test_model


def test_what_ships() -> None:
    assert set(shipped_cards()) == set(_SHIPPED)


def test_a_good_card() -> None:
    card = parse_card(yaml.safe_dump(_GOOD))
    assert card.fields() == ("question", "response")
    assert card.lowest_score() == 0
    assert card.source is None


@pytest.mark.parametrize(
    ("path", "value", "place", "says"),
    [
        ("backend", "rumours", "backend", "'rules', 'transformers'"),
        ("temperature", 1, "temperature", "no such setting"),
        ("labels.0.say", True, "labels.0.say", "put it in quotes"),
        ("labels.1.say", 5, "labels.1.say", "put it in quotes"),
        ("labels.0.say", "A B", "labels.0.say", "pattern"),
        ("labels.0.score", "high", "labels.0.score", "number"),
        ("labels.0.score", float("nan"), "labels.0.score", "finite"),
        ("labels.1.say", "A", "", "two labels have the same `say`"),
        ("labels.1.name", "right", "", "two labels have the same `name`"),
        ("labels", [{"say": "A", "name": "right", "score": 1}], "", "at least two"),
        ("mode", "binaries", "mode", "'binary'"),
        ("min_label_mass", 1.5, "min_label_mass", "less than or equal to 1"),
        ("limits", {"max_chars": 10}, "limits.max_chars", "greater than or equal to 300"),
        ("template.0.parts.0", {"text": "a", "data": "response"}, "template.0.parts.0", "either"),
        ("template.0.parts.0", {}, "template.0.parts.0", "either"),
        ("template.0.parts.1", {"data": "Question!"}, "template.0.parts.1.data", "pattern"),
        ("template.0.parts.2", {"text": "none"}, "", "never shows the response"),
        ("template.0.parts.1", {"data": "response"}, "", "shows response twice"),
        ("template.0.parts.3", {"data": "reference"}, "", "ends with data"),
        ("template.0.role", "narrator", "template.0.role", "'user'"),
        ("golden", None, "", "golden"),
    ],
)
def test_a_bad_card_names_the_place(path: str, value: object, place: str, says: str) -> None:
    with pytest.raises(CardError) as caught:
        parse_card(_changed(path, value), source=Path("mine.yaml"))
    assert caught.value.path == place
    assert says in str(caught.value)
    assert str(caught.value).startswith("mine.yaml: ")


def test_data_in_the_judges_own_turn_is_refused() -> None:
    card = yaml.safe_load(yaml.safe_dump(_GOOD))
    card["template"].append({"role": "assistant", "parts": [{"data": "reference"}, {"text": "so"}]})
    with pytest.raises(CardError, match="judge's own words"):
        parse_card(yaml.safe_dump(card))


def test_a_binary_card_takes_nought_and_one() -> None:
    card = yaml.safe_load(_changed("mode", "binary"))
    assert parse_card(yaml.safe_dump(card)).mode == "binary"
    card["labels"][1]["score"] = 0.5
    with pytest.raises(CardError, match="score 0 and one with score 1"):
        parse_card(yaml.safe_dump(card))


def test_rules_run_no_model() -> None:
    with pytest.raises(CardError, match="runs no model"):
        parse_card("{name: mine, backend: rules, model: here}")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [", "line 1"),
        ("a: 1\nb: 2\na: 3", "line 3.*'a' stands here a second time"),
        ("- a", "a mapping"),
        ("", "a mapping"),
    ],
)
def test_no_card_at_all(text: str, says: str) -> None:
    with pytest.raises(CardError, match=says):
        parse_card(text)


def test_no_such_card_lists_the_shipped_ones() -> None:
    with pytest.raises(CardError, match="equivalence, quality, rules"):
        load_card("prometheus-9")


def test_the_template_hash_follows_what_shapes_a_verdict() -> None:
    base = parse_card(yaml.safe_dump(_GOOD)).template_hash()
    assert len(base) == 16
    assert parse_card(_changed("name", "other")).template_hash() == base
    for path, value in [("labels.0.score", 2), ("template.0.parts.0.text", "Was it?"), ("mode", "scale")]:
        assert parse_card(_changed(path, value)).template_hash() != base
