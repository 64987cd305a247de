"""A real server that is killed, and the server that is started in its place."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from upbeat import MODEL, server_process

from upbeat_rhythm import Client, ServerUnreachable, UpbeatError

pytestmark = pytest.mark.frameworks

PROMPTS = [[1, 29, 60, 26, 3, 98, 4]] * 8
RESPONSES = [[5 + (7 * i + t) % 60 for t in range(160)] for i in range(8)]


class Repeated(threading.Thread):
    """Calls again and again until a call fails."""

    def __init__(self, call: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.call = call
        self.answered = threading.Event()
        self.failure: UpbeatError | None = None
        self.start()

    def run(self) -> None:
        try:
            while True:
                self.call()
                self.answered.set()
        except UpbeatError as error:
            self.failure = error


def test_clients_of_a_killed_server_get_an_error_and_the_next_server_serves(tmp_path: Path) -> None:
    root = tmp_path / "weights"
    shutil.copytree(MODEL, root / "next")
    with server_process(tmp_path / "first.log", "--port", "0", "--weights-root", str(root)) as (url, process):
        swapping, asking = Client(url), Client(url)
        swaps = Repeated(lambda: swapping.load_weights("next"))
        requests = Repeated(lambda: asking.credit(PROMPTS, RESPONSES))
        assert swaps.answered.wait(60)
        assert requests.answered.wait(60)
        process.kill()  # both threads have a request under way
        for thread in (swaps, requests):
            thread.join(60)
            assert isinstance(thread.failure, ServerUnreachable)
            assert "upbeat serve" in str(thread.failure)
    with pytest.raises(ServerUnreachable):
        asking.info()
    port = url.rpartition(":")[2]
    with server_process(tmp_path / "second.log", "--port", port, "--weights-root", str(root)):
        assert len(asking.credit(PROMPTS, RESPONSES)) == len(RESPONSES)
        assert swapping.load_weights("next") == 2
