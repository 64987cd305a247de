"""Traces in padded tensors, and gamma in their shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from upbeat_rhythm.client import Trace
from upbeat_rhythm.credit import RhythmCredit, Weights


def weigh_padded(
    credit: RhythmCredit,
    ids: torch.Tensor,
    attention: torch.Tensor,
    starts: Sequence[int],
    counted: torch.Tensor,
    advantages: torch.Tensor,
    temperature: float | None,
    step: int | None,
) -> tuple[torch.Tensor, Weights]:
    """Gamma of the tokens of a padded batch, by one request.

    A row without counted tokens is not measured. A response is sent whole: tokens that the loss does not count, such
    as the output of tools, are context of the others.

    :param ids: prompts and responses, (B, N)
    :param attention: 1 for each token that is no padding, (B, N)
    :param starts: first position of each response, B
    :param counted: true for each token that the loss counts, (B, N)
    :param advantages: of each token, (B, N); the trace's advantage is the mean over its counted tokens
    :return: gamma of shape (B, N), 1 for each token that is not counted
    """
    gamma = torch.ones(ids.shape, dtype=advantages.dtype)
    attended, counted = attention.bool().cpu(), counted.bool().cpu()
    rows = counted.any(1).nonzero().flatten().tolist()
    places = {row: attended[row, starts[row] :].nonzero().flatten() + starts[row] for row in rows}
    traces = []
    for row in rows:
        prompt = ids[row, : starts[row]].cpu()[attended[row, : starts[row]]]
        mean = float(advantages[row].cpu()[counted[row]].float().mean())
        traces.append(Trace(prompt.tolist(), ids[row].cpu()[places[row]].tolist(), temperature, mean))
    weights = credit.weigh(traces, step)
    if weights.gamma is not None:
        for row, values in zip(rows, weights.gamma, strict=True):
            gamma[row, places[row]] = gamma.new_tensor(values)
    gamma = torch.where(counted, gamma, torch.ones_like(gamma))
    return gamma.to(advantages.device), weights


def counted_gamma(gamma: torch.Tensor, counted: torch.Tensor) -> tuple[Any, Any]:
    """Both as lists, for the metrics."""
    return gamma.cpu().tolist(), counted.bool().cpu().tolist()
