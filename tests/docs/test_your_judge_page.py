"""docs/your-judge.md: its function is served by its command, keeps the contract, and is asked by its spec."""

import json
import re
import shlex
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("gradewire_services", reason="the services are not installed")
pytest.importorskip("gradewire_trainer", reason="the trainer is not installed")

from gradewire_protos.conformance import main
from gradewire_trainer import Group, RewardClient, RewardSpec
from tests.services.service_wire import start, stop

PAGE = (Path(__file__).parents[2] / "docs" / "your-judge.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


class Model(BaseHTTPRequestHandler):
    """A chat model that knows one word for kind, and has moods."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text = asked["messages"][-1]["content"]
        said = "It depends." if "mood" in text else " KIND\n" if "thank" in text.lower() else "UNKIND"
        body = json.dumps({"choices": [{"message": {"content": said}}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The endpoint that the page's command exports."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    (exported,) = re.findall(r"^export (JUDGE_URL.*)$", PAGE, re.MULTILINE)
    told = dict(part.split("=", 1) for part in shlex.split(exported))
    told["JUDGE_URL"] = told["JUDGE_URL"].replace(":8000", f":{server.server_port}")
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_page(model: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (function,) = blocks("python")
    (tmp_path / "my_judge.py").write_text(function)
    (tmp_path / "reward.yaml").write_text(blocks("yaml")[0])
    (command,) = re.findall(r"^gradewire serve (\S+) --listen", PAGE, re.MULTILINE)
    served = start(command, "--workers", "1", folder=tmp_path)
    rules = start("extraction", "--workers", "1")
    try:
        assert main([served.address]) == 0, capsys.readouterr().out
        spec = RewardSpec.load(tmp_path / "reward.yaml")
        with RewardClient(spec, [rules.address, served.address]) as client:
            asked = Group.of(
                "g", ["Thank you. It is 42.", "42", "I am in a mood. The answer is 42.", "41, thanks"], reference="42"
            )
            (got,) = client.grade([asked])
    finally:
        stop(served)
        stop(rules)
    assert [reward.reward for reward in got.rewards] == pytest.approx([1.0, 0.9, 0.9 + 0.1 * 2 / 3, 0.1])
    part = got.rewards[2].parts["reward.parts.kind"]
    assert part.error is not None
    assert (part.error.reason, part.stand_in) == ("GRADER_RAISED", "group_mean")
    assert "which is no label" in part.error.message


def test_the_files_that_it_names_are_there() -> None:
    folder = Path(__file__).parents[2] / "docs"
    named = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert len(named) >= 3
    assert [name for name in named if not (folder / name).exists()] == []
