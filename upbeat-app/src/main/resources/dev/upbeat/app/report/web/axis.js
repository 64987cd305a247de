// Axes: how far they reach, where their ticks are, and the look that all curves share.

import { tickLabels, WHOLE_TICKS } from 'upbeat/numbers.js';
import { colour } from 'upbeat/theme.js';

const LEAST_SHARE = 0.1; // of the largest value: a smaller change is drawn as nearly flat
const ROOM = 0.06; // of the range, above and below
const ROUNDING = 1e-6; // relative difference of two values that are equal except for rounding
const DECADES = 5; // of a logarithmic axis at most; smaller values lie on its lower edge
const FONT = '11px system-ui, sans-serif';

/** Whether two values differ by rounding only. */
export function alike(a, b) {
  return Math.abs(a - b) <= ROUNDING * Math.max(Math.abs(a), Math.abs(b));
}

/**
 * Ends of the axis of values between min and max, with room around them. The axis is `least` long or longer, and does not
 * cross zero or `top` unless the values do.
 */
export function axisEnds(min, max, { least = 0, top = Infinity } = {}) {
  if (!Number.isFinite(min) || !Number.isFinite(max)) {
    return [0, 1];
  }
  const needed = Math.max(LEAST_SHARE * Math.max(Math.abs(min), Math.abs(max)), least) || 1;
  const span = Math.max((max - min) * (1 + 2 * ROOM), needed);
  const end = max <= top ? top : Infinity;
  const low = (min + max - span) / 2;
  const high = (min + max + span) / 2;
  if (min >= 0 && low < 0) {
    return [0, Math.min(Math.max(high, needed), end)];
  }
  if (max <= 0 && high > 0) {
    return [Math.min(low, -needed), 0];
  }
  return high > end ? [Math.min(low, end - needed), end] : [low, high];
}

/** Ends of the axis of a token metric whose values lie between min and max, with room at the striking end for marks. */
export function metricEnds(metric, min, max, log = false) {
  if (!Number.isFinite(min) || !Number.isFinite(max)) {
    return log ? [0.1, 1] : [0, 1];
  }
  if (log) {
    const high = max > 0 ? max : 1;
    return [Math.max(Math.min(min > 0 ? min : high, high / 10), high / 10 ** DECADES) / 1.3, high * 1.8];
  }
  if (metric.signed) {
    return axisEnds(Math.min(min, 0), Math.max(max, 0), metric);
  }
  if (metric.low) {
    return [Math.min(min * 1.12, -metric.least), 0];
  }
  if (metric.free) {
    const [low, high] = axisEnds(min, max, metric);
    return [low, high + 0.08 * (high - low)];
  }
  return [0, Math.max(1.15 * max, metric.least)];
}

/** Round numbers within [min, max], min < max: about n of them, at least two. */
export function ticks(min, max, n) {
  for (let wanted = Math.max(2, n); ; wanted++) {
    const rough = (max - min) / wanted;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999);
    const found = [];
    for (let i = Math.ceil(min / step - 1e-9); i * step <= max + 1e-9 * step; i++) {
      found.push(Number((i * step).toPrecision(12)));
    }
    if (found.length >= 2) {
      return found;
    }
  }
}

/** Ticks of a logarithmic axis, 0 < min < max: powers of ten, at most n of them unless n < 2; round numbers if fewer than two fit. */
export function logTicks(min, max, n) {
  const first = Math.ceil(Math.log10(min) - 1e-9);
  const last = Math.floor(Math.log10(max) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / Math.max(2, n)));
  const found = [];
  for (let power = last; power >= first; power -= every) {
    found.unshift(Number(`1e${power}`));
  }
  return found.length >= 2 ? found : ticks(min, max, n);
}

/** Labels of `logTicks`. */
export function logLabels(at) {
  const decades = at.every((v) => Number.isInteger(Math.log10(v)));
  return decades ? at.map((v) => (v >= 0.01 ? String(v) : v.toExponential(0).replace('-', '\u2212'))) : tickLabels(at, at[1] - at[0]);
}

/** Options of a uPlot axis of tokens or steps, below. */
export function xAxis(options) {
  return { ...look(), gap: 5, incrs: WHOLE_TICKS, ...options };
}

/** Options of a uPlot axis of values, at the left; `space`: pixels from tick to tick. */
export function yAxis({ log = false, space, ...options }) {
  return {
    ...look(), gap: 6, ...options, space: 1,
    splits: (u, axisIndex, min, max) => (log ? logTicks : ticks)(min, max, Math.floor(u.bbox.height / devicePixelRatio / space)),
    filter: (u, splits) => splits,
    values: (u, splits) => (log ? logLabels(splits) : tickLabels(splits, splits[1] - splits[0])),
  };
}

/** For uPlot's points: indices of the defined values without a defined neighbour, which a line alone would not show. */
export function isolated(values) {
  const defined = (i) => values[i] !== null && values[i] !== undefined && !Number.isNaN(values[i]);
  return Array.from(values.keys()).filter((i) => defined(i) && !defined(i - 1) && !defined(i + 1));
}

function look() {
  return { stroke: () => colour('muted'), font: FONT, grid: { stroke: () => colour('grid'), width: 1 }, ticks: { show: false } };
}
