"""Makes ../resources/lora-training/: gradients and ten AdamW steps of LoRA adapters by peft and torch, in float64, and what peft
computes with an adapter that Upbeat wrote.

    python make_lora_training_goldens.py            # writes all but written/, which LoraGoldenTest made
    python make_lora_training_goldens.py --check    # recomputes all from the stored files and compares; loads written/ with peft

Needs torch, transformers and peft (versions of the stored files: ../resources/lora-training/README.md).
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
from safetensors.torch import load_file

from make_learn_goldens import PROMPTS, RESPONSES, gradient, rounded, scores
from make_lora_fixtures import base, difference, log_probs
from parity_golden import load

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
OUT = RESOURCES / "lora-training"
TOLERANCE = 1e-5
STEPS, SAMPLES = 10, 24
OPTIMIZER = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.1, "clip": 1.0}
ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
# name: model of ../resources/parity, settings
CASES = {
    "all": ("llama", dict(r=4, lora_alpha=8, target_modules=ALL)),
    "some": ("qwen3", dict(r=3, lora_alpha=5, target_modules=["q_proj", "v_proj", "down_proj"], use_rslora=True)),
}


def rows(vocabulary: int) -> list[dict]:
    generator = torch.Generator().manual_seed(5)
    made = []
    for prompt_length, lengths in zip(PROMPTS, RESPONSES, strict=True):
        prompt = torch.randint(vocabulary, (prompt_length,), generator=generator).tolist()
        for length in lengths:
            response = torch.randint(vocabulary, (length,), generator=generator).tolist()
            made.append({"prompt_ids": prompt, "response_ids": response, "temperature": 1.0})
    return made


def loss_of(model, responses: list[dict]) -> torch.Tensor:
    """Mean negative log-likelihood of a response token."""
    tokens = sum(len(row["response_ids"]) for row in responses)
    return -sum(scores(model, row)[0].sum() for row in responses) / tokens


def adapted(name: str):
    model, settings = CASES[name]
    config = LoraConfig(task_type="CAUSAL_LM", lora_dropout=0.0, **settings)
    return get_peft_model(load(RESOURCES / "parity" / model, torch.float64), config).double()


def start(name: str) -> None:
    """Saves random A and B, on a grid of 16 bits so that f32 and f64 start alike."""
    model = adapted(name)
    generator = torch.Generator().manual_seed(len(name))
    with torch.no_grad():
        for weight, parameter in model.named_parameters():
            if parameter.requires_grad:
                wide = (0.7 if "lora_A" in weight else 0.3) / parameter.shape[1] ** 0.5
                parameter.copy_((wide * torch.randn(parameter.shape, generator=generator)).bfloat16())
    save(model.float(), name, "start")


def save(model, name: str, when: str) -> None:
    directory = OUT / name / when
    model.save_pretrained(directory)
    (directory / "README.md").unlink()
    path = directory / "adapter_config.json"
    stored = json.loads(path.read_text())
    stored["base_model_name_or_path"] = f"../../../parity/{CASES[name][0]}"
    stored["target_modules"].sort(key=ALL.index)
    path.write_text(json.dumps(stored, indent=1) + "\n")


def trained(name: str) -> tuple[dict, dict, PeftModel]:
    """Losses and first gradients; the weights after the last step, by their names in the file; the model with them."""
    model = PeftModel.from_pretrained(
        load(RESOURCES / "parity" / CASES[name][0], torch.float64), OUT / name / "start", is_trainable=True).double()
    parameters = {n.replace(".default", ""): p for n, p in model.named_parameters() if p.requires_grad}
    settings = OPTIMIZER
    optimizer = torch.optim.AdamW(
        parameters.values(), lr=settings["learning_rate"], betas=(settings["beta1"], settings["beta2"]),
        eps=settings["epsilon"], weight_decay=settings["weight_decay"])
    responses = rows(model.config.vocab_size)
    losses, gradients = [], {}
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = loss_of(model, responses)
        loss.backward()
        losses.append(loss.item())
        gradients = gradients or {n: gradient(p, SAMPLES) for n, p in sorted(parameters.items())}
        torch.nn.utils.clip_grad_norm_(parameters.values(), settings["clip"])
        optimizer.step()
    model_name, lora = CASES[name]
    case = {"model": model_name, "settings": lora, "samples": responses, "losses": losses, "gradients": gradients}
    return case, {n: p.detach().float() for n, p in parameters.items()}, model.float()


def written(ids: list[int]) -> list[float]:
    """Log-probs that peft computes with the adapter that Upbeat wrote, after peft has loaded it without a complaint."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = PeftModel.from_pretrained(base("llama"), OUT / "written").eval()
    stored = load_file(OUT / "written" / "adapter_model.safetensors")
    loaded = {n.replace(".default", ""): p for n, p in model.named_parameters() if "lora_" in n}
    if stored.keys() != loaded.keys() or not all(torch.equal(loaded[n], value) for n, value in stored.items()):
        raise SystemExit("written: peft loads other tensors than the file has")
    if difference(log_probs(base("llama"), ids), log_probs(model, ids)) < 0.05:
        raise SystemExit("written: the adapter has no effect")
    return log_probs(model.double(), ids)


