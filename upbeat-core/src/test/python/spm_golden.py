"""Makes ../resources/tokenizers/spm.golden.json: a small SentencePiece model (BPE with byte fallback and without text
normalisation, as Llama 2's), the vocabulary that a GGUF file keeps of it, and the ids that SentencePiece gives.

    pip install sentencepiece==0.2.3
    python spm_golden.py

Ids are compared exactly. Texts with special tokens come from the library `tokenizers`, by a tokenizer.json in the form of
Llama 2's, which the script first holds against SentencePiece on random texts.
"""

import io
import json
import random

import sentencepiece
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers
from transformers.tokenization_utils_base import generate_merges

from tokenizer_fixtures import CASES, OUT, TEXT

MARKS = ["<s>", "</s>", "<unk>", "<think>", "[INST]", "<|start|>", "<|end|>"]


def train() -> sentencepiece.SentencePieceProcessor:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter((TEXT + "  x = [ 1,  2 ]\n\tdef  f():    return   7\n").splitlines() * 20), model_writer=model,
        model_type="bpe", vocab_size=560, byte_fallback=True, normalization_rule_name="identity", add_dummy_prefix=True,
        remove_extra_whitespaces=False, user_defined_symbols=["<think>", "[INST]"], character_coverage=0.98,
        allow_whitespace_only_pieces=True, split_digits=True, num_threads=1, minloglevel=2)
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def kind(model, i: int) -> int:
    """token_type of the GGUF specification"""
    if model.is_unknown(i):
        return 2
    if model.is_control(i):
        return 3
    if model.is_byte(i):
        return 6
    return 4 if model.id_to_piece(i) in MARKS else 1


def fast(tokens: list[str], scores: list[float], kinds: list[int]) -> Tokenizer:
    normal = {token: i for i, token in enumerate(tokens) if kinds[i] == 1}
    merges = generate_merges(normal, {token: scores[i] for token, i in normal.items()})
    vocab = {token: i for i, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocab, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    for token, k in zip(tokens, kinds):
        if k in (2, 3, 4):
            tokenizer.add_tokens([AddedToken(token, normalized=False, special=k != 4)])
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    return tokenizer


def main() -> None:
    model = train()
    size = model.get_piece_size()
    tokens = [model.id_to_piece(i) for i in range(size)]
    scores = [model.get_score(i) for i in range(size)]
    kinds = [kind(model, i) for i in range(size)]
    tokenizer = fast(tokens, scores, kinds)
    generator = random.Random(7)
    letters = sorted(set(TEXT)) + list("  \n\t\u00e9\u30ea\U0001f44d")
    texts = ["".join(generator.choices(letters, k=generator.randint(1, 60))) for _ in range(3000)]
    texts += [TEXT[i : i + generator.randint(1, 80)] for i in (generator.randrange(len(TEXT)) for _ in range(2000))]
    unlike = [text for text in texts if tokenizer.encode(text).ids != model.encode(text)]
    if unlike:
        raise SystemExit(f"{len(unlike)} of {len(texts)} texts differ, the first {unlike[0]!r}: "
                         f"{tokenizer.encode(unlike[0]).tokens} {model.encode(unlike[0], out_type=str)}")
    cases = []
    for text in CASES + texts[:40] + texts[-40:] + ["<s>a</s> b", "[INST] hi [INST]<think>\n x"]:
        marked = any(mark in text for mark in MARKS)
        ids = tokenizer.encode(text).ids if marked or not text else model.encode(text)
        cases.append({"text": text, "ids": ids, "decoded": tokenizer.decode(ids, skip_special_tokens=False)})
    stated = {"generator": "upbeat-core/src/test/python/spm_golden.py", "sentencepiece": sentencepiece.__version__,
              "tokens": tokens, "scores": scores, "token_type": kinds, "cases": cases}
    (OUT / "spm.golden.json").write_text(
        json.dumps(stated, ensure_ascii=True, separators=(",", ":")).replace('{"text"', '\n{"text"') + "\n")
    print(size, "tokens,", len(cases), "cases")


if __name__ == "__main__":
    main()
