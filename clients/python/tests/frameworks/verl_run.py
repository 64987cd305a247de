"""Runs verl's hooks with real Ray and TransferQueue on CPU tensors, and prints what its policy loss got as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import ray
import torch
import transfer_queue as tq
from omegaconf import OmegaConf
from tensordict import TensorDict
from verl import DataProto
from verl.trainer.ppo.core_algos import get_policy_loss_fn
from verl.trainer.ppo.v1 import trainer_base
from verl.utils.tensordict_utils import list_of_dict_to_tensordict
from verl.workers.config import FSDPActorConfig

# Two prompts with two responses each. A 0 in a mask is a token that a tool wrote.
PROMPTS = [[5, 6, 7], [5, 6, 7], [8, 9], [8, 9]]
RESPONSES = [[11, 12, 13, 14], [15, 16], [17, 18, 19], [20, 21, 22, 23, 24]]
MASKS = [[1, 0, 1, 1], [1, 1], [1, 1, 1], [1, 1, 0, 0, 1]]
REWARDS = [1.0, 0.0, 0.0, 1.0]
UIDS = ["a", "a", "b", "b"]
KEYS = ["a_0_0", "a_1_0", "b_0_0", "b_1_0"]
_, MODE, CHECKPOINTS, PADDING_KEY = sys.argv
CONFIG = OmegaConf.create(
    {
        "algorithm": {
            "adv_estimator": "grpo",
            "gamma": 1.0,
            "lam": 1.0,
            "use_kl_in_reward": False,
            "norm_adv_by_std_in_grpo": False,
        },
        "actor_rollout_ref": {"actor": {}, "rollout": {"n": 2, "temperature": 0.7}},
        "trainer": {"default_local_dir": CHECKPOINTS, "default_hdfs_dir": None},
    }
)


def advantages_in_loss(advantages: torch.Tensor, mask: torch.Tensor) -> Any:
    """The advantage of each token by the gradient of verl's policy loss: at ratio 1 it is -advantage / tokens."""
    log_prob = torch.zeros_like(advantages, requires_grad=True)
    config = FSDPActorConfig(strategy="fsdp", rollout_n=2, ppo_micro_batch_size_per_gpu=4)
    loss, _ = get_policy_loss_fn("vanilla")(torch.zeros_like(advantages), log_prob, advantages, mask, config=config)
    loss.backward()
    assert log_prob.grad is not None
    return (-log_prob.grad * mask.sum()).tolist()


def trainer() -> Any:
    """PPOTrainer without its workers and data."""
    concrete: Any = type("Trainer", (trainer_base.PPOTrainer,), {})
    concrete.__abstractmethods__ = frozenset()
    self = concrete.__new__(concrete)
    self.config, self.global_steps = CONFIG, 3
    return self


def v1() -> Any:
    """PPOTrainer's own _compute_advantage; then the actor's view of the queue."""
    self = trainer()
    rows = []
    for prompt, response, mask, reward, uid in zip(PROMPTS, RESPONSES, MASKS, REWARDS, UIDS, strict=True):
        scores = torch.zeros(len(response))
        scores[-1] = reward
        rows.append(
            {
                "uid": uid,
                "prompts": torch.tensor(prompt),
                "responses": torch.tensor(response),
                "response_mask": torch.tensor(mask),
                "rm_scores": scores,
                "old_log_probs": torch.zeros(len(response)),
            }
        )
    tags: list[dict[str, Any]] = [{"seq_len": 1, "is_padding": key == PADDING_KEY} for key in KEYS]
    batch = tq.kv_batch_put(keys=KEYS, partition_id="train", fields=list_of_dict_to_tensordict(rows), tags=tags)
    metrics: dict[str, Any] = {}
    batch = self._compute_advantage(batch, metrics)
    seen = tq.kv_batch_get(keys=batch.keys, partition_id="train", select_fields=["advantages", "response_mask"])
    padded = seen.to_padded_tensor()
    return {
        "keys": list(batch.keys),
        "loss": advantages_in_loss(padded["advantages"], padded["response_mask"]),
        "metrics": {k: float(v) for k, v in metrics.items()},
    }


def obvious() -> Any:
    """Where one would put gamma first: into compute_advantage, which the V1 trainer calls."""
    from verl.trainer.ppo.v1 import utils

    group = utils.compute_advantage

    def weighted(data: Any, *args: Any, **options: Any) -> Any:
        data = group(data, *args, **options)
        data.batch["advantages"] = data.batch["advantages"] * torch.tensor([1.5, 1, 1.5, 1, 1.5])
        return data

    utils.compute_advantage = weighted
    try:
        return v1()
    finally:
        utils.compute_advantage = group


def legacy() -> Any:
    """ray_trainer.compute_advantage on a padded DataProto."""
    from verl.trainer.ppo import ray_trainer

    def right(rows: list[list[int]]) -> torch.Tensor:
        return torch.nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], batch_first=True)

    prompts = right([row[::-1] for row in PROMPTS]).flip(1)
    mask = right(MASKS)
    lengths = right([[1] * len(row) for row in RESPONSES])
    rewards = torch.zeros(mask.shape)
    rewards[:, 0] = torch.tensor(REWARDS)
    data = DataProto(
        batch=TensorDict(
            {
                "prompts": prompts,
                "responses": right(RESPONSES),
                "attention_mask": torch.cat([(prompts > 0).long(), lengths], 1),
                "response_mask": mask,
                "token_level_rewards": rewards,
            },
            batch_size=4,
        ),
        non_tensor_batch={"uid": np.array(UIDS, dtype=object)},
        meta_info={"temperature": 0.7},
    )
    data = ray_trainer.compute_advantage(data, "grpo", norm_adv_by_std_in_grpo=False, config=CONFIG.algorithm)
    return {"loss": advantages_in_loss(data.batch["advantages"], mask)}


def checkpoint() -> Any:
    """PPOTrainer's own _save_checkpoint, with a worker group that writes one file in Hugging Face form."""

    def save_checkpoint(path: str, *_: Any, **__: Any) -> None:
        Path(path, "huggingface").mkdir(parents=True)
        Path(path, "huggingface", "model.safetensors").touch()

    self = trainer()
    self.use_critic, self.trainer_mode = False, "sync"
    self.actor_rollout_wg = SimpleNamespace(save_checkpoint=save_checkpoint)
    self.train_dataloader = SimpleNamespace(state_dict=dict)
    self.checkpoint_callback = SimpleNamespace(on_save=lambda **_: None)
    self._save_checkpoint()
    return {}


if __name__ == "__main__":
    if MODE in ("v1", "obvious"):
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=100_000_000)
        tq.init(OmegaConf.create({"backend": {"SimpleStorage": {"num_data_storage_units": 1}}}))
    try:
        print("RESULT", json.dumps({"v1": v1, "obvious": obvious, "legacy": legacy, "checkpoint": checkpoint}[MODE]()))
    finally:
        ray.shutdown()
