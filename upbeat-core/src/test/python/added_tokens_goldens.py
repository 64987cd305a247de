"""Added tokens that only the files beside tokenizer.json declare: ../resources/tokenizers/added_tokens.golden.json.

    pip install transformers==5.24.0
    python added_tokens_goldens.py

Each case is a set of files beside smollm.json (written by tokenizer_fixtures.py), the added tokens that transformers'
PreTrainedTokenizerFast then has, its eos id, and the ids of the texts; all are compared exactly.
"""

import json
import shutil
import tempfile
from pathlib import Path

import transformers
from transformers import PreTrainedTokenizerFast

FOLDER = Path(__file__).parent.parent / "resources" / "tokenizers"
CONFIG, MAP, ADDED = "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"
TEXTS = [
    "the beat <tool> the <a><b> band",
    "x  <pad>  y<pad>",
    "<|start|>user\nhi<|end|><|eos|>",
    "a<img>b <img> c <think>d</think>",
    "<word>er <word> x<word>",
]
OWN = json.loads((FOLDER / "smollm.json").read_text())["added_tokens"]


def token(content, **flags):
    full = {"content": content, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": False}
    return {**full, **flags}


def typed(content, **flags):
    return {"__type": "AddedToken", **token(content, **flags)}


def own(**changed):
    decoder = {str(t["id"]): token(**{k: v for k, v in t.items() if k != "id"}) for t in OWN}
    for content, flags in changed.items():
        key = next(k for k, v in decoder.items() if v["content"].strip("<>/|") == content)
        decoder[key] = {**decoder[key], **flags}
    return decoder


CASES = {
    "nothing beside it": {},
    "new pad token as text": {CONFIG: {"pad_token": "<pad>"}},
    "new eos and pad tokens as objects": {CONFIG: {"eos_token": typed("<|eos|>"), "pad_token": typed("<pad>", lstrip=True, rstrip=True)}},
    "eos of the vocabulary": {CONFIG: {"eos_token": "<|end|>"}},
    "word of the vocabulary as eos": {CONFIG: {"eos_token": "the"}},
    "extra_special_tokens as list": {CONFIG: {"extra_special_tokens": ["<b>", "<a>", "<|end|>"]}},
    "extra_special_tokens as object": {CONFIG: {"extra_special_tokens": {"image_token": "<img>", "tool_token": "<tool>"}}},
    "additional_special_tokens": {CONFIG: {"additional_special_tokens": ["<tool>", "<img>"]}},
    "additional and extra lists": {CONFIG: {"additional_special_tokens": ["<tool>"], "extra_special_tokens": ["<img>"]}},
    "additional list and extra object": {CONFIG: {"additional_special_tokens": ["<tool>"], "extra_special_tokens": {"image_token": "<img>"}}},
    "additional list and empty extra": {CONFIG: {"additional_special_tokens": ["<tool>"], "extra_special_tokens": []}},
    "tokens by a name of their own": {CONFIG: {"image_token": "<img>", "tool_token": "<tool>", "pad_token": "<pad>"}},
    "decoder": {CONFIG: {"added_tokens_decoder": {**own(), "405": token("<tool>"), "406": token("<img>", special=True)}}},
    "decoder with ids out of turn": {CONFIG: {"added_tokens_decoder": {**own(), "990": token("<tool>"), "500": token("<img>", normalized=True)}}},
    "decoder with other flags": {CONFIG: {"added_tokens_decoder": {**own(think={"lstrip": True, "special": True}), "405": token("<word>", single_word=True)}}},
    "decoder and a new eos": {CONFIG: {"added_tokens_decoder": {**own(), "405": token("<tool>")}, "eos_token": "<|eos|>", "pad_token": "<tool>", "additional_special_tokens": ["<img>"]}},
    "decoder beside a stale map": {CONFIG: {"added_tokens_decoder": own(), "eos_token": "<|end|>"}, MAP: {"eos_token": "<|eos|>", "additional_special_tokens": ["<tool>"]}, ADDED: {"<img>": 405}},
    "map alone": {MAP: {"eos_token": {"content": "<|eos|>", "lstrip": False, "normalized": True, "rstrip": False, "single_word": False}, "pad_token": "<pad>", "additional_special_tokens": ["<tool>"]}},
    "map over config": {CONFIG: {"eos_token": "<|start|>", "additional_special_tokens": ["<img>"]}, MAP: {"eos_token": "<|end|>", "additional_special_tokens": ["<tool>"]}},
    "added_tokens.json alone": {ADDED: {"<tool>": 406, "<img>": 405}},
    "added_tokens.json and special tokens": {CONFIG: {"pad_token": "<pad>", "additional_special_tokens": ["<img>"]}, ADDED: {"<pad>": 407, "<tool>": 406, "<img>": 405}},
}


def golden(files):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(FOLDER / "smollm.json", Path(folder) / "tokenizer.json")
        for name, content in files.items():
            (Path(folder) / name).write_text(json.dumps(content))
        tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    added = json.loads(tokenizer.backend_tokenizer.to_str())["added_tokens"]
    ids = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in TEXTS]
    return {"files": files, "added_tokens": added, "eos_id": tokenizer.eos_token_id, "ids": ids}


if __name__ == "__main__":
    cases = {name: golden(files) for name, files in CASES.items()}
    document = {"generator": f"added_tokens_goldens.py, transformers {transformers.__version__}", "texts": TEXTS, "cases": cases}
    (FOLDER / "added_tokens.golden.json").write_text(json.dumps(document, indent=1) + "\n")
