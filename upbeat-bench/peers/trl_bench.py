"""What one GRPO step takes in Hugging Face's TRL, for the work that `upbeat bench step` times: prints one JSON object.

    python trl_bench.py MODEL                                  # 4 prompts x 8 x 128 new tokens
    python trl_bench.py --make-tiny DIR                        # a random 2.46 M model, then:
    python trl_bench.py DIR --prompts 32 --new-tokens 96

MODEL is a Hugging Face directory. Random ids, fixed lengths (stop ids cannot be drawn), one optimiser step a batch, no
reference model. Generation is transformers' own. Seconds are medians of `--runs` steps after `--warm-up`; peak_rss_mb
is the whole process's, loading included.
"""

import argparse
import contextlib
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch
import transformers
import trl
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    AutoModelForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    TrainerCallback,
)
from trl import GRPOConfig, GRPOTrainer

DTYPES = {"bf16": torch.bfloat16, "f32": torch.float32}


def main() -> None:
    args = arguments()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    if args.make_tiny:
        make_tiny(args.make_tiny)
        return
    torch.set_num_threads(args.threads)
    clock, new_tokens = Clock(), []
    with tempfile.TemporaryDirectory() as scratch:
        trainer = trainer_of(args, clock, new_tokens, scratch)
        with contextlib.redirect_stdout(sys.stderr):  # its own report: standard output is for ours
            trainer.train()
    wanted = args.prompts * args.group * args.new_tokens
    if any(tokens != wanted for tokens in new_tokens) or len(new_tokens) != args.warm_up + args.runs:
        raise SystemExit(f"each step was to draw {wanted} tokens, but they drew {new_tokens}")
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB on Linux, bytes on macOS
    print(json.dumps({
        "peer": f"trl {trl.__version__}, transformers {transformers.__version__}, torch {torch.__version__}",
        "mode": "step", "dtype": args.dtype, "weights": args.weights, "threads": args.threads, "runs": args.runs,
        "prompts": args.prompts, "group": args.group, "prompt_tokens": args.prompt_tokens,
        "new_tokens": args.new_tokens, "micro_batch": args.micro_batch,
        "step_s": statistics.median(clock.seconds[args.warm_up:]), "steps_s": clock.seconds,
        "rollout_s": statistics.median(clock.rollout_seconds[args.warm_up:]),
        "peak_rss_mb": round(rss / (1024 if sys.platform == "linux" else 1024**2)),
    }))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, nargs="?")
    parser.add_argument("--make-tiny", type=Path, metavar="DIR", help="write a 2.46 M Llama of random weights and stop")
    parser.add_argument("--prompts", type=int, default=4)
    parser.add_argument("--group", type=int, default=8, help="answers to each prompt")
    parser.add_argument("--prompt-tokens", type=int, default=100)
    parser.add_argument("--new-tokens", type=int, default=128)
    parser.add_argument("--dtype", choices=DTYPES, default="bf16", help="of matrix products")
    parser.add_argument("--weights", choices=DTYPES, default="f32", help="f32 under autocast keeps master weights, as "
                        "Upbeat does; bf16: the optimiser steps in bf16 too")
    parser.add_argument("--micro-batch", type=int, default=16, help="answers a backward pass; gradients add up")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--warm-up", type=int, default=1, help="steps before those that count")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    if args.model is None and args.make_tiny is None:
        parser.error("no MODEL given: a Hugging Face directory")
    if args.model is not None and not args.model.is_dir():
        parser.error(f"{args.model}: no such directory; MODEL is a Hugging Face directory")
    if args.prompts * args.group % args.micro_batch:
        parser.error(f"--micro-batch {args.micro_batch} does not divide the {args.prompts * args.group} answers")
    return args


class Clock(TrainerCallback):
    """Seconds of each whole step: generation, rewards, forward, backward, optimiser."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.rollout_seconds: list[float] = []
        self.start = 0.0

    def on_step_begin(self, *_args, **_kwargs) -> None:
        self.start = time.perf_counter()

    def on_step_end(self, *_args, **_kwargs) -> None:
        self.seconds.append(time.perf_counter() - self.start)


def trainer_of(args: argparse.Namespace, clock: Clock, new_tokens: list[int], scratch: str) -> GRPOTrainer:
    model = AutoModelForCausalLM.from_pretrained(
        args.model, dtype=DTYPES[args.weights], attn_implementation="sdpa", local_files_only=True
    )
    generator = random.Random(args.seed)
    vocabulary = model.config.vocab_size
    steps = args.warm_up + args.runs
    prompts = [
        " ".join(str(generator.randrange(1, vocabulary)) for _ in range(args.prompt_tokens))
        for _ in range(args.prompts * steps)
    ]

    def reward(completion_ids: list[list[int]], **_kwargs) -> list[float]:
        new_tokens.append(sum(len(ids) for ids in completion_ids))
        return [generator.random() for _ in completion_ids]

    trainer = GRPOTrainer(
        model=model,
        reward_funcs=reward,
        train_dataset=Dataset.from_dict({"prompt": prompts}),
        processing_class=numerals(vocabulary),
        callbacks=[clock],
        args=GRPOConfig(
            output_dir=scratch, use_cpu=True, seed=args.seed, max_steps=steps,
            per_device_train_batch_size=args.micro_batch,
            gradient_accumulation_steps=args.prompts * args.group // args.micro_batch,
            num_generations=args.group, max_completion_length=args.new_tokens,
            generation_kwargs={"min_new_tokens": args.new_tokens},  # so no stop id is drawn
            temperature=1.0, beta=0.0, num_iterations=1, loss_type="grpo", bf16=args.dtype == "bf16",
            gradient_checkpointing=False, optim="adamw_torch_fused", learning_rate=1e-6, lr_scheduler_type="constant",
            save_strategy="no", logging_strategy="no", report_to="none", disable_tqdm=True,
        ),
    )
    write = trainer._generate_single_turn

    def timed(*arguments, **keywords):
        start = time.perf_counter()
        written = write(*arguments, **keywords)
        clock.rollout_seconds.append(time.perf_counter() - start)
        return written

    trainer._generate_single_turn = timed
    return trainer


def numerals(vocabulary: int) -> PreTrainedTokenizerFast:
    """A tokenizer for which the text "17 523" is the ids [17, 523]: any model can be given any ids."""
    words = Tokenizer(models.WordLevel({str(i): i for i in range(vocabulary)}, unk_token="0"))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=words, eos_token="0", pad_token="0", padding_side="left")


def make_tiny(directory: Path) -> None:
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=512, hidden_size=192, intermediate_size=512, num_hidden_layers=6, num_attention_heads=6,
        num_key_value_heads=2, head_dim=32, max_position_embeddings=512, tie_word_embeddings=True, bos_token_id=None,
        eos_token_id=0,
    )
    LlamaForCausalLM(config).save_pretrained(directory)


if __name__ == "__main__":
    main()
