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


_SHIPPED = {
    *["code-quality", "compassverifier", "equivalence", "extract", "gpt-oss"],
    *["llama-guard", "pairwise", "plan", "prometheus-2", "quality"],
    *["qwen3", "rubric", "rules", "safety-policy", "skywork-reward"],
}


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
    assert set(shipped_cards()) == _SHIPPED


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


@pytest.mark.parametrize("further", ["model: here", "mode: pairwise"])
def test_rules_run_no_model(further: str) -> None:
    with pytest.raises(CardError, match="runs no model"):
        parse_card(f"{{name: mine, backend: rules, {further}}}")


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999/v1", "http://[::1/v1"])
def test_an_endpoint_that_cannot_be_dialled_is_refused(url: str) -> None:
    with pytest.raises(CardError, match=r"endpoint\.url: no address"):
        parse_card(yaml.safe_dump(_GOOD | {"backend": "openai", "endpoint": {"url": url, "model": "m"}}))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [", "line 1"),
        ("a: 1\nb: 2\na: 3", "line 3.*'a' stands here a second time"),
        ("- a", "a mapping"),
        ("? [a, b]\n: 1", "line 1.*name is a word"),
        ("name: 2001-99-99", "cannot be read"),
        ("[" * 5000, "cannot be read"),
        ("", "a mapping"),
    ],
)
def test_no_card_at_all(text: str, says: str) -> None:
    with pytest.raises(CardError, match=says):
        parse_card(text)


def test_no_such_card_lists_the_shipped_ones() -> None:
    with pytest.raises(CardError, match="code-quality, compassverifier, equivalence"):
        load_card("prometheus-9")


def test_the_template_hash_follows_what_shapes_a_verdict() -> None:
    base = parse_card(yaml.safe_dump(_GOOD)).template_hash()
    assert len(base) == 16
    assert parse_card(_changed("name", "other")).template_hash() == base
    for path, value in [("labels.0.score", 2), ("template.0.parts.0.text", "Was it?"), ("mode", "scale")]:
        assert parse_card(_changed(path, value)).template_hash() != base


def _of_mode(mode: str, **changes: object) -> str:
    card = yaml.safe_load(yaml.safe_dump(_GOOD)) | {"mode": mode} | changes
    return yaml.safe_dump({key: value for key, value in card.items() if value is not None})


_PAIR = [{"role": "user", "parts": [{"data": "response"}, {"data": "response_b"}, {"text": "A or B?"}]}]
_CRITERION = [{"role": "user", "parts": [{"data": "response"}, {"data": "criterion"}, {"text": "A or B?"}]}]
_CHAT = [{"role": "user", "parts": [{"text": "q"}]}, {"role": "assistant", "parts": [{"data": "response"}]}]
_CRITERIA = [{"name": "a", "text": "b", "points": 1}]
_REMOTE = {"url": "http://127.0.0.1:1/v1", "model": "m"}


@pytest.mark.parametrize(
    ("mode", "changes", "says"),
    [
        ("pairwise", {}, "shows `data: response_b`"),
        ("labels", {"template": _PAIR}, "shows `data: response_b`"),
        (
            "pairwise",
            {"template": _PAIR, "labels": [{"say": w, "name": w, "score": s} for w, s in [("A", 1), ("B", 0.2)]]},
            "one label with score 1, one with 0",
        ),
        ("rubric", {"criteria": _CRITERIA}, "shows `data: criterion`"),
        ("rubric", {"template": _CRITERION}, "takes `criteria`, or `criteria_from`"),
        ("rubric", {"template": _CRITERION, "criteria": _CRITERIA, "criteria_from": "rubric"}, "takes `criteria`, or"),
        ("rubric", {"template": _CRITERION, "criteria": [*_CRITERIA, *_CRITERIA]}, "same name"),
        ("rubric", {"template": _CRITERION, "criteria": [_CRITERIA[0] | {"points": -1}]}, "worth more than nothing"),
        ("rubric", {"template": _CRITERION, "criteria": [_CRITERIA[0] | {"points": 0}]}, "worth nothing"),
        ("labels", {"criteria": _CRITERIA}, "only mode `rubric` has them"),
        ("extract", {}, "has no labels"),
        ("extract", {"labels": None, "reasoning": {"close": "x"}}, "answers at once"),
        ("reward_model", {"labels": None}, "needs it"),
        ("labels", {"reward": {"map": "sigmoid"}}, "goes with mode `reward_model`"),
        ("reward_model", {"labels": None, "reward": {"map": "sigmoid"}}, "last turn of the assistant"),
        ("reward_model", {"labels": None, "template": _CHAT, "reward": {"map": "affine"}}, "`floor` goes with"),
        ("labels", {"endpoint": _REMOTE}, "goes with backend `openai`"),
        ("labels", {"backend": "openai", "endpoint": _REMOTE}, "leave out `model`"),
        ("labels", {"backend": "openai", "model": None, "endpoint": _REMOTE, "frame": {}}, "thinks by itself"),
        ("labels", {"template": [{"role": "user", "parts": [{"text": "a", "title": "b"}]}]}, "`title` names data"),
    ],
)
def test_a_card_that_mixes_modes_says_what_goes_with_what(mode: str, changes: dict[str, object], says: str) -> None:
    with pytest.raises(CardError, match=says):
        parse_card(_of_mode(mode, **changes))


def test_an_affine_reward_has_a_lowest_score() -> None:
    reward = {"map": "affine", "scale": 2, "offset": 1, "floor": -5}
    card = parse_card(_of_mode("reward_model", labels=None, template=_CHAT, reward=reward))
    assert card.reward is not None
    assert [card.reward.score(logit) for logit in (1.5, -1, -100)] == [4, -1, -5]
    assert (card.score_range(), card.lowest_score()) == (None, -5)


def test_a_sigmoid_reward_is_between_nought_and_one() -> None:
    card = parse_card(_of_mode("reward_model", labels=None, template=_CHAT, reward={"scale": 1}))
    assert card.reward is not None
    assert [card.reward.score(logit) for logit in (-1000, 0, 1000)] == [0, 0.5, 1]
    assert card.score_range() == (0, 1)
