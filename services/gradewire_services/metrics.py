"""Metrics for Prometheus, read from a service's own counts when they are asked for: a call costs nothing more for them.

Names begin with `gradewire_`; times are in seconds.
"""

from collections.abc import Iterator
from itertools import accumulate
from wsgiref.simple_server import WSGIServer

from gradewire.v1 import grader_pb2
from gradewire_services.core import Core
from gradewire_services.errors import StartError, Unavailable
from gradewire_services.meters import USAGE
from gradewire_services.tally import SECONDS

try:
    from prometheus_client import CollectorRegistry, start_http_server
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
    from prometheus_client.registry import Collector
except ImportError:
    raise StartError("metrics need prometheus-client: pip install 'gradewire-services[metrics]'") from None


class ServiceCollector(Collector):
    """What one service tells."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def collect(self) -> Iterator[Metric]:
        """All metrics, as they stand now."""
        yield from self._state()
        yield from self._work()
        try:
            description = self._core.description()
        except Unavailable:
            return  # it is still loading
        yield from _described(description)

    def _state(self) -> Iterator[Metric]:
        core = self._core
        yield GaugeMetricFamily("gradewire_samples_inside", "Samples that wait or are worked on.", core.inside)
        yield GaugeMetricFamily("gradewire_calls_inside", "Calls in flight.", core.calls)
        yield GaugeMetricFamily("gradewire_workers", "Worker processes that are there.", len(core.pool.pids))
        yield GaugeMetricFamily("gradewire_workers_wanted", "Worker processes when all are well.", core.pool.size)

    def _work(self) -> Iterator[Metric]:
        tally = self._core.tally
        samples = CounterMetricFamily("gradewire_samples", "Results handed out, errors included.", labels=["operation"])
        for operation, count in tally.samples.copy().items():
            samples.add_metric([operation], count)
        calls = CounterMetricFamily("gradewire_calls", "Calls, by how they ended.", labels=["operation", "ending"])
        for (operation, ending), count in tally.calls.copy().items():
            calls.add_metric([operation, ending], count)
        refused = CounterMetricFamily("gradewire_calls_refused", "Calls that were not taken.", labels=["reason"])
        for reason, count in tally.refused.copy().items():
            refused.add_metric([reason], count)
        lost = CounterMetricFamily(
            "gradewire_samples_lost", "Samples whose worker gave no result: an error each.", labels=["reason"]
        )
        for reason, count in tally.lost.copy().items():
            lost.add_metric([reason], count)
        times = HistogramMetricFamily("gradewire_call_seconds", "How long calls took.", labels=["operation"])
        for operation, took in tally.times.copy().items():
            bounds = [*map(str, SECONDS), "+Inf"]
            times.add_metric([operation], list(zip(bounds, accumulate(took.counts), strict=True)), took.total_s)
        counted = self._core.pool.meters()
        errors = CounterMetricFamily(
            "gradewire_sample_errors", "Samples that ended with an error of their own.", counted["errors"]
        )
        usage = CounterMetricFamily("gradewire_model_usage", "What models have cost.", labels=["kind"])
        for name in USAGE:
            usage.add_metric([name], counted[name])
        yield from (samples, calls, refused, lost, times, errors, usage)


def _described(description: grader_pb2.DescribeGradersResponse) -> Iterator[Metric]:
    info = GaugeMetricFamily("gradewire_service_info", "1, with what is served.", labels=["service", "version"])
    info.add_metric([description.service, description.service_version], 1)
    yield info
    ready = GaugeMetricFamily("gradewire_component_ready", "Whether a part can be used.", labels=["component"])
    for component in description.components:
        ready.add_metric([component.name], float(component.ready))
    yield ready
    level = description.properties.get("isolation")
    if level is not None:
        told = "1, with the level at which programs run, and what it does not hold."
        isolation = GaugeMetricFamily("gradewire_isolation_info", told, labels=["level", "missing"])
        isolation.add_metric([level, description.properties.get("isolation.missing", "")], 1)
        yield isolation


def serve_metrics(core: Core, listen: str) -> WSGIServer:
    """Answer Prometheus at `HOST:PORT` from a thread of its own. Raises StartError. `shutdown()` ends it."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise StartError(f"metrics: {listen!r} is no address; write HOST:PORT, such as 127.0.0.1:9464")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(ServiceCollector(core))
    try:
        server, _ = start_http_server(int(port), addr=host.strip("[]"), registry=registry)
    except OSError as error:
        raise StartError(f"metrics: cannot listen on {listen}: {error.strerror or error}; choose another") from None
    return server
