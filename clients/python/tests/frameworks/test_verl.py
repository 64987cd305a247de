"""The hooks in the real verl, loaded as a user loads them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fake_server import FakeServer, gamma_of, reply

pytestmark = pytest.mark.frameworks

PROMPTS = [[5, 6, 7], [5, 6, 7], [8, 9], [8, 9]]
RESPONSES = [[11, 12, 13, 14], [15, 16], [17, 18, 19], [20, 21, 22, 23, 24]]
MASKS = [[1, 0, 1, 1], [1, 1], [1, 1, 1], [1, 1, 0, 0, 1]]
GROUP = [0.5, -0.5, -0.5, 0.5]


def run(tmp_path: Path, mode: str, padding_key: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(Path(__file__).with_name("verl_run.py")), mode, str(tmp_path), padding_key],
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "", "TRANSFORMERS_OFFLINE": "1", **environment},
        capture_output=True,
        text=True,
        timeout=400,
    )


def result(tmp_path: Path, mode: str, fake: FakeServer, padding_key: str = "", **credit: Any) -> dict[str, Any]:
    done = run(
        tmp_path,
        mode,
        padding_key,
        VERL_USE_EXTERNAL_MODULES="upbeat_rhythm.verl",
        UPBEAT_CREDIT=json.dumps({"url": fake.url, **credit}),
        UPBEAT_SYNC="checkpoint",
    )
    assert done.returncode == 0, done.stderr[-3000:]
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
    answer: dict[str, Any] = json.loads(line.removeprefix("RESULT "))
    return answer


def expected(row: int, weighted: bool = True) -> list[float]:
    gamma = gamma_of(PROMPTS[row], RESPONSES[row]) if weighted else [1.0] * len(RESPONSES[row])
    values = [GROUP[row] * g * m for g, m in zip(gamma, MASKS[row], strict=True)]
    return values + [0.0] * (5 - len(values))


@pytest.mark.parametrize("mode", ["v1", "legacy"])
def test_policy_loss_gets_group_advantage_times_gamma(tmp_path: Path, fake: FakeServer, mode: str) -> None:
    seen = result(tmp_path, mode, fake)
    for row in range(4):
        assert seen["loss"][row] == pytest.approx(expected(row), abs=1e-6)
    assert len(fake.requests) == 1
    traces = fake.requests[0]["traces"]
    assert [t["prompt_ids"] for t in traces] == PROMPTS
    assert [t["response_ids"] for t in traces] == RESPONSES
    assert [t["advantage"] for t in traces] == pytest.approx(GROUP)
    assert {t["temperature"] for t in traces} == {0.7}
    if mode == "v1":
        assert 1 < seen["metrics"]["credit/gamma_mean"] < 1.5
        assert seen["metrics"]["weights_version"] == 1


def test_gamma_in_the_obvious_place_is_lost(tmp_path: Path, fake: FakeServer) -> None:
    seen = result(tmp_path, "obvious", fake, strategy="uniform")
    for row in range(4):
        values = {v for v, m in zip(seen["loss"][row], MASKS[row], strict=False) if m}
        assert len(values) == 1  # one value for the whole response, and it may be a wrong one


def test_padding_rows_are_not_measured(tmp_path: Path, fake: FakeServer) -> None:
    seen = result(tmp_path, "v1", fake, padding_key="b_1_0")
    assert len(fake.requests[0]["traces"]) == 3
    assert seen["loss"][3] == pytest.approx(expected(3, weighted=False), abs=1e-6)
    assert seen["loss"][2] == pytest.approx(expected(2), abs=1e-6)


def test_failed_server_gives_uniform_credit_if_asked_to(tmp_path: Path, fake: FakeServer) -> None:
    fake.replies = [reply(500, {"error": "broken"})]
    seen = result(tmp_path, "v1", fake, on_error="uniform")
    assert seen["metrics"]["credit/failed"] == 1
    for row in range(4):
        assert seen["loss"][row] == pytest.approx(expected(row, weighted=False), abs=1e-6)


def test_server_reads_each_saved_checkpoint(tmp_path: Path, fake: FakeServer) -> None:
    result(tmp_path, "checkpoint", fake)
    assert fake.loaded == [str(tmp_path / "global_step_3" / "actor" / "huggingface")]


def test_wrong_settings_stop_verl(tmp_path: Path) -> None:
    done = run(tmp_path, "legacy", VERL_USE_EXTERNAL_MODULES="upbeat_rhythm.verl", UPBEAT_CREDIT='{"strategie": 1}')
    assert done.returncode != 0
    assert "UPBEAT_CREDIT" in done.stderr
