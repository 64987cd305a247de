"""The attention rhythm on whole float64 maps: slow and plain, the judge of the streaming kernels.

Source: "Attention Illuminates LLM Reasoning", arXiv 2510.13554 v2, equations 7-10, and for receiver heads
Bogdan et al. 2025, arXiv 2506.19143. What the papers leave open:

1. A head's span over several responses is the mean over all their response tokens.
2. A group of share q out of n heads has ceil(q * n - 1e-9) members; ties go to the earlier (layer, head).
3. Evenly spaced layers are rounded half up, duplicates dropped.
4. Alignment `token` takes row t for token t (the paper), `predictor` row t-1 for spans and WAAD; FAI and receivers
   do not change (the head groups, which come from the spans, may).
5. FAI with no later response token in the horizon is undefined: None.
6. A receiver head's column profile counts all response tokens at least `gap` positions later, to the end of the
   response whatever the horizon's upper end; a response with fewer than 4 defined values or no variance does not
   count for the head.

Positions are absolute in the unpadded sequence: P prompt tokens, then the response R = P .. N-1. L layers, H heads.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np

END = 2**31 - 1  # the open horizon
Head = tuple[int, int]  # (layer, head)


@dataclass(frozen=True)
class Traced:
    """One sequence with its maps: weight of query t on key s at maps[layer, head, t, s], [L, H, N, N]."""

    prompt_length: int
    maps: np.ndarray

    @property
    def length(self) -> int:
        return self.maps.shape[-1]

    @property
    def response(self) -> range:
        return range(self.prompt_length, self.length)


def layers_of(spec: str, layers: int) -> list[int]:
    """`all`, or `middle-third/5`: five evenly spaced layers from floor(L/3) to floor(2L/3)."""
    if spec == "all":
        return list(range(layers))
    if spec != "middle-third/5":
        raise ValueError(f"layers {spec!r}: expected 'all' or 'middle-third/5'")
    first, last = layers // 3, 2 * layers // 3
    return sorted({floor(first + Fraction(i * (last - first), 4) + Fraction(1, 2)) for i in range(5)})


def group_size(share: float, heads: int) -> int:
    return ceil(share * heads - 1e-9)


def span_tokens(traces: list[Traced], alignment: str) -> np.ndarray:
    """Eq. 7: mean look-back distance of each head over all response tokens, [L, H]."""
    shift = {"token": 0, "predictor": 1}[alignment]
    total = np.zeros(traces[0].maps.shape[:2])
    for trace in traces:
        for row in (t - shift for t in trace.response):
            total += trace.maps[:, :, row, : row + 1] @ (row - np.arange(row + 1))
    return total / sum(len(trace.response) for trace in traces)


def local_and_global(spans: np.ndarray, layers: list[int], rho: float) -> tuple[list[Head], list[Head]]:
    """Eq. 8: the heads of smallest and those of largest span among all heads of the given layers."""
    heads = [(layer, head) for layer in layers for head in range(spans.shape[1])]
    size = group_size(rho, len(heads))
    local = sorted(heads, key=lambda head: (spans[head], head))[:size]
    far = sorted(heads, key=lambda head: (-spans[head], head))[:size]
    if set(local) & set(far):
        raise ValueError(f"{len(heads)} heads are too few for two groups of {size}")
    return sorted(local), sorted(far)


def mean_map(trace: Traced, heads: list[Head]) -> np.ndarray:
    return np.mean([trace.maps[head] for head in heads], axis=0)


def waad(trace: Traced, local: list[Head], window: int, alignment: str) -> list[float]:
    """Eq. 9: windowed average attention distance of each response token, tokens."""
    mean = mean_map(trace, local)
    shift = {"token": 0, "predictor": 1}[alignment]
    return [
        float(sum(mean[row, s] * min(row - s, window) for s in range(row + 1)))
        for row in (t - shift for t in trace.response)
    ]


def received(column: np.ndarray, s: int, trace: Traced, lo: int, hi: int) -> float | None:
    """Mean weight that key s gets from the response tokens t with s+lo <= t <= s+hi; `column` is map[:, s]."""
    later = [t for t in trace.response if s + lo <= t <= s + hi]
    return float(np.mean(column[later])) if later else None


def fai(trace: Traced, heads: list[Head], horizon: tuple[int, int]) -> list[float | None]:
    """Eq. 10: future attention influence of each response token, attention weight."""
    if not heads:
        return [None for _ in trace.response]
    mean = mean_map(trace, heads)
    return [received(mean[:, s], s, trace, *horizon) for s in trace.response]


def excess_kurtosis(values: list[float]) -> float | None:
    """m4 / m2^2 - 3 with population moments; None for fewer than 4 values or no variance."""
    if len(values) < 4:
        return None
    deviations = np.array(values) - np.mean(values)
    variance = np.mean(deviations**2)
    return float(np.mean(deviations**4) / variance**2 - 3) if variance > 0 else None


def receiver_scores(traces: list[Traced], layers: Iterable[int], gap: int) -> dict[Head, float]:
    """Mean kurtosis of each head's column profile over the responses that count; heads with none are absent."""
    scores = {}
    for head in ((layer, head) for layer in layers for head in range(traces[0].maps.shape[1])):
        each = []
        for trace in traces:
            profile = (received(trace.maps[head][:, s], s, trace, gap, END) for s in trace.response)
            each.append(excess_kurtosis([value for value in profile if value is not None]))
        counted = [value for value in each if value is not None]
        if counted:
            scores[head] = float(np.mean(counted))
    return scores


def receivers(scores: dict[Head, float], heads: int, share: float) -> list[Head]:
    """The ceil(share * heads) heads of highest score, by (layer, head)."""
    return sorted(sorted(scores, key=lambda head: (-scores[head], head))[: group_size(share, heads)])
