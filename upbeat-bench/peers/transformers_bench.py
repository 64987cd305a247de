"""What Hugging Face transformers needs for the work that `upbeat bench` times: prints one JSON object.

    python transformers_bench.py forward MODEL --tokens 4096            # SDPA, log-probs and entropy
    python transformers_bench.py eager-hooks MODEL --tokens 4096        # + rhythm of five layers from their maps
    python transformers_bench.py output-attentions MODEL --tokens 4096  # the same by output_attentions=True
    python transformers_bench.py generate MODEL --batch 64              # new tokens a second, prefill included

MODEL is a Hugging Face directory or a .gguf file (with `--convert-to DIR`: converted once, then read from DIR).
Random ids, fixed lengths, stop ids ignored; the first token is the prompt, the rest the response. Seconds are medians
of `--runs`, after a warm-up on 128 tokens; peak_rss_mb is the whole process's, loading included.
"""

import argparse
import copy
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from math import floor
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel

DTYPES = {"bf16": torch.bfloat16, "f32": torch.float32}
WINDOW = 10  # of WAAD, tokens
CHUNK = 256  # rows of logits at a time


def main() -> None:
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    with torch.inference_mode():
        figures = globals()[args.mode.replace("-", "_")](args)
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB on Linux, bytes on macOS
    print(json.dumps({
        "peer": f"transformers {transformers.__version__}, torch {torch.__version__}", "mode": args.mode,
        "dtype": args.dtype, "threads": args.threads, "runs": args.runs, **figures,
        "peak_rss_mb": round(rss / (1024 if sys.platform == "linux" else 1024**2)),
    }))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(dest="mode", required=True)
    for mode in ("forward", "eager-hooks", "output-attentions", "generate"):
        sub = modes.add_parser(mode)
        sub.add_argument("model", type=Path)
        sub.add_argument("--dtype", choices=DTYPES, default="bf16")
        sub.add_argument("--threads", type=int, default=os.cpu_count())
        sub.add_argument("--runs", type=int, default=5)
        sub.add_argument("--seed", type=int, default=0)
        sub.add_argument("--convert-to", type=Path, metavar="DIR", help="where a .gguf model is kept as Hugging Face's")
        if mode == "generate":
            sub.add_argument("--batch", type=int, default=1)
            sub.add_argument("--prompt-tokens", type=int, default=128)
            sub.add_argument("--new-tokens", type=int, default=64)
            sub.add_argument("--sample", action="store_true", help="at temperature 1; default: greedy")
            continue
        sub.add_argument("--tokens", type=int, default=4096)
        sub.add_argument("--no-entropy", dest="entropy", action="store_false", help="log-probs alone")
        if mode == "forward":
            sub.add_argument("--whole-logits", action="store_true", help="one [tokens, vocabulary] array, not chunks")
        else:
            sub.add_argument("--layers", default="middle-third/5", help="RANGE[/K] or 3,5,7")
            sub.add_argument("--horizon", default="10:100", help="of FAI, LO:HI or LO:end")
            sub.add_argument("--rho", type=float, default=0.3, help="share of heads a group")
        if mode == "eager-hooks":
            sub.add_argument("--elsewhere", choices=("eager", "sdpa"), default="eager",
                             help="attention of the layers without a hook: eager is what one setting gives; sdpa needs "
                             "a mask and a configuration of their own for the hooked layers")
    return parser.parse_args()


def forward(args: argparse.Namespace) -> dict:
    model = load(args, "sdpa")

    def run(ids: torch.Tensor) -> None:
        if args.whole_logits:
            log_probs_and_entropy(model(ids, use_cache=False).logits[0, :-1], ids[0, 1:], args.entropy)
        else:
            token_statistics(model, model.model(ids, use_cache=False).last_hidden_state, ids, args.entropy)

    return {"tokens": args.tokens, "forward_s": timed(args, model, run)}


