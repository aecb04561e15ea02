"""A sequence classifier that was trained on preferences: its number for a chat that ends with the response."""

import math
from collections.abc import Sequence
from dataclasses import replace

from gradewire_judges.backend import Classification, IsCancelled
from gradewire_judges.card import Card, Reward
from gradewire_judges.engine import Engine
from gradewire_judges.errors import BackendFailed, JudgeError
from gradewire_judges.modes.mode import Asked, flatten, told_by_model
from gradewire_judges.request import JudgeRequest
from gradewire_judges.verdict import JudgeVerdict, Outcome, Usage


class RewardModel:
    """The logit, mapped as the card says."""

    def __init__(self, card: Card) -> None:
        self._how = card.reward or Reward()

    def questions(self, request: JudgeRequest) -> tuple[JudgeRequest, ...]:
        """The request as it is."""
        return (request,)

    def decide(
        self, engine: Engine, asked: Sequence[Asked], cancelled: IsCancelled | None
    ) -> list[JudgeVerdict | JudgeError]:
        """See `Mode.decide`."""
        prompts, _ = flatten(asked)
        answers = engine.backend.classify(
            [prompt.ids for prompt in prompts], shared=len(engine.builder.prefix), cancelled=cancelled
        )
        return [
            answer if isinstance(answer, BackendFailed) else self._verdict(engine, one, answer)
            for one, answer in zip(asked, answers, strict=True)
        ]

    def _verdict(self, engine: Engine, one: Asked, answer: Classification) -> JudgeVerdict | JudgeError:
        if self._how.output >= len(answer.scores):
            return BackendFailed(
                f"the classifier has {len(answer.scores)} outputs, and the card asks for number {self._how.output}: "
                "correct reward.output"
            )
        score = self._how.score(answer.scores[self._how.output])
        if not math.isfinite(score):
            return BackendFailed("the reward is beyond all numbers: correct the card's reward.scale and reward.offset")
        usage = Usage(answer.prompt_tokens, answer.cached_tokens)
        return replace(
            told_by_model(one, engine, usage, answer.elapsed_s),
            outcome=Outcome.JUDGED,
            reason="reward",
            score=score,
            expected_score=score,
            finish="reward",
        )
