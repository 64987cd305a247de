"""Upbeat and transformers at the same work, in turn (A B, A B, ..) on one machine: prints one JSON object.

    python compare.py forward MODEL                    # against SDPA, log-probs and entropy on both sides
    python compare.py observe MODEL                    # against eager attention with hooks on the same layers
    python compare.py observe MODEL --peer output-attentions
    python compare.py decode  MODEL --batch 64         # against generate
    python compare.py step    DIR                      # one GRPO step against TRL

Each turn is a fresh process that warms up and reports the median of `--runs`. `ratio` is how many times faster Upbeat
is: the median over the pairs of peer seconds / Upbeat seconds (decode: Upbeat tokens/s over the peer's), so that a
machine that slows down half-way harms both alike.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIGURE = {"forward": "forward_s", "observe": "observe_s", "decode": "tokens_per_s", "step": "step_s"}
PEERS = {
    "forward": ["forward"], "observe": ["eager-hooks", "output-attentions"], "decode": ["generate"], "step": ["trl"],
}


def main() -> None:
    args = arguments()
    sides = {"upbeat": upbeat_command(args), "peer": peer_command(args)}
    turns: dict[str, list[dict]] = {"upbeat": [], "peer": []}
    for pair in range(1, args.pairs + 1):
        for side, command in sides.items():
            turns[side].append(run(command))
            print(f"pair {pair}/{args.pairs} {side}: {turns[side][-1][FIGURE[args.work]]}", file=sys.stderr)
    figures = {side: [turn[FIGURE[args.work]] for turn in turns[side]] for side in sides}
    ratios = [
        ours / theirs if args.work == "decode" else theirs / ours
        for ours, theirs in zip(figures["upbeat"], figures["peer"], strict=True)
    ]
    print(json.dumps({
        "work": args.work, "figure": FIGURE[args.work], "ratio": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
        **{side: {
            "command": sides[side], "median": statistics.median(figures[side]), "all": figures[side],
            "peak_rss_mb": statistics.median(turn["peak_rss_mb"] for turn in turns[side]), "first_turn": turns[side][0],
        } for side in sides},
        "machine": machine(),
    }, indent=2))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    works = parser.add_subparsers(dest="work", required=True)
    for work, peers in PEERS.items():
        sub = works.add_parser(work)
        sub.add_argument("model", help="a Hugging Face directory (not for step: or a .gguf file), for both sides")
        sub.add_argument("--peer", choices=peers, default=peers[0])
        sub.add_argument("--pairs", type=int, default=5)
        sub.add_argument("--runs", type=int, default=1, help="a turn")
        sub.add_argument("--dtype", choices=("bf16", "f32"), default="bf16")
        sub.add_argument("--threads", type=int, default=os.cpu_count())
        if work != "step":
            sub.add_argument("--convert-to", metavar="DIR", help="where the peer keeps a .gguf model as Hugging Face's")
        sub.add_argument("--upbeat", default=str(HERE.parent.parent / "upbeat"), help="the launcher")
        if work == "decode":
            sub.add_argument("--batch", type=int, default=1)
            sub.add_argument("--prompt-tokens", type=int, default=128)
            sub.add_argument("--new-tokens", type=int, default=64)
        elif work == "step":
            sub.add_argument("--prompts", type=int, default=4)
            sub.add_argument("--group", type=int, default=8, help="answers to each prompt")
            sub.add_argument("--prompt-tokens", type=int, default=100)
            sub.add_argument("--new-tokens", type=int, default=128)
            sub.add_argument("--credit", metavar="STRATEGY", help="Upbeat's alone; the peer has none")
            sub.add_argument("--weights", choices=("f32", "bf16"), default="f32", help="the peer's master weights")
            sub.add_argument("--micro-batch", type=int, default=16, help="the peer's answers a backward pass")
        else:
            sub.add_argument("--tokens", type=int, default=4096)
        if work == "observe":
            sub.add_argument("--layers", default="middle-third/5")
            sub.add_argument("--horizon", default="10:100")
            sub.add_argument("--elsewhere", choices=("eager", "sdpa"), default="eager",
                             help="the peer's attention in layers without a hook")
    return parser.parse_args()


def shared(args: argparse.Namespace) -> list[str]:
    """The options that both sides spell alike."""
    names = ["dtype", "threads", "runs"]
    names += {
        "forward": ["tokens"], "observe": ["tokens", "layers", "horizon"],
        "decode": ["batch", "prompt_tokens", "new_tokens"],
        "step": ["prompts", "group", "prompt_tokens", "new_tokens"],
    }[args.work]
    return [word for name in names for word in ("--" + name.replace("_", "-"), str(getattr(args, name)))]


def upbeat_command(args: argparse.Namespace) -> list[str]:
    own = ["--receivers", "off"] if args.work == "observe" else []  # the peer computes none either
    own += ["--credit", args.credit] if args.work == "step" and args.credit else []
    return [args.upbeat, "bench", args.work, args.model, *shared(args), *own]


def peer_command(args: argparse.Namespace) -> list[str]:
    if args.work == "step":
        own = ["--weights", args.weights, "--micro-batch", str(args.micro_batch)]
        return [sys.executable, str(HERE / "trl_bench.py"), args.model, *shared(args), *own]
    own = ["--convert-to", args.convert_to] if args.convert_to else []
    own += ["--elsewhere", args.elsewhere] if args.peer == "eager-hooks" else []
    return [sys.executable, str(HERE / "transformers_bench.py"), args.peer, args.model, *shared(args), *own]


def run(command: list[str]) -> dict:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def machine() -> dict:
    facts = {"system": platform.platform(), "cpus": os.cpu_count(), "python": platform.python_version()}
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = dict(line.split(":", 1) for line in cpuinfo.read_text().splitlines() if ":" in line)
        fields = {key.strip(): value.strip() for key, value in lines.items()}
        facts["cpu"] = fields.get("model name", platform.processor())
        facts["bf16"] = [flag for flag in fields.get("flags", "").split() if flag in ("avx512_bf16", "amx_bf16")]
    if hasattr(os, "getloadavg"):
        facts["load_1min"] = round(os.getloadavg()[0], 2)
    return facts


if __name__ == "__main__":
    main()
