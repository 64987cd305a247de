"""Makes ../resources/learn/: what PyTorch's autograd and AdamW give, in float64, for the parity fixtures' tiny models.

    python make_learn_goldens.py            # writes policy-gradients.json, value-gradients.json, adamw.json and README.md
    python make_learn_goldens.py --check    # recomputes and compares

Needs torch and transformers 5. The loss is written out as in docs/method.md, section 7, one response at a time, without padding.
"""

import argparse
import json
import math
from pathlib import Path

import torch
import transformers

from parity_golden import Float64, load

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
OUT = RESOURCES / "learn"
SEQ, TOKEN, SUM = "SEQ_MEAN_TOKEN_MEAN", "TOKEN_MEAN", "SEQ_MEAN_TOKEN_SUM_NORM"
# model, average, clip low, clip high, KL factor, entropy factor, whether a response is masked
CASES = (
    ("qwen3", SEQ, 0.2, 0.2, 0.0, 0.0, False),
    ("qwen3", TOKEN, 0.2, 0.28, 0.0, 0.0, True),
    ("qwen3", SUM, 0.2, 0.2, 0.0, 0.0, False),
    ("llama", SEQ, 0.2, 0.2, 0.05, 0.01, True),
    ("llama-linear", TOKEN, 0.2, 0.2, 0.0, 0.0, False),
    ("llama-one-kv-head", SEQ, 0.2, 0.2, 0.0, 0.0, False),
    ("qwen2", SEQ, 0.2, 0.28, 0.0, 0.0, False),
    ("qwen2-sliding", SEQ, 0.2, 0.2, 0.0, 0.0, False),
    ("mistral", SUM, 0.2, 0.2, 0.0, 0.0, False),
)
MAX_NEW_TOKENS = 64
PROMPTS = (5, 9)
RESPONSES = ((12, 31, 1), (40, 7, 18))  # lengths of the responses to each prompt
SHIFTS = (-0.6, -0.1, 0.0, 0.1, 0.5)  # log ratios: outside the clip on both sides, and inside
SAMPLES = 48  # stored values of each gradient
# model, layers of the critic's backbone, whether the embedding is trained
VALUE_CASES = (("qwen3", 1, False), ("llama", 2, True), ("qwen2-sliding", 2, False), ("mistral", 1, False))
VALUE_SAMPLES = 8


def samples(model, vocabulary: int, generator: torch.Generator, kl: bool, masked: bool) -> list[dict]:
    rows = []
    for prompt_length, lengths in zip(PROMPTS, RESPONSES, strict=True):
        prompt = torch.randint(vocabulary, (prompt_length,), generator=generator).tolist()
        for length in lengths:
            response = torch.randint(vocabulary, (length,), generator=generator).tolist()
            row = {
                "prompt_ids": prompt, "response_ids": response, "temperature": 0.7 if length == 18 else 1.0,
                "advantage": round(torch.randn((), generator=generator).item(), 3),
                "gamma": [(1.0, 1.5, 0.75)[i] for i in torch.randint(3, (length,), generator=generator).tolist()],
                "masked": masked and length == 7,
            }
            with torch.no_grad():
                log_p, _ = scores(model, row)

            def moved(spread: float) -> list[float]:
                shift = torch.tensor(SHIFTS)[torch.randint(len(SHIFTS), (length,), generator=generator)]
                noise = 0.02 * torch.randn(length, generator=generator)
                return [float(f"{value:.7g}") for value in (log_p - spread * (shift + noise)).tolist()]

            row["old_log_probs"] = moved(1.0)
            row["reference_log_probs"] = moved(0.7) if kl else None
            rows.append(row)
    return rows


def scores(model, row: dict) -> tuple[torch.Tensor, torch.Tensor]:
    """Log-probs and entropies of a response, [T]."""
    ids = row["prompt_ids"] + row["response_ids"]
    with Float64():
        logits = model(torch.tensor([ids]), use_cache=False).logits[0]
    log_p = torch.log_softmax(logits[len(row["prompt_ids"]) - 1 : -1] / row["temperature"], dim=-1)
    chosen = log_p.gather(1, torch.tensor(row["response_ids"])[:, None])[:, 0]
    return chosen, -(log_p.exp() * log_p).sum(-1)


