"""A server with the calls of SERVICE's contract that the client uses, and failures on request."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, dict[str, str], bytes]


def gamma_of(prompt_ids: list[int], response_ids: list[int]) -> list[float]:
    """Any function of all ids and the position, so that a wrong id, row or offset shows."""
    weights, state = [], sum((i + 1) * t for i, t in enumerate(prompt_ids)) % 1009
    for t in response_ids:
        state = (31 * state + t) % 1009
        weights.append((1.0, 1.25, 1.5)[state % 3])
    return weights


@dataclass
class FakeServer:
    """What the server answers and what it was sent."""

    token: str | None = None
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    """Bodies of /v1/credit and /v1/observe."""
    loaded: list[str] = field(default_factory=list)
    """Paths given to /v1/weights."""
    on_weights: Callable[[str], None] = lambda path: None
    replies: list[Reply] = field(default_factory=list)
    """Answers of the next requests, before the usual ones."""
    version: int = 1
    calls: int = 0

    def answer(self, path: str, body: dict[str, Any], token: str | None) -> Reply:
        self.calls += 1
        if self.replies:
            return self.replies.pop(0)
        if self.token is not None and token != f"Bearer {self.token}":
            return reply(401, {"error": "missing or wrong token"})
        if path == "/v1/info":
            return reply(200, {"version": "0.1.0", "model": {"weights_version": self.version}})
        if path == "/v1/weights":
            self.on_weights(body["path"])
            self.loaded.append(body["path"])
            self.version += 1
            return reply(200, {"weights_version": self.version})
        self.requests.append(body)
        rows = []
        for trace in body["traces"]:
            row: dict[str, Any] = {"id": trace["id"]}
            for column in body.get("columns", []):
                row[column] = [float(t) for t in trace["response_ids"]]
            if path == "/v1/credit":
                row["gamma"] = gamma_of(trace["prompt_ids"], trace["response_ids"])
            rows.append(row)
        key = "credits" if path == "/v1/credit" else "observations"
        return reply(200, {"weights_version": self.version, "groups": {}, key: rows})


def reply(status: int, body: Any, **headers: str) -> Reply:
    return status, {k.replace("_", "-"): v for k, v in headers.items()}, json.dumps(body).encode()


@contextmanager
def fake_server(token: str | None = None) -> Iterator[FakeServer]:
    """A running fake server on a free port."""
    fake = FakeServer(token)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, text = fake.answer(self.path, json.loads(body or b"{}"), self.headers.get("Authorization"))
            if status == 0:  # as a server that is killed
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in {"Content-Length": str(len(text)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{http.server_address[1]}"
    try:
        yield fake
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
