"""Trains the bundled reasoner for 20 steps with TRL and coupled-rhythm credit, on a laptop's CPU.

In another terminal: ./upbeat serve models/countdown --weights-root /tmp/upbeat-weights
"""

import argparse
import random
import re
from fractions import Fraction
from pathlib import Path

import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import GRPOConfig

from upbeat_rhythm import RhythmCredit
from upbeat_rhythm.trl import RhythmGRPOTrainer

MODEL = Path(__file__).resolve().parents[3] / "models" / "countdown"


def puzzles(count: int, rng: random.Random) -> list[dict[str, object]]:
    """Three numbers and a target that an expression of them has; the model knows integers up to 99."""
    rows: list[dict[str, object]] = []
    while len(rows) < count:
        a, b, c = (rng.randint(1, 50) for _ in range(3))
        target = rng.choice([a + b + c, a + b - c, a * b - c, (a - b) * c, a * (b - c)])
        if 0 < target < 100:
            rows.append({"prompt": f"{a} {b} {c} > {target}\n", "numbers": sorted([a, b, c]), "target": target})
    return rows


def solved(completions: list[str], numbers: list[list[int]], target: list[int], **_: object) -> list[float]:
    """1 if the answer, the last line after '#', uses each number once and has the target's value; else 0."""
    rewards = []
    for text, given, wanted in zip(completions, numbers, target, strict=True):
        answer = text.rpartition("#")[2].strip()
        right = re.fullmatch(r"[\d\s+*/()-]+", answer) and sorted(map(int, re.findall(r"\d+", answer))) == given
        try:
            right = right and eval(re.sub(r"(\d+)", r"Fraction(\1)", answer), {"Fraction": Fraction}) == wanted
        except (SyntaxError, TypeError, ZeroDivisionError):
            right = False
        rewards.append(float(bool(right)))
    return rewards


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--url", default="http://127.0.0.1:7777")
    options.add_argument("--strategy", default="coupled-rhythm")
    options.add_argument("--weights", default="/tmp/upbeat-weights", help="the server's --weights-root")
    given = options.parse_args()
    torch.set_num_threads(1)  # a model this small gains nothing from a second; the server has the other core
    RhythmGRPOTrainer(
        model=AutoModelForCausalLM.from_pretrained(MODEL),
        processing_class=AutoTokenizer.from_pretrained(MODEL),
        reward_funcs=solved,
        train_dataset=Dataset.from_list(puzzles(640, random.Random(0))),
        args=GRPOConfig(
            "/tmp/trl-countdown", per_device_train_batch_size=32, num_generations=8, max_completion_length=160,
            max_steps=20, learning_rate=1e-4, logging_steps=1, save_strategy="no", report_to="none",
            use_cpu=True, bf16=False, gradient_checkpointing=False,
        ),
        credit=RhythmCredit(given.url, strategy=given.strategy),
        sync_dir=given.weights,
    ).train()  # fmt: skip
