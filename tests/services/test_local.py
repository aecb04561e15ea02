"""The same service without a socket: the same results, the same errors, and nothing left behind."""

import asyncio
from importlib.metadata import entry_points

import pytest

from gradewire_protos import CallError, Endpoint, parse_status
from gradewire_services.config import ServiceConfig
from gradewire_services.local import LocalEndpoint
from tests.services.service_wire import gone_within, group, ledger, request

CONFIG = ServiceConfig(workers=1)


def test_what_comes_over_the_wire_comes_in_process(serve) -> None:
    pytest.importorskip("gradewire_extractors", reason="the extraction engine is not installed")
    asked = request(group([r"\boxed{1/2}", "The answer is 3.", ""], reference='"0.5"'), grader="answer")

    async def here() -> dict:
        endpoint: Endpoint = LocalEndpoint("extraction", CONFIG)
        assert endpoint.target == "local:extraction"
        try:
            graders = (await endpoint.describe(timeout_s=20)).graders
            assert [grader.name for grader in graders] == ["answer", "string_check"]
            return ledger(asked, [response async for response in endpoint.grade(asked, timeout_s=10)])
        finally:
            await endpoint.close()

    served = serve("extraction", "--workers", "1")
    there = ledger(asked, served.graders.Grade(asked, timeout=10))
    ours = asyncio.run(here())
    for results in (there, ours):
        for result in results.values():
            result.ClearField("elapsed")
    assert ours == there


def test_errors_are_those_of_the_wire() -> None:
    async def go() -> None:
        endpoint = LocalEndpoint("nothing", CONFIG)
        with pytest.raises(CallError) as refused:
            await endpoint.describe()
        assert parse_status(refused.value.status).reason == "CANNOT_START"
        await endpoint.close()

    asyncio.run(go())


def test_closing_it_ends_its_workers() -> None:
    pytest.importorskip("gradewire_extractors", reason="the extraction engine is not installed")

    async def go() -> list[int]:
        endpoint = LocalEndpoint("extraction", CONFIG)
        await endpoint.describe(timeout_s=20)
        assert endpoint._core is not None
        pids = endpoint._core.pool.pids
        assert pids
        await endpoint.close()
        return pids

    assert gone_within(asyncio.run(go()), 1.0)


def test_the_three_services_are_found_by_entry_point() -> None:
    points = {point.name: point for point in entry_points(group="gradewire.local")}
    assert {"extraction", "execution", "judging"} <= set(points)
    for name in ("extraction", "execution", "judging"):
        assert points[name].load()().target == f"local:{name}"
