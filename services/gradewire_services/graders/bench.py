"""The judges that are served: opened from their cards, picked by name, described with what they lack.

A card whose model is not here is kept with the reason: the service serves the others, says so at its start, and answers
FAILED_PRECONDITION to who asks for it.
"""

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path

from gradewire.v1 import grader_pb2
from gradewire_judges import Card, CardError, Judge, NotReady, load_card
from gradewire_judges.engine import load_engine
from gradewire_judges.model_files import find_model
from gradewire_services.errors import BadRequest, Missing, StartError
from gradewire_services.graders.verdict_cache import CachedJudge, VerdictCache
from gradewire_services.tokens import TokenBounds

WAY_OUT = "gradewire serve judging --card CARD --model-dir DIR, or a card that names an endpoint"
_MIB = 1 << 20
_IN_PROCESS = ("transformers", "vllm")
"""Backends that load a model here, which takes memory and time."""


class Bench:
    """The judges, by name; one that is not ready with the reason."""

    def __init__(self, judges: Mapping[str, Judge | NotReady], *, cache_mib: int = 0) -> None:
        self.judges = judges
        cache = VerdictCache(cache_mib * _MIB)
        self._asked = {
            name: CachedJudge(one, cache, place)
            for place, (name, one) in enumerate(judges.items())
            if not isinstance(one, NotReady)
        }

    def pick(self, name: str | None, path: str, *, mode: str = "") -> CachedJudge:
        """The judge of this name, or the only one that is no rule; with `mode`, of that mode.

        Raises BadRequest at `path`, or Missing when it is not ready.
        """
        if not name:
            others = [one for one in self.judges if one != "rules" and self._may_be(one, mode)]
            if not others and mode:
                raise BadRequest.at((path, f"is not set, and no judge of mode {mode} is ready here: {self.names()}"))
            others = others or ["rules"]
            if len(others) > 1:
                raise BadRequest.at((path, f"is not set, and several judges are served: {self.names()}"))
            name = others[0]
        found = self.judges.get(name)
        if found is None:
            raise BadRequest.at((path, f"no judge named {name!r}. Served here: {self.names()}"))
        if isinstance(found, NotReady):
            raise not_ready(found)
        if mode and found.card.mode != mode:
            raise BadRequest.at((path, f"{name!r} is a judge of mode {found.card.mode}, and this takes one of {mode}"))
        return self._asked[name]

    def _may_be(self, name: str, mode: str) -> bool:
        found = self._asked.get(name)
        return not mode or (found is not None and found.judge.card.mode == mode)

    def names(self) -> str:
        """For people."""
        return ", ".join(self.judges)

    @property
    def ready(self) -> Sequence[Judge]:
        """Those that can be asked."""
        return [one.judge for one in self._asked.values()]

    def range(self) -> tuple[float, float] | None:
        """The range of all judges' scores; None where one of them has no bounds."""
        ranges = [judge.card.score_range() for judge in self.ready if judge.engine is not None]
        known = [one for one in ranges if one is not None]
        if len(known) < len(ranges):
            return None
        return (min(low for low, _ in known), max(high for _, high in known)) if known else (0.0, 1.0)

    def bounds(self) -> TokenBounds | None:
        """Of all judges' prompts. None: none of them has a model."""
        engines = [(judge.card, judge.engine) for judge in self.ready if judge.engine is not None]
        if not engines:
            return None
        return TokenBounds(
            template=max(len(engine.builder.prefix) for _, engine in engines),
            prompt=max(engine.builder.max_tokens for _, engine in engines),
            output=max(_most_written(card) for card, _ in engines),
            batch=min(card.limits.batch_tokens for card, _ in engines),
        )

    def components(self) -> list[grader_pb2.Component]:
        """Each judge, with whether it can be asked."""
        return [
            grader_pb2.Component(
                name=f"judge.{name}",
                ready=name in self._asked,
                detail=f"{judge}; {WAY_OUT}" if isinstance(judge, NotReady) else _told(judge),
            )
            for name, judge in self.judges.items()
        ]

    def properties(self) -> dict[str, str]:
        """The same as texts."""
        return {one.name: f"{'' if one.ready else 'not '}ready: {one.detail}" for one in self.components()}


def not_ready(error: NotReady) -> Missing:
    """What who asks for it is told."""
    return Missing(f"{error}; {WAY_OUT}", reason=error.reason.upper())


def _most_written(card: Card) -> int:
    answer = card.limits.max_answer_tokens if card.mode == "extract" else 0
    return answer + (card.reasoning.max_tokens if card.reasoning else 0)


def _told(judge: Judge) -> str:
    info = judge.info()
    model = f"{info.backend.model_id} ({info.backend.determinism})" if info.backend else "no model"
    return f"{info.mode}, {model}, tolerance {info.tolerance:g}; {info.self_test}; {info.calibration}"


def open_judges(cards: Sequence[str], model_dir: Path | None) -> dict[str, Judge | NotReady]:
    """Open every card, and the rules. Cards that run the same model in the same way share it, loaded once.

    Raises StartError for a card that is wrong.
    """
    judges: dict[str, Judge | NotReady] = {}
    loaded: dict[Hashable, Judge] = {}
    for name in cards:
        try:
            card = load_card(name)
            if card.name in judges:
                raise StartError(f"{name}: a second card is named {card.name!r}; give each a name of its own")
            judges[card.name] = _open(card, model_dir, loaded)
        except NotReady as error:
            judges[card.name] = error
        except CardError as error:
            raise StartError(str(error)) from error
    judges.setdefault("rules", Judge.open("rules"))
    return judges


def _open(card: Card, model_dir: Path | None, loaded: dict[Hashable, Judge]) -> Judge:
    if card.backend not in _IN_PROCESS:
        return Judge.open(card)
    folder = find_model(card, model_dir).resolve()
    how = (card.backend, folder, card.dtype, card.device, card.mode == "reward_model", card.limits.batch_tokens)
    # vLLM is told at its start how long a sequence may get.
    key = (*how, card.limits, card.reasoning) if card.backend == "vllm" else how
    if key in loaded:
        judge = loaded[key].with_card(card)
    else:
        judge = loaded[key] = Judge(card, load_engine(card, model_dir))
    judge.test_itself()
    return judge
