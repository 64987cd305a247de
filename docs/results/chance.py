"""Chance of the linkages over all tokens from the rows of a study.json: the mean under shuffles of the peaks within each response.

    python docs/results/chance.py docs/results/linkage-smollm2/study.json

For files that were written when the chance of the first two linkages was the pooled mean, which is printed beside it.
"""

import json
import random
import sys
from collections import defaultdict

RESAMPLES = 2000


def lift(rows):
    """(observed - chance) / chance; chance weighs each response's mean score by its number of peaks."""
    observed = sum(row["peak_sum"] for row in rows)
    chance = sum(row["peaks"] * row["token_sum"] / row["tokens"] for row in rows)
    return observed / chance - 1


def main(file):
    study = json.load(open(file, encoding="utf-8"))
    groups = defaultdict(list)
    for row in study["rows"]:
        of = row["of"]
        groups[row["kind"], of["run"], of["layers"], of["alignment"]].append(row["row"])
    for key, rows in sorted(groups.items()):
        peaks = sum(row["peaks"] for row in rows)
        chance = sum(row["peaks"] * row["token_sum"] / row["tokens"] for row in rows) / peaks
        pooled = sum(row["token_sum"] for row in rows) / sum(row["tokens"] for row in rows)
        draws = sorted(lift(random.choices(rows, k=len(rows))) for _ in range(RESAMPLES))
        low, high = draws[int(0.025 * RESAMPLES)], draws[int(0.975 * RESAMPLES) - 1]
        print(*key, f"chance {chance:.4f}, pooled {pooled:.4f}, lift {100 * lift(rows):+.1f} % ({100 * low:.1f} to {100 * high:.1f})")


if __name__ == "__main__":
    random.seed(0)
    main(sys.argv[1])
