"""What Prometheus reads, against what was sent."""

import urllib.request
from collections.abc import Callable

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from gradewire.v1 import grader_pb2, sample_pb2
from tests.services.service_wire import Served


def metrics(served: Served) -> dict[str, float]:
    """By name with labels, as they are written."""
    port = served.line.rpartition("metrics on port ")[2]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def test_counts_are_what_was_done(serve: Callable[..., Served]) -> None:
    """Grades, samples with an error of their own, samples that their worker lost, and calls that were refused."""
    served = serve("hostile:grade", "--metrics", "127.0.0.1:0", "--workers", "1")
    assert metrics(served)["gradewire_workers"] == 1
    said = ["fine", "fine", "raise", "exit"]
    samples = [sample_pb2.Sample(sample_id=str(n), text=text) for n, text in enumerate(said)]
    request = grader_pb2.GradeRequest(grader="grade", groups=[sample_pb2.Group(group_id="g", samples=samples)])
    results = [result for part in served.graders.Grade(request) for result in part.results]
    assert sorted(result.WhichOneof("outcome") for result in results) == ["error", "error", "grade", "grade"]
    with pytest.raises(grpc.RpcError):
        list(served.graders.Grade(grader_pb2.GradeRequest(grader="grade")))
    told = metrics(served)
    assert told['gradewire_samples_total{operation="grade"}'] == 4
    assert told["gradewire_sample_errors_total"] == 1
    assert told['gradewire_samples_lost_total{reason="WORKER_CRASHED"}'] == 1
    assert told['gradewire_calls_total{ending="finished",operation="grade"}'] == 1
    assert told['gradewire_call_seconds_count{operation="grade"}'] == 1
    assert told["gradewire_samples_inside"] == 0


def test_isolation_is_told_by_metrics_and_by_health(serve: Callable[..., Served]) -> None:
    """The same level as the description has; a stronger box is a weaker one, too."""
    served = serve("execution", "--metrics", "127.0.0.1:0", "--workers", "1")
    level = served.graders.DescribeGraders(grader_pb2.DescribeGradersRequest()).properties["isolation"]
    told = metrics(served)
    assert [name for name in told if name.startswith(f'gradewire_isolation_info{{level="{level}",')]
    health = health_pb2_grpc.HealthStub(served.channel)
    for one in "ABC":
        reached = level <= one
        assert told[f'gradewire_component_ready{{component="isolation.{one}"}}'] == float(reached)
        answer = health.Check(health_pb2.HealthCheckRequest(service=f"isolation.{one}"))
        assert (answer.status == health_pb2.HealthCheckResponse.SERVING) is reached


def test_an_address_that_is_taken_is_refused_at_start(serve: Callable[..., Served]) -> None:
    first = serve("hostile:grade", "--metrics", "127.0.0.1:0")
    port = first.line.rpartition("metrics on port ")[2]
    with pytest.raises(AssertionError, match=rf"metrics: cannot listen on 127.0.0.1:{port}: Address already in use"):
        serve("hostile:grade", "--metrics", f"127.0.0.1:{port}")
    with pytest.raises(AssertionError, match="metrics: 'here' is no address; write HOST:PORT"):
        serve("hostile:grade", "--metrics", "here")