def policy_loss(model, rows: list[dict], average: str, low: float, high: float, kl: float, entropy: float):
    tokens = sum(len(row["response_ids"]) for row in rows if not row["masked"])
    total, clipped = torch.zeros((), dtype=torch.float64), 0
    for row in rows:
        if row["masked"]:
            continue
        log_p, entropies = scores(model, row)
        length = len(log_p)
        ratio = (log_p - torch.tensor(row["old_log_probs"], dtype=torch.float64)).exp()
        advantage = torch.tensor(row["gamma"], dtype=torch.float64) * row["advantage"]
        bounded = ratio.clamp(1 - low, 1 + high) * advantage
        clipped += int((bounded < ratio * advantage).sum())
        each = -torch.minimum(ratio * advantage, bounded) - entropy * entropies
        if kl:
            behind = torch.tensor(row["reference_log_probs"], dtype=torch.float64) - log_p
            each = each + kl * (behind.exp() - behind - 1)
        count = {SEQ: len(rows) * length, TOKEN: tokens, SUM: len(rows) * MAX_NEW_TOKENS}[average]
        total = total + each.sum() / count
    return total, clipped


def case(name: str, average: str, low: float, high: float, kl: float, entropy: float, masked: bool) -> dict:
    generator = torch.Generator().manual_seed(len(name) + 17 * len(average))
    model = load(RESOURCES / "parity" / name, torch.float64)
    rows = samples(model, model.config.vocab_size, generator, kl > 0, masked)
    loss, clipped = policy_loss(model, rows, average, low, high, kl, entropy)
    if not clipped:
        raise SystemExit(f"{name}: no token is clipped")
    loss.backward()
    gradients = {weight: gradient(parameter, SAMPLES) for weight, parameter in sorted(model.named_parameters())}
    return {
        "model": name, "average": average, "clip": [low, high], "kl": kl, "entropy": entropy,
        "max_new_tokens": MAX_NEW_TOKENS, "samples": rows, "clipped_tokens": clipped, "loss": loss.item(),
        "gradients": gradients, "input_gradient_norms": input_gradient_norms(model, rows[1]),
    }


def value_case(name: str, layers: int, embedding: bool) -> dict:
    """A critic: the first layers, the last norm and a linear head. Loss: mean over all tokens of (value - return)^2."""
    generator = torch.Generator().manual_seed(layers + len(name))
    model = load(RESOURCES / "parity" / name, torch.float64).model
    model.layers = model.layers[:layers]
    model.config.num_hidden_layers = layers
    head = torch.nn.Parameter(torch.randn(model.config.hidden_size, generator=generator).double().mul(100).round() / 100)
    rows, total, tokens = [], torch.zeros((), dtype=torch.float64), sum(sum(lengths) for lengths in RESPONSES)
    for prompt_length, lengths in zip(PROMPTS, RESPONSES, strict=True):
        prompt = torch.randint(model.config.vocab_size, (prompt_length,), generator=generator).tolist()
        for length in lengths:
            response = torch.randint(model.config.vocab_size, (length,), generator=generator).tolist()
            target = round(torch.rand((), generator=generator).item(), 3)
            with Float64():
                states = model(torch.tensor([prompt + response]), use_cache=False).last_hidden_state[0]
            values = states[prompt_length - 1 : -1] @ head  # of the states in which the response tokens are drawn
            total = total + ((values - target) ** 2).sum() / tokens
            rows.append({"prompt_ids": prompt, "response_ids": response, "return": target, "values": values.tolist()})
    total.backward()
    trained = dict(model.named_parameters())
    if not embedding:
        del trained["embed_tokens.weight"]
    gradients = {f"model.{weight}": gradient(parameter, VALUE_SAMPLES) for weight, parameter in sorted(trained.items())}
    return {
        "model": name, "layers": layers, "embedding": embedding, "head": head.tolist(), "samples": rows,
        "loss": total.item(), "gradients": gradients | {"lm_head.weight": gradient(head, VALUE_SAMPLES)},
    }


