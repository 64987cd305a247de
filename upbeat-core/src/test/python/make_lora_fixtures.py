"""Makes the LoRA fixtures: two tiny random models, adapters over them as peft saves them, and what peft computes with them.

    python make_lora_fixtures.py            # writes ../resources/lora/
    python make_lora_fixtures.py --check    # recomputes every golden value from the stored files and compares

Needs torch, transformers and peft (versions of the stored files: ../resources/lora/README.md). Log-probs are those of the model
with its adapter not merged, in float64; peft's float32 and its merged model must agree.
"""

import argparse
import json
import shutil
import sys
import warnings
from pathlib import Path

import peft
import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

from parity_golden import Float64

LORA = Path(__file__).resolve().parent.parent / "resources" / "lora"
TOLERANCE = 1e-5  # of a log-prob in float32
EFFECT = 0.05  # least change of some log-prob by each adapter
PROMPT, RESPONSE, VOCABULARY = 5, 20, 32
SHAPE = dict(vocab_size=VOCABULARY, hidden_size=16, intermediate_size=24, num_hidden_layers=3, num_attention_heads=4,
             num_key_value_heads=2, max_position_embeddings=64, dtype="float32")
MODELS = {
    "llama": lambda: LlamaForCausalLM(LlamaConfig(**SHAPE, attention_bias=True, mlp_bias=True)),
    "qwen2-tied": lambda: Qwen2ForCausalLM(Qwen2Config(**SHAPE, tie_word_embeddings=True)),
}
MLP = ["gate_proj", "up_proj", "down_proj"]
QV = ["q_proj", "v_proj"]
# name: base, settings of the adapter
CASES = {
    "list": ("llama", dict(target_modules=QV)),
    "regex": ("llama", dict(target_modules=r"model\.layers\.[01]\.(self_attn\.[qk]_proj|mlp\.(?!up).*_proj)")),
    "full-paths": ("llama", dict(target_modules=["model.layers.0.self_attn.o_proj", "model.layers.2.mlp.gate_proj"])),
    "all-linear": ("llama", dict(target_modules="all-linear")),
    "exclude-list": ("llama", dict(target_modules=MLP + QV, exclude_modules=["layers.1.mlp.up_proj", "q_proj"])),
    "exclude-regex": ("llama", dict(target_modules=MLP, exclude_modules=r".*\.2\.mlp.*")),
    "patterns": ("llama", dict(
        target_modules=MLP + QV,
        rank_pattern={"down_proj": 3, "layers.1.self_attn.q_proj": 1, "^model.layers.0.mlp.up_proj": 5},
        alpha_pattern={"layers.[02].mlp.down_proj": 2, "down_proj": 12, "v_proj": 1})),
    "rslora": ("llama", dict(target_modules=QV, r=4, use_rslora=True, rank_pattern={"v_proj": 2})),
    "layers": ("llama", dict(target_modules=QV, layers_to_transform=[0, 2])),
    "one-layer": ("llama", dict(target_modules=MLP, layers_to_transform=1, layers_pattern="layers")),
    "saved": ("llama", dict(target_modules=QV, modules_to_save=["lm_head", "embed_tokens"])),
    "saved-norm": ("llama", dict(target_modules=QV, modules_to_save=["norm"])),
    "saved-mlp": ("llama", dict(target_modules="all-linear", modules_to_save=["layers.1.mlp"])),
    "bias-all": ("llama", dict(target_modules=QV, bias="all")),
    "bias-lora-only": ("llama", dict(target_modules=QV + ["down_proj"], bias="lora_only")),
    "dora": ("llama", dict(target_modules=QV + MLP, use_dora=True, bias="lora_only")),
    "embedding": ("llama", dict(target_modules=QV + ["embed_tokens"])),
    "embedding-and-head": ("llama", dict(target_modules=QV + ["embed_tokens", "lm_head"], use_rslora=True)),
    "fan-in-fan-out": ("llama", dict(target_modules=QV, fan_in_fan_out=True)),
    "tied": ("qwen2-tied", dict(target_modules=QV, bias="all")),
    "tied-embedding": ("qwen2-tied", dict(target_modules=QV + ["embed_tokens"])),
    "tied-head": ("qwen2-tied", dict(target_modules=QV + ["lm_head"])),
    "tied-both": ("qwen2-tied", dict(target_modules=["embed_tokens", "lm_head"])),
    "tied-saved-embedding": ("qwen2-tied", dict(target_modules=QV, modules_to_save=["embed_tokens"])),
    "tied-saved-head": ("qwen2-tied", dict(target_modules=QV, modules_to_save=["lm_head"])),
    "tied-saved-both": ("qwen2-tied", dict(target_modules=QV, modules_to_save=["lm_head", "embed_tokens"])),
    "kept-tie": ("qwen2-tied", dict(target_modules=QV + ["embed_tokens"], ensure_weight_tying=True)),
    "kept-tie-saved": ("qwen2-tied", dict(target_modules=QV, modules_to_save=["embed_tokens"], ensure_weight_tying=True)),
}


