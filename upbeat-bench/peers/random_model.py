"""Writes a model with random bf16 weights in shards, of the shape of a published model, to measure memory and time without it.

    python random_model.py qwen3-4b DIR

Needs torch and safetensors. Matrices are normal with deviation 0.02, norms are 1; no tokenizer, so `upbeat bench` can use it.
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

SHAPES = {
    "qwen3-4b": dict(
        architectures=["Qwen3ForCausalLM"], model_type="qwen3", hidden_size=2560, num_hidden_layers=36,
        num_attention_heads=32, num_key_value_heads=8, head_dim=128, intermediate_size=9728, vocab_size=151936,
        max_position_embeddings=40960, rope_theta=1000000.0, rms_norm_eps=1e-6, tie_word_embeddings=True,
        hidden_act="silu", attention_bias=False, dtype="bfloat16", eos_token_id=151645),
}
LAYERS_A_SHARD = 6


def layer(config: dict, number: int) -> dict[str, torch.Tensor]:
    hidden, mlp, size = config["hidden_size"], config["intermediate_size"], config["head_dim"]
    queries, keys = config["num_attention_heads"] * size, config["num_key_value_heads"] * size
    matrices = {
        "self_attn.q_proj": (queries, hidden), "self_attn.k_proj": (keys, hidden), "self_attn.v_proj": (keys, hidden),
        "self_attn.o_proj": (hidden, queries), "mlp.gate_proj": (mlp, hidden), "mlp.up_proj": (mlp, hidden),
        "mlp.down_proj": (hidden, mlp)}
    norms = {"input_layernorm": hidden, "post_attention_layernorm": hidden, "self_attn.q_norm": size,
             "self_attn.k_norm": size}
    weights = {name: random(shape) for name, shape in matrices.items()}
    weights |= {name: torch.ones(count, dtype=torch.bfloat16) for name, count in norms.items()}
    return {f"model.layers.{number}.{name}.weight": weight for name, weight in weights.items()}


def random(shape: tuple[int, int]) -> torch.Tensor:
    return torch.empty(shape, dtype=torch.bfloat16).normal_(0, 0.02)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shape", choices=sorted(SHAPES))
    parser.add_argument("directory", type=Path)
    arguments = parser.parse_args()
    config, directory = SHAPES[arguments.shape], arguments.directory
    torch.manual_seed(0)
    directory.mkdir(parents=True)
    (directory / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    layers = range(config["num_hidden_layers"])
    parts = [layers[start : start + LAYERS_A_SHARD] for start in range(0, len(layers), LAYERS_A_SHARD)]
    index = {}
    for number, part in enumerate([None, *parts], 1):
        if part is None:
            hidden = config["hidden_size"]
            tensors = {"model.embed_tokens.weight": random((config["vocab_size"], hidden)),
                       "model.norm.weight": torch.ones(hidden, dtype=torch.bfloat16)}
        else:
            tensors = {name: weight for i in part for name, weight in layer(config, i).items()}
        file = f"model-{number:05d}-of-{len(parts) + 1:05d}.safetensors"
        save_file(tensors, directory / file, metadata={"format": "pt"})
        index |= dict.fromkeys(tensors, file)
    (directory / "model.safetensors.index.json").write_text(json.dumps({"weight_map": index}) + "\n")


if __name__ == "__main__":
    main()
