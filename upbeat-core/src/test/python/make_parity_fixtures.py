"""Makes the parity fixtures: tiny random models as transformers saves them, and what they compute, in float64.

    python make_parity_fixtures.py            # writes ../resources/parity/<case>/ and its README.md
    python make_parity_fixtures.py --check    # recomputes every golden.json from the stored weights and compares

Needs torch and transformers 5 (versions of the stored files: ../resources/parity/README.md). Random numbers come from
the case's own seed; the first seed that leaves no close call (`close_groups`, `close_choices`) is taken and recorded.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import safetensors
import torch
import transformers
from transformers import PreTrainedModel

from parity_cases import CASES, Case
from parity_golden import (
    batch_continuations, continuations, differences, forward, golden, load, require_within_tolerance,
)

PARITY = Path(__file__).resolve().parent.parent / "resources" / "parity"
# id, P, T, temperature, logits of that many last positions (None: all)
TRACES = (
    ("plain", 5, 12, 1.0, 2),
    ("one-prompt-token", 1, 20, 1.0, 2),
    ("one-response-token", 7, 1, 1.0, None),
    ("shorter-than-ten", 4, 6, 1.0, 2),
    ("cooled", 9, 33, 0.7, 2),
    ("long", 24, 156, 1.0, 2),
)
GREEDY_PROMPT_LENGTHS = (1, 6, 17)
MARGIN = 1e-3  # of logits; of spans and receiver scores relative


def close_groups(rhythms: list[dict]) -> list[str]:
    """Group boundaries that float32 rounding could turn."""
    calls = []
    for entry in rhythms:
        name = f"{entry['layers_spec']} {entry['alignment']} {entry['horizon']}"
        spans = sorted(span for layer in entry["span_tokens"].values() for span in layer)
        size = len(entry["local"])
        for low, high in ((spans[size - 1], spans[size]), (spans[-size - 1], spans[-size])):
            if high - low < MARGIN * high:
                calls.append(f"{name}: spans {low} and {high} at a group boundary")
        if spans[-1] < 1.2 * spans[0]:
            calls.append(f"{name}: all spans alike, {spans[0]} to {spans[-1]}")
        scores = sorted((score for layer in entry["receiver_scores"].values() for score in layer), reverse=True)
        inside, outside = scores[len(entry["receiver"]) - 1 : len(entry["receiver"]) + 1]
        if inside - outside < MARGIN * max(1, abs(inside)):
            calls.append(f"{name}: receiver scores {inside} and {outside} at the group's boundary")
    return calls


def close_choices(single: PreTrainedModel, exact: PreTrainedModel, greedy: list[dict]) -> list[str]:
    """Greedy choices that rounding or padding could turn, and continuations that show little."""
    calls = []
    for row in greedy:
        logits, _ = forward(exact, row["prompt_ids"] + row["new_ids"])
        top = logits[len(row["prompt_ids"]) - 1 : -1].topk(2)
        if top.indices[:, 0].tolist() != row["new_ids"]:
            calls.append("float32 and float64 choose differently")
        if (top.values[:, 0] - top.values[:, 1]).min() < MARGIN:
            calls.append(f"two logits within {MARGIN}")
        if len(set(row["new_ids"])) < 6:
            calls.append("a greedy continuation soon loops")
    if batch_continuations(single, [row["prompt_ids"] for row in greedy]) != [row["new_ids"] for row in greedy]:
        calls.append("a padded batch continues otherwise than each prompt alone")
    return calls


def rounded(value):
    """Floats to 10 significant digits: far below every tolerance, and half the size."""
    if isinstance(value, float):
        return float(f"{value:.10g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list | tuple) else value


def random_ids(count: int, vocabulary: int, generator: torch.Generator) -> list[int]:
    return torch.randint(vocabulary, (count,), generator=generator).tolist()


def make(case: Case, directory: Path) -> dict[str, float]:
    """Writes one case; returns how far transformers' own float32 is from the golden values."""
    for seed in range(case.seed, case.seed + 1000):
        generator = torch.Generator().manual_seed(seed)
        shutil.rmtree(directory, ignore_errors=True)
        case.save(directory, generator)
        traces = []
        for name, prompt, response, temperature, last in TRACES:
            ids = random_ids(prompt + response, case.vocabulary, generator)
            traces.append({
                "id": name, "prompt_ids": ids[:prompt], "response_ids": ids[prompt:], "temperature": temperature,
                "logits_from": 0 if last is None else prompt + response - last,
            })
        prompts = [random_ids(length, case.vocabulary, generator) for length in GREEDY_PROMPT_LENGTHS]
        single, exact = load(directory, torch.float32), load(directory, torch.float64)
        greedy = [{"prompt_ids": prompt, "new_ids": new}
                  for prompt, new in zip(prompts, continuations(single, prompts), strict=True)]
        calls = close_choices(single, exact, greedy)
        if not calls:
            stated = golden(exact, traces, greedy)
            calls = close_groups(stated["rhythms"])
        if not calls:
            break
        print(f"{case.name}: seed {seed} passed over: {calls[0]}", file=sys.stderr)
    else:
        raise SystemExit(f"{case.name}: no seed of 1000 leaves clear decisions")
    found = differences(stated, golden(single, traces, greedy))
    require_within_tolerance(case.name, found)
    text = json.dumps(rounded({"case": case.name, "seed": seed, **stated}), separators=(",", ":"), allow_nan=False)
    (directory / "golden.json").write_text(text + "\n")
    return found


