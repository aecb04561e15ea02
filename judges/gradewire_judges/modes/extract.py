"""The final answer, pointed at by a model: a stretch of the response, or nothing.

The model writes token by token and may only write what goes on in the response, or end. So what it says is in the
response, at a place that a rule can then be applied to; it cannot invent an answer, correct one, or give a verdict.
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
            constraints=[SpanOf(_response_ids(prompt), engine.end) for prompt in prompts],
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


def _response_ids(prompt: Prompt) -> tuple[int, ...]:
    return tuple(id_ for span in _spans(prompt) for id_ in prompt.ids[span.start : span.end])


def _spans(prompt: Prompt) -> list[Span]:
    return [span for span in prompt.spans if span.field == _FIELD]


def _located(engine: Engine, prompt: Prompt, response: str, said: tuple[int, ...]) -> Extracted | None:
    """Where in the response the ids stand, last occurrence first; None where they are nothing but white space."""
    if not said:
        return None
    for place, span in reversed(list(enumerate(_spans(prompt)))):
        ids = prompt.ids[span.start : span.end]
        for at in range(len(ids) - len(said), -1, -1):
            if ids[at : at + len(said)] == said:
                first = len(_whole_characters(engine, ids[:at], span.text))
                upto = _whole_characters(engine, ids[: at + len(said)], span.text)
                broken = engine.encoder.decode(ids[: at + len(said)]) != upto
                begin, end = (0, prompt.heads[_FIELD]) if place == 0 else (prompt.tail_starts[_FIELD], len(response))
                aligned = align(response[begin:end], span.text, engine.encoder)
                if aligned is None:
                    raise Unreadable("the answer's place in the response cannot be told: the tokenizer rewrites it")
                return _trimmed(response, begin, aligned[first : len(upto) + broken])
    raise Unreadable("what the judge wrote is no stretch of the response")


def _whole_characters(engine: Engine, ids: Sequence[int], text: str) -> str:
    """What the ids stand for, without a character that they end in the middle of. `text` begins with it."""
    decoded = engine.encoder.decode(list(ids))
    while not text.startswith(decoded):
        decoded = decoded[:-1]
    return decoded


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
