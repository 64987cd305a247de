"""Makes scipy-values.json, what StatisticsAgainstScipyTest holds the statistics against.

    python make_scipy_values.py > ../resources/stats/scipy-values.json        (SciPy 1.15 or later, NumPy 2)
"""
import json

import numpy
import scipy
from scipy import stats

rng = numpy.random.default_rng(20261128)


def sample(values):
    values = [round(float(v), 6) for v in values]
    mean = stats.ttest_1samp(values, 0)
    low, high = mean.confidence_interval(0.95)
    boot = stats.bootstrap(
        (values,), numpy.mean, confidence_level=0.95, n_resamples=200_000, method="percentile", rng=1
    ).confidence_interval
    flips = stats.permutation_test(
        (values,), numpy.mean, permutation_type="samples", n_resamples=numpy.inf if len(values) <= 12 else 200_000, rng=1
    )
    return {
        "values": values,
        "mean": float(numpy.mean(values)),
        "sd": float(numpy.std(values, ddof=1)),
        "t_low": float(low),
        "t_high": float(high),
        "t_p": float(mean.pvalue),
        "bootstrap_low": float(boot.low),
        "bootstrap_high": float(boot.high),
        "flip_p": float(flips.pvalue),
    }


def pairs(x, y):
    x = [round(float(v), 6) for v in x]
    y = [round(float(v), 6) for v in y]
    rho = stats.spearmanr(x, y)
    shuffled = stats.permutation_test(
        (x,), lambda a: stats.spearmanr(a, y).statistic, permutation_type="pairings", n_resamples=20_000, rng=1
    )
    return {"x": x, "y": y, "rho": float(rho.statistic), "shuffle_p": float(shuffled.pvalue)}


def power(effect, n):
    critical = stats.t.isf(0.025, n - 1)
    shift = effect * n**0.5
    value = stats.nct.sf(critical, n - 1, shift) + stats.nct.cdf(-critical, n - 1, shift)
    return {"effect": effect, "n": n, "power": float(value)}


def needed(difference, sd):
    n = 2
    while power(difference / sd, n)["power"] < 0.8:
        n += 1
    return {"difference": difference, "sd": sd, "pairs": n}


x = rng.normal(size=30)
json.dump(
    {
        "scipy": scipy.__version__,
        "numpy": numpy.__version__,
        "samples": [
            sample(rng.normal(0.02, 0.015, 3)),
            sample(rng.normal(0.0, 1.0, 5)),
            sample(rng.normal(0.4, 1.0, 10)),
            sample(rng.exponential(1.0, 25)),
        ],
        "pairs": [
            pairs(x, x + rng.normal(size=30)),
            pairs(rng.integers(0, 5, 40), rng.integers(0, 5, 40)),
            pairs(range(8), [1, 3, 2, 5, 4, 7, 8, 6]),
        ],
        "power": [power(e, n) for e, n in [(0.5, 10), (1.0, 3), (2.0, 4), (0.2, 200), (0.0, 5), (3.0, 2)]],
        "needed": [needed(0.02, 0.02), needed(0.01, 0.03), needed(0.05, 0.02), needed(-0.004, 0.02)],
    },
    __import__("sys").stdout,
    indent=1,
)
print()
