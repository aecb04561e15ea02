"""Judge models: `gradewire_judges` as the grader 'judge', as JudgingService by `judge_tool`, and as `win_rate`.

Every card of the configuration is served, see `bench`. Identical requests are judged once, see `verdict_cache`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from gradewire_judges import JudgeRequest
from gradewire_services import tools
from gradewire_services.errors import CalledOff, GradewireError
from gradewire_services.grader import Graded, Grader, grader
from gradewire_services.graders.bench import Bench, open_judges
from gradewire_services.graders.judge_request import request_of
from gradewire_services.graders.judge_tool import judge_with
from gradewire_services.graders.judge_wire import VERSION, graded_of
from gradewire_services.graders.openai_judge import OpenAiJudges
from gradewire_services.graders.win_rate import win_rate
from gradewire_services.item import Item, Sample
from gradewire_services.work import Loaded

_USUAL_CARDS = ("equivalence", "quality", "rules")
"""Served where no card is named: those that any instruct model answers. Others are for one model, or one task."""


class JudgeParameters(BaseModel):
    """Which judge, and what it is shown beside question, reference and response."""

    model_config = ConfigDict(extra="forbid")

    judge: str | None = None
    """A judge's name. Not given: the only one, beside the rules."""

    openai: dict[str, Any] | None = None
    """A `score_model` or `label_model` of OpenAI's: the judge's model is asked by its template, labels and range. Its
    `model` may be a judge's name."""


def served(bench: Bench) -> Grader:
    """The grader over open judges."""
    bounds, forms = bench.bounds(), OpenAiJudges()

    @grader(
        "judge",
        JudgeParameters,
        version=VERSION,
        description="Asks a judge model about the response, given the prompt's last user message and the reference.",
        batch=tools.JUDGE.batch,
        together=True,
        heavy=True,
        range=bench.range(),
        deterministic=False,
        properties={**bench.properties(), **(bounds.properties() if bounds else {})},
    )
    def grade(how: JudgeParameters, work: Sequence[tuple[Item, Sample]]) -> list[Graded]:
        picked = bench.pick(how.judge or _named(how.openai, bench), "parameters.judge")
        form = None if how.openai is None else forms.fitted(how.openai, picked)
        graded: dict[int, Graded] = {}
        asked: list[tuple[int, JudgeRequest]] = []
        for place, (item, sample) in enumerate(work):
            try:
                if sample.called_off():
                    raise CalledOff("nobody waits for this sample any more")
                ask = request_of(picked.judge, item, sample) if form is None else form.request(item, sample)
                asked.append((place, ask))
            except GradewireError as error:
                graded[place] = error
        judge = picked if form is None else form.asked
        told = judge.ask([request for _, request in asked], lambda at: work[asked[at][0]][1].called_off())
        for (place, _), said in zip(asked, told, strict=True):
            graded[place] = graded_of(said, judge.judge) if form is None else form.graded(said)
        return [graded[place] for place in range(len(work))]

    return grade


def _named(form: dict[str, Any] | None, bench: Bench) -> str | None:
    """The served judge that a form's `model` names, if it names one."""
    model = form.get("model") if form else None
    return model if isinstance(model, str) and model in bench.judges else None


def load(settings: dict[str, Any]) -> Loaded:
    """Open the cards that were named, or the usual ones.

    A model that is not there is no hindrance; a wrong card is a StartError.
    """
    model_dir = Path(settings["model_dir"]) if settings.get("model_dir") else None
    judges = open_judges(settings.get("cards") or _USUAL_CARDS, model_dir)
    bench = Bench(judges, cache_mib=settings["cache_mib"])
    return Loaded(
        service="judging",
        graders=[served(bench), win_rate(bench)],
        version=VERSION,
        tools={tools.JUDGE: judge_with(bench)},
        properties=bench.properties(),
        components=bench.components(),
    )