def eager_hooks(args: argparse.Namespace) -> dict:
    model = load(args, args.elsewhere)
    layers = layers_of(args.layers, model.config.num_hidden_layers)
    if args.elsewhere == "sdpa" and getattr(model.config, "sliding_window", None):
        raise SystemExit(f"{args.model}: has a sliding window, whose mask --elsewhere sdpa does not make; use eager")
    seen: dict[int, dict[str, torch.Tensor]] = {}
    for layer in layers:
        attention = model.model.layers[layer].self_attn
        if args.elsewhere == "sdpa":
            attention.config = copy.copy(model.config)
            attention.config._attn_implementation = "eager"
            attention.register_forward_pre_hook(with_causal_mask, with_kwargs=True)
        attention.register_forward_hook(
            lambda _module, _inputs, output, layer=layer: seen.update({layer: rhythm_of_heads(output[1], args.horizon)})
        )

    def run(ids: torch.Tensor) -> None:
        hidden = model.model(ids, use_cache=False).last_hidden_state
        token_statistics(model, hidden, ids, args.entropy)
        group_means(seen, args.rho)

    return {"tokens": args.tokens, "layers": layers, "elsewhere": args.elsewhere, "observe_s": timed(args, model, run)}


def output_attentions(args: argparse.Namespace) -> dict:
    model = load(args, "eager")
    layers = layers_of(args.layers, model.config.num_hidden_layers)

    def run(ids: torch.Tensor) -> None:
        out = model.model(ids, use_cache=False, output_attentions=True)
        token_statistics(model, out.last_hidden_state, ids, args.entropy)
        group_means({layer: rhythm_of_heads(out.attentions[layer], args.horizon) for layer in layers}, args.rho)

    return {"tokens": args.tokens, "layers": layers, "observe_s": timed(args, model, run)}


def generate(args: argparse.Namespace) -> dict:
    model = load(args, "sdpa")
    model.generation_config.eos_token_id = None

    def run(new_tokens: int) -> float:
        ids = torch.randint(model.config.vocab_size, (args.batch, args.prompt_tokens))
        choice = {"do_sample": True, "temperature": 1.0, "top_k": 0} if args.sample else {"do_sample": False}
        start = time.perf_counter()
        out = model.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=new_tokens, pad_token_id=0, **choice
        )
        seconds = time.perf_counter() - start
        if out.shape != (args.batch, args.prompt_tokens + new_tokens):
            raise SystemExit(f"generated {tuple(out.shape)}, expected {args.batch} x {args.prompt_tokens + new_tokens}")
        return seconds

    run(2)
    seconds = statistics.median(run(args.new_tokens) for _ in range(args.runs))
    return {
        "batch": args.batch, "prompt_tokens": args.prompt_tokens, "new_tokens": args.new_tokens,
        "tokens_per_s": round(args.batch * args.new_tokens / seconds, 2),
    }


def timed(args: argparse.Namespace, model: PreTrainedModel, run: Callable[[torch.Tensor], None]) -> float:
    """Median seconds of `run` on random ids."""
    def once(tokens: int) -> float:
        ids = torch.randint(model.config.vocab_size, (1, tokens))
        start = time.perf_counter()
        run(ids)
        return time.perf_counter() - start

    once(min(128, args.tokens))
    return round(statistics.median(once(args.tokens) for _ in range(args.runs)), 4)


def token_statistics(model: PreTrainedModel, hidden: torch.Tensor, ids: torch.Tensor, entropy: bool) -> None:
    """Log-probs and entropies of tokens 1 .. N-1 from the last hidden states [1, N, E], a chunk of rows at a time."""
    for rows, targets in zip(hidden[0, :-1].split(CHUNK), ids[0, 1:].split(CHUNK), strict=True):
        log_probs_and_entropy(model.lm_head(rows), targets, entropy)


def log_probs_and_entropy(
    logits: torch.Tensor, targets: torch.Tensor, entropy: bool
) -> tuple[torch.Tensor, torch.Tensor | None]:
    log_p = torch.log_softmax(logits.float(), dim=-1)
    return log_p.gather(1, targets[:, None])[:, 0], -(log_p.exp() * log_p).sum(-1) if entropy else None


