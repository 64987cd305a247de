"""The hooks in ROLL's own functions. ROLL_SOURCE names a copy of its public repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fake_server import FakeServer, gamma_of

pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.skipif("ROLL_SOURCE" not in os.environ, reason="ROLL_SOURCE is not set"),
]

SCRIPT = """
import sys
import upbeat_rhythm.roll
from upbeat_rhythm import RhythmCredit
upbeat_rhythm.roll.install(RhythmCredit(sys.argv[1]), temperature=0.9)
import json, torch
from tensordict import TensorDict
from types import SimpleNamespace
if sys.argv[2] == "rlvr":
    from roll.utils.functionals import compute_advantage
else:
    from roll.pipeline.agentic.utils import agentic_compute_advantage as compute_advantage
from roll.distributed.scheduler.protocol import DataProto

ids = torch.tensor([[0, 5, 6, 11, 12, 13, 14, 0], [7, 8, 9, 15, 16, 0, 0, 0]])
attention = (ids > 0).long()
mask = torch.tensor([[0, 0, 0, 1, 0, 1, 1, 0], [0, 0, 0, 1, 1, 0, 0, 0]])
final = mask[:, 1:].clone()
if sys.argv[3] == "masked":
    final[1] = 0
rewards = torch.zeros(2, 7)
rewards[0, 5], rewards[1, 3] = 1.0, -2.0
fields = {"input_ids": ids, "attention_mask": attention, "response_mask": mask, "token_level_rewards": rewards}
data = DataProto(batch=TensorDict(fields, batch_size=2), meta_info={})
data = compute_advantage(
    data=data, gamma=1.0, lambd=1.0, adv_estimator="reinforce", response_mask=final, pipeline_config=SimpleNamespace()
)
advantages = data.batch["advantages"]
old, new = torch.zeros(2, 7), torch.zeros(2, 7, requires_grad=True)
ratio = (new - old).exp()
loss = -torch.min(ratio * advantages, ratio.clamp(0.8, 1.2) * advantages)  # PPO, as in ROLL's actor worker
(loss * final).sum().backward()
print("RESULT", json.dumps({"loss": (-new.grad).tolist(), "metrics": data.meta_info["metrics"]}))
"""


@pytest.mark.parametrize("masked", ["", "masked"])
@pytest.mark.parametrize("function", ["rlvr", "agentic"])
def test_policy_loss_gets_advantage_times_gamma(tmp_path: Path, fake: FakeServer, function: str, masked: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, fake.url, function, masked],
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "", "PYTHONPATH": os.environ["ROLL_SOURCE"]},
        capture_output=True,
        text=True,
        timeout=300,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
    seen = json.loads(line.removeprefix("RESULT "))
    first = gamma_of([5, 6], [11, 12, 13, 14])
    second = gamma_of([7, 8, 9], [15, 16])
    assert seen["loss"][0] == pytest.approx([0, 0, first[0], 0, first[2], first[3], 0], abs=1e-6)
    expected = [0, 0, -2 * second[0], -2 * second[1], 0, 0, 0] if not masked else [0] * 7
    assert seen["loss"][1] == pytest.approx(expected, abs=1e-6)
    traces = fake.requests[0]["traces"]
    assert [t["response_ids"] for t in traces] == [[11, 12, 13, 14], [15, 16]][: 1 if masked else 2]
    assert traces[0]["temperature"] == 0.9
    assert seen["metrics"]["credit/gamma_mean"] >= 1
