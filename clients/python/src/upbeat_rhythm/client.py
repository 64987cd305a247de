"""A client of the HTTP API of ``upbeat serve``."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from typing import Any
from urllib.parse import urlsplit

import httpx

from upbeat_rhythm import _answers
from upbeat_rhythm.errors import ServerFailed, ServerUnreachable

_LONGEST_WAIT_S = 30.0


@dataclass(frozen=True)
class Trace:
    """A prompt and a sampled response, as token ids of the served model."""

    prompt_ids: Sequence[int]
    response_ids: Sequence[int]
    temperature: float | None = None
    advantage: float | None = None
    id: str | None = None

    def to_json(self, index: int) -> dict[str, Any]:
        """The trace as the API takes it; without an id of its own it is named by its index."""
        if not self.response_ids:
            raise ValueError(f"trace {index}: given an empty response, expected at least one token")
        row: dict[str, Any] = {
            "id": self.id if self.id is not None else str(index),
            "prompt_ids": list(self.prompt_ids),
            "response_ids": list(self.response_ids),
        }
        if self.temperature is not None:
            row["temperature"] = self.temperature
        if self.advantage is not None:
            row["advantage"] = self.advantage
        return row


@dataclass(frozen=True)
class Credits:
    """Token weights of a batch, and the weights of the model that measured it."""

    gamma: list[list[float]]
    """One list per trace, with one weight per response token."""
    weights_version: int
    """Grows by one with each hand-over of weights; starts at 1."""
    groups: Any
    """Head groups of the batch, in the form of heads.json."""
    columns: dict[str, list[list[float | None]]]
    """The requested series: name -> one list per trace. Null where a series is undefined."""


@dataclass(frozen=True)
class Observations:
    """Series of a batch, and the weights of the model that measured it."""

    columns: dict[str, list[list[float | None]]]
    weights_version: int
    groups: Any


class Client:
    """Client of one server. Threads may share it.

    :param url: address of the server, such as ``http://127.0.0.1:7777``
    :param token: bearer token, if the server was started with ``--token-file``
    :param timeout_s: longest wait for one answer, in seconds
    :param retries: how often a request answered by 429 or 503 is sent again. Nothing else is retried.
    :param backoff_s: wait before the first retry, in seconds. It doubles each time, up to 30 s, and is at least
        the server's Retry-After.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:7777",
        token: str | None = None,
        *,
        timeout_s: float = 600.0,
        retries: int = 8,
        backoff_s: float = 0.5,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"url: given {url!r}, expected an address such as http://127.0.0.1:7777")
        if retries < 0:
            raise ValueError(f"retries: given {retries}, expected 0 or more")
        self.url = url.rstrip("/")
        self._retries = retries
        self._backoff_s = backoff_s
        self._http = httpx.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, 10.0)),
            trust_env=parts.hostname not in ("127.0.0.1", "localhost", "::1"),  # no proxy to this machine
        )

    def __repr__(self) -> str:
        return f"Client({self.url!r})"  # never the token

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def info(self) -> dict[str, Any]:
        """Version, model, dtype, weights version and limits of the server."""
        return self._send("GET", "/v1/info")

    def credit(
        self,
        prompt_ids: Sequence[Sequence[int]],
        response_ids: Sequence[Sequence[int]],
        strategy: str = "coupled-rhythm",
        *,
        options: Mapping[str, Any] | None = None,
        rhythm: Mapping[str, Any] | None = None,
        groups: Any = None,
        seed: int | None = None,
        step: int | None = None,
        temperature: float | None = None,
        advantages: Sequence[float] | None = None,
    ) -> list[list[float]]:
        """Token weights gamma: one list per response, with one weight per token.

        The token advantage is gamma times the response's advantage.

        :param prompt_ids: token ids of B prompts
        :param response_ids: token ids of B responses, without padding
        :param strategy: a strategy of ``upbeat credit``
        :param options: options of the strategy, such as ``{"share": 0.2}``
        :param rhythm: how WAAD and FAI are measured: preset, layers, rho, window, horizon, alignment, receivers
        :param groups: fixed head groups, as in heads.json; by default they are found from these traces
        :param temperature: temperature that the responses were sampled with
        :param advantages: B advantages; ``sign`` and ``thinkprm`` read them
        :raises UpbeatError: see :mod:`upbeat_rhythm.errors`
        """
        return self.credit_traces(
            _traces(prompt_ids, response_ids, temperature, advantages),
            strategy,
            options=options,
            rhythm=rhythm,
            groups=groups,
            seed=seed,
            step=step,
        ).gamma

    def credit_traces(
        self,
        traces: Sequence[Trace],
        strategy: str = "coupled-rhythm",
        *,
        options: Mapping[str, Any] | None = None,
        rhythm: Mapping[str, Any] | None = None,
        groups: Any = None,
        seed: int | None = None,
        step: int | None = None,
        columns: Sequence[str] = (),
    ) -> Credits:
        """As :meth:`credit`, with the weights version, the head groups and the series named by ``columns``."""
        body = _body(traces, strategy=strategy, options=options, rhythm=rhythm, groups=groups, seed=seed, step=step)
        if columns:
            body["columns"] = list(columns)
        answer = self._send("POST", "/v1/credit", body)
        rows = _answers.rows(answer, "credits", body["traces"])
        if rows and "gamma" not in rows[0] and "phases" in rows[0]:
            raise ServerFailed(
                f"strategy {strategy} has two updates in place of token weights: expected one with gamma"
            )
        gamma = [_answers.weights(row, trace) for row, trace in zip(rows, body["traces"], strict=True)]
        series = {name: _answers.series(rows, name, body["traces"]) for name in columns}
        return Credits(gamma, _answers.version(answer), answer.get("groups"), series)

    def observe(
        self,
        prompt_ids: Sequence[Sequence[int]],
        response_ids: Sequence[Sequence[int]],
        columns: Sequence[str] = ("log_prob", "entropy_nats", "waad", "fai"),
        *,
        rhythm: Mapping[str, Any] | None = None,
        groups: Any = None,
        temperature: float | None = None,
    ) -> Observations:
        """Series of each response token, out of log_prob, entropy_nats, waad, fai and receiver_fai."""
        body = _body(_traces(prompt_ids, response_ids, temperature, None), rhythm=rhythm, groups=groups)
        body["columns"] = list(columns)
        answer = self._send("POST", "/v1/observe", body)
        rows = _answers.rows(answer, "observations", body["traces"])
        series = {name: _answers.series(rows, name, body["traces"]) for name in columns}
        return Observations(series, _answers.version(answer), answer.get("groups"))

    def load_weights(self, path: str | PathLike[str]) -> int:
        """Makes the server read other weights, and returns their version.

        :param path: a directory inside the server's ``--weights-root``, in Hugging Face form or a PEFT adapter over
            the served model. Write a new directory and rename it: the server must not see half of it.
        """
        return _answers.version(self._send("POST", "/v1/weights", {"path": fspath(path)}))

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        for attempt in range(self._retries + 1):
            try:
                response = self._http.request(method, path, json=body)
            except httpx.HTTPError as error:
                raise ServerUnreachable(
                    f"{self.url}{path}: {error or type(error).__name__}. Is `upbeat serve` running there?"
                ) from error
            if response.status_code not in _answers.RETRIED or attempt == self._retries:
                break
            time.sleep(self._wait_s(attempt, response))
        return _answers.answer(response, f"{self.url}{path}", self._retries)

    def _wait_s(self, attempt: int, response: httpx.Response) -> float:
        wait = min(self._backoff_s * 2.0**attempt, _LONGEST_WAIT_S)
        wait *= random.uniform(0.5, 1.0)  # so that several clients don't come back at the same moment
        try:
            asked = float(response.headers.get("Retry-After", "0"))
        except ValueError:
            asked = 0.0
        return max(wait, min(asked, _LONGEST_WAIT_S))


def _traces(
    prompt_ids: Sequence[Sequence[int]],
    response_ids: Sequence[Sequence[int]],
    temperature: float | None,
    advantages: Sequence[float] | None,
) -> list[Trace]:
    if len(prompt_ids) != len(response_ids):
        raise ValueError(f"given {len(prompt_ids)} prompts and {len(response_ids)} responses, expected as many of each")
    if advantages is not None and len(advantages) != len(response_ids):
        raise ValueError(f"given {len(advantages)} advantages for {len(response_ids)} responses")
    return [
        Trace(prompt, response, temperature, None if advantages is None else advantages[i])
        for i, (prompt, response) in enumerate(zip(prompt_ids, response_ids, strict=True))
    ]


def _body(traces: Sequence[Trace], **options: Any) -> dict[str, Any]:
    body = {key: value for key, value in options.items() if value is not None}
    body["traces"] = [trace.to_json(i) for i, trace in enumerate(traces)]
    return body
