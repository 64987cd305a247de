"""Rhythm credit for TRL's GRPO: ``RhythmGRPOTrainer`` in place of ``GRPOTrainer``, nothing else changes."""

from __future__ import annotations

import logging
import shutil
import time
from pathlib import Path
from typing import Any

import torch
from accelerate.utils import broadcast_object_list, gather_object
from trl import GRPOTrainer

from upbeat_rhythm.client import Trace
from upbeat_rhythm.credit import RhythmCredit, Weights, gamma_metrics
from upbeat_rhythm.errors import ServerFailed, UpbeatError

_log = logging.getLogger(__name__)


class RhythmGRPOTrainer(GRPOTrainer):
    """GRPOTrainer whose advantages are weighted token by token.

    After each generation one request sends the rollouts of all processes to the server. The loss then gets
    advantages of shape (B, T): the group advantage times gamma. With strategy ``uniform`` no request is made and the
    advantages stay as GRPOTrainer computed them, of shape (B,). Evaluation is not weighted.

    The server must read the policy's weights. If ``sync_dir`` is given, they are handed over through a new directory
    below it: before the first batch, and then after every ``sync_every`` optimizer steps, before the next batch is
    measured. It is the whole model as safetensors, or with PEFT the adapter alone. The server reads them fully, so
    each directory is deleted as soon as it is loaded.

    Metrics: ``credit/gamma_mean``, ``credit/amplified_share``, ``credit/failed`` (share of batches without credit
    because the server failed), ``time/credit_s``, ``time/sync_s`` and
    ``weights_version``.

    :param credit: the server and the strategy
    :param sync_dir: directory inside the server's ``--weights-root`` at the same path on both machines; None: the
        server keeps the weights that it has
    :param sync_every: optimizer steps between two hand-overs of weights
    """

    def __init__(
        self,
        *args: Any,
        credit: RhythmCredit | None = None,
        sync_dir: str | Path | None = None,
        sync_every: int = 1,
        **kwargs: Any,
    ) -> None:
        if sync_every < 1:
            raise ValueError(f"sync_every: given {sync_every}, expected 1 or more")
        super().__init__(*args, **kwargs)
        self.credit = credit or RhythmCredit()
        self.sync_dir = None if sync_dir is None else Path(sync_dir).absolute()
        self.sync_every = sync_every
        if self.sync_dir is None and self.credit.strategy != "uniform":
            _log.warning("no sync_dir: the server measures all rollouts with the weights that it was started with")
        self.credit_failures = 0
        """Batches so far that were trained without credit because the server failed."""
        self._synced_step: int | None = None
        self._synced_version: int | None = None

    def _generate_and_score_completions(self, inputs: Any) -> dict[str, Any]:
        output: dict[str, Any] = super()._generate_and_score_completions(inputs)
        if not self.model.training or self.credit.strategy == "uniform":
            return output
        weights = self._measure(output)
        metrics = self._metrics["train"]
        metrics["time/credit_s"].append(weights.seconds)
        metrics["credit/failed"].append(float(weights.failure is not None))
        if weights.failure is not None:
            self.credit_failures += 1
        if weights.weights_version is not None:
            metrics["weights_version"].append(float(weights.weights_version))
        if weights.gamma is not None:
            gamma, counted = self._gamma(output, weights.gamma)
            output["advantages"] = output["advantages"].unsqueeze(1) * gamma
            for name, value in gamma_metrics(gather_object(gamma.tolist()), gather_object(counted.tolist())).items():
                metrics[name].append(value)
        return output

    def _measure(self, output: dict[str, Any]) -> Weights:
        """Token weights measured with the weights that the server should have."""
        for _ in range(2):
            failure = self._sync_weights()
            if failure is not None:
                return Weights(None, failure=failure)
            weights = self._weigh(output)
            if weights.gamma is None or self._synced_version in (None, weights.weights_version):
                return weights
            self._synced_step = None  # the server was restarted, or another client loaded weights: hand over again
        raise ServerFailed(
            f"{self.credit.url}: given weights version {weights.weights_version}, expected {self._synced_version}: "
            "another client loads weights too. Give each trainer its own server."
        )

    def _weigh(self, output: dict[str, Any]) -> Weights:
        """The weights of this process's responses, out of one request with the responses of all processes."""
        mine = _traces(output, self.temperature)
        rank = self.accelerator.process_index
        everyone: list[tuple[int, Trace]] = gather_object([(rank, trace) for trace in mine])

        def ask() -> Weights:
            traces = [
                Trace(t.prompt_ids, t.response_ids, t.temperature, t.advantage, str(i))
                for i, (_, t) in enumerate(everyone)
            ]
            return self.credit.weigh(traces, step=self.state.global_step)

        weights: Weights = self._on_main_process(ask)
        if weights.gamma is None:
            return weights
        gamma = [g for (owner, _), g in zip(everyone, weights.gamma, strict=True) if owner == rank]
        return Weights(gamma, weights.weights_version, weights.seconds)

    def _gamma(self, output: dict[str, Any], weights: list[list[float]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Gamma of shape (B, T), 1 for each token that the loss ignores, and the mask of the other tokens."""
        counted = _loss_mask(output)
        gamma = torch.ones_like(counted, dtype=output["advantages"].dtype)
        rows = counted.any(1).nonzero().flatten().tolist()
        for row, weight in zip(rows, weights, strict=True):
            gamma[row, : len(weight)] = gamma.new_tensor(weight)
        return torch.where(counted, gamma, torch.ones_like(gamma)), counted

    def _sync_weights(self) -> str | None:
        """Hands the policy's weights to the server if it is time. Returns the failure that ``on_error`` tolerates."""
        step: int = self.state.global_step
        if self.sync_dir is None or (self._synced_step is not None and step - self._synced_step < self.sync_every):
            return None
        began = time.perf_counter()
        model = self.accelerator.unwrap_model(self.model_wrapped)
        state = self.accelerator.get_state_dict(self.model_wrapped)  # a collective with ZeRO-3 and FSDP

        def hand_over() -> tuple[int | None, str | None]:
            assert self.sync_dir is not None
            written = self.sync_dir / f".writing-step-{step}"
            ready = self.sync_dir / f"step-{step}"
            shutil.rmtree(written, ignore_errors=True)
            shutil.rmtree(ready, ignore_errors=True)
            model.save_pretrained(written, state_dict=state)
            written.rename(ready)
            try:
                return self.credit.client.load_weights(ready), None
            except UpbeatError as error:
                return None, self.credit.tolerate(error)
            finally:
                shutil.rmtree(ready, ignore_errors=True)

        handed: tuple[int | None, str | None] = self._on_main_process(hand_over)
        version, failure = handed
        self._metrics["train"]["time/sync_s"].append(time.perf_counter() - began)
        if failure is None:
            self._synced_step, self._synced_version = step, version
        return failure

    def _on_main_process(self, work: Any) -> Any:
        """Runs ``work`` on the main process. All processes get its result, or raise its error."""
        result: list[Any] = [None, None]
        if self.accelerator.is_main_process:
            try:
                result[0] = work()
            except Exception as error:
                if self.accelerator.num_processes == 1:
                    raise
                result[1] = error
        if self.accelerator.num_processes > 1:
            broadcast_object_list(result)
        if result[1] is not None:
            raise result[1]
        return result[0]


def _loss_mask(output: dict[str, Any]) -> torch.Tensor:
    """Tokens of the completions that the loss counts, bool (B, T): no padding, no tool output, no masked response."""
    mask = output["completion_mask"]
    if "tool_mask" in output:
        mask = mask * output["tool_mask"]
    return mask.bool()


def _traces(output: dict[str, Any], temperature: float) -> list[Trace]:
    """The responses that the loss counts at least one token of, whole: tokens of tools are context of the others."""
    traces = []
    for row in _loss_mask(output).any(1).nonzero().flatten().tolist():
        prompt = output["prompt_ids"][row][output["prompt_mask"][row].bool()]
        response = output["completion_ids"][row][output["completion_mask"][row].bool()]
        advantage = float(output["advantages"][row])
        traces.append(Trace(prompt.tolist(), response.tolist(), temperature, advantage))
    return traces
