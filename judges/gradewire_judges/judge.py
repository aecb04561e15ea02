"""A judge: opened from a card, asked with requests, answering each with a verdict or an error.

What it takes from a request to a verdict, in order: the request is checked, a rule decides if it can, the mode says
what the model is asked, the prompts are built, all of them go through the model together, and the mode reads what it
answers.
"""

import hashlib
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gradewire_judges import rules
from gradewire_judges.backend import BackendInfo, IsCancelled
from gradewire_judges.calibration import read_calibration
from gradewire_judges.card import Card, Golden, load_card
from gradewire_judges.drift import Drift, LabelDrift
from gradewire_judges.engine import Engine, fit, load_engine
from gradewire_judges.errors import CardError, JudgeError, SelfTestFailed
from gradewire_judges.modes import Asked, mode_of
from gradewire_judges.prompt import check_request
from gradewire_judges.request import JudgeRequest
from gradewire_judges.verdict import Flag, JudgeVerdict, Outcome
from gradewire_judges.visible import make_visible


@dataclass(frozen=True, slots=True)
class JudgeInfo:
    """What an open judge is."""

    card: str
    """The card's name."""

    mode: str
    labels: tuple[str, ...]
    """Names, in the card's order; empty without a model."""

    score_range: tuple[float, float] | None
    """Lowest and highest score of a verdict; None where it has no bounds, or no model decides."""

    fields: tuple[str, ...]
    """What the template shows; all but the response must not be blank."""

    template_hash: str
    tolerance: float
    test_model: bool
    """Whether the card allows random test weights, so that no verdict means anything."""

    self_test: str
    """What the golden pair showed."""

    calibration: str
    """How it did against known labels, in words."""

    backend: BackendInfo | None
    """None for the card `rules`."""


