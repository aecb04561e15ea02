"""The tree of errors: stable codes, one line each, and no score anywhere."""

import gradewire_judges
from gradewire_judges import errors


def _tree(root: type[errors.JudgeError]) -> list[type[errors.JudgeError]]:
    return [root, *(below for child in root.__subclasses__() for below in _tree(child))]


def test_every_reason_is_its_own() -> None:
    reasons = [kind.reason for kind in _tree(errors.JudgeError)]
    assert len(set(reasons)) == len(reasons)


def test_every_error_stands_in_the_drawing_and_is_exported() -> None:
    for kind in _tree(errors.JudgeError):
        assert kind.__name__ in (errors.__doc__ or "")
        assert getattr(gradewire_judges, kind.__name__) is kind


def test_no_error_has_a_score() -> None:
    assert not any(hasattr(kind, "score") for kind in _tree(errors.JudgeError))


def test_a_message_is_one_line_whatever_is_in_it() -> None:
    message = str(errors.BadRequest("response", "a\nb\r\x1b[31m\u2028\u202e\ud800"))
    assert message.isprintable()
    assert message.startswith("response: a\\nb\\r")


def test_the_public_face_is_what_it_says() -> None:
    assert sorted(gradewire_judges.__all__) == gradewire_judges.__all__
    assert all(hasattr(gradewire_judges, name) for name in gradewire_judges.__all__)
