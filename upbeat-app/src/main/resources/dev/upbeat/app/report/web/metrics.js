// The token metrics: their names and units, and the rank of a value within a response.

import { alike } from 'upbeat/axis.js';

/**
 * `low`: the small values are the striking ones. `free`: its axis need not start at zero. `least`: length of its shortest
 * axis. `log`: its axis can be logarithmic. `peak`: shape and name of its peaks.
 */
export const METRICS = [
  {
    key: 'waad', name: 'WAAD', unit: 'tokens', digits: 2, file: 'waad', free: true, least: 0.5,
    says: 'Windowed average attention distance: how far back the local heads look at this token. High where the model pauses to plan.',
    peak: { shape: 'caret', noun: 'preplan point' },
  },
  {
    key: 'fai', name: 'FAI', unit: 'weight', digits: 4, file: 'fai', least: 1e-4, log: true,
    says: 'Future attention influence: the mean attention that later tokens pay to this one, over the global heads. High at anchors.',
    peak: { shape: 'star', noun: 'anchor' },
  },
  {
    key: 'receiver', name: 'receiver FAI', unit: 'weight', digits: 4, file: 'receiver_fai', least: 1e-4, log: true,
    says: 'FAI over the receiver heads, the heads with the narrowest attention.',
    peak: { shape: 'ring', noun: 'receiver peak' },
  },
  {
    key: 'entropy', name: 'entropy', unit: 'nats', digits: 3, file: 'entropy_nats', least: 0.01,
    says: 'Entropy of the distribution the token was drawn from: how open the choice was.',
    peak: { shape: 'square', noun: 'entropy peak' },
  },
  {
    key: 'logprob', name: 'log-prob', unit: 'nats', digits: 3, file: 'log_prob', low: true, least: 0.01,
    says: 'Log-probability of the chosen token: low if the choice was a surprise.',
    peak: null,
  },
  {
    key: 'gamma', name: 'gamma', unit: 'weight', digits: 3, file: 'gamma', free: true, least: 0.1,
    says: 'Credit: the factor that multiplies the advantage of the response at this token.',
    peak: null,
  },
  {
    key: 'flow', name: 'answer flow', unit: 'share', digits: 4, file: 'flow', least: 1e-4, log: true,
    says: 'The share of the attention flowing from the prompt to the answer that passes through this token (FlowTracer).',
    peak: null,
  },
];

export function metric(key) {
  return METRICS.find((m) => m.key === key);
}

/** Share of a response's tokens at either end of the tint's scale that get its end colours. */
const TAIL = 0.02;

/** Statistics of one series: the range and mean of its defined values, the rank of a value and the tint's scale. */
export function statistics(values, low) {
  const sorted = Float32Array.from(values.filter((v) => !Number.isNaN(v))).sort();
  const n = sorted.length;
  const at = (share) => sorted[Math.min(n - 1, Math.max(0, Math.round(share * (n - 1))))];
  const from = n ? at(low ? 1 - TAIL : TAIL) : NaN;
  const to = n ? at(low ? TAIL : 1 - TAIL) : NaN;
  return {
    defined: n,
    min: n ? sorted[0] : NaN,
    max: n ? sorted[n - 1] : NaN,
    mean: n ? sorted.reduce((sum, v) => sum + v, 0) / n : NaN,
    from,
    to,
    /** Share of the response's other defined values that lie below (ties count half), in [0, 1]. */
    rank: (v) => (n < 2 ? NaN : (below(sorted, v) + below(sorted, v, true) - 1) / 2 / (n - 1)),
    /** How strong a value's tint is, in [0, 1]: by its place between `from` and `to`; striking values are darker. */
    level: levelBetween(from, to),
  };
}

/** 0 at `from`, 1 at `to`; always 0 if the two are equal except for rounding. */
function levelBetween(from, to) {
  return (v) => (alike(from, to) ? 0 : Math.min(1, Math.max(0, (v - from) / (to - from))));
}

/** The tint's scale of a metric, {from, to, level}: a trace's own, or one for it and the trace beside it. */
export function scaleOf(key, trace, other) {
  const own = trace.stats[key];
  const theirs = other?.stats[key];
  if (!theirs?.defined || !own.defined) {
    return own;
  }
  const [low, high] = metric(key).low ? [Math.max, Math.min] : [Math.min, Math.max];
  const from = low(own.from, theirs.from);
  const to = high(own.to, theirs.to);
  return { from, to, level: levelBetween(from, to) };
}

const differences = new WeakMap(); // trace -> {rival, key, values, reach}, the latest

/**
 * How two runs' measurements of the same response differ, token by token: {values: of the later run minus the earlier, reach: the
 * size with the full tint, which the 2% of largest differences share}.
 */
export function differenceOf(key, trace, rival) {
  const known = differences.get(trace);
  if (known?.rival === rival && known.key === key) {
    return known;
  }
  const [first, second] = trace.run < rival.run ? [trace, rival] : [rival, trace];
  const values = Float32Array.from(first.series[key], (v, t) => (second.series[key]?.[t] ?? NaN) - v);
  const sizes = values.filter((v) => !Number.isNaN(v)).map(Math.abs).sort();
  const reach = sizes.length ? sizes[Math.round((1 - TAIL) * (sizes.length - 1))] : NaN;
  const made = { rival, key, values, reach };
  differences.set(trace, made);
  return made;
}

/** How many of the sorted values are < v, or <= v. */
function below(sorted, v, orEqual = false) {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle] < v || (orEqual && sorted[middle] === v)) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}

/**
 * How the values b of the tokens differ from the values a, where both are defined: {n, correlation (Pearson; NaN if either
 * is constant), mean of b - a, meanSize of |b - a|, largest: the token of the largest |b - a|, -1 without tokens}.
 */
export function comparisonOf(a, b) {
  const both = Array.from(a.keys()).filter((t) => !Number.isNaN(a[t]) && !Number.isNaN(b[t]));
  const n = both.length;
  const mean = (of) => both.reduce((sum, t) => sum + of(t), 0) / n;
  const [meanA, meanB] = [mean((t) => a[t]), mean((t) => b[t])];
  const covariance = mean((t) => (a[t] - meanA) * (b[t] - meanB));
  const spread = Math.sqrt(mean((t) => (a[t] - meanA) ** 2) * mean((t) => (b[t] - meanB) ** 2));
  const size = (t) => Math.abs(b[t] - a[t]);
  const level = (v) => both.every((t) => alike(v[t], v[both[0]]));
  return {
    n, correlation: level(a) || level(b) ? NaN : covariance / spread, mean: meanB - meanA, meanSize: mean(size),
    largest: both.reduce((most, t) => (most < 0 || size(t) > size(most) ? t : most), -1),
  };
}

/** Mean and most striking value of a series over [start, end), undefined values left out. */
export function summarise(values, start, end, low) {
  let sum = 0;
  let defined = 0;
  let extreme = -1;
  for (let i = start; i < end; i++) {
    if (Number.isNaN(values[i])) {
      continue;
    }
    sum += values[i];
    defined++;
    if (extreme < 0 || (low ? values[i] < values[extreme] : values[i] > values[extreme])) {
      extreme = i;
    }
  }
  return { mean: defined ? sum / defined : NaN, extreme, value: extreme < 0 ? NaN : values[extreme] };
}
