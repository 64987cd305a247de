"""Verdicts of `upbeat score --task math` beside those of math-verify, pair by pair.

    pip install math-verify==0.9.0
    python math_verify_compare.py make DATA OUT [--rows 250]   # OUT/golds.jsonl and OUT/responses.jsonl, by seed 13
    python math_verify_compare.py peer OUT                      # OUT/peer.jsonl: math-verify's verdicts
    upbeat score --task math --data OUT/golds.jsonl --responses OUT/responses.jsonl > OUT/upbeat.jsonl
    python math_verify_compare.py compare OUT                   # counts, and every difference

DATA holds a directory a data set, with rows {question, answer}. `make` writes each gold in ten forms, as it is and changed, and
600 responses in the style of reasoning models. `--eval FILE` adds the responses of an eval.jsonl, whose truth is not known.
"""
import argparse, gzip, json, random, re
from pathlib import Path

SETS = ["gsm8k/test", "math500/test", "math_train/train", "aime24/test", "aime25/test", "amc23/test", "olympiadbench/test",
        "minerva_math/test", "dapo_math_17k/all", "crossthink_qa/sample"]
SMALL = {"gsm8k": 120, "dapo_math_17k": 120, "crossthink_qa": 60}


def rows(data, name):
    for suffix in (".norm.jsonl", ".norm.jsonl.gz"):
        path = Path(data) / (name + suffix)
        if path.exists():
            with (gzip.open(path, "rt") if suffix.endswith("gz") else open(path)) as lines:
                return [json.loads(line) for line in lines]
    return []


def changed(gold):
    """As VerifierChanged: the last digit outside an index is another, or the letter of a choice; else a term is added."""
    for i in range(len(gold) - 1, -1, -1):
        if gold[i].isdigit() and gold[i].isascii() and not (i and gold[i - 1] == "_"):
            return gold[:i] + ("8" if gold[i] == "9" else str(int(gold[i]) + 1)) + gold[i + 1:]
    letter = re.fullmatch(r"\W*(?:text\W*)?([A-I])\W*", gold)
    if letter:
        return gold.replace(letter[1], chr(ord(letter[1]) + 1))
    return "not " + gold if re.search("[A-Za-z]{2,}", gold) and "\\" not in gold else gold + "+1"


def other_spelling(gold):
    if re.fullmatch(r"-?\d+", gold):
        return gold + ".0"
    if re.fullmatch(r"-?\\[dt]?frac\{\d+\}\{\d+\}", gold):
        return re.sub(r"\\[dt]?frac\{(\d+)\}\{(\d+)\}", r"\1/\2", gold)
    return re.sub(r"\\(?:left|right|,|!|;)|(?<=[,+=-]) +", "", gold)


def fractions(gold):
    return re.sub(r"\\[dt]?frac", lambda m: "\\tfrac" if m[0] == "\\dfrac" else "\\dfrac", gold)


def with_unit(gold):
    return gold + "\\text{ units}" if re.fullmatch(r"-?[\d.]+", gold) else gold + "\\,"


FORMS = {
    "boxed in a sentence": lambda g: f"We add 3 and 4.\n\nSo the answer is $\\boxed{{{g}}}$.",
    "boxed alone": lambda g: f"\\boxed{{{g}}}",
    "formula at the end": lambda g: f"With 3 of 4 we get ${g}$",
    "the answer is": lambda g: f"We take 3 of 4. The answer is ${g}$.",
    "bold": lambda g: f"We take 3 of 4.\n\n**Final Answer:** **${g}$**",
    "after thinking": lambda g: f"<think>Is it \\boxed{{0}}?</think>\n\n\\[\n\\boxed{{{g}}}\n\\]",
    "display": lambda g: f"Hence\n$$\\boxed{{\\displaystyle {g} }}$$",
    "other fractions": lambda g: f"So $\\boxed{{{fractions(g)}}}$.",
    "with a unit or space": lambda g: f"So $\\boxed{{{with_unit(g)}}}$.",
    "other spelling": lambda g: f"So $\\boxed{{{other_spelling(g)}}}$.",
}

STYLES = [
    "<think>\nOkay, let me see. Maybe {w}? Wait, that doesn't work, so \\boxed{{{w}}} is wrong.\n</think>\n\n**Solution.** After simplifying,\n\\[\n\\boxed{{{g}}}\n\\]",
    "To solve this, we first note that $2+3=5$.\n\n### Final Answer\n\nThe final answer is $\\boxed{{{g}}}$. I hope it is correct.",
    "We have $x = {g}$, as desired.\n\nThus, the answer is $\\boxed{{{g}}}$.\n\n~aops_user",
    "Step 1: try {w}.\nStep 2: correct it.\n\nTherefore, the answer is: $${g}$$",
    "<think>first guess {w}</think>The answer is \\( {g} \\).",
    "**Answer:** ${g}$",
    "<think>..</think><answer>${g}$</answer>",
    "\\[ \\text{{Answer}} = \\boxed{{{g}}} \\]",
    "So $\\boxed{{\\text{{The answer is }}{g}}}$.",
    "Hence \\(\\boxed{{\\mathbf{{{g}}}}}\\).",
]


