"""JudgingService over the same judges as the grader: queries in, verdicts out, with its own words and numbers."""

from collections.abc import Sequence
from typing import Any

from google.protobuf.message import Message

from gradewire.v1 import judging_pb2
from gradewire_judges import Judge, JudgeError, JudgeRequest
from gradewire_services.errors import GradewireError
from gradewire_services.graders.bench import Bench
from gradewire_services.graders.judge_errors import in_our_words
from gradewire_services.graders.judge_wire import verdict_message
from gradewire_services.graders.verdict_cache import Said
from gradewire_services.work import IsOff, RunBatch


def judge_with(bench: Bench) -> RunBatch:
    """The tool over open judges."""

    def judge(request: Any, queries: Sequence[Any], _timeout_s: float, is_off: IsOff) -> list[Message | GradewireError]:
        picked = bench.pick(request.judge, "judge")
        told = picked.ask([_request(query) for query in queries], is_off)
        return [_answer(said, picked.judge) for said in told]

    return judge


def _request(query: Any) -> JudgeRequest:
    return JudgeRequest(
        id=query.id,
        response=query.response,
        question=query.question,
        reference=query.reference if query.HasField("reference") else None,
        fields=dict(query.fields),
        response_b=query.response_b if query.HasField("response_b") else None,
    )


def _answer(said: Said, judge: Judge) -> Message | GradewireError:
    if isinstance(said.verdict, JudgeError):
        return in_our_words(said.verdict)
    result = judging_pb2.JudgeResult(id=said.verdict.id, verdict=verdict_message(said, judge))
    result.elapsed.FromNanoseconds(round(said.verdict.elapsed_s * 1e9))
    return judging_pb2.JudgeResponse(results=[result])
