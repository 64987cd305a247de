"""Rhythm credit for verl 0.9.1, loaded by ``VERL_USE_EXTERNAL_MODULES=upbeat_rhythm.verl``.

The environment variable ``UPBEAT_CREDIT`` holds the fields of :class:`~upbeat_rhythm.RhythmCredit` as JSON, such as
``{"url": "http://127.0.0.1:7777", "strategy": "coupled-rhythm"}``, and ``UPBEAT_TOKEN`` the token. Both, and
``VERL_USE_EXTERNAL_MODULES``, must be set in the process of the trainer: verl does not forward them to other Ray
nodes (``ray_kwargs.ray_init.runtime_env.env_vars`` does).

verl's V1 trainer computes GRPO advantages without token ids and keeps only the first token's value of each response,
so a gamma put into ``compute_advantage`` is lost without a word. The hook is therefore around
``PPOTrainer._compute_advantage``: it reads ids and advantages back from the TransferQueue, multiplies, and puts them
there again. The legacy trainer is hooked at ``compute_advantage``.

The server gets new weights with each checkpoint that verl saves in Hugging Face form
(``actor_rollout_ref.actor.checkpoint.save_contents=[model,optimizer,extra,hf_model]``, every ``trainer.save_freq``
steps) if ``UPBEAT_SYNC=checkpoint``.
"""

from __future__ import annotations

import functools
import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from upbeat_rhythm._padded import counted_gamma, weigh_padded
from upbeat_rhythm._patch import patch_on_import
from upbeat_rhythm.client import Trace
from upbeat_rhythm.credit import RhythmCredit, gamma_metrics
from upbeat_rhythm.errors import UpbeatError

_log = logging.getLogger(__name__)


def credit_from_environment() -> RhythmCredit:
    """The credit that UPBEAT_CREDIT and UPBEAT_TOKEN describe."""
    given = os.environ.get("UPBEAT_CREDIT", "{}")
    try:
        fields = json.loads(given)
        return RhythmCredit(**fields, token=os.environ.get("UPBEAT_TOKEN"))
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"UPBEAT_CREDIT: given {given!r}, expected the fields of RhythmCredit as JSON: {error}"
        ) from error


def install(credit: RhythmCredit, sync_checkpoints: bool = False) -> None:
    """Hooks both trainers of verl, now or when they are imported. Raises there if verl is another version."""
    patch_on_import(
        {
            "verl.trainer.ppo.ray_trainer": functools.partial(_hook_legacy, credit),
            "verl.trainer.ppo.v1.utils": _keep_group_advantages,
            "verl.trainer.ppo.v1.trainer_base": functools.partial(_hook_v1, credit, sync_checkpoints),
        }
    )


def _hook_v1(credit: RhythmCredit, sync_checkpoints: bool, module: ModuleType) -> None:
    trainer = module.PPOTrainer
    compute, save, queue = trainer._compute_advantage, trainer._save_checkpoint, module.tq

    @functools.wraps(compute)
    def compute_advantage(self: Any, batch: Any, metrics: dict[str, Any]) -> Any:
        return _weigh_v1(credit, queue, compute(self, batch, metrics), metrics, self)

    @functools.wraps(save)
    def save_checkpoint(self: Any) -> None:
        save(self)
        _load_checkpoint(credit, self)

    trainer._compute_advantage = compute_advantage
    if sync_checkpoints:
        trainer._save_checkpoint = save_checkpoint


