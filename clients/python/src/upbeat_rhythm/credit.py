"""What the adapters of all trainers share: which credit to ask for, and what to do when the server fails."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from upbeat_rhythm.client import Client, Trace
from upbeat_rhythm.errors import AccessDenied, RequestRejected, UpbeatError

_log = logging.getLogger(__name__)

_NOT_A_GAMMA = {
    "lopti": "it needs two updates of a batch",
    "reweight-lopti": "it needs two updates of a batch",
    "capo": "it has token rewards in place of weights",
    "asyppo": "it trains critics beside the policy",
}


@dataclass(frozen=True)
class Weights:
    """Token weights of a batch, or none if the batch is trained uniformly."""

    gamma: list[list[float]] | None
    """One list per trace, one weight per response token; None: advantages stay as they are."""
    weights_version: int | None = None
    seconds: float = 0.0
    failure: str | None = None
    """Why the server gave no weights."""


@dataclass(frozen=True)
class RhythmCredit:
    """The credit that a trainer asks an Upbeat server for.

    :param url: address of the server
    :param token: bearer token, if the server has one
    :param strategy: a strategy of ``upbeat credit`` that gives token weights. ``uniform`` asks nothing.
    :param options: its options, such as ``{"share": 0.2}``
    :param rhythm: how WAAD and FAI are measured (default: the server's preset ``rl``)
    :param seed: seed of ``random``
    :param on_error: if the server fails, ``raise`` ends the training and ``uniform`` trains that batch without
        credit, which is counted and logged. A rejected request or token always raises.
    :param timeout_s: longest wait for one answer, in seconds
    """

    url: str = "http://127.0.0.1:7777"
    token: str | None = field(default=None, repr=False)
    strategy: str = "coupled-rhythm"
    options: Mapping[str, Any] | None = None
    rhythm: Mapping[str, Any] | None = None
    seed: int | None = None
    on_error: Literal["raise", "uniform"] = "raise"
    timeout_s: float = 600.0

    def __post_init__(self) -> None:
        if self.on_error not in ("raise", "uniform"):
            raise ValueError(f"on_error: given {self.on_error!r}, expected raise or uniform")
        if self.strategy in _NOT_A_GAMMA:
            raise ValueError(
                f"strategy: {self.strategy} cannot be used from another trainer: {_NOT_A_GAMMA[self.strategy]}. "
                "Use `upbeat train`."
            )

    @cached_property
    def client(self) -> Client:
        """The client of the server."""
        return Client(self.url, self.token, timeout_s=self.timeout_s)

    def weigh(self, traces: Sequence[Trace], step: int | None = None) -> Weights:
        """Token weights of a batch, by one request.

        :raises UpbeatError: if the server fails and ``on_error`` is ``raise``, or rejects the request
        """
        if self.strategy == "uniform" or not traces:
            return Weights(None)
        began = time.perf_counter()
        try:
            credits = self.client.credit_traces(
                traces, self.strategy, options=self.options, rhythm=self.rhythm, seed=self.seed, step=step
            )
        except UpbeatError as error:
            return Weights(None, seconds=time.perf_counter() - began, failure=self.tolerate(error))
        return Weights(credits.gamma, credits.weights_version, time.perf_counter() - began)

    def tolerate(self, error: UpbeatError) -> str:
        """Logs a failure that ``on_error`` tolerates and returns its message; raises any other."""
        if self.on_error == "raise" or isinstance(error, (AccessDenied, RequestRejected)):
            raise error
        _log.warning("no credit for this batch, it is trained uniformly: %s", error)
        return str(error)


def gamma_metrics(gamma: Sequence[Sequence[float]], counted: Sequence[Sequence[bool]]) -> dict[str, float]:
    """``credit/gamma_mean`` and ``credit/amplified_share`` (gamma above 1) over the tokens that the loss counts."""
    weights = [g for row, mask in zip(gamma, counted, strict=True) for g, m in zip(row, mask, strict=True) if m]
    if not weights:
        return {}
    return {
        "credit/gamma_mean": sum(weights) / len(weights),
        "credit/amplified_share": sum(g > 1 for g in weights) / len(weights),
    }