class Judge:
    """An open judge. Safe to call from several threads."""

    def __init__(self, card: Card, engine: Engine | None) -> None:
        """Use `Judge.open`, which also tests what it opens."""
        self.card = card
        self.engine = engine
        """Tokenizer, prompts and backend; None for the card `rules`. `defences` reads it."""
        self.calibration = read_calibration(card.beside(card.calibration)) if card.calibration else None
        """How it did against known labels."""
        self._live = LabelDrift(self.calibration.said) if self.calibration else None
        self._counting = threading.Lock()
        self._mode = mode_of(card)
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
        if card.golden is None and card.backend != "rules":
            raise CardError("a judge is tested before it is served: give a pair", path="golden", source=card.name)
        judge = cls(card, None if card.backend == "rules" else load_engine(card, model_dir))
        judge.test_itself()
        return judge

    def with_card(self, card: Card) -> "Judge":
        """Another card for the model that is loaded: its prompts, labels and mode, not its backend. It is not tested
        on its golden pair; `test_itself` does. Raises CardError; ValueError where no model is loaded, or it is of the
        wrong kind.
        """
        if self.engine is None:
            raise ValueError("the card `rules` has no model")
        if (card.mode == "reward_model") != (self.card.mode == "reward_model"):
            raise ValueError(f"card {card.name} needs another kind of model than card {self.card.name} has loaded")
        engine = self.engine
        return Judge(card, fit(card, engine.backend, engine.encoder, engine.render_chat))

    def judge(
        self, requests: Sequence[JudgeRequest], *, cancelled: IsCancelled | None = None
    ) -> list[JudgeVerdict | JudgeError]:
        """A verdict or an error for each request, in order. A request's error does not touch the others.

        Args:
            requests: to be judged; a rule decides some of them, and the others go through the model together.
            cancelled: says of a place in `requests` whether nobody waits for it any more; it is then an
                errors.Cancelled as soon as the model can leave it out.
        """
        results: dict[int, JudgeVerdict | JudgeError] = {}
        asked: dict[int, Asked] = {}
        for place, request in enumerate(requests):
            try:
                ready = self._prepare(request)
            except JudgeError as error:
                results[place] = error
                continue
            if isinstance(ready, Asked):
                asked[place] = ready
            else:
                results[place] = ready
        if self.engine is not None and asked:
            places = list(asked)
            waits = None if cancelled is None else lambda row: cancelled(places[row])
            answers = self._mode.decide(self.engine, list(asked.values()), waits)
            results |= dict(zip(places, answers, strict=True))
            self._count(answers)
        return [results[place] for place in range(len(requests))]

    def check(self, request: JudgeRequest) -> None:
        """Refuse what no rule and no model is asked about. Raises BadRequest with the field."""
        check_request(request, [name for name in self.card.fields() if name != "criterion"])

    def questions(self, request: JudgeRequest) -> tuple[JudgeRequest, ...]:
        """What the model is asked for a request, if no rule decides it: one prompt for each. Raises BadRequest."""
        return self._mode.questions(request)

    def key(self, request: JudgeRequest) -> str:
        """What a verdict depends on, as a key for caches: SHA-256 (hex) over the exact bytes of every field, the
        rendered template with its labels, limits and sampling, the model's revision and how it computes.
        """
        info = self.engine.info if self.engine else None
        parts = (
            request.raw_hash(),
            self.card.name,
            self.engine.template_hash if self.engine else "",
            self.card.revision or "",
            *((info.fingerprint, info.model_id, info.determinism, info.versions) if info else ()),
        )
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def drift(self) -> Drift | None:
        """How live labels stand against the calibration's. None: not calibrated, or too few verdicts to tell."""
        with self._counting:
            return self._live.report() if self._live is not None else None

    def info(self) -> JudgeInfo:
        """What this judge is, for people and for logs."""
        return JudgeInfo(
            card=self.card.name,
            mode=self.card.mode,
            labels=tuple(label.name for label in self.card.labels),
            score_range=self.card.score_range(),
            fields=self.card.fields(),
            template_hash=self.engine.template_hash if self.engine else "",
            tolerance=self.card.tolerance,
            test_model=self.card.allow_test_model,
            self_test=self._self_test,
            calibration=self._calibrated(),
            backend=self.engine.info if self.engine else None,
        )

    def _count(self, answers: Sequence[JudgeVerdict | JudgeError]) -> None:
        if self._live is not None:
            with self._counting:
                for answer in answers:
                    if isinstance(answer, JudgeVerdict):
                        self._live.add(answer)

    def _calibrated(self) -> str:
        found = self.calibration
        if found is None:
            return "not calibrated"
        if self.engine is not None and found.template_hash != self.engine.template_hash:
            return "calibrated with another template or model: calibrate anew"
        if self.engine is not None and found.model_revision != (self.card.revision or self.engine.info.fingerprint):
            return "calibrated with other weights: calibrate anew"
        return f"accuracy {found.accuracy:.3f}, ECE {found.ece:.3f} on {found.judged} cases"

    def _prepare(self, request: JudgeRequest) -> JudgeVerdict | Asked:
        """A rule's verdict, or the prompts that the model is to read."""
        started = time.perf_counter()
        self.check(request)
        decision = rules.decide(request)
        if decision is not None:
            return replace(self._by_rule(request, decision), elapsed_s=time.perf_counter() - started)
        blank = self._blank(request)
        if self.engine is None:
            return replace(blank, elapsed_s=time.perf_counter() - started)
        prompts = self.engine.builder.build_all(self.questions(request))
        return Asked(request, replace(blank, elapsed_s=time.perf_counter() - started), prompts, self.card.revision)

    def _by_rule(self, request: JudgeRequest, decision: rules.Decision) -> JudgeVerdict:
        wins = decision == "empty_response_b"
        flags = [Flag.DEGENERATE_RESPONSE] if decision == "degenerate_response" else []
        if make_visible(request.response, self.card.limits.max_chars).escaped:
            flags.append(Flag.UNICODE_NORMALISED)
        return replace(
            self._blank(request),
            outcome=Outcome.JUDGED if wins else Outcome.NO_ANSWER,
            reason=decision,
            decided_by="rule",
            score=1.0 if wins else self.card.lowest_score(),
            flags=tuple(flags),
        )

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

    def test_itself(self) -> None:
        """Judge the golden pair. Warms up as well: the shared prefix's state is there then. Raises SelfTestFailed."""
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
        response_b=golden.response_b,
        fields=golden.fields,
    )
