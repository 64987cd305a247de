"""Makes ../resources/rope/golden.json: what transformers computes with yarn and dynamic rotary scaling, in both spellings
of config.json, of sequences below, at and beyond the original context of 40 tokens.

    python rope_golden.py     # with torch 2.10.0 and transformers 5.24.0; a minute

The weights are those of ../resources/parity/qwen3; each variant replaces its rotary settings. `log_prob` and
`gradient_norm` (of the gradient of a response's summed log-prob with respect to each response token's embedding) are
computed in float64 with the float32 frequencies that transformers holds; `greedy` are ids of `generate` in float32, each
prompt alone, with a margin of at least 1e-3 at every step. Each sequence starts from a new rotary embedding, for
transformers keeps the frequencies of the longest sequence seen. Tolerance of the test: 2e-5 for log-probs (float32 rounds
by 1e-5), 1e-4 relative for gradient norms, identical greedy ids.
"""

import json
import tempfile
from pathlib import Path

import torch
import transformers

from parity_golden import Float64
from make_parity_fixtures import PARITY, rounded

TARGET = PARITY.parent / "rope" / "golden.json"
YARN = {"factor": 4.0, "original_max_position_embeddings": 40}
# name -> config.json's keys; a null removes one
VARIANTS = {
    "yarn": {"rope_parameters": {"rope_type": "yarn", "rope_theta": 1000.0, **YARN}},
    "yarn by rope_scaling and type": {
        "rope_parameters": None, "rope_theta": 1000.0, "rope_scaling": {"type": "yarn", **YARN}, "max_position_embeddings": 160},
    "yarn with betas": {"rope_parameters": {
        "rope_type": "yarn", "rope_theta": 1000.0, "beta_fast": 6, "beta_slow": 0.4, **YARN}},
    "yarn with an attention factor": {"rope_parameters": {
        "rope_type": "yarn", "rope_theta": 1000.0, "attention_factor": 1.3, **YARN}},
    "yarn with mscale": {"rope_parameters": {
        "rope_type": "yarn", "rope_theta": 1000.0, "mscale": 0.7, "mscale_all_dim": 1.4, **YARN}},
    "yarn without truncation": {"rope_parameters": {
        "rope_type": "yarn", "rope_theta": 1000.0, "truncate": False, **YARN}},
    "yarn without an original context": {
        "max_position_embeddings": 40, "rope_parameters": None, "rope_theta": 1000.0,
        "rope_scaling": {"rope_type": "yarn", "factor": 4.0}},
    "yarn with the original context at the top": {
        "original_max_position_embeddings": 40, "rope_parameters": {"rope_type": "yarn", "rope_theta": 1000.0, "factor": 4.0}},
    "dynamic": {
        "max_position_embeddings": 40, "rope_parameters": {"rope_type": "dynamic", "rope_theta": 1000.0, "factor": 4.0}},
    "dynamic by rope_scaling and type": {
        "max_position_embeddings": 40, "rope_parameters": None, "rope_theta": 1000.0,
        "rope_scaling": {"type": "dynamic", "factor": 2.5}},
}
# id, prompt (equal numbers: the same prompt, cut), response: whole lengths around 40
TRACES = (
    ("short", 1, 4, 7), ("below", 2, 10, 29), ("at", 3, 11, 29), ("one beyond", 4, 12, 29), ("far beyond", 5, 20, 70),
    ("shared, below", 6, 24, 9), ("shared, at", 6, 24, 16), ("shared, beyond", 6, 24, 40), ("shared, as long", 6, 24, 40),
    ("shared, longer", 6, 24, 61),
)
GREEDY_PROMPTS, NEW_TOKENS, MARGIN = (4, 25, 39, 40, 41, 55), 20, 1e-3


def load(variant: dict) -> transformers.PreTrainedModel:
    config = json.loads((PARITY / "qwen3" / "config.json").read_text())
    for key, value in variant.items():
        config.pop(key, None)
        if value is not None:
            config[key] = value
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "config.json").write_text(json.dumps(config))
        (Path(directory) / "model.safetensors").symlink_to(PARITY / "qwen3" / "model.safetensors")
        return transformers.AutoModelForCausalLM.from_pretrained(
            directory, attn_implementation="eager", dtype=torch.float32).eval()


def renew(model: transformers.PreTrainedModel, length: int | None = None) -> None:
    """A new rotary embedding, and its float32 frequencies of a sequence of this length."""
    model.model.rotary_emb = type(model.model.rotary_emb)(model.config)
    if length is not None:
        model.model.rotary_emb(torch.zeros(1), torch.arange(length)[None])


def seen(model: transformers.PreTrainedModel, prompt: list[int], response: list[int]) -> dict:
    renew(model, len(prompt) + len(response))
    ids = torch.tensor([prompt + response])
    embedded = model.model.embed_tokens(ids).detach().requires_grad_()
    with Float64():
        logits = model(inputs_embeds=embedded, use_cache=False).logits[0]
    log_p = logits[len(prompt) - 1 : -1].log_softmax(-1).gather(1, ids[0, len(prompt) :, None])[:, 0]
    log_p.sum().backward()
    return {"log_prob": log_p.tolist(), "gradient_norm": embedded.grad[0, len(prompt) :].norm(dim=1).tolist()}


@torch.no_grad()
def greedy(model: transformers.PreTrainedModel, prompt: list[int]) -> list[int] | None:
    """Null where a choice is close."""
    renew(model)
    model.generation_config.eos_token_id = None
    settings = transformers.GenerationConfig(
        do_sample=False, max_new_tokens=NEW_TOKENS, pad_token_id=0, return_dict_in_generate=True, output_logits=True)
    out = model.generate(
        torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt), dtype=torch.long), generation_config=settings)
    top = torch.cat(out.logits).topk(2).values
    return out.sequences[0, len(prompt) :].tolist() if (top[:, 0] - top[:, 1]).min() > MARGIN else None


def main() -> None:
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    generator = torch.Generator().manual_seed(20261130)
    draw = lambda count: torch.randint(160, (count,), generator=generator).tolist()  # noqa: E731
    prompts = {}
    traces = [{"id": name, "prompt_ids": prompts.setdefault(number, draw(prompt)), "response_ids": draw(response)}
              for name, number, prompt, response in TRACES]
    variants = []
    for name, variant in VARIANTS.items():
        model = load(variant)
        continued = []
        for length in GREEDY_PROMPTS:
            new = None
            while new is None:
                prompt = draw(length)
                new = greedy(model, prompt)
            continued.append({"prompt_ids": prompt, "new_ids": new})
        model.to(torch.float64)
        rows = [{"id": trace["id"], **seen(model, trace["prompt_ids"], trace["response_ids"])} for trace in traces]
        variants.append({"name": name, "config": variant, "traces": rows, "greedy": continued})
        print(name)
    stated = {"generator": "upbeat-core/src/test/python/rope_golden.py", "transformers": transformers.__version__,
              "torch": torch.__version__.split("+")[0], "traces": traces, "variants": variants}
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(rounded(stated), separators=(",", ":"), allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