def write_readme() -> None:
    (OUT / "README.md").write_text(f"""# LoRA training goldens

What peft and torch give in float64, made by `upbeat-core/src/test/python/make_lora_training_goldens.py`; do not edit by hand.

Generator: peft {peft.__version__}, transformers {transformers.__version__}, torch {torch.__version__.split('+')[0]}, Python
{sys.version.split()[0]}.

- `all/`, `some/`: adapters over models of `../parity` as peft saves them, `start` with random A and B, `end` after {STEPS} steps of AdamW
  on the mean negative log-likelihood of the responses. `golden.json` has the responses, the losses, and of each gradient before
  the first step the norm and every `step`-th value. Tolerance for float32: {TOLERANCE} (gradients: of the norm).
- `written/`: an adapter over `../lora/llama` that `LoraGoldenTest` writes byte for byte as it is stored. If the format changes on purpose,
  copy `upbeat-core/target/lora-written` here and run the script. `golden.json` has the log-probs of peft, which loads the files
  without a warning; tolerance {TOLERANCE}.
""")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare the stored values with recomputed ones")
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    check = parser.parse_args().check
    ids = json.loads((RESOURCES / "lora" / "golden.json").read_text())["ids"]
    golden = {"optimizer": OPTIMIZER, "steps": STEPS, "cases": {}}
    for name in CASES:
        if not check:
            shutil.rmtree(OUT / name, ignore_errors=True)
            start(name)
        golden["cases"][name], end, model = trained(name)
        if check:
            stored = load_file(OUT / name / "end" / "adapter_model.safetensors")
            off = max((stored[n] - value).abs().max().item() for n, value in end.items())
            if off > TOLERANCE or stored.keys() != end.keys():
                raise SystemExit(f"{name}: recomputed weights differ by {off}")
        else:
            save(model, name, "end")
    golden["written"] = written(ids)
    if check:
        stored = json.loads((OUT / "golden.json").read_text())
        if difference(stored["written"], golden["written"]) > TOLERANCE:
            raise SystemExit("written: recomputed log-probs differ from the stored ones")
        for name, case in golden["cases"].items():
            if difference(stored["cases"][name]["losses"], case["losses"]) > TOLERANCE:
                raise SystemExit(f"{name}: recomputed losses differ from the stored ones")
        print(f"{len(golden['cases'])} trainings and the written adapter: as stored")
        return
    (OUT / "golden.json").write_text(json.dumps(rounded(golden), separators=(",", ":"), allow_nan=False) + "\n")
    write_readme()


if __name__ == "__main__":
    main()