def rhythm_of_heads(maps: torch.Tensor, horizon: str) -> dict[str, torch.Tensor]:
    """Span [H], WAAD and FAI sums [H, N] of each head of a layer from its attention maps [1, H, N, N]."""
    lo, _, hi = horizon.partition(":")
    n = maps.shape[-1]
    positions = torch.arange(n, dtype=torch.float32)
    later = positions[:, None] - positions  # t - s
    in_horizon = ((later >= int(lo)) & (later <= (n if hi == "end" else int(hi)))).float()
    near = later.clamp(0, WINDOW)
    spans, waad, fai = [], [], []
    for weights in maps[0].unbind():
        weights = weights.float()
        spans.append((positions - weights @ positions)[1:].mean())
        waad.append((weights * near).sum(1))
        fai.append((weights * in_horizon)[1:].sum(0) / in_horizon[1:].sum(0))
    return {"span": torch.stack(spans), "waad": torch.stack(waad), "fai": torch.stack(fai)}


def group_means(seen: dict[int, dict[str, torch.Tensor]], rho: float) -> tuple[torch.Tensor, torch.Tensor]:
    """WAAD of the local heads' mean map and FAI of the global heads', by linearity from the heads' own."""
    every = {key: torch.cat([layer[key] for layer in seen.values()]) for key in ("span", "waad", "fai")}
    order = every["span"].argsort()
    size = -floor(-(rho * len(order) - 1e-9))
    return every["waad"][order[:size]].mean(0), every["fai"][order[-size:]].mean(0)


def with_causal_mask(_module: torch.nn.Module, args: tuple, kwargs: dict) -> tuple[tuple, dict]:
    """The mask that SDPA leaves to its `is_causal` flag and eager attention needs."""
    hidden = kwargs["hidden_states"]
    n = hidden.shape[1]
    mask = torch.full((n, n), torch.finfo(hidden.dtype).min, dtype=hidden.dtype).triu(1)
    return args, kwargs | {"attention_mask": mask[None, None]}


def layers_of(spec: str, layers: int) -> list[int]:
    """`RANGE[/K]` with RANGE all, bottom-third, middle-third or top-third, or a list of layers."""
    if spec[0].isdigit():
        return [int(layer) for layer in spec.split(",")]
    name, _, count = spec.partition("/")
    low, high = layers // 3, 2 * layers // 3
    ranges = {
        "all": (0, layers - 1), "bottom-third": (0, low - 1), "middle-third": (low, high),
        "top-third": (high, layers - 1),
    }
    if name not in ranges:
        raise SystemExit(f"--layers {spec}: expected one of {', '.join(ranges)}, each with /K or without, or 3,5,7")
    first, last = ranges[name]
    if not count:
        return list(range(first, last + 1))
    step = Fraction(last - first, max(int(count) - 1, 1))
    return sorted({floor(first + i * step + Fraction(1, 2)) for i in range(int(count))})


def load(args: argparse.Namespace, attention: str) -> PreTrainedModel:
    source, options = args.model, {}
    if not source.exists():
        raise SystemExit(f"{source}: no such file; MODEL is a Hugging Face directory or a .gguf file")
    if source.suffix == ".gguf":
        if args.convert_to is None:
            source, options = source.parent, {"gguf_file": source.name}
        else:
            convert(source, args.convert_to)
            source = args.convert_to
    return AutoModelForCausalLM.from_pretrained(
        source, dtype=DTYPES[args.dtype], attn_implementation=attention, local_files_only=True, **options
    ).eval()


def convert(gguf: Path, directory: Path) -> None:
    """The GGUF file's model in bfloat16 and its tokenizer as a Hugging Face directory, unless it is there already."""
    if directory.exists():
        return
    read = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)
    config = copy.deepcopy(read.config)
    del config.quantization_config  # a model that carries it refuses to be saved
    model = AutoModelForCausalLM.from_config(config)
    model.load_state_dict(read.state_dict())
    partial = directory.with_name(directory.name + ".partial")
    AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name).save_pretrained(partial)
    model.to(torch.bfloat16).save_pretrained(partial)
    partial.rename(directory)


if __name__ == "__main__":
    main()
