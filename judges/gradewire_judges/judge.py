"""A judge: opened from a card, asked with requests, answering each with a verdict or an error.

What it takes from a request to a verdict, in order: the request is checked, a rule decides if it can, the
prompt is built, all prompts go through the model together, and the label probabilities are read.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gradewire_judges import rules
from gradewire_judges.backend import BackendInfo, IsCancelled, LabelScores
from gradewire_judges.card import Card, Golden, load_card
from gradewire_judges.engine import Engine, load_engine
from gradewire_judges.errors import BackendFailed, Cancelled, JudgeError, LowLabelMass, SelfTestFailed
from gradewire_judges.labels import read
from gradewire_judges.prompt import Prompt, check_request
from gradewire_judges.request import JudgeRequest
from gradewire_judges.verdict import Flag, JudgeVerdict, Outcome, Usage


@dataclass(frozen=True, slots=True)
class JudgeInfo:
    """What an open judge is."""

    card: str
    """The card's name."""

    mode: str
    labels: tuple[str, ...]
    """Names, in the card's order; empty without a model."""

    score_range: tuple[float, float] | None
    """Lowest and highest score of a verdict; None where no model decides."""

    fields: tuple[str, ...]
    """What the template shows; all but the response must not be blank."""

    template_hash: str
    tolerance: float
    test_model: bool
    """Whether the card allows random test weights, so that no verdict means anything."""

    self_test: str
    """What the golden pair showed."""

    backend: BackendInfo | None
    """None for the card `rules`."""


