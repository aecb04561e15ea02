"""Somebody's OpenAI-compatible chat endpoint as a backend.

The ids of its prompts are characters and turns (`characters`); they are sent as messages. What the endpoint does with
the text is out of reach: isolation is `text`. A label is read off the probabilities of the first tokens where they are
told; an extraction is compared with the data afterwards.
"""

import hashlib
import math
import time
from collections.abc import Sequence
from typing import Any

from gradewire_judges.backend import (
    BackendInfo,
    Classification,
    Generation,
    IsCancelled,
    Labels,
    LabelScores,
    Prompts,
)
from gradewire_judges.backends.chat_reply import ChatReply, label_log_probs, parse_reply, said_label
from gradewire_judges.backends.endpoint_calls import EndpointCalls
from gradewire_judges.characters import CharacterEncoder, messages
from gradewire_judges.constraint import Constraint, OneOf, SpanOf
from gradewire_judges.endpoint import Endpoint
from gradewire_judges.errors import BackendFailed, WrongLabel

_PATH = "chat/completions"
_SHOWN = 80


class OpenAIBackend:
    """One model behind one endpoint."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Asks nothing of the endpoint yet.

        Raises:
            BackendMissing: the environment variable with the key is not set, or holds no key.
        """
        self._endpoint = endpoint
        self._calls = EndpointCalls(endpoint)
        self._encoder = CharacterEncoder()
        identity = hashlib.sha256(f"{endpoint.url} {endpoint.model}".encode()).hexdigest()[:16]
        self._info = BackendInfo(
            name="openai",
            kind="endpoint",
            isolation="text",
            model_id=endpoint.model,
            fingerprint=f"endpoint:{identity}",
            architecture="unknown",
            parameters=None,
            max_tokens=None,
            vocabulary=None,
            determinism=f"whatever {endpoint.url} does",
            prefix_cache=False,
            versions="openai chat completions",
        )

    def info(self) -> BackendInfo:
        """What is running, as far as one can know."""
        return self._info

    def score_labels(
        self, prompts: Prompts, labels: Labels, *, shared: int = 0, cancelled: IsCancelled | None = None
    ) -> list[LabelScores | BackendFailed]:
        """See `Backend.score_labels`. What the endpoint does not tell of a label counts as no probability."""
        del shared
        texts = [self._encoder.written(list(forms[0])).strip() for forms in labels]
        how: dict[str, Any] = {"max_tokens": self._endpoint.max_answer_tokens, "temperature": 0}
        told = self._endpoint.answers == "logprobs"
        if told:
            how |= {"logprobs": True, "top_logprobs": self._endpoint.top_logprobs}
        else:
            how |= self._choice(texts)

        def read(reply: ChatReply, elapsed: float) -> LabelScores:
            if told:
                log_probs = label_log_probs(reply, texts)
            else:
                place = said_label(reply, texts, self._endpoint.max_answer_tokens)
                log_probs = tuple(0.0 if other == place else -math.inf for other in range(len(texts)))
            return LabelScores(
                log_probs, reply.cached_tokens, elapsed, reply.prompt_tokens, reply.output_tokens, said=not told
            )

        started = time.perf_counter()
        replies = self._ask([self._body(prompt, how) for prompt in prompts], cancelled)
        elapsed = time.perf_counter() - started
        results: list[LabelScores | BackendFailed] = []
        for reply in replies:
            try:
                results.append(reply if isinstance(reply, BackendFailed) else read(reply, elapsed))
            except BackendFailed as failure:
                results.append(failure)
        return results

    def generate(
        self,
        prompts: Prompts,
        *,
        max_tokens: int,
        constraints: Sequence[Constraint] | None = None,
        stop: Sequence[Sequence[int]] = (),
        temperature: float = 0.0,
        seed: int = 0,
        shared: int = 0,
        cancelled: IsCancelled | None = None,
    ) -> list[Generation | BackendFailed]:
        """See `Backend.generate`. A constraint is checked afterwards too: what breaks it is a WrongLabel."""
        del shared
        how: dict[str, Any] = {"max_tokens": max_tokens, "temperature": temperature}
        if temperature > 0:
            how["seed"] = seed
        if stop:
            how["stop"] = [self._encoder.written(list(ending)) for ending in stop]
        wanted: Sequence[Constraint | None] = constraints or [None] * len(prompts)
        bodies = [
            self._body(prompt, how | (self._choice(self._texts(one)) if isinstance(one, OneOf) else {}))
            for prompt, one in zip(prompts, wanted, strict=True)
        ]
        started = time.perf_counter()
        replies = self._ask(bodies, cancelled)
        elapsed = time.perf_counter() - started
        results: list[Generation | BackendFailed] = []
        for reply, one in zip(replies, wanted, strict=True):
            if isinstance(reply, BackendFailed):
                results.append(reply)
                continue
            if reply.text is None:
                results.append(WrongLabel("the endpoint said nothing at all, not even an empty answer"))
                continue
            text = reply.text.strip() if one is not None else reply.text
            if reply.finish != "length" and not self._keeps(text, one):
                results.append(WrongLabel(f"the endpoint said {text[:_SHOWN]!r}, which it may not say here"))
                continue
            finish: Any = "length" if reply.finish == "length" else "stop"
            usage = reply.cached_tokens, elapsed, reply.prompt_tokens, reply.output_tokens
            results.append(Generation(tuple(map(ord, text)), finish, math.nan, *usage))
        return results

    def classify(
        self, prompts: Prompts, *, shared: int = 0, cancelled: IsCancelled | None = None
    ) -> list[Classification | BackendFailed]:
        """See `Backend.classify`."""
        del shared, cancelled
        return [BackendFailed("a chat endpoint has no classes") for _ in prompts]

    def _body(self, prompt: Sequence[int], how: dict[str, Any]) -> dict[str, Any]:
        turns = [{"role": turn.role, "content": turn.content} for turn in messages(prompt)]
        return {"model": self._endpoint.model, "messages": turns, "n": 1} | how

    def _choice(self, texts: Sequence[str]) -> dict[str, Any]:
        """The field that restricts what is said, where the endpoint has one."""
        if self._endpoint.constrain == "structured_outputs":
            return {"structured_outputs": {"choice": list(texts)}}
        if self._endpoint.constrain == "guided_choice":
            return {"guided_choice": list(texts)}
        return {}

    def _texts(self, one: OneOf) -> list[str]:
        return [self._encoder.written(list(sequence)) for sequence in one.sequences]

    def _keeps(self, text: str, constraint: Constraint | None) -> bool:
        if isinstance(constraint, OneOf):
            return text in self._texts(constraint)
        if isinstance(constraint, SpanOf):
            return text in self._encoder.decode(list(constraint.ids))
        return constraint is None

    def _ask(self, bodies: Sequence[dict[str, Any]], cancelled: IsCancelled | None) -> list[ChatReply | BackendFailed]:
        replies: list[ChatReply | BackendFailed] = []
        for reply in self._calls.post_all(_PATH, bodies, cancelled):
            try:
                replies.append(reply if isinstance(reply, BackendFailed) else parse_reply(reply))
            except BackendFailed as failure:
                replies.append(failure)
        return replies
