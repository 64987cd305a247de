"""RhythmGRPOTrainer with the real TRL and the real server."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig
from trl_run import run, unpadded
from upbeat import MODEL, gamma_by_commands, real_server

from upbeat_rhythm import Client, RhythmCredit

pytestmark = pytest.mark.frameworks


@pytest.mark.parametrize("peft", [False, True])
def test_loss_gets_group_advantage_times_gamma_of_the_commands(tmp_path: Path, monkeypatch: Any, peft: bool) -> None:
    requests: list[list[Any]] = []
    checkpoints: list[Path] = []
    ask, load = Client.credit_traces, Client.load_weights

    def credit_traces(self: Client, traces: Any, *args: Any, **options: Any) -> Any:
        requests.append(traces)
        return ask(self, traces, *args, **options)

    def load_weights(self: Client, path: Any) -> int:
        checkpoints.append(tmp_path / "kept" / str(len(checkpoints)))
        shutil.copytree(path, checkpoints[-1])
        if not peft:  # the commands read a tokenizer, which the server does not need
            for name in ("tokenizer.json", "tokenizer_config.json"):
                shutil.copy(MODEL / name, checkpoints[-1])
        return load(self, path)

    monkeypatch.setattr(Client, "credit_traces", credit_traces)
    monkeypatch.setattr(Client, "load_weights", load_weights)
    torch.set_num_threads(1)
    root = tmp_path / "weights"
    root.mkdir()
    with real_server(tmp_path / "serve.log", "--weights-root", str(root)) as url:
        lora = LoraConfig(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM")
        recorded = run(tmp_path / "run", RhythmCredit(url), lora if peft else None, {"sync_dir": root})
    assert len(requests) == len(checkpoints) == len(recorded.loss_inputs) == 3

    for i, (traces, inputs) in enumerate(zip(requests, recorded.loss_inputs, strict=True)):
        rows = [trace.to_json(n) for n, trace in enumerate(traces)]
        by_id = gamma_by_commands(tmp_path / f"step-{i}", rows, "coupled-rhythm", checkpoints[i], peft)
        gamma = {(tuple(r["prompt_ids"]), tuple(r["response_ids"])): by_id[r["id"]] for r in rows}
        assert any(g != 1 for weights in gamma.values() for g in weights)
        for row in range(len(inputs["completion_ids"])):
            ids = unpadded(inputs, row)
            expected = recorded.group_advantage[ids] * torch.tensor(gamma[ids])
            given = inputs["advantages"][row, : len(ids[1])]
            torch.testing.assert_close(given, expected, rtol=0, atol=1e-6)
