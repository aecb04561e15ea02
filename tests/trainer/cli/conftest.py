"""A fake grader behind a real socket: it says of each response what the response tells it to say."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest

from gradewire.v1 import grader_pb2, grader_pb2_grpc
from gradewire_protos import FieldViolation, LimitValues, make_status, server_options, status_trailers
from gradewire_trainer.cli import main

REWARD = """\
reward:
  formula: 0.8*correct + 0.2*style
  parts:
    correct: {grader: answer}
    style: {grader: judge, on_error: abstain}
"""


class FakeGrader(grader_pb2_grpc.GraderServiceServicer):
    """Serves `answer` and `judge`. A response of `right`, `wrong`, `undecided`, `fails` or `hangs` gets just that."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.hanging = threading.Event()
        self.end = threading.Event()

    def Grade(  # noqa: N802 -- the wire's name
        self, request: grader_pb2.GradeRequest, context: Any
    ) -> Iterator[grader_pb2.GradeResponse]:
        if "refuse" in request.parameters_json:
            violation = FieldViolation("parameters.refuse", "there is no such parameter")
            code = grpc.StatusCode.INVALID_ARGUMENT
            status = make_status(code, "wrong parameters", "INVALID_PARAMETERS", violations=[violation])
            context.set_trailing_metadata(status_trailers(status))
            context.abort(code, status.message)
        for group in request.groups:
            for sample in group.samples:
                self.asked.append((request.grader, sample.text))
                if sample.text == "hangs":
                    self.hanging.set()
                    self.end.wait(20)
                yield grader_pb2.GradeResponse(results=[self.result(request.grader, sample)])

    def result(self, grader: str, sample: Any) -> grader_pb2.Result:
        result = grader_pb2.Result(sample_id=sample.sample_id, grader_version=f"{grader}-1")
        result.elapsed.FromMilliseconds(2)
        if sample.text == "fails" and grader == "answer":
            message = "the reference is no answer; give a number"
            result.error.CopyFrom(make_status(grpc.StatusCode.INVALID_ARGUMENT, message, "ITEM_INVALID"))
        elif sample.text == "undecided":
            result.grade.outcome, result.grade.reason = grader_pb2.OUTCOME_UNDECIDED, "unknown_form"
        else:
            right = sample.text != "wrong"
            result.grade.score = float(right)
            result.grade.outcome = grader_pb2.OUTCOME_PASSED if right else grader_pb2.OUTCOME_FAILED
            result.grade.reason = "as_told"
            result.grade.explanation = f"the response says [{sample.text}]"
            result.grade.canonical_reference = "1/20"
            result.grade.answer.text, result.grade.answer.end = sample.text, len(sample.text)
        return result

    def DescribeGraders(  # noqa: N802 -- the wire's name
        self, request: grader_pb2.DescribeGradersRequest, context: Any
    ) -> grader_pb2.DescribeGradersResponse:
        return grader_pb2.DescribeGradersResponse(
            graders=[
                grader_pb2.GraderDescription(name=name, scope=grader_pb2.SCOPE_SAMPLE, version=f"{name}-1")
                for name in ("answer", "judge")
            ],
            limits=LimitValues().message(),
            service="fake",
        )


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGrader]:
    """The fake, served; GRADEWIRE_TARGETS names it."""
    grader = FakeGrader()
    server = grpc.server(ThreadPoolExecutor(8), options=server_options())
    grader_pb2_grpc.add_GraderServiceServicer_to_server(grader, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    monkeypatch.setenv("GRADEWIRE_TARGETS", f"127.0.0.1:{port}")
    yield grader
    grader.end.set()
    server.stop(None).wait()


class Ran:
    """What a command did."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """`gradewire ARGUMENTS` in this process."""

    def command(*arguments: object) -> Ran:
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Ran(code, out, err)

    return command


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., tuple[Path, Path]]:
    """reward.yaml and rows.jsonl of these rows."""

    def write(rows: Sequence[Any], reward: str = REWARD) -> tuple[Path, Path]:
        (tmp_path / "reward.yaml").write_text(reward)
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (tmp_path / "rows.jsonl").write_text("\n".join(lines) + "\n")
        return tmp_path / "reward.yaml", tmp_path / "rows.jsonl"

    return write
