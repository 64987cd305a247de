"""The tiny random models of the parity fixtures: one case for each thing that a decoder must get right."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import (
    AutoModelForCausalLM, LlamaConfig, MistralConfig, PreTrainedConfig, PreTrainedModel, Qwen2Config, Qwen3Config,
)


@dataclass(frozen=True)
class Case:
    name: str
    shows: str
    seed: int
    config: PreTrainedConfig
    dtype: torch.dtype = torch.float32
    shard_size: str = "5GB"
    classic: Callable[[dict], dict] | None = None  # completes config.json as transformers 4 spelled it

    @property
    def vocabulary(self) -> int:
        return self.config.vocab_size

    def save(self, directory: Path, generator: torch.Generator) -> None:
        """A random model of this shape, as transformers saves it."""
        model = AutoModelForCausalLM.from_config(self.config)
        randomise(model, generator)
        model.to(self.dtype).save_pretrained(directory, max_shard_size=self.shard_size)

    def classic_config(self, saved: dict) -> dict:
        """The saved config.json with `rope_theta` + `rope_scaling` at the top level and `torch_dtype`."""
        old = {key: value for key, value in saved.items() if key not in ("rope_parameters", "dtype", "layer_types")}
        old["torch_dtype"] = saved["dtype"]
        old["transformers_version"] = "4.45.0"
        rope = dict(saved["rope_parameters"])
        old["rope_theta"] = rope.pop("rope_theta")
        old["rope_scaling"] = None if rope["rope_type"] == "default" else rope
        return self.classic(old)


def randomise(model: PreTrainedModel, generator: torch.Generator) -> None:
    """Random weights whose attention is far from uniform and whose heads look back over different distances.

    All embeddings share a direction u. Through it every query and key gets a part that is the same for all tokens;
    rotated, the two agree best at a distance that each head draws for itself, from 0 to about 120 tokens.
    """
    config, rotary = model.config, model.model.rotary_emb
    pairs = rotary.inv_freq.numel()

    def normal(like: torch.Tensor, std: float) -> torch.Tensor:
        return torch.randn(like.shape, generator=generator) * std

    with torch.no_grad():
        u = torch.nn.functional.normalize(torch.randn(config.hidden_size, generator=generator), dim=0)
        for name, weight in sorted(model.named_parameters()):
            scale = weight.shape[-1] ** -0.5
            if "q_norm" in name or "k_norm" in name:
                weight.copy_(1.5 + normal(weight, 0.2))
            elif name == "model.norm.weight":
                weight.copy_(normal(weight, 1.0))  # either sign: a tied head would else repeat the last token
            elif name.endswith("norm.weight"):
                weight.copy_(1 + normal(weight, 0.2))
            elif name.endswith(".bias"):
                weight.copy_(normal(weight, 0.2))
            elif "embed_tokens" in name:
                weight.copy_(normal(weight, 0.4) + 0.5 * u / scale)
            elif "k_proj" in name:
                weight.copy_(normal(weight, 1.2 * scale))
                weight.view(-1, 2, pairs, len(u))[:, 0] += 4.0 * scale * u
            elif "q_proj" in name:
                weight.copy_(normal(weight, 1.2 * scale))
                distance = 2 ** (7 * torch.rand(config.num_attention_heads, 1, generator=generator)) - 1
                angle = (distance * rotary.inv_freq)[..., None]
                weight.view(-1, 2, pairs, len(u))[:, 0] += 4.0 * scale * angle.cos() * u
                weight.view(-1, 2, pairs, len(u))[:, 1] -= 4.0 * scale * angle.sin() * u
            elif "lm_head" in name:
                weight.copy_(normal(weight, 2.0 * scale))
            else:
                weight.copy_(normal(weight, scale))


def shape(**changes) -> dict:
    """Small, with every width different from the others, so that no mix-up of two goes unseen."""
    base = dict(
        vocab_size=160, hidden_size=32, intermediate_size=56, num_hidden_layers=4, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=512, rms_norm_eps=1e-5, tie_word_embeddings=False,
        bos_token_id=0, eos_token_id=1, pad_token_id=None,
    )
    return base | changes


def rope(theta: float, **scaling) -> dict:
    return {"rope_type": "default", "rope_theta": theta} | scaling


LLAMA3 = rope(10000.0, rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=64)

CASES = (
    Case("llama", "llama3 rotary scaling, tied embeddings, two stop ids", 1000,
         LlamaConfig(**shape(hidden_size=48, tie_word_embeddings=True, eos_token_id=[1, 7], rope_parameters=LLAMA3)),
         classic=lambda old: {key: value for key, value in old.items() if key != "head_dim"}),
    Case("llama-linear", "linear rotary scaling, attention and MLP biases, head size apart from hidden size / heads",
         2000,
         LlamaConfig(**shape(head_dim=12, attention_bias=True, mlp_bias=True,
                             rope_parameters=rope(10000.0, rope_type="linear", factor=4.0))),
         classic=lambda old: old | {"rope_scaling": {"type": "linear", "factor": 4.0}}),
    Case("llama-one-kv-head", "four query heads on one key/value head, three layers", 3000,
         LlamaConfig(**shape(num_key_value_heads=1, num_hidden_layers=3, rope_parameters=rope(500000.0)))),
    Case("llama-sharded", "several shards and their index", 4000,
         LlamaConfig(**shape(rope_parameters=rope(10000.0))), shard_size="40KB"),
    Case("qwen2", "biases on q, k and v alone, tied embeddings", 5000,
         Qwen2Config(**shape(vocab_size=224, tie_word_embeddings=True, rms_norm_eps=1e-6,
                             rope_parameters=rope(1000000.0))),
         classic=lambda old: old | {"use_sliding_window": False, "sliding_window": 8, "max_window_layers": 2}),
    Case("qwen2-sliding", "a sliding window of 24 from layer 2 on", 6000,
         Qwen2Config(**shape(use_sliding_window=True, sliding_window=24, max_window_layers=2, rms_norm_eps=1e-6,
                             rope_parameters=rope(1000000.0))),
         classic=lambda old: old),
    Case("qwen3", "q and k normalised, head size 24, grouped queries", 7000,
         Qwen3Config(**shape(head_dim=24, rms_norm_eps=1e-6, rope_parameters=rope(1000000.0)))),
    Case("qwen3-bf16", "stored in BF16, tied embeddings, five layers", 8000,
         Qwen3Config(**shape(head_dim=16, num_hidden_layers=5, tie_word_embeddings=True, rms_norm_eps=1e-6,
                             rope_parameters=rope(1000000.0))),
         dtype=torch.bfloat16),
    Case("mistral", "a sliding window of 16 in every layer, four query heads a key/value head, five layers", 9000,
         MistralConfig(**shape(num_attention_heads=8, num_hidden_layers=5, intermediate_size=40, sliding_window=16,
                               rope_parameters=rope(10000.0)))),
    Case("mistral-f16", "stored in F16, no sliding window", 10000,
         MistralConfig(**shape(head_dim=16, sliding_window=None, rope_parameters=rope(1000000.0))),
         dtype=torch.float16),
)
