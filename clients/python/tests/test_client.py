from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from fake_server import FakeServer, fake_server, gamma_of, reply

from upbeat_rhythm import (
    AccessDenied,
    Client,
    RequestRejected,
    ServerBusy,
    ServerFailed,
    ServerUnreachable,
    Trace,
)

PROMPTS = [[1, 5, 7], [1, 9]]
RESPONSES = [[4, 4, 8, 2], [6, 2]]


@pytest.fixture
def client(fake: FakeServer) -> Iterator[Client]:
    with Client(fake.url, backoff_s=0.01) as client:
        yield client


def test_credit_returns_one_weight_per_response_token(client: Client) -> None:
    gamma = client.credit(PROMPTS, RESPONSES)
    assert gamma == [gamma_of(p, r) for p, r in zip(PROMPTS, RESPONSES, strict=True)]


def test_request_has_the_options_that_were_given_and_no_others(client: Client, fake: FakeServer) -> None:
    client.credit(
        PROMPTS,
        RESPONSES,
        "global-anchor",
        options={"share": 0.2},
        rhythm={"horizon": [10, "end"]},
        seed=3,
        temperature=0.7,
        advantages=[1.0, -1.0],
    )
    assert fake.requests == [
        {
            "strategy": "global-anchor",
            "options": {"share": 0.2},
            "rhythm": {"horizon": [10, "end"]},
            "seed": 3,
            "traces": [
                {
                    "id": "0",
                    "prompt_ids": [1, 5, 7],
                    "response_ids": [4, 4, 8, 2],
                    "temperature": 0.7,
                    "advantage": 1.0,
                },
                {"id": "1", "prompt_ids": [1, 9], "response_ids": [6, 2], "temperature": 0.7, "advantage": -1.0},
            ],
        }
    ]


def test_credit_traces_also_returns_version_and_columns(client: Client) -> None:
    credits = client.credit_traces([Trace([1], [4, 5], id="a")], columns=["waad"])
    assert credits.weights_version == 1
    assert credits.columns == {"waad": [[4.0, 5.0]]}


def test_observe_returns_the_series(client: Client, fake: FakeServer) -> None:
    seen = client.observe(PROMPTS, RESPONSES, ["waad", "fai"])
    assert seen.columns["fai"] == [[4.0, 4.0, 8.0, 2.0], [6.0, 2.0]]
    assert "strategy" not in fake.requests[0]


def test_load_weights_returns_the_version(client: Client, fake: FakeServer) -> None:
    assert client.load_weights("/w/step-1") == 2
    assert fake.loaded == ["/w/step-1"]
    assert client.info()["model"]["weights_version"] == 2


@pytest.mark.parametrize("status", [429, 503])
def test_busy_server_is_asked_again(client: Client, fake: FakeServer, status: int) -> None:
    fake.replies = [reply(status, {"error": "later"})] * 2
    assert len(client.credit(PROMPTS, RESPONSES)) == 2
    assert fake.calls == 3


def test_retry_waits_as_long_as_the_server_asks(client: Client, fake: FakeServer) -> None:
    fake.replies = [reply(429, {}, Retry_After="0.3")]
    began = time.monotonic()
    client.info()
    assert time.monotonic() - began >= 0.3


def test_server_that_stays_busy_is_an_error(fake: FakeServer) -> None:
    fake.replies = [reply(429, {"error": "the queue is full"})] * 3
    with pytest.raises(ServerBusy, match="the queue is full"):
        Client(fake.url, retries=2, backoff_s=0.01).info()
    assert fake.calls == 3


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, RequestRejected),
        (404, RequestRejected),
        (413, RequestRejected),
        (401, AccessDenied),
        (403, AccessDenied),
        (500, ServerFailed),
        (502, ServerFailed),
    ],
)
def test_other_failures_are_not_retried(client: Client, fake: FakeServer, status: int, error: type[Exception]) -> None:
    fake.replies = [reply(status, {"error": "the server's own words"})]
    with pytest.raises(error, match="the server's own words"):
        client.credit(PROMPTS, RESPONSES)
    assert fake.calls == 1


def test_killed_server_is_unreachable(client: Client, fake: FakeServer) -> None:
    fake.replies = [(0, {}, b"")]
    with pytest.raises(ServerUnreachable):
        client.credit(PROMPTS, RESPONSES)
    assert len(client.credit(PROMPTS, RESPONSES)) == 2  # a restarted server serves the same client


def test_absent_server_is_unreachable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ServerUnreachable, match="upbeat serve"):
        Client(url).info()


def test_token_is_sent_and_never_printed() -> None:
    with fake_server(token="secret") as fake:
        client = Client(fake.url, "secret")
        assert client.info()["version"] == "0.1.0"
        assert "secret" not in repr(client)
        with pytest.raises(AccessDenied):
            Client(fake.url).info()


@pytest.mark.parametrize(
    "credits",
    [
        [{"id": "0", "gamma": [1, 1, 1, 1]}],
        [{"id": "1", "gamma": [1, 1]}, {"id": "0", "gamma": [1, 1, 1, 1]}],
        [{"id": "0", "gamma": [1, 1, 1]}, {"id": "1", "gamma": [1, 1]}],
        [{"id": "0", "gamma": [1, 1, 1, -1]}, {"id": "1", "gamma": [1, 1]}],
        [{"id": "0", "gamma": [1, 1, 1, None]}, {"id": "1", "gamma": [1, 1]}],
        [{"id": "0", "phases": [1, 1, 1, 2]}, {"id": "1", "phases": [1, 1]}],
        None,
    ],
)
def test_answer_that_does_not_fit_the_request_is_an_error(client: Client, fake: FakeServer, credits: object) -> None:
    fake.replies = [reply(200, {"weights_version": 1, "credits": credits})]
    with pytest.raises(ServerFailed):
        client.credit(PROMPTS, RESPONSES)


def test_answer_that_is_no_json_is_an_error(client: Client, fake: FakeServer) -> None:
    fake.replies = [(200, {}, b"<html>")]
    with pytest.raises(ServerFailed, match="not JSON"):
        client.info()


def test_wrong_arguments_are_rejected_without_a_request(client: Client, fake: FakeServer) -> None:
    with pytest.raises(ValueError, match="1 prompts and 2 responses"):
        client.credit([[1]], RESPONSES)
    with pytest.raises(ValueError, match="empty response"):
        client.credit([[1]], [[]])
    with pytest.raises(ValueError, match="3 advantages for 2"):
        client.credit(PROMPTS, RESPONSES, advantages=[1, 2, 3])
    with pytest.raises(ValueError, match="expected an address"):
        Client("localhost:7777")
    assert fake.calls == 0