def make_classic(case: Case, source: Path, directory: Path) -> None:
    """A copy of the case whose config.json is written as transformers 4 did; it must load to the same model."""
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(source, directory)
    config = case.classic_config(json.loads((source / "config.json").read_text()))
    (directory / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    ids = random_ids(64, case.vocabulary, torch.Generator().manual_seed(0))
    for new, old in zip(forward(load(source, torch.float64), ids), forward(load(directory, torch.float64), ids)):
        if not np.array_equal(np.asarray(new), np.asarray(old)):
            raise SystemExit(f"{directory.name}: transformers loads another model from the classic spelling")


def check() -> None:
    directories = sorted(path.parent for path in PARITY.glob("*/golden.json"))
    if not directories:
        raise SystemExit(f"{PARITY}: no case found; run without --check first")
    for directory in directories:
        stated = json.loads((directory / "golden.json").read_text())
        inputs = [{key: trace[key] for key in ("id", "prompt_ids", "response_ids", "temperature", "logits_from")}
                  for trace in stated["traces"]]
        model = load(directory, torch.float64)
        found = differences(stated, golden(model, inputs, stated["greedy"]))
        again = continuations(load(directory, torch.float32), [row["prompt_ids"] for row in stated["greedy"]])
        if again != [row["new_ids"] for row in stated["greedy"]]:
            raise SystemExit(f"{directory.name}: greedy ids differ")
        if max(found.values()) > 1e-8:
            raise SystemExit(f"{directory.name}: recomputed values differ by {found}")
        print(f"{directory.name}: as stored")


def write_readme(deviations: dict[str, dict[str, float]], shows: dict[str, str]) -> None:
    lines = [
        "# Parity fixtures",
        "",
        "Tiny random models as transformers saves them, each with a `golden.json` of what it computes. Made by",
        "`upbeat-core/src/test/python/make_parity_fixtures.py`; do not edit by hand.",
        "",
        f"Generator: transformers {transformers.__version__}, torch {torch.__version__.split('+')[0]}, "
        f"safetensors {safetensors.__version__}, numpy {np.__version__}, Python {sys.version.split()[0]}.",
        "Values: eager attention in float64 throughout (norms, softmax and rotary angles too) from the weights as",
        "stored; the rotary frequencies are the float32 ones that transformers holds. Rounded to 10 significant digits.",
        "Greedy ids: `generate` in float32, each prompt alone, equal to those of one left-padded batch, and to the",
        "float64 arg maxima with a margin of at least 1e-3 at every step; stop ids are ignored.",
        "Head groups have clear boundaries: spans and receiver scores differ there by more than 1e-3 relative.",
        "",
        "| quantity | tolerance for float32 |",
        "|---|---|",
        "| logits, log-prob | 3e-4 |",
        "| entropy | 2e-4 nats |",
        "| WAAD | 1e-4 tokens |",
        "| FAI, receiver FAI | 3e-6 |",
        "| spans | 1e-4 relative |",
        "| head groups, greedy ids, where values are undefined (`null`) | identical |",
        "",
        "How far transformers' own float32 run is from the golden values:",
        "",
        "| case | shows | logits | log-prob | entropy | WAAD | FAI | receiver FAI | spans |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    columns = ("logits", "log_prob", "entropy_nats", "waad", "fai", "receiver_fai", "span_tokens")
    for name in sorted(deviations):
        figures = " | ".join(f"{deviations[name][key]:.0e}" for key in columns)
        lines.append(f"| `{name}` | {shows[name]} | {figures} |")
    lines += [
        "",
        "A case `X-classic` holds the model of `X` with its `config.json` in the spelling of transformers 4",
        "(`rope_theta` + `rope_scaling` at the top level, `torch_dtype`, no `layer_types`); transformers loads both to",
        "the same logits.",
        "",
        "`golden.json`: `traces` (ids, `logits` of the rows from `logits_from` on, and over the response `log_prob` and",
        "`entropy_nats`, taken at row t-1 from logits divided by `temperature`), `rhythms` (one for each of layers",
        "`all` and `middle-third/5`, alignment `token` and `predictor`, horizon `1:end` and `10:100`: spans, head groups",
        "as `[layer, head]`, and per trace `waad`, `fai`, `receiver_fai`), `greedy`. Definitions: the head of",
        "`upbeat-core/src/test/python/rhythm_reference.py`.",
    ]
    (PARITY / "README.md").write_text("\n".join(lines) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare the stored values with recomputed ones")
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    if parser.parse_args().check:
        check()
        return
    deviations, shows = {}, {}
    for case in CASES:
        directory, partial = PARITY / case.name, PARITY / (case.name + ".partial")
        deviations[case.name], shows[case.name] = make(case, partial), case.shows
        shutil.rmtree(directory, ignore_errors=True)
        partial.rename(directory)
        if case.classic:
            classic = directory.with_name(case.name + "-classic")
            make_classic(case, directory, classic)
            deviations[classic.name] = deviations[case.name]
            shows[classic.name] = f"`{case.name}`, classic spelling"
        print(case.name)
    write_readme(deviations, shows)


if __name__ == "__main__":
    main()
