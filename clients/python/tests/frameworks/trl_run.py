"""A short GRPO run of the bundled model that records what TRL's loss gets. Also run by torchrun."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import GRPOConfig, GRPOTrainer

from upbeat_rhythm import RhythmCredit
from upbeat_rhythm.trl import RhythmGRPOTrainer

REPOSITORY = Path(__file__).resolve().parents[4]
MODEL = REPOSITORY / "models" / "countdown"
PROMPTS = [json.loads(line)["prompt"] for line in (REPOSITORY / "examples" / "countdown-prompts.jsonl").open()]


@dataclass
class Recorded:
    """What happened in a run."""

    group_advantage: dict[tuple[tuple[int, ...], tuple[int, ...]], float] = field(default_factory=dict)
    """(prompt ids, response ids) -> the advantage that GRPOTrainer computed."""
    loss_inputs: list[dict[str, torch.Tensor]] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    logs: list[dict[str, float]] = field(default_factory=list)
    generations: int = 0
    trainer: Any = None


def reward(completion_ids: list[list[int]], **_: Any) -> list[float]:
    """Different for most responses, so that few advantages are 0."""
    return [(sum(ids) % 17) / 17 + len(set(ids)) / 100 for ids in completion_ids]


def unpadded(inputs: dict[str, torch.Tensor], row: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    prompt = inputs["prompt_ids"][row][inputs["prompt_mask"][row].bool()]
    response = inputs["completion_ids"][row][inputs["completion_mask"][row].bool()]
    return tuple(prompt.tolist()), tuple(response.tolist())


def run(
    out: Path, credit: RhythmCredit | None, peft_config: Any = None, sync: dict[str, Any] | None = None, **settings: Any
) -> Recorded:
    """Trains by RhythmGRPOTrainer, or by GRPOTrainer itself if there is no credit."""
    recorded = Recorded()

    class Recording(GRPOTrainer):
        """Below the adapter: sees the group advantages before it, and the loss's inputs after it."""

        def _generate_and_score_completions(self, inputs: Any) -> Any:
            output = super()._generate_and_score_completions(inputs)
            recorded.generations += 1
            for row in range(len(output["completion_ids"])):
                recorded.group_advantage[unpadded(output, row)] = float(output["advantages"][row])
            return output

        def _compute_loss(self, model: Any, inputs: Any) -> Any:
            loss = super()._compute_loss(model, inputs)
            recorded.loss_inputs.append({k: v.clone() for k, v in inputs.items() if isinstance(v, torch.Tensor)})
            recorded.losses.append(float(loss.detach()))
            return loss

        def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
            super().log(logs, start_time)
            recorded.logs.append(logs)

    arguments: dict[str, Any] = {
        "output_dir": str(out),
        "per_device_train_batch_size": 8,
        "num_generations": 4,
        "max_completion_length": 96,
        "max_steps": 3,
        "learning_rate": 1e-3,
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": "none",
        "use_cpu": True,
        "bf16": False,
        "disable_tqdm": True,
        "gradient_checkpointing": False,
        "seed": 7,
        **settings,
    }
    keywords = {
        "model": AutoModelForCausalLM.from_pretrained(MODEL),
        "processing_class": AutoTokenizer.from_pretrained(MODEL),
        "reward_funcs": reward,
        "args": GRPOConfig(**arguments),
        "train_dataset": Dataset.from_dict({"prompt": PROMPTS}),
        "peft_config": peft_config,
    }
    if credit is None:
        recorded.trainer = Recording(**keywords)
    else:
        rhythm = type("RhythmRecording", (RhythmGRPOTrainer, Recording), {})
        recorded.trainer = rhythm(credit=credit, **(sync or {}), **keywords)
    recorded.trainer.train()
    return recorded


if __name__ == "__main__":  # torchrun: one process of several
    torch.set_num_threads(1)
    seen = run(Path(sys.argv[2]), RhythmCredit(sys.argv[1]), sync={"sync_dir": sys.argv[2]})
    rank = seen.trainer.accelerator.process_index
    rows = [
        [*unpadded(inputs, row), inputs["advantages"][row].tolist()]
        for inputs in seen.loss_inputs
        for row in range(len(inputs["completion_ids"]))
    ]
    group = [[*ids, advantage] for ids, advantage in seen.group_advantage.items()]
    Path(sys.argv[2], f"rank-{rank}.json").write_text(json.dumps({"rows": rows, "group": group}))
