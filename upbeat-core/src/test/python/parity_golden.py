"""What a stored model computes: logits, rhythm and greedy ids, by transformers' own code raised to float64."""

from pathlib import Path

import numpy as np
import torch
import transformers
from transformers import PreTrainedModel
from torch.overrides import TorchFunctionMode

import rhythm_reference as rhythm

LAYER_SPECS = ("all", "middle-third/5")
HORIZONS = {"1:end": (1, rhythm.END), "10:100": (10, 100)}
ALIGNMENTS = ("token", "predictor")
RHO, RECEIVER_SHARE, WINDOW = 0.3, 0.1, 10
GREEDY_NEW_TOKENS = 40

TOLERANCES = {
    "logits": 3e-4, "log_prob": 3e-4, "entropy_nats": 2e-4, "waad": 1e-4, "fai": 3e-6, "receiver_fai": 3e-6,
    "span_tokens": 1e-4,  # relative
}


class Float64(TorchFunctionMode):
    """transformers raises norms, softmax and rotary angles to float32 whatever the model's dtype: here to float64."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        def wide(value):
            return torch.float64 if value is torch.float32 else value

        if function is torch.Tensor.float:
            function = torch.Tensor.double
        return function(*map(wide, args), **{key: wide(value) for key, value in (kwargs or {}).items()})


def load(directory: Path, dtype: torch.dtype) -> PreTrainedModel:
    """The stored weights, raised to `dtype`."""
    model = transformers.AutoModelForCausalLM.from_pretrained(directory, attn_implementation="eager", dtype="auto")
    return model.to(dtype).eval()


@torch.no_grad()
def forward(model: PreTrainedModel, ids: list[int]) -> tuple[torch.Tensor, np.ndarray]:
    """Logits [N, V] and attention maps [L, H, N, N], in the model's dtype."""
    def run():
        return model(torch.tensor([ids]), output_attentions=True, use_cache=False)

    if model.dtype == torch.float64:
        with Float64():
            out = run()
    else:
        out = run()
    return out.logits[0], torch.cat(out.attentions).double().numpy()


def golden(model: PreTrainedModel, traces: list[dict], greedy: list[dict]) -> dict:
    """Everything that a fixture states about these traces, at full precision."""
    seen, rows = [], []
    for trace in traces:
        ids = trace["prompt_ids"] + trace["response_ids"]
        logits, maps = forward(model, ids)
        prompt = len(trace["prompt_ids"])
        seen.append(rhythm.Traced(prompt, maps))
        log_p = torch.log_softmax(logits[prompt - 1 : -1].double() / trace["temperature"], dim=-1)
        rows.append(trace | {
            "logits": logits[trace["logits_from"] :].tolist(),
            "log_prob": log_p.gather(1, torch.tensor(ids[prompt:])[:, None])[:, 0].tolist(),
            "entropy_nats": (-(log_p.exp() * log_p).sum(-1)).tolist(),
        })
    ids = [trace["id"] for trace in traces]
    every_layer = range(seen[0].maps.shape[0])
    scores = {name: rhythm.receiver_scores(seen, every_layer, gap=lo) for name, (lo, _) in HORIZONS.items()}
    return {
        "traces": rows,
        "rhythms": [
            rhythm_of(seen, ids, layers, alignment, horizon, scores[horizon])
            for layers in LAYER_SPECS for alignment in ALIGNMENTS for horizon in HORIZONS
        ],
        "greedy": greedy,
    }


def rhythm_of(
    seen: list[rhythm.Traced], ids: list[str], spec: str, alignment: str, horizon: str, scores: dict[rhythm.Head, float]
) -> dict:
    spans = rhythm.span_tokens(seen, alignment)
    layers = rhythm.layers_of(spec, spans.shape[0])
    local, far = rhythm.local_and_global(spans, layers, RHO)
    candidates = {head: score for head, score in scores.items() if head[0] in layers}
    receivers = rhythm.receivers(candidates, len(layers) * spans.shape[1], RECEIVER_SHARE)
    return {
        "layers_spec": spec, "layers": layers, "alignment": alignment, "horizon": horizon,
        "rho": RHO, "receiver_share": RECEIVER_SHARE, "window": WINDOW,
        "span_tokens": {str(layer): spans[layer].tolist() for layer in layers},
        "receiver_scores": {str(layer): [scores.get((layer, head)) for head in range(spans.shape[1])]
                            for layer in layers},
        "local": local, "global": far, "receiver": receivers,
        "traces": [
            {
                "id": name,
                "waad": rhythm.waad(trace, local, WINDOW, alignment),
                "fai": rhythm.fai(trace, far, HORIZONS[horizon]),
                "receiver_fai": rhythm.fai(trace, receivers, HORIZONS[horizon]),
            }
            for name, trace in zip(ids, seen, strict=True)
        ],
    }


@torch.no_grad()
def continuations(model: PreTrainedModel, prompts: list[list[int]]) -> list[list[int]]:
    """Greedy ids after each prompt, one at a time, stop ids ignored."""
    return [generate(model, torch.tensor([prompt]), torch.ones(1, len(prompt), dtype=torch.long))[0]
            for prompt in prompts]


@torch.no_grad()
def batch_continuations(model: PreTrainedModel, prompts: list[list[int]]) -> list[list[int]]:
    """The same in one left-padded batch."""
    width = max(map(len, prompts))
    ids = torch.tensor([[0] * (width - len(prompt)) + prompt for prompt in prompts])
    mask = torch.tensor([[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts])
    return generate(model, ids, mask)


def generate(model: PreTrainedModel, ids: torch.Tensor, mask: torch.Tensor) -> list[list[int]]:
    settings = transformers.GenerationConfig(do_sample=False, max_new_tokens=GREEDY_NEW_TOKENS, pad_token_id=0)
    model.generation_config.eos_token_id = None  # else it fills what `settings` leaves open
    return model.generate(ids, attention_mask=mask, generation_config=settings)[:, ids.shape[1] :].tolist()


def differences(expected: dict, actual: dict) -> dict[str, float]:
    """Largest difference of each quantity (spans: relative); infinite where ids, groups or undefined places differ."""
    largest = dict.fromkeys(TOLERANCES, 0.0)

    def note(key: str, left: list, right: list, relative: bool = False) -> None:
        a, b = np.array(left, dtype=float), np.array(right, dtype=float)
        if a.shape != b.shape or (np.isnan(a) != np.isnan(b)).any():
            largest[key] = np.inf
        elif (~np.isnan(a)).any():
            largest[key] = max(largest[key], float(np.nanmax(np.abs(a - b) / (np.abs(a) if relative else 1.0))))

    for left, right in zip(expected["traces"], actual["traces"], strict=True):
        for key in ("logits", "log_prob", "entropy_nats"):
            note(key, left[key], right[key])
    for left, right in zip(expected["rhythms"], actual["rhythms"], strict=True):
        note("span_tokens", list(left["span_tokens"].values()), list(right["span_tokens"].values()), relative=True)
        if any(list(map(list, left[key])) != list(map(list, right[key])) for key in ("local", "global", "receiver")):
            largest["span_tokens"] = np.inf
        for a, b in zip(left["traces"], right["traces"], strict=True):
            for key in ("waad", "fai", "receiver_fai"):
                note(key, a[key], b[key])
    return largest


def require_within_tolerance(name: str, found: dict[str, float]) -> None:
    too_far = {key: value for key, value in found.items() if not value <= TOLERANCES[key]}
    if too_far:
        raise SystemExit(f"{name}: differs by {too_far}; tolerances {TOLERANCES}")
