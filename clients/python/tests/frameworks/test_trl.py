"""RhythmGRPOTrainer with the real TRL, on the bundled model."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from fake_server import FakeServer, gamma_of, reply
from peft import LoraConfig, PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM
from trl_run import MODEL, Recorded, run, unpadded

from upbeat_rhythm import RhythmCredit, ServerFailed

pytestmark = pytest.mark.frameworks


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def lora() -> LoraConfig:
    return LoraConfig(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM")


def assert_weighted(recorded: Recorded) -> None:
    """Every advantage that the loss got is the group advantage times gamma of exactly these ids."""
    tokens = 0
    for inputs in recorded.loss_inputs:
        assert inputs["advantages"].shape == inputs["completion_ids"].shape
        for row in range(len(inputs["completion_ids"])):
            prompt, response = unpadded(inputs, row)
            if not response:  # truncated and masked: the loss ignores the row
                continue
            expected = recorded.group_advantage[prompt, response] * torch.tensor(gamma_of([*prompt], [*response]))
            given = inputs["advantages"][row, : len(response)]
            torch.testing.assert_close(given, expected, rtol=0, atol=1e-6)
            tokens += len(response)
    assert tokens > 0


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"num_iterations": 2, "max_steps": 4},
        {"gradient_accumulation_steps": 2, "per_device_train_batch_size": 4},
        {"steps_per_generation": 4, "max_steps": 6},
        {"mask_truncated_completions": True, "max_completion_length": 70},
        {"max_completion_length": 5},
        {"beta": 0.04, "loss_type": "grpo"},
        {"importance_sampling_level": "sequence"},
        {"pad_to_multiple_of": 16},
    ],
    ids=str,
)
def test_loss_gets_group_advantage_times_gamma(tmp_path: Path, fake: FakeServer, settings: dict[str, Any]) -> None:
    recorded = run(tmp_path, RhythmCredit(fake.url), **settings)
    assert_weighted(recorded)
    assert len(fake.requests) == recorded.generations
    last = recorded.logs[0]
    assert 1 < last["credit/gamma_mean"] < 1.5
    assert 0 < last["credit/amplified_share"] < 1
    assert last["time/credit_s"] > 0
    assert last["credit/failed"] == 0
    assert last["weights_version"] == 1


def test_lora_run_is_weighted_too(tmp_path: Path, fake: FakeServer) -> None:
    assert_weighted(run(tmp_path, RhythmCredit(fake.url), peft_config=lora()))


def test_responses_have_different_lengths_with_and_without_stop_token(tmp_path: Path, fake: FakeServer) -> None:
    run(tmp_path, RhythmCredit(fake.url), max_completion_length=80)
    responses = [trace["response_ids"] for request in fake.requests for trace in request["traces"]]
    prompts = [trace["prompt_ids"] for request in fake.requests for trace in request["traces"]]
    assert len({len(r) for r in responses}) >= 3
    assert {r[-1] == 2 for r in responses} == {True, False}  # ended, and truncated
    assert all(0 not in r for r in responses)
    assert all(p[0] == 1 and 0 not in p for p in prompts)


def test_masked_truncated_responses_are_not_measured(tmp_path: Path, fake: FakeServer) -> None:
    recorded = run(tmp_path, RhythmCredit(fake.url), mask_truncated_completions=True, max_completion_length=70)
    measured = sum(len(request["traces"]) for request in fake.requests)
    assert 0 < measured < 8 * recorded.generations
    assert all(t["response_ids"][-1] == 2 for request in fake.requests for t in request["traces"])


def test_batch_of_masked_responses_asks_nothing(tmp_path: Path, fake: FakeServer) -> None:
    recorded = run(tmp_path, RhythmCredit(fake.url), mask_truncated_completions=True, max_completion_length=4)
    assert not fake.requests
    assert all(inputs["advantages"].dim() == 1 for inputs in recorded.loss_inputs)


@pytest.mark.parametrize("peft", [False, True])
def test_uniform_equals_grpo_bit_for_bit(tmp_path: Path, fake: FakeServer, peft: bool) -> None:
    configs = [lora() if peft else None for _ in range(2)]
    theirs = run(tmp_path / "a", None, configs[0], max_steps=10)
    ours = run(tmp_path / "b", RhythmCredit(fake.url, strategy="uniform"), configs[1], max_steps=10)
    assert ours.losses == theirs.losses
    assert len(set(theirs.losses)) > 5
    for (name, a), b in zip(theirs.trainer.model.named_parameters(), ours.trainer.model.parameters(), strict=True):
        assert torch.equal(a, b), name
    assert fake.calls == 0


def test_gamma_changes_the_training(tmp_path: Path, fake: FakeServer) -> None:
    assert run(tmp_path / "a", RhythmCredit(fake.url)).losses != run(tmp_path / "b", None).losses


def test_server_reads_the_weights_of_the_step(tmp_path: Path, fake: FakeServer) -> None:
    states: list[dict[str, torch.Tensor]] = []

    def read(path: str) -> None:
        model = AutoModelForCausalLM.from_pretrained(path)
        states.append({name: p.clone() for name, p in model.state_dict().items()})

    fake.on_weights = read
    recorded = run(tmp_path / "run", RhythmCredit(fake.url), sync={"sync_dir": tmp_path / "w"}, max_steps=4)
    assert [Path(path).name for path in fake.loaded] == ["step-0", "step-1", "step-2", "step-3"]
    start = AutoModelForCausalLM.from_pretrained(MODEL).state_dict()
    assert all(torch.equal(states[0][name], start[name]) for name in start)
    end = recorded.trainer.model.state_dict()
    assert any(not torch.equal(states[1][name], states[3][name]) for name in start)
    assert any(not torch.equal(states[3][name], end[name]) for name in start)
    assert [log["weights_version"] for log in recorded.logs[:4]] == [2, 3, 4, 5]
    assert not list((tmp_path / "w").iterdir())  # each directory is deleted once it is read


def test_weights_are_handed_over_every_few_steps(tmp_path: Path, fake: FakeServer) -> None:
    sync = {"sync_dir": tmp_path / "w", "sync_every": 3}
    run(tmp_path / "run", RhythmCredit(fake.url), sync=sync, max_steps=7)
    assert [Path(path).name for path in fake.loaded] == ["step-0", "step-3", "step-6"]


def test_restarted_server_gets_the_weights_again(tmp_path: Path, fake: FakeServer) -> None:
    answered = fake.answer

    def answer(path: str, body: dict[str, Any], token: str | None) -> Any:
        if path == "/v1/credit" and len(fake.requests) == 1:
            fake.version = 1  # a new process, with the weights that it was started with
        return answered(path, body, token)

    fake.answer = answer  # type: ignore[method-assign]
    recorded = run(tmp_path / "run", RhythmCredit(fake.url), sync={"sync_dir": tmp_path / "w", "sync_every": 5})
    assert [Path(path).name for path in fake.loaded] == ["step-0", "step-1"]
    assert len(fake.requests) == recorded.generations + 1
    assert_weighted(recorded)


def test_peft_hands_over_the_adapter_alone(tmp_path: Path, fake: FakeServer) -> None:
    adapters: list[dict[str, torch.Tensor]] = []

    def read(path: str) -> None:
        assert sorted(p.name for p in Path(path).glob("*.safetensors")) == ["adapter_model.safetensors"]
        assert json.loads(Path(path, "adapter_config.json").read_text())["r"] == 4
        PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(MODEL), path)
        adapters.append(load_file(Path(path, "adapter_model.safetensors")))

    fake.on_weights = read
    run(tmp_path / "run", RhythmCredit(fake.url), lora(), sync={"sync_dir": tmp_path / "w"})
    assert len(adapters) == 3
    assert any(not torch.equal(adapters[0][name], adapters[2][name]) for name in adapters[0])


def test_failed_server_ends_the_training_by_default(tmp_path: Path, fake: FakeServer) -> None:
    fake.replies = [reply(500, {"error": "broken"})]
    with pytest.raises(ServerFailed, match="broken"):
        run(tmp_path, RhythmCredit(fake.url))


@pytest.mark.parametrize("sync", [False, True])
def test_failed_server_is_counted_if_tolerated(tmp_path: Path, fake: FakeServer, sync: bool) -> None:
    fake.replies = [reply(500, {"error": "broken"})]
    credit = RhythmCredit(fake.url, on_error="uniform")
    recorded = run(tmp_path / "run", credit, sync={"sync_dir": tmp_path / "w"} if sync else None)
    assert recorded.trainer.credit_failures == 1
    assert [log["credit/failed"] for log in recorded.logs[:3]] == [1, 0, 0]
    assert [inputs["advantages"].dim() for inputs in recorded.loss_inputs] == [1, 2, 2]


def test_two_processes_make_one_request_a_step(tmp_path: Path, fake: FakeServer) -> None:
    here = Path(__file__).parent
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]
    done = subprocess.run(
        [*command, str(here / "trl_run.py"), fake.url, str(tmp_path)], capture_output=True, text=True, timeout=540
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert [len(request["traces"]) for request in fake.requests] == [16, 16, 16]
    assert len(fake.loaded) == 3
    for rank in range(2):
        seen = json.loads((tmp_path / f"rank-{rank}.json").read_text())
        group = {(tuple(p), tuple(r)): advantage for p, r, advantage in seen["group"]}
        assert len(seen["rows"]) == 24
        for prompt, response, advantages in seen["rows"]:
            expected = group[tuple(prompt), tuple(response)] * torch.tensor(gamma_of(prompt, response))
            torch.testing.assert_close(torch.tensor(advantages[: len(response)]), expected, rtol=0, atol=1e-6)
