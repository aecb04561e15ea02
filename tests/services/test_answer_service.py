"""The extraction service: the engine's verdicts as grades, references of every form, and the typed methods."""

from collections.abc import Iterator

import grpc
import pytest

from gradewire.v1 import extraction_pb2, extraction_pb2_grpc, grader_pb2
from gradewire_protos import parse_status
from tests.services.service_wire import Served, group, ledger, refused, request, start, stop

pytest.importorskip("gradewire_extractors", reason="the extraction engine is not installed")

PASSED, FAILED = grader_pb2.OUTCOME_PASSED, grader_pb2.OUTCOME_FAILED
NO_ANSWER, UNDECIDED = grader_pb2.OUTCOME_NO_ANSWER, grader_pb2.OUTCOME_UNDECIDED


@pytest.fixture(scope="module")
def extraction() -> Iterator[Served]:
    served = start("extraction", "--workers", "2")
    yield served
    stop(served)


def grades(served: Served, texts: list[str], reference: str, parameters: str = "") -> list[grader_pb2.Grade]:
    asked = request(group(texts, reference=reference), grader="answer", parameters=parameters)
    results = ledger(asked, served.graders.Grade(asked, timeout=20))
    assert all(result.HasField("grade") for result in results.values())
    return [results[f"g-{place}"].grade for place in range(len(texts))]


def test_a_verdict_is_a_grade_with_its_reasons(extraction: Served) -> None:
    right, wrong, none = grades(
        extraction, [r"Hence \boxed{5 \times 10^{-2}}.", r"\boxed{2/20}", "I do not know."], '".05"'
    )
    assert (right.outcome, right.score) == (PASSED, 1.0)
    assert right.answer.text == r"5 \times 10^{-2}"
    assert (right.answer.start, right.answer.end, right.answer.method) == (13, 29, "box")
    assert right.canonical_answer == right.canonical_reference == "1/20"
    assert right.reason
    assert right.explanation
    assert right.decided_by
    assert right.versions["gradewire-extractors"]
    assert (wrong.outcome, wrong.score) == (FAILED, 0.0)
    assert (none.outcome, none.score) == (NO_ANSWER, 0.0)


@pytest.mark.parametrize(
    ("reference", "answer", "equal"),
    [
        ("0.05", "1/20", True),
        ("9007199254740993", "9007199254740993", True),
        ("9007199254740993", "9007199254740992", False),
        ("1.10", "11/10", True),
        ('["7", 8, "eight"]', "8", True),
        ('["7", 8]', "9", False),
        ('"x+1"', r"\frac{x^2-1}{x-1}", True),
    ],
)
def test_a_reference_is_text_a_number_or_several(extraction: Served, reference: str, answer: str, equal: bool) -> None:
    (grade,) = grades(extraction, [rf"\boxed{{{answer}}}"], reference)
    assert grade.outcome == (PASSED if equal else FAILED)


@pytest.mark.parametrize(
    "reference", ["", "null", "{}", "[]", "[[1]]", "true", '""', "[", '"\\ud800"', '["1", "\\ud800"]']
)
def test_a_reference_that_is_none_is_an_error_of_the_item(extraction: Served, reference: str) -> None:
    asked = request(group([r"\boxed{1}"], reference=reference), grader="answer")
    error = parse_status(ledger(asked, extraction.graders.Grade(asked, timeout=10))["g-0"].error)
    assert error.code is grpc.StatusCode.INVALID_ARGUMENT
    assert error.violations[0].field == "reference_json"


def test_parameters_are_the_policy(extraction: Served) -> None:
    assert grades(extraction, [r"\boxed{50}"], '"50%"')[0].outcome == FAILED
    assert grades(extraction, [r"\boxed{50}"], '"50%"', '{"percent": "either"}')[0].outcome == PASSED
    asked = request(group(["1"]), grader="answer", parameters='{"rel_tol": 2, "colour": 1}')
    parts = refused(lambda: extraction.graders.Grade(asked))
    assert parts.code is grpc.StatusCode.INVALID_ARGUMENT
    told = {one.field: one.description for one in parts.violations}
    assert set(told) == {"parameters.rel_tol", "parameters.colour"}
    assert told["parameters.colour"].startswith("there is no such field. There are: rel_tol, abs_tol, ")


def typed(served: Served) -> extraction_pb2_grpc.ExtractionServiceStub:
    return extraction_pb2_grpc.ExtractionServiceStub(served.channel)


def test_extract_answers_in_order(extraction: Served) -> None:
    texts = [rf"so \boxed{{{n}}}" if n % 5 else "" for n in range(300)]
    found = typed(extraction).Extract(extraction_pb2.ExtractRequest(responses=texts), timeout=20).extractions
    assert len(found) == 300
    for n, entry in enumerate(found):
        if n % 5:
            assert (entry.answer.span.text, entry.answer.canonical, entry.answer.kind) == (str(n), str(n), "number")
        else:
            assert entry.no_answer


def test_extract_says_when_several_answers_are_offered(extraction: Served) -> None:
    texts = ["The answer is 3 or 4.", "The answer is 3."]
    found = typed(extraction).Extract(extraction_pb2.ExtractRequest(responses=texts), timeout=20).extractions
    assert [entry.answer.hedged for entry in found] == [True, False]


def test_compare_and_cluster_are_by_equivalence(extraction: Served) -> None:
    pairs = [extraction_pb2.AnswerPair(a="1/2", b=b) for b in ("0.5", "50%", "2/3")]
    compared = typed(extraction).Compare(extraction_pb2.CompareRequest(pairs=pairs), timeout=20).comparisons
    assert [entry.grade.outcome for entry in compared] == [PASSED, PASSED, FAILED]
    answers = ["3", "1/2", "0.5", "", "three quarters", "50%"]
    clusters = typed(extraction).Cluster(extraction_pb2.ClusterRequest(answers=answers), timeout=20).clusters
    assert [list(cluster.members) for cluster in clusters] == [[1, 2, 5], [0], [3], [4]]
    assert clusters[0].canonical == "1/2"


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (extraction_pb2.ExtractRequest(), grpc.StatusCode.INVALID_ARGUMENT),
        (extraction_pb2.ExtractRequest(responses=["x"] * 1001), grpc.StatusCode.RESOURCE_EXHAUSTED),
        (extraction_pb2.ExtractRequest(responses=["x"], policy_json='{"no": 1}'), grpc.StatusCode.INVALID_ARGUMENT),
    ],
)
def test_a_wrong_call_of_a_tool_is_refused(extraction: Served, call, code: grpc.StatusCode) -> None:
    assert refused(lambda: typed(extraction).Extract(call, timeout=10)).code is code