class Judge:
    """An open judge. Safe to call from several threads."""

    def __init__(self, card: Card, engine: Engine | None) -> None:
        """Use `Judge.open`, which also tests what it opens."""
        self.card = card
        self.engine = engine
        """Tokenizer, prompts and backend; None for the card `rules`. `defences` reads it."""
        self._self_test = "no model, nothing to test"

    @classmethod
    def open(cls, card: Card | str | Path, *, model_dir: Path | None = None) -> "Judge":
        """Load a card's model and test it; a judge that is returned is ready.

        Args:
            card: a card, a card's file, or the name of a shipped card.
            model_dir: the model's directory, instead of the card's `model`.

        Raises:
            CardError: the card is wrong, by itself or for this model.
            NotReady: something that it needs is missing or unsuitable; the message says what to do.
        """
        card = card if isinstance(card, Card) else load_card(card)
        judge = cls(card, None if card.backend == "rules" else load_engine(card, model_dir))
        judge._test_itself()
        return judge

    def judge(
        self, requests: Sequence[JudgeRequest], *, cancelled: IsCancelled | None = None
    ) -> list[JudgeVerdict | JudgeError]:
        """A verdict or an error for each request, in order. A request's error does not touch the others.

        `cancelled` tells of a request's place whether nobody waits for it any more; it then ends with Cancelled.
        """
        results: dict[int, JudgeVerdict | JudgeError] = {}
        prompts: dict[int, tuple[Prompt, float]] = {}
        for place, request in enumerate(requests):
            started = time.perf_counter()
            if cancelled is not None and cancelled(place):
                results[place] = Cancelled()
                continue
            try:
                ready = self._prepare(request)
            except JudgeError as error:
                results[place] = error
                continue
            elapsed = time.perf_counter() - started
            if isinstance(ready, Prompt):
                prompts[place] = ready, elapsed
            else:
                results[place] = replace(ready, elapsed_s=elapsed)
        results |= self._ask(requests, prompts, cancelled)
        return [results[place] for place in range(len(requests))]

    def info(self) -> JudgeInfo:
        """What this judge is, for people and for logs."""
        scores = [label.score for label in self.card.labels]
        return JudgeInfo(
            card=self.card.name,
            mode=self.card.mode,
            labels=tuple(label.name for label in self.card.labels),
            score_range=(min(scores), max(scores)) if scores else None,
            fields=self.card.fields(),
            template_hash=self.engine.template_hash if self.engine else "",
            tolerance=self.card.tolerance,
            test_model=self.card.allow_test_model,
            self_test=self._self_test,
            backend=self.engine.info if self.engine else None,
        )

    def _prepare(self, request: JudgeRequest) -> JudgeVerdict | Prompt:
        """A rule's verdict, or the prompt that the model is to read."""
        check_request(request, self.card.fields())
        decision = rules.decide(request)
        if decision is not None:
            degenerate = decision == "degenerate_response"
            return replace(
                self._blank(request),
                outcome=Outcome.NO_ANSWER,
                reason=decision,
                decided_by="rule",
                score=self.card.lowest_score(),
                flags=(Flag.DEGENERATE_RESPONSE,) if degenerate else (),
            )
        if self.engine is None:
            return self._blank(request)
        return self.engine.builder.build(request)

    def _blank(self, request: JudgeRequest) -> JudgeVerdict:
        """What is known without a decision."""
        return JudgeVerdict(
            id=request.id,
            outcome=Outcome.UNDECIDED,
            reason="needs_model",
            decided_by="nobody",
            request_hash=request.raw_hash(),
            card=self.card.name,
            template_hash=self.engine.template_hash if self.engine else "",
        )

    def _ask(
        self,
        requests: Sequence[JudgeRequest],
        prompts: dict[int, tuple[Prompt, float]],
        cancelled: IsCancelled | None,
    ) -> dict[int, JudgeVerdict | JudgeError]:
        engine = self.engine
        if engine is None or not prompts:
            return {}
        places = list(prompts)
        scores = engine.backend.score_labels(
            [prompt.ids for prompt, _ in prompts.values()],
            engine.labels,
            shared=len(engine.builder.prefix),
            cancelled=None if cancelled is None else lambda at: cancelled(places[at]),
        )
        results: dict[int, JudgeVerdict | JudgeError] = {}
        for (place, (prompt, prepared_s)), said in zip(prompts.items(), scores, strict=True):
            if isinstance(said, BackendFailed):
                results[place] = said
                continue
            try:
                results[place] = self._verdict(requests[place], engine, prompt, said, prepared_s)
            except LowLabelMass as error:
                results[place] = error
        return results

    def _verdict(
        self, request: JudgeRequest, engine: Engine, prompt: Prompt, said: LabelScores, prepared_s: float
    ) -> JudgeVerdict:
        card = self.card
        reading = read(said.log_probs, [label.score for label in card.labels])
        if reading.mass < card.min_label_mass:
            raise LowLabelMass(reading.mass, card.min_label_mass)
        label = card.labels[reading.label]
        by_mean = card.mode == "scale"
        echoes = request.question.strip() != "" and request.response.strip() == request.question.strip()
        return replace(
            self._blank(request),
            outcome=Outcome(label.outcome),
            reason="expectation" if by_mean else "label_probability",
            decided_by="model",
            score=reading.expected_score if by_mean else label.score,
            label=label.name,
            probabilities={label.name: p for label, p in zip(card.labels, reading.probabilities, strict=True)},
            expected_score=reading.expected_score,
            label_mass=reading.mass,
            entropy=reading.entropy,
            flags=(*prompt.flags, *([Flag.ECHOES_QUESTION] if echoes else [])),
            clipped=prompt.clipped,
            usage=Usage(len(prompt.ids), said.cached_tokens),
            model_id=engine.info.model_id,
            model_revision=card.revision or engine.info.fingerprint,
            determinism=engine.info.determinism,
            elapsed_s=prepared_s + said.elapsed_s,
        )

    def _test_itself(self) -> None:
        """Judge the golden pair. Warms up as well: the shared prefix's state is there afterwards."""
        pair = self.card.golden
        if self.engine is None or pair is None:
            return
        verdicts = self.judge([_golden("better", pair.better), _golden("worse", pair.worse)])
        scores: list[float] = []
        for verdict in verdicts:
            if isinstance(verdict, JudgeError):
                raise SelfTestFailed(f"card {self.card.name}: its golden pair cannot be judged: {verdict}") from verdict
            if verdict.expected_score is None:
                raise SelfTestFailed(
                    f"card {self.card.name}: golden.{verdict.id} never reaches the model ({verdict.reason}): "
                    "choose another"
                )
            scores.append(verdict.expected_score)
        shown = f"golden pair: better {scores[0]:.3f}, worse {scores[1]:.3f}"
        if scores[0] <= scores[1] and not self.card.allow_test_model:
            raise SelfTestFailed(
                f"card {self.card.name}: {shown}. The model does not follow this template: "
                "choose another model or template"
            )
        self._self_test = shown


def _golden(name: str, golden: Golden) -> JudgeRequest:
    return JudgeRequest(
        id=name,
        response=golden.response,
        question=golden.question,
        reference=golden.reference,
        fields=golden.fields,
    )
