// The metrics of a training over its steps: their names and units, and the paper's running peak.

const ACCURACY = 'eval/accuracy';

/**
 * `better`: larger is better, so that a running peak is meaningful. `sparse`: not defined at every step. `main`: shown
 * at once; all other metrics of a run come after them. `least`: length of the shortest axis, so that small changes are drawn
 * small. `top`: the largest possible value. `ends`: the metrics with the ends of its 95 % interval.
 */
const KNOWN = [
  { key: 'reward', name: 'reward', unit: 'mean of a step', digits: 3, least: 0.1, top: 1, better: true, main: true },
  { key: ACCURACY, name: 'held-out accuracy', unit: 'share of problems', digits: 3, least: 0.1, top: 1, better: true, sparse: true, main: true },
  { key: 'completions/mean_length', name: 'response length', unit: 'tokens', digits: 1, least: 1, main: true },
  { key: 'completions/clipped_ratio', name: 'responses cut off', unit: 'share of responses', digits: 3, least: 0.01, top: 1, main: true },
  { key: 'entropy', name: 'entropy', unit: 'nats', digits: 3, least: 0.01, main: true },
  { key: 'credit/gamma_mean', name: 'mean gamma', unit: 'weight of a token', digits: 3, least: 0.1, main: true },
  { key: 'clip_ratio/region_mean', name: 'tokens clipped by PPO', unit: 'share of tokens', digits: 4, least: 1e-3, top: 1, main: true },
  { key: 'loss', name: 'loss', unit: '', digits: 4, least: 1e-4, main: true },
  { key: 'eval/loss', name: 'validation loss', unit: 'nats a token', digits: 4, least: 0.01, sparse: true, main: true },
  { key: 'grad_norm', name: 'gradient norm', unit: '', digits: 3, least: 0.01, main: true },
  { key: 'entropy_all', name: 'entropy of all responses', unit: 'nats, estimated from the draws', digits: 3, least: 0.01 },
  { key: 'credit/gamma_mean_all', name: 'mean gamma of all responses', unit: 'weight of a token', digits: 3, least: 0.1 },
  { key: 'time/step_s', name: 'time of a step', unit: 's', digits: 2, least: 0.1, main: true },
];

/** Names of metrics that are shares, from 0 to 1. */
const SHARE = /accuracy|ratio|share|^frac_/;

/** Metric of one of several benchmarks. */
const BENCHMARK = /^eval\/([^/]+)\/accuracy$/;

/** The metrics that some of the runs have: [{key, name, unit, digits, better, sparse, main, least, top, ends}]. */
export function metricsOf(runs) {
  const keys = [...new Set(runs.flatMap((run) => Object.keys(run.metrics?.series ?? {})))];
  const benchmarks = keys.filter((key) => BENCHMARK.test(key));
  const ends = new Set(keys.filter((key) => keys.includes(key.replace(/_(low|high)$/, '')) && /accuracy_(low|high)$/.test(key)));
  const known = KNOWN.filter(({ key }) => keys.includes(key) || (key === ACCURACY && benchmarks.length))
    .flatMap((m) => (m.key === ACCURACY && benchmarks.length ? accuracies(m, keys, benchmarks) : [m]));
  const others = keys.filter((key) => !KNOWN.some((m) => m.key === key) && !benchmarks.includes(key) && !ends.has(key)).sort()
    .map((key) => ({ key, name: key, unit: '', digits: 4, sparse: key.startsWith('eval/'), ...(SHARE.test(key) ? { least: 0.01, top: 1 } : {}) }));
  return [...known, ...others];
}

/** The average over benchmarks, and each of them. */
function accuracies(m, keys, benchmarks) {
  const own = benchmarks.map((key) => ({ ...m, key, name: key.match(BENCHMARK)[1], unit: 'accuracy, share of problems' }));
  const average = { ...m, name: 'average accuracy', unit: benchmarks.length === 1 ? '1 benchmark' : `plain average of ${benchmarks.length} benchmarks` };
  return [average, ...own].filter(({ key }) => keys.includes(key))
    .map((each) => ({ ...each, ...(keys.includes(`${each.key}_low`) ? { ends: [`${each.key}_low`, `${each.key}_high`] } : {}) }));
}

/** E_t = a max(x_t, E_{t-1}) + (1 - a) E_{t-1} over the defined values, starting at the first of them. */
export function runningPeak(values, a) {
  const peaks = new Float64Array(values.length);
  let peak = NaN;
  values.forEach((x, t) => {
    if (!Number.isNaN(x)) {
      peak = Number.isNaN(peak) ? x : a * Math.max(x, peak) + (1 - a) * peak;
    }
    peaks[t] = Number.isNaN(x) ? NaN : peak;
  });
  return peaks;
}

/** All steps of all runs, ascending, and each run's values of a metric at them, null if there is none. */
export function aligned(runs, valuesOf) {
  const steps = [...new Set(runs.flatMap(({ metrics }) => Array.from(metrics.steps)))].sort((a, b) => a - b);
  const at = new Map(steps.map((step, i) => [step, i]));
  return [steps, ...runs.map((run) => {
    const row = new Array(steps.length).fill(null);
    valuesOf(run)?.forEach((value, i) => {
      row[at.get(run.metrics.steps[i])] = Number.isNaN(value) ? null : value;
    });
    return row;
  })];
}
