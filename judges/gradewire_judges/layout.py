"""The card's template joined with the control tokens of the model's chat format.

The tokenizer's own chat template is rendered once, at load, with marks in place of the turns; the card's
segments then go where the marks were. So no request's text ever passes through a template engine.
"""

from collections.abc import Sequence
from typing import Protocol

from gradewire_judges.card import Card, Frame, Turn
from gradewire_judges.errors import CardError
from gradewire_judges.segments import Slot, Trusted


class RenderChat(Protocol):
    """A tokenizer's chat template."""

    def __call__(self, messages: list[dict[str, str]], *, answer: bool = True) -> str:
        """Messages to text; with `answer`, up to where the model's own answer begins."""


def lay_out(card: Card, render_chat: RenderChat | None) -> list[Trusted | Slot]:
    """The card's template as trusted texts and slots; neighbouring trusted texts are one.

    Args:
        card: with a template.
        render_chat: used where the card has no frame. None: the tokenizer has no chat template.

    Raises:
        CardError: the turns cannot be rendered.
    """
    source = str(card.source or card.name)
    rewards = card.mode == "reward_model"
    turns = [turn for turn in card.template if rewards or turn.role != "assistant"]
    if card.frame is not None:
        between = _from_frame(card.frame, turns, source)
    elif render_chat is not None:
        between = _from_chat_template(render_chat, turns, source, answer=not rewards)
    else:
        raise CardError(
            "the model has no chat template: say here what its turns are framed by",
            path="frame",
            source=source,
        )
    pieces: list[Trusted | Slot] = [Trusted(between[0])]
    for turn, after in zip(turns, between[1:], strict=True):
        pieces += [*_segments(turn, fenced=not rewards), Trusted(after)]
    if not rewards and card.template[-1].role == "assistant":
        pieces += _segments(card.template[-1], fenced=True)
    return _merge(pieces)


def ends_answer(card: Card, render_chat: RenderChat | None) -> str:
    """What stands after the words of the assistant, and so what a model says when it has said all: empty if nothing."""
    if card.frame is not None:
        return card.frame.end
    if render_chat is None:
        return ""
    mark = "GradewireAnswerMark"
    return render_chat(
        [{"role": "user", "content": "?"}, {"role": "assistant", "content": mark}], answer=False
    ).rpartition(mark)[2]


def _segments(turn: Turn, *, fenced: bool) -> list[Trusted | Slot]:
    return [
        Slot(part.data, part.title or "", fenced) if part.data is not None else Trusted(part.text or "")
        for part in turn.parts
    ]


def _merge(pieces: Sequence[Trusted | Slot]) -> list[Trusted | Slot]:
    merged: list[Trusted | Slot] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if isinstance(piece, Trusted) and isinstance(last, Trusted):
            merged[-1] = Trusted(last.text + piece.text)
        else:
            merged.append(piece)
    return merged


def _from_frame(frame: Frame, turns: Sequence[Turn], source: str) -> list[str]:
    between = [frame.begin]
    for place, turn in enumerate(turns):
        around = {"system": frame.system, "user": frame.user, "assistant": (frame.answer, frame.end)}[turn.role]
        if around is None:
            raise CardError(
                "the frame has no system turn: put these words into the user's",
                path=f"template.{place}",
                source=source,
            )
        between[-1] += around[0]
        between.append(around[1])
    if turns[-1].role != "assistant":
        between[-1] += frame.answer
    return between


def _from_chat_template(render_chat: RenderChat, turns: Sequence[Turn], source: str, *, answer: bool) -> list[str]:
    marks = [f"GradewireTurn{place}Mark" for place in range(len(turns))]
    try:
        messages = [{"role": turn.role, "content": mark} for turn, mark in zip(turns, marks, strict=True)]
        text = render_chat(messages, answer=answer)
    except Exception as error:
        raise CardError(
            f"the model's chat template does not take these turns ({error}): use one user turn, or write a `frame`",
            path="template",
            source=source,
        ) from error
    between: list[str] = []
    for mark in marks:
        before, found, text = text.partition(mark)
        if not found or mark in text:
            raise CardError(
                "the model's chat template drops, repeats or reorders turns: write a `frame`",
                path="template",
                source=source,
            )
        between.append(before)
    return [*between, text]