def _weigh_v1(credit: RhythmCredit, queue: Any, batch: Any, metrics: dict[str, Any], trainer: Any) -> Any:
    """Multiplies the advantages that lie in the TransferQueue."""
    names = ["prompts", "responses", "response_mask", "advantages"]
    data = queue.kv_batch_get(keys=batch.keys, partition_id=batch.partition_id, select_fields=names)
    prompts, responses, masks, advantages = (list(data[name].unbind(0)) for name in names)
    counted = [mask.bool() for mask in masks]
    rows = [
        row for row, tag in enumerate(batch.tags) if counted[row].any() and not tag.get("is_padding", False)
    ]  # verl fills the last minibatch with padding rows
    temperature = trainer.config.actor_rollout_ref.rollout.temperature
    traces = [
        Trace(
            prompts[row].tolist(),
            responses[row].tolist(),
            temperature,
            float(advantages[row][counted[row]].float().mean()),
        )
        for row in rows
    ]
    weights = credit.weigh(traces, step=trainer.global_steps)
    metrics["time/credit_s"] = weights.seconds
    metrics["credit/failed"] = float(weights.failure is not None)
    if weights.gamma is None:
        return batch
    for row, values in zip(rows, weights.gamma, strict=True):
        gamma = torch.where(counted[row], advantages[row].new_tensor(values), 1.0)
        advantages[row] = advantages[row] * gamma
    metrics["weights_version"] = weights.weights_version
    metrics.update(gamma_metrics(weights.gamma, [counted[row].tolist() for row in rows]))
    fields = type(data)({"advantages": _nested(advantages)}, batch_size=len(batch.keys))
    return queue.kv_batch_put(keys=batch.keys, partition_id=batch.partition_id, fields=fields)


def _nested(rows: list[torch.Tensor]) -> torch.Tensor:
    """Rows of different lengths, as verl keeps them."""
    return torch.nested.as_nested_tensor(rows, layout=torch.jagged)


def _load_checkpoint(credit: RhythmCredit, trainer: Any) -> None:
    directory = Path(trainer.config.trainer.default_local_dir, f"global_step_{trainer.global_steps}", "actor")
    weights = directory.absolute() / "huggingface"
    if not any(weights.glob("*.safetensors")):
        raise FileNotFoundError(
            f"{weights}: no safetensors file. UPBEAT_SYNC=checkpoint needs "
            "actor_rollout_ref.actor.checkpoint.save_contents=[model,optimizer,extra,hf_model]."
        )
    try:
        credit.client.load_weights(weights)
    except UpbeatError as error:
        credit.tolerate(error)


def _keep_group_advantages(module: ModuleType) -> None:
    """V1 calls the legacy function for group advantages, without ids: it gets that function without the hook."""
    module.compute_advantage = getattr(module.compute_advantage, "__wrapped__", module.compute_advantage)  # type: ignore[attr-defined]


def _hook_legacy(credit: RhythmCredit, module: ModuleType) -> None:
    compute: Callable[..., Any] = module.compute_advantage

    @functools.wraps(compute)
    def compute_advantage(data: Any, *args: Any, **options: Any) -> Any:
        return _weigh_legacy(credit, compute(data, *args, **options))

    module.compute_advantage = compute_advantage  # type: ignore[attr-defined]


def _weigh_legacy(credit: RhythmCredit, data: Any) -> Any:
    """Multiplies the advantages of a DataProto with padded prompts (B, P) and responses (B, T)."""
    batch = data.batch
    prompts, responses, mask = batch["prompts"], batch["responses"], batch["response_mask"]
    width = prompts.shape[1]
    before = torch.zeros_like(prompts)
    gamma, weights = weigh_padded(
        credit,
        torch.cat([prompts, responses], 1),
        batch["attention_mask"],
        [width] * len(prompts),
        torch.cat([before, mask], 1),
        torch.cat([before.to(batch["advantages"].dtype), batch["advantages"]], 1),
        data.meta_info.get("temperature"),
        data.meta_info.get("global_steps"),
    )
    if weights.gamma is not None:
        batch["advantages"] = batch["advantages"] * gamma[:, width:]
        _log.info("%s", gamma_metrics(*counted_gamma(gamma[:, width:], mask)))
    return data


install(credit_from_environment(), sync_checkpoints=os.environ.get("UPBEAT_SYNC") == "checkpoint")
