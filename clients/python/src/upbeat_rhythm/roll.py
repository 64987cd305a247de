"""Rhythm credit for ROLL: call :func:`install` before ROLL is imported, as the first lines of the start script."""

from __future__ import annotations

import functools
import inspect
import sys
from types import ModuleType
from typing import Any

from upbeat_rhythm._padded import counted_gamma, weigh_padded
from upbeat_rhythm._patch import patch_on_import
from upbeat_rhythm.credit import RhythmCredit, gamma_metrics

_HOOKED = {
    "roll.utils.functionals": "compute_advantage",
    "roll.pipeline.agentic.utils": "agentic_compute_advantage",
}


def install(credit: RhythmCredit, temperature: float | None = None) -> None:
    """Multiplies the advantages of ROLL's pipelines by gamma, after whitening and clipping.

    Each call of ROLL's ``compute_advantage``, one for each domain of a step, makes one request. The metrics
    ``credit/gamma_mean``, ``credit/amplified_share``, ``credit/failed``, ``time/credit_s`` and ``weights_version``
    go to ROLL's trackers. The server gets new weights only by ``credit.client.load_weights(path)``.

    :param temperature: temperature that the responses are sampled with
    """
    if any(name.startswith("roll.pipeline.") for name in sys.modules):
        raise RuntimeError("upbeat_rhythm.roll.install: a pipeline of ROLL is already imported. Call install before.")
    patch_on_import(
        {name: functools.partial(_hook, credit, temperature, function) for name, function in _HOOKED.items()}
    )


def _hook(credit: RhythmCredit, temperature: float | None, function: str, module: ModuleType) -> None:
    compute = getattr(module, function)
    signature = inspect.signature(compute)

    @functools.wraps(compute)
    def compute_advantage(*args: Any, **options: Any) -> Any:
        given = signature.bind(*args, **options).arguments
        return _weigh(credit, temperature, compute(*args, **options), given.get("response_mask"))

    setattr(module, function, compute_advantage)


def _weigh(credit: RhythmCredit, temperature: float | None, data: Any, response_mask: Any) -> Any:
    """Multiplies advantages of shape (B, N - 1): entry t is the advantage of token t + 1."""
    batch = data.batch
    ids, advantages = batch["input_ids"], batch["advantages"]
    responses = batch["response_mask"].bool()
    counted = responses.clone()
    if response_mask is not None:
        counted[:, 1:] = response_mask.bool()
    counted[:, 0] = False
    shifted = advantages.new_zeros(ids.shape)
    shifted[:, 1:] = advantages
    starts = responses.int().argmax(1).tolist()
    gamma, weights = weigh_padded(
        credit, ids, batch["attention_mask"], starts, counted, shifted, temperature, data.meta_info.get("global_step")
    )
    metrics = data.meta_info.setdefault("metrics", {})
    metrics["time/credit_s"] = weights.seconds
    metrics["credit/failed"] = float(weights.failure is not None)
    if weights.gamma is not None:
        batch["advantages"] = advantages * gamma[:, 1:]
        metrics["weights_version"] = float(weights.weights_version or 0)
        metrics.update(gamma_metrics(*counted_gamma(gamma, counted)))
    return data
