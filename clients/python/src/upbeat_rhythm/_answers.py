"""Reads the server's answers, and rejects those that do not fit the request."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from upbeat_rhythm.errors import AccessDenied, RequestRejected, ServerBusy, ServerFailed

RETRIED = (429, 503)
"""Statuses that a later request may not have."""


def answer(response: httpx.Response, address: str, retries: int) -> dict[str, Any]:
    """The JSON object of a successful answer; raises the exception of any other."""
    status = response.status_code
    if response.is_success:
        try:
            answer = response.json()
        except ValueError as error:
            raise ServerFailed(f"{address}: the answer is not JSON. Is it an Upbeat server?") from error
        if not isinstance(answer, dict):
            raise ServerFailed(f"{address}: given a JSON {type(answer).__name__}, expected an object")
        return answer
    said = f"{address}: {status}: {_message(response)}"
    if status in RETRIED:
        raise ServerBusy(f"{said} (after {retries} retries)")
    if status in (401, 403):
        raise AccessDenied(said)
    if 400 <= status < 500:
        raise RequestRejected(said)
    raise ServerFailed(said)


def _message(response: httpx.Response) -> str:
    try:
        answer = response.json()
    except ValueError:
        return response.text[:500] or response.reason_phrase
    if isinstance(answer, dict) and isinstance(answer.get("error"), str):
        return str(answer["error"])
    return response.text[:500]


def version(answer: Mapping[str, Any]) -> int:
    """The version of the weights that answered."""
    version = answer.get("weights_version")
    if not isinstance(version, int):
        raise ServerFailed(f"weights_version: given {version!r}, expected a whole number")
    return version


def rows(answer: Mapping[str, Any], key: str, traces: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The answer's rows, one for each trace of the request."""
    rows = answer.get(key)
    ids = [trace["id"] for trace in traces]
    if not isinstance(rows, list) or [row.get("id") for row in rows if isinstance(row, dict)] != ids:
        raise ServerFailed(f"the answer's {key} do not have the ids of the request's {len(ids)} traces in their order")
    return rows


def weights(row: Mapping[str, Any], trace: Mapping[str, Any]) -> list[float]:
    """One weight per response token."""
    gamma = row.get("gamma")
    expected = len(trace["response_ids"])
    if not isinstance(gamma, list) or len(gamma) != expected:
        given = len(gamma) if isinstance(gamma, list) else "no"
        raise ServerFailed(f"trace {row['id']}: given {given} weights for {expected} response tokens")
    if not all(isinstance(g, (int, float)) and math.isfinite(g) and g >= 0 for g in gamma):
        raise ServerFailed(f"trace {row['id']}: a weight is not a finite number of at least 0")
    return gamma


def series(
    rows: Sequence[Mapping[str, Any]], name: str, traces: Sequence[Mapping[str, Any]]
) -> list[list[float | None]]:
    """The column ``name``, one value per response token."""
    series = []
    for row, trace in zip(rows, traces, strict=True):
        values = row.get(name)
        if not isinstance(values, list) or len(values) != len(trace["response_ids"]):
            raise ServerFailed(f"trace {row['id']}: expected {len(trace['response_ids'])} values of {name}")
        series.append(values)
    return series
