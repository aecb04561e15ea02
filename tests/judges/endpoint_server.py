"""An OpenAI-compatible server on a real socket that does as it is told: answer, refuse, garble, cut, drip or hang."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Does = Literal["answer", "linger", "cut", "close", "drip", "hang"]


@dataclass(frozen=True)
class Act:
    """What is done with one request."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    does: Does = "answer"


@dataclass
class Played:
    """A server, and what it was asked."""

    url: str
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    hanging: threading.Event = field(default_factory=threading.Event)
    """Set when a request is being left hanging."""

    inside: int = 0
    """Requests that are being answered."""

    most_inside: int = 0


@contextmanager
def playing(acts: Sequence[Act]) -> Iterator[Played]:
    """Serve the acts, a request each; the last one for all that come after."""
    lock = threading.Lock()
    over = threading.Event()
    left = list(acts)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                played.bodies.append(body)
                played.headers.append(dict(self.headers))
                act = left.pop(0) if len(left) > 1 else left[0]
                played.inside += 1
                played.most_inside = max(played.most_inside, played.inside)
            try:
                self.play(act)
            finally:
                with lock:
                    played.inside -= 1

        def play(self, act: Act) -> None:
            if act.does == "linger":
                over.wait(0.05)
            whole = act.does in ("answer", "linger")
            self.close_connection = not whole
            if act.does == "close":
                return
            self.send_response(act.status)
            for name, value in act.headers.items():
                self.send_header(name, value)
            more = 0 if whole else 1000
            self.send_header("Content-Length", str(len(act.body) + more))
            self.end_headers()
            self.wfile.write(act.body)
            self.wfile.flush()
            if act.does == "hang":
                played.hanging.set()
                over.wait()
            while act.does == "drip" and not over.wait(0.01):
                try:
                    self.wfile.write(b" ")
                    self.wfile.flush()
                except OSError:
                    return

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that has gone is no error of the server's."""

    server = Server(("127.0.0.1", 0), Handler)
    played = Played(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield played
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def completion(
    text: str | None, *places: Mapping[str, float], finish: str = "stop", tokens: Sequence[str] | None = None
) -> Act:
    """A chat completion that says `text`; each place has probabilities by token, the first or `tokens`' being said."""
    said = tokens or [next(iter(place)) for place in places]
    content = [
        {
            "token": token,
            "logprob": _log(place[token]),
            "bytes": list(token.encode()),
            "top_logprobs": [{"token": one, "logprob": _log(p), "bytes": None} for one, p in place.items()],
        }
        for token, place in zip(said, places, strict=True)
    ]
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text},
        "finish_reason": finish,
        "logprobs": {"content": content} if places else None,
    }
    usage = {"prompt_tokens": 100, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 64}}
    return Act(json.dumps({"id": "1", "object": "chat.completion", "choices": [choice], "usage": usage}).encode())


def _log(probability: float) -> float:
    import math

    return math.log(probability) if probability > 0 else -9999.0