def gradient(parameter, samples: int) -> dict:
    flat = parameter.grad.flatten()
    step = max(1, len(flat) // samples)
    return {"norm": flat.norm().item(), "step": step, "values": flat[::step].tolist()}


def input_gradient_norms(model, row: dict) -> list[float]:
    """Norm of the gradient of the response's log-likelihood by each response token's input embedding."""
    seen = {}
    hook = model.get_input_embeddings().register_forward_hook(
        lambda module, given, out: (out.retain_grad(), seen.update(out=out))[1])
    scores(model, row)[0].sum().backward()
    hook.remove()
    return seen["out"].grad[0].norm(dim=-1)[len(row["prompt_ids"]) :].tolist()


def adamw() -> dict:
    """20 steps on w_i = cos(i) with gradients sin(i + 1.3 k) (1 + i mod 3) / 10; vectors do not decay."""
    settings = {"beta1": 0.9, "beta2": 0.98, "epsilon": 1e-8, "weight_decay": 0.1}
    rates = [0.01 * (1 + math.cos(math.pi * k / 20)) / 2 for k in range(20)]
    index = torch.arange(32, dtype=torch.float64)
    matrix, vector = (torch.nn.Parameter(index.cos()) for _ in range(2))
    optimizer = torch.optim.AdamW(
        [{"params": [matrix]}, {"params": [vector], "weight_decay": 0.0}], lr=1.0,
        betas=(settings["beta1"], settings["beta2"]), eps=settings["epsilon"], weight_decay=settings["weight_decay"])
    for k, rate in enumerate(rates):
        for group in optimizer.param_groups:
            group["lr"] = rate
        for parameter in (matrix, vector):
            parameter.grad = (index + 1.3 * k).sin() * (1 + index % 3) / 10
        optimizer.step()
    return settings | {"learning_rates": rates, "matrix": matrix.tolist(), "vector": vector.tolist()}


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.10g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value


README = f"""# Learning goldens

What PyTorch gives in float64 for the tiny models of `../parity`, made by
`upbeat-core/src/test/python/make_learn_goldens.py`; do not edit by hand.

Generator: torch {torch.__version__.split("+")[0]}, transformers {transformers.__version__}.

- `policy-gradients.json`: the GRPO loss with token credit on {sum(map(len, RESPONSES))} responses to {len(PROMPTS)} prompts, some tokens clipped on
  either side: its value, and of the gradient by each weight the norm and every `step`-th value. Tolerance for float32:
  1e-5 of the stored values' norm. `input_gradient_norms`: of the second sample's log-likelihood.
- `value-gradients.json`: critics, the first layers of a model with a value head: values of such responses, the mean over
  all tokens of (value - return)^2, and its gradients, stored as above. Tolerance for float32: 1e-5.
- `adamw.json`: 20 steps of `torch.optim.AdamW`, learning rates given. Tolerance 1e-5.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare the stored values with recomputed ones")
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    made = {
        "policy-gradients.json": [case(*each) for each in CASES],
        "value-gradients.json": [value_case(*each) for each in VALUE_CASES],
        "adamw.json": adamw(),
    }
    if parser.parse_args().check:
        for name, value in made.items():
            if json.loads((OUT / name).read_text()) != json.loads(json.dumps(rounded(value))):
                raise SystemExit(f"{name}: recomputed values differ from the stored ones")
            print(f"{name}: as stored")
        return
    OUT.mkdir(exist_ok=True)
    for name, value in made.items():
        (OUT / name).write_text(json.dumps(rounded(value), separators=(",", ":"), allow_nan=False) + "\n")
    (OUT / "README.md").write_text(README)


if __name__ == "__main__":
    main()
