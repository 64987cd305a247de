"""Tiny tokenizers and what transformers makes of them: ../resources/tokenizers/*.json.

    pip install transformers==5.23.0 tokenizers==0.23.3
    python tokenizer_fixtures.py

Each NAME.json is a tokenizer.json of some 400 tokens in the form of one family (the names of the byte-level ones are
those of a GGUF's tokenizer.ggml.pre), trained on the text below. NAME.golden.json holds the ids and texts that
transformers gives; they are compared exactly.
"""

import json
from pathlib import Path

import tokenizers
import transformers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

OUT = Path(__file__).parent.parent / "resources" / "tokenizers"

TEXT = """A drummer keeps the beat; the others lean on it. When the beat is early, the band hurries: when it's late, the
band drags. She didn't count to 4, she counted to 16, then to 256. 3 + 4 = 7, and 7 * 12 = 84; so 84 / 4 is 21.
We'll see whether they've heard it. I'm sure you'd hear the rhythm in HTTP/2 as in 3/4 time: tick, tick, TOCK.
def beats(bars):
    total = 0
    for bar in bars:
        total += bar.count
    return total
El ritmo no está en las notas, está entre ellas. Der Rhythmus ist überall. Ритм слышен всем. リズムは言葉の間にある。
"""

CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
TAIL = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|" + TAIL
LLAMA3 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|" + TAIL
TEKKEN = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
    r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
GPT4O = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+" + CONTRACTIONS + "?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*" + CONTRACTIONS + "?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
SEED_CODER = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+"
DEEPSEEK_CODER = (r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+", r"\p{N}")
DEEPSEEK_V3 = (
    r"\p{N}{1,3}", "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+",
)

CASES = [
    "", " ", "   ", "\n", " \n\n \t x", "The beat is late.", "the band hurries,  drags\n\n and   drags\n",
    "12345 1,000,000 3.14e-2 \u0663\u0664 \u216b \u00bd", "don't DON'T we'll WE'VE I'm y'all 'd",
    "caf\u00e9 cafe\u0301 \u00fcberall \u1e9b\u0323", "\u30ea\u30ba\u30e0\u3068\u8a00\u8449\u3001\ud55c\uae00",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea \U0001d4b3 \U0001f44d\U0001f3fd", "HTTP/2 CamelCase snake_case //x\n/// y",
    "def f(x):\r\n\treturn x ** 2  # square\r\n", "<|start|>user\nhi<|end|>\n<|start|>", "<|start|<|end|> <think>a</think>",
    "<s>[INST] x</s><unk>", "\x00\x01\x7f\x85\xa0\u2028\u200b\ufeff\ufffd", "\u2581\u2581 x\u2581 <0x0A>",
    "unreached unreached", "a" * 70, "=" * 33 + " " * 17 + ".",
]
LONG = {"text": TEXT, "times": 60}


def byte_level(name, *patterns, digits=False, nfc=False, ignore_merges=False, bos=False):
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    steps = [pre_tokenizers.Digits(individual_digits=True)] if digits else []
    steps += [pre_tokenizers.Split(Regex(pattern), behavior="isolated") for pattern in patterns]
    steps += [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=not patterns)]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps)
    tokenizer.decoder = decoders.ByteLevel()
    if nfc:
        tokenizer.normalizer = normalizers.NFC()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        special_tokens=["<|begin|>", "<|start|>", "<|end|>"],
        show_progress=False,
    )
    tokenizer.train_from_iterator([TEXT], trainer)
    if ignore_merges:  # a word that no merge leads to, as tiktoken vocabularies have them
        document = json.loads(tokenizer.to_str())
        document["model"]["vocab"]["\u0120unreached"] = 400
        tokenizer = Tokenizer.from_str(json.dumps(document))
    tokenizer.add_tokens([AddedToken("<think>", normalized=False), AddedToken("</think>", normalized=False)])
    if bos:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<|begin|> $A", special_tokens=[("<|begin|>", tokenizer.token_to_id("<|begin|>"))]
        )
    write(name, json.loads(tokenizer.to_str()))


def sentencepiece(name):
    """Byte fallback, in the form of Llama 2's and Mistral 7B's tokenizer.json."""
    normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    words = Tokenizer(models.BPE())
    words.pre_tokenizer = pre_tokenizers.Metaspace()
    words.train_from_iterator([" ".join(TEXT.split("El ")[0].split())], trainers.BpeTrainer(vocab_size=120, show_progress=False))
    trained = json.loads(words.to_str())["model"]
    pieces = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)] + list(trained["vocab"])
    merges = [tuple(m) for m in trained["merges"]]
    tokenizer = Tokenizer(
        models.BPE({p: i for i, p in enumerate(pieces)}, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    )
    tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in pieces[:3]])
    tokenizer.normalizer = normalizer
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    write(name, json.loads(tokenizer.to_str()))


def write(name, document):
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / f"{name}.json"
    path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(path))

    def case(text):
        ids = tokenizer.encode(text, add_special_tokens=True)
        return {
            "text": text,
            "ids": ids,
            "ids_without_special": tokenizer.encode(text, add_special_tokens=False),
            "decoded": tokenizer.decode(ids, clean_up_tokenization_spaces=False),
            "decoded_without_special": tokenizer.decode(
                ids, skip_special_tokens=True, clean_up_tokenization_spaces=False
            ),
        }

    long_ids = tokenizer.encode(LONG["text"] * LONG["times"])
    golden = {
        "generator": "upbeat-core/src/test/python/tokenizer_fixtures.py",
        "versions": {"transformers": transformers.__version__, "tokenizers": tokenizers.__version__},
        "tolerance": "exact",
        "vocabulary": len(tokenizer),
        "cases": [case(text) for text in CASES],
        "long": LONG | {"count": len(long_ids), "weighted_sum": sum((i + 1) * x for i, x in enumerate(long_ids))},
    }
    lines = json.dumps(golden, ensure_ascii=True, separators=(",", ":")).replace('{"text"', '\n{"text"')
    (OUT / f"{name}.golden.json").write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    byte_level("gpt-2")
    byte_level("smollm", digits=True)
    byte_level("qwen2", QWEN2, nfc=True)
    byte_level("llama-bpe", LLAMA3, ignore_merges=True, bos=True)
    byte_level("tekken", TEKKEN, ignore_merges=True, bos=True)
    byte_level("gpt-4o", GPT4O)
    byte_level("seed-coder", SEED_CODER)
    byte_level("deepseek-coder", *DEEPSEEK_CODER)
    byte_level("deepseek-v3", *DEEPSEEK_V3)
    sentencepiece("sentencepiece")