@torch.no_grad()
def randomize(model: torch.nn.Module, names) -> None:
    """Values wide enough that every tensor matters, on a grid of 16 bits so that the files compress."""
    for name, parameter in model.named_parameters():
        if names(name):
            wide = 0.7 / parameter.shape[-1] ** 0.5 if parameter.dim() == 2 else 0.2
            centre = 1.0 if "norm" in name else 0.0
            parameter.copy_((centre + wide * torch.randn_like(parameter)).bfloat16())


@torch.no_grad()
def log_probs(model: torch.nn.Module, ids: list[int]) -> list[float]:
    if model.dtype == torch.float64:
        with Float64():
            logits = model(torch.tensor([ids])).logits[0, PROMPT - 1 : -1]
    else:
        logits = model(torch.tensor([ids])).logits[0, PROMPT - 1 : -1].double()
    return torch.log_softmax(logits, -1)[range(RESPONSE), ids[PROMPT:]].tolist()


def base(name: str):
    return AutoModelForCausalLM.from_pretrained(LORA / name, dtype=torch.float32, attn_implementation="eager").eval()


def difference(one: list[float], other: list[float]) -> float:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def make(name: str, ids: list[int]) -> dict:
    model, settings = CASES[name]
    config = LoraConfig(**{"task_type": "CAUSAL_LM", "r": 2, "lora_alpha": 6, "lora_dropout": 0.1} | settings)
    adapted = get_peft_model(base(model), config)
    trained = {n for n, parameter in adapted.named_parameters() if parameter.requires_grad}
    randomize(adapted, lambda n: n in trained)
    directory = LORA / name
    adapted.save_pretrained(directory)
    (directory / "README.md").unlink()
    path = directory / "adapter_config.json"
    stored = json.loads(path.read_text())
    stored["base_model_name_or_path"] = f"../{model}"
    if settings["target_modules"] == "all-linear":
        stored["target_modules"] = "all-linear"  # peft writes the modules that it found
    for key in ("target_modules", "exclude_modules"):
        if isinstance(stored[key], list):
            stored[key].sort()
    path.write_text(json.dumps(stored, indent=1) + "\n")
    return {"base": model, "log_prob": computed(name, model, ids)}


def computed(name: str, model: str, ids: list[int]) -> list[float]:
    def adapted():
        return PeftModel.from_pretrained(base(model), LORA / name).eval()

    exact = log_probs(adapted().double(), ids)
    single = difference(exact, log_probs(adapted(), ids))
    merged = difference(exact, log_probs(adapted().double().merge_and_unload(), ids))
    effect = difference(exact, log_probs(base(model), ids))
    print(f"{name}: float32 {single:.1e}, merged {merged:.1e}, adapter {effect:.2f}")
    # peft merges an update of the embedding into the tied head too, which the trained model did not have.
    merges = not name.startswith(("tied-embedding", "tied-head", "tied-both", "kept-tie"))
    if single > TOLERANCE or (merges and merged > 1e-9) or effect < EFFECT:
        raise SystemExit(f"{name}: not within the tolerances")
    return exact


def write_readme() -> None:
    (LORA / "README.md").write_text(f"""# LoRA fixtures

Two tiny random models and adapters over them as peft saves them. Made by `upbeat-core/src/test/python/make_lora_fixtures.py`,
which lists the settings of each adapter; do not edit by hand.

Generator: peft {peft.__version__}, transformers {transformers.__version__}, torch {torch.__version__.split('+')[0]}, Python
{sys.version.split()[0]}. `golden.json`: `ids` of one sequence, whose first {PROMPT} are the prompt, and by adapter its base and
the log-prob of each later token, by peft in float64 with the adapter not merged. The merged model agrees to 1e-9, except where an
adapter of a tied embedding or head is merged into both. Tolerance of float32: {TOLERANCE}, which peft's own float32 keeps. Every adapter changes some log-prob by at least {EFFECT}.
""")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare the stored values with recomputed ones")
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    warnings.filterwarnings("ignore")
    if parser.parse_args().check:
        stored = json.loads((LORA / "golden.json").read_text())
        for name, case in stored["cases"].items():
            found = difference(case["log_prob"], computed(name, case["base"], stored["ids"]))
            if found > TOLERANCE:
                raise SystemExit(f"{name}: recomputed values differ by {found}")
        print(f"{len(stored['cases'])} adapters: as stored")
        return
    shutil.rmtree(LORA, ignore_errors=True)
    torch.manual_seed(0)
    ids = torch.randint(VOCABULARY, (PROMPT + RESPONSE,)).tolist()
    for name, new in MODELS.items():
        model = new()
        randomize(model, lambda _: True)
        model.save_pretrained(LORA / name)
        (LORA / name / "generation_config.json").unlink()
    golden = {"ids": ids, "prompt": PROMPT, "cases": {name: make(name, ids) for name in CASES}}
    (LORA / "golden.json").write_text(json.dumps(golden) + "\n")
    write_readme()


if __name__ == "__main__":
    main()