def make(args):
    random.seed(13)
    golds, responses = [], []
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)

    def add(name, gold, response, right):
        golds.append({"id": name, "question": "q", "answer": gold})
        responses.append({"id": name, "response": response, "right": right})

    pool = []
    for name in SETS:
        short = name.split("/")[0]
        all_rows = [str(r["answer"]) for r in rows(args.data, name) if r.get("answer") is not None]
        if short == "crossthink_qa":
            all_rows = [a for a in all_rows if re.fullmatch(r"[$\\]*-?[\d.,/]+%?", a)]
        sample = random.sample(all_rows, min(len(all_rows), SMALL.get(short, args.rows)))
        pool += sample if short not in SMALL else sample[:40]
        for i, gold in enumerate(sample):
            for form, to in FORMS.items():
                add(f"{short}/{i}/{form}", gold, to(gold), True)
                add(f"{short}/{i}/{form}/changed", gold, to(changed(gold)), False)
    for i in range(600):
        gold, style = random.choice(pool), random.choice(STYLES)
        wrong = changed(gold)
        right = random.random() < 0.5
        add(f"style{STYLES.index(style)}/{i}", gold, style.format(g=gold if right else wrong, w=wrong if right else gold), right)
    for line in open(args.eval) if args.eval else []:
        row = json.loads(line)
        add("model/" + row["id"], str(row["answer"]), row["responses"][0], None)
    for name, lines in (("golds", golds), ("responses", responses)):
        (out / (name + ".jsonl")).write_text("".join(json.dumps(line) + "\n" for line in lines))


def peer(args):
    from math_verify import parse, verify
    out = Path(args.out)
    golds = {r["id"]: r["answer"] for r in map(json.loads, open(out / "golds.jsonl"))}
    known = {}
    with open(out / "peer.jsonl", "w") as to:
        for row in map(json.loads, open(out / "responses.jsonl")):
            gold = golds[row["id"]]
            if gold not in known:  # its documentation: LaTeX golds stand between mathematics signs
                known[gold] = parse(gold if "$" in gold else f"${gold}$")
            verdict = bool(verify(known[gold], parse(row["response"].split("</think>")[-1])))
            to.write(json.dumps({"id": row["id"], "right": verdict}) + "\n")


def compare(args):
    out = Path(args.out)
    read = lambda name: [json.loads(line) for line in open(out / name)]
    golds = {r["id"]: r["answer"] for r in read("golds.jsonl")}
    ours = {r["id"]: r for r in read("upbeat.jsonl")}
    theirs = {r["id"]: r["right"] for r in read("peer.jsonl")}
    counts, differences = {}, []
    for row in read("responses.jsonl"):
        if row["id"] not in theirs:
            continue
        mine, peers, right = ours[row["id"]]["reward"] > 0, theirs[row["id"]], row["right"]
        kind = row["id"].split("/")[0] + ("" if right is None or row["id"].startswith("style") else " right" if right else " changed")
        kind = re.sub(r"^style\d+", "styles", kind)
        count = counts.setdefault(kind, [0, 0, 0, 0])
        count[0] += 1
        count[1] += mine == right
        count[2] += peers == right
        count[3] += mine != peers
        if mine != peers or (right is not None and mine != right):
            differences.append((row["id"], right, mine, peers, golds[row["id"]], row["response"], ours[row["id"]]["reason"]))
    print(f"{'pairs':32} {'all':>6} {'Upbeat':>7} {'peer':>7} {'differ':>7}")
    for kind, count in sorted(counts.items()):
        print(f"{kind:32} {count[0]:6} {count[1]:7} {count[2]:7} {count[3]:7}")
    for name, right, mine, peers, gold, response, reason in differences:
        print(json.dumps({"id": name, "right": right, "upbeat": mine, "peer": peers, "gold": gold, "end": response[-160:],
                          "reason": reason}, ensure_ascii=False))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    maker = commands.add_parser("make")
    maker.add_argument("data")
    maker.add_argument("out")
    maker.add_argument("--rows", type=int, default=250)
    maker.add_argument("--eval")
    for name in ("peer", "compare"):
        commands.add_parser(name).add_argument("out")
    arguments = parser.parse_args()
    {"make": make, "peer": peer, "compare": compare}[arguments.command](arguments)
