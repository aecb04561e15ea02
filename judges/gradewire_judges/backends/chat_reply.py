"""What a chat completion says: its words, why it ended, and what the probabilities of its first tokens make of labels.

Endpoints tell the most probable tokens at each place that was generated, as texts. A token counts for the label that it
completes; one that only begins a label counts by what follows it, which is known along the way that was generated.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gradewire_judges.errors import CutOff, EndpointGarbled, WrongLabel

_UNSETTLED = 0.01
"""Most probability that may be on tokens of which it cannot be told what label they begin."""

_ENDS = (None, "", "stop", "length", "eos", "eos_token", "stop_sequence")
"""Why an answer may have ended, as servers say it. Others are no answers: tool_calls, abort, error, content_filter …"""

_ROUNDED = 0.05
"""How far the probabilities told for one place may be beyond 1 together, as those of two-byte numbers are."""

_SAME = 0.01
"""Nats between two numbers for the same token."""

_SHOWN = 80


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Token(_Told):
    token: str
    logprob: float


class _Place(_Token):
    top_logprobs: list[_Token]


class _LogProbs(_Told):
    content: list[_Place] | None = None


class _Message(_Told):
    content: str | None = None
    refusal: str | None = None


class _Choice(_Told):
    message: _Message
    finish_reason: str | None = None
    logprobs: _LogProbs | None = None


_Count = Annotated[int, Field(ge=0, lt=1 << 31)]


class _Details(_Told):
    cached_tokens: _Count | None = None


class _Usage(_Told):
    prompt_tokens: _Count = 0
    completion_tokens: _Count = 0
    prompt_tokens_details: _Details | None = None


class _Completion(_Told):
    choices: list[_Choice]
    usage: _Usage | None = None


@dataclass(frozen=True, slots=True)
class ChatReply:
    """One completion."""

    text: str | None
    """None where it said nothing at all, which is not the same as an empty answer."""

    finish: str | None
    """Such as `stop` or `length`; None where the endpoint does not say."""

    places: tuple[Mapping[str, float], ...] | None
    """For each generated token the log-probabilities of those that might have stood there. None: none are told."""

    said: tuple[str, ...]
    """The generated tokens."""

    prompt_tokens: int
    cached_tokens: int
    output_tokens: int


def parse_reply(reply: Mapping[str, Any]) -> ChatReply:
    """Read a completion.

    Raises:
        EndpointGarbled: it is not of the form that the protocol says.
        WrongLabel: it says that there is no answer, or not all of it.
    """
    try:
        completion = _Completion.model_validate(reply)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise EndpointGarbled(f"the endpoint's answer is no chat completion: {where}: {first['msg']}") from None
    if len(completion.choices) != 1:
        raise EndpointGarbled(f"the endpoint gave {len(completion.choices)} choices, and was asked for one")
    choice = completion.choices[0]
    if choice.finish_reason == "content_filter" or choice.message.refusal:
        raise WrongLabel("the endpoint refused to answer, or a filter of its own cut the answer off")
    if choice.finish_reason not in _ENDS:
        raise WrongLabel(f"the endpoint's answer ended with {choice.finish_reason[:_SHOWN]!r}, and is none")
    places = choice.logprobs.content if choice.logprobs else None
    for place in places or ():
        if any(math.isnan(one.logprob) or one.logprob > 1e-3 for one in (place, *place.top_logprobs)):
            raise EndpointGarbled("the endpoint tells log-probabilities that are none")
        if math.fsum(math.exp(log_prob) for log_prob in _alternatives(place).values()) > 1 + _ROUNDED:
            raise EndpointGarbled("the endpoint tells probabilities that are more than 1 together")
    usage = completion.usage or _Usage()
    return ChatReply(
        text=choice.message.content,
        finish=choice.finish_reason,
        places=tuple(_alternatives(place) for place in places) if places is not None else None,
        said=tuple(place.token for place in places or ()),
        prompt_tokens=usage.prompt_tokens,
        cached_tokens=(usage.prompt_tokens_details and usage.prompt_tokens_details.cached_tokens) or 0,
        output_tokens=usage.completion_tokens,
    )


def said_label(reply: ChatReply, labels: Sequence[str], most_tokens: int) -> int:
    """Place of the label that the endpoint said, and nothing else.

    Raises:
        CutOff: it had more to say.
        WrongLabel: it said something else.
    """
    if reply.finish == "length":
        raise CutOff("the endpoint's answer", most_tokens)
    said = (reply.text or "").strip()
    if said not in labels:
        raise WrongLabel(f"the endpoint said {said[:_SHOWN]!r}, which is none of the labels {', '.join(labels)}")
    return labels.index(said)


def label_log_probs(reply: ChatReply, labels: Sequence[str]) -> tuple[float, ...]:
    """Log-probability of each label; −inf for one that is not among what the endpoint tells.

    Args:
        reply: with the probabilities of its tokens.
        labels: none of which begins another.

    Raises:
        EndpointGarbled: no probabilities are told.
        WrongLabel: no label is among them, or which label some of them begin cannot be told.
    """
    if not reply.places:
        raise EndpointGarbled(
            "the endpoint tells no log-probabilities: say `answers: said` in the card's endpoint, or use one that does"
        )
    found, unsettled = [0.0] * len(labels), 0.0
    before, reached = "", 1.0
    for token, alternatives in zip(reply.said, reply.places, strict=True):
        goes_on = False
        for text, log_prob in alternatives.items():
            words = (before + text).lstrip()
            share = reached * math.exp(min(log_prob, 0.0))
            if words in labels:
                found[labels.index(words)] += share
            elif any(label.startswith(words) for label in labels):
                if text == token:
                    goes_on = True  # what it comes to is seen at the next place
                elif words:
                    unsettled += share
        if not goes_on:
            break
        reached *= math.exp(min(alternatives[token], 0.0))
        before += token
    else:
        unsettled += reached
    if unsettled > _UNSETTLED:
        raise WrongLabel(
            "which label the endpoint's first tokens begin cannot be told: use labels that differ from their start, "
            "such as single letters"
        )
    if not any(found):
        raise WrongLabel(
            f"the endpoint would say {(reply.text or '').strip()[:_SHOWN]!r}, and none of {', '.join(labels)}"
        )
    return tuple(math.log(share) if share else -math.inf for share in found)


def _alternatives(place: _Place) -> dict[str, float]:
    """By text; a text that two tokens have counts with both, as with bytes of a character that is not whole.

    The generated token usually stands among the most probable as well, with its probability rounded in another way.
    """
    told: dict[str, float] = {}
    seen: set[tuple[str, float]] = set()
    listed = any(one.token == place.token and abs(one.logprob - place.logprob) < _SAME for one in place.top_logprobs)
    for one in place.top_logprobs if listed else (*place.top_logprobs, place):
        if (one.token, one.logprob) in seen:
            continue
        seen.add((one.token, one.logprob))
        known = told.get(one.token)
        told[one.token] = one.logprob if known is None else _sum(known, one.logprob)
    return told


def _sum(one: float, other: float) -> float:
    """The logarithm of two probabilities together; they may be too small for numbers, or 0."""
    top = max(one, other)
    return top if top == -math.inf else top + math.log1p(math.exp(min(one, other) - top))
