"""Takes a study's result into the repository: study.md, figures, and the raw numbers without texts.

    python docs/results/take.py runs/my-study docs/results/my-study

The runs behind a study stay outside, for they hold prompts and responses of data sets and models that are not the
project's; so links to them, and to report.html, become plain text.
"""

import json
import re
import shutil
import sys
from pathlib import Path

TEXTS = {"text", "before", "after", "token", "title", "left", "right"}


def main(study: Path, taken: Path) -> None:
    taken.mkdir(parents=True, exist_ok=True)
    markdown = (study / "study.md").read_text(encoding="utf-8")
    markdown = re.sub(r"^- \[[^\n]*\]\(report\.html#[^)]*\)\n\n", "", markdown, flags=re.M)
    markdown = re.sub(r"(?<!\\)\[((?:\\.|[^\[\]\\])*)\]\((?:runs/|report\.html)[^)]*\)", r"\1", markdown)
    markdown = re.sub(r"\n## [^\n]+\n+(?=## )", "\n", markdown)  # sections that had nothing but links
    (taken / "study.md").write_text(markdown, encoding="utf-8")
    numbers = without_texts(json.loads((study / "study.json").read_text(encoding="utf-8")))
    (taken / "study.json").write_text(json.dumps(numbers, separators=(",", ":")) + "\n", encoding="utf-8")
    shutil.copytree(study / "figures", taken / "figures", dirs_exist_ok=True)


def without_texts(value):
    if isinstance(value, dict):
        return {key: without_texts(inner) for key, inner in value.items() if key not in TEXTS}
    if isinstance(value, list):
        return [without_texts(inner) for inner in value]
    return round(value, 6) if isinstance(value, float) else value


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
