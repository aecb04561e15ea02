"""The final answer, pointed at by a model: a stretch of the response, or nothing.

The model writes token by token and may only write what goes on in the response, or end. So what it says is in the
response, at a place that a rule can then be applied to; it cannot invent an answer, correct one, or give a verdict.
Nor can it cut one: a piece begins and ends where numbers and words do.
An endpoint writes freely: what it wrote is searched for in the response afterwards, is an error where it is not there,
and carries a flag where it is.
"""

from collections.abc import Sequence
from dataclasses import replace

from gradewire_judges.alignment import align
from gradewire_judges.backend import Generation, IsCancelled
from gradewire_judges.card import Card
from gradewire_judges.constraint import SpanOf
from gradewire_judges.engine import Engine
from gradewire_judges.errors import BackendFailed, CutOff, JudgeError, Unreadable
from gradewire_judges.modes.mode import Asked, flatten, told_by_model
from gradewire_judges.prompt import Prompt, Span
from gradewire_judges.request import JudgeRequest
from gradewire_judges.verdict import Extracted, Flag, JudgeVerdict, Outcome, Usage
from gradewire_judges.wholes import cuts, may_bound, offsets

_FIELD = "response"


class Extract:
    """1 where the response has an answer, which `extracted` then is; 0 where it has none."""

    def __init__(self, card: Card) -> None:
        self._card = card

    def questions(self, request: JudgeRequest) -> tuple[JudgeRequest, ...]:
        """The request as it is."""
        return (request,)

    def decide(
        self, engine: Engine, asked: Sequence[Asked], cancelled: IsCancelled | None
    ) -> list[JudgeVerdict | JudgeError]:
        """See `Mode.decide`."""
        prompts, _ = flatten(asked)
        if engine.end is None:
            raise TypeError("an engine for extraction knows what ends an answer")
        written = engine.backend.generate(
            [prompt.ids for prompt in prompts],
            max_tokens=self._card.limits.max_answer_tokens,
            constraints=[_pieces(engine, prompt, engine.end) for prompt in prompts],
            shared=len(engine.builder.prefix),
            cancelled=cancelled,
        )
        return [self._verdict(engine, one, said) for one, said in zip(asked, written, strict=True)]

    def _verdict(self, engine: Engine, one: Asked, said: Generation | BackendFailed) -> JudgeVerdict | JudgeError:
        if isinstance(said, BackendFailed):
            return said
        if said.finish == "length":
            return CutOff("the extracted answer", self._card.limits.max_answer_tokens)
        try:
            found = _located(engine, one.prompts[0], one.request.response, said.ids)
        except Unreadable as error:
            return error
        score = 0.0 if found is None else 1.0
        usage = Usage(said.prompt_tokens, said.cached_tokens, said.output_tokens)
        flags = [Flag.UNCONSTRAINED] if engine.info.kind == "endpoint" else []
        return replace(
            told_by_model(one, engine, usage, said.elapsed_s, flags),
            outcome=Outcome.NO_ANSWER if found is None else Outcome.JUDGED,
            reason="no_answer_located" if found is None else "answer_located",
            score=score,
            expected_score=score,
            extracted=found,
            finish="stop",
        )


def _pieces(engine: Engine, prompt: Prompt, end: int) -> SpanOf:
    """What may be said: a whole piece of the response's head, or of its tail."""
    ids: tuple[int, ...] = ()
    bounds, walls = set[int](), set[int]()
    for span in _spans(prompt):
        part = prompt.ids[span.start : span.end]
        bounds |= {len(ids) + place for place in may_bound(part, span.text, engine.encoder.decode)}
        walls.add(len(ids))
        ids += part
    return SpanOf(ids, end, frozenset(bounds), frozenset(walls))


def _spans(prompt: Prompt) -> list[Span]:
    return [span for span in prompt.spans if span.field == _FIELD]


def _located(engine: Engine, prompt: Prompt, response: str, said: tuple[int, ...]) -> Extracted | None:
    """Where in the response the ids stand as a whole piece, last occurrence first; None where they are white space.

    Raises Unreadable.
    """
    if not said:
        return None
    for place, span in reversed(list(enumerate(_spans(prompt)))):
        ids = prompt.ids[span.start : span.end]
        stands = offsets(ids, span.text, engine.encoder.decode)
        stands[-1] = len(span.text)
        for at in range(len(ids) - len(said), -1, -1):
            first, last = stands[at], stands[at + len(said)]
            if ids[at : at + len(said)] != said or first is None or last is None:
                continue
            if not cuts(span.text, first) and not cuts(span.text, last):
                begin, end = (0, prompt.heads[_FIELD]) if place == 0 else (prompt.tail_starts[_FIELD], len(response))
                aligned = align(response[begin:end], span.text, engine.encoder)
                if aligned is None:
                    raise Unreadable("the answer's place in the response cannot be told: the tokenizer rewrites it")
                return _trimmed(response, begin, aligned[first:last])
    raise Unreadable("what the judge wrote is no stretch of the response, or cuts a number or a word in two")


def _trimmed(response: str, begin: int, places: Sequence[tuple[int, int]]) -> Extracted | None:
    if not places:
        return None
    start, end = begin + places[0][0], begin + places[-1][1]
    text = response[start:end]
    stripped = text.strip()
    if not stripped:
        return None
    start += len(text) - len(text.lstrip())
    return Extracted(stripped, start, start + len(stripped))
