// Draws on a curve's canvas, besides its line: chunks, undefined ranges, running means, peaks, the pinned token. Each function
// takes the uPlot instance; canvases are in device pixels.

import { drawShape } from 'upbeat/shapes.js';
import { colour } from 'upbeat/theme.js';

const DENSE = 2; // tokens a pixel, beyond which a curve is shown with its running mean
const NARROWEST = 4; // mean width in pixels of chunks that are shaded
const MEANS = 120; // approximate number of such means side by side in a zoomed-out curve

/** [start, end) of each run of undefined values. */
export function undefinedRuns(values) {
  const runs = [];
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) {
      const start = i;
      while (i < values.length && Number.isNaN(values[i])) {
        i++;
      }
      runs.push([start, i]);
    }
  }
  return runs;
}

function clipped(u, draw) {
  const { left, top, width, height } = u.bbox;
  u.ctx.save();
  u.ctx.beginPath();
  u.ctx.rect(left, top, width, height);
  u.ctx.clip();
  draw(u.ctx, (i) => u.valToPos(i, 'x', true), (v) => u.valToPos(v, 'y', true));
  u.ctx.restore();
}

/** Shades every other chunk, unless the chunks are too narrow to follow. */
export function paintChunks(u, chunks) {
  clipped(u, (ctx, x) => {
    if (Math.abs(x(1) - x(0)) * (chunks.at(-1).end / chunks.length) < NARROWEST * devicePixelRatio) {
      return;
    }
    ctx.fillStyle = colour('chunk');
    chunks.filter((_, i) => i % 2).forEach(({ start, end }) => {
      ctx.fillRect(x(start - 0.5), u.bbox.top, x(end - 0.5) - x(start - 0.5), u.bbox.height);
    });
  });
}

export function paintUndefined(u, runs) {
  clipped(u, (ctx, x) => {
    const step = 6 * devicePixelRatio;
    const { top, height } = u.bbox;
    ctx.strokeStyle = colour('hatch');
    ctx.lineWidth = devicePixelRatio;
    for (const [start, end] of runs) {
      const left = Math.max(x(start - 0.5), u.bbox.left);
      const right = Math.min(x(end - 0.5), u.bbox.left + u.bbox.width);
      if (right > left) {
        ctx.save();
        ctx.beginPath();
        ctx.rect(left, top, right - left, height);
        ctx.clip();
        ctx.beginPath();
        for (let at = left - height; at < right; at += step) {
          ctx.moveTo(at, top + height);
          ctx.lineTo(at + height, top);
        }
        ctx.stroke();
        ctx.restore();
      }
    }
  });
}

/** Number of tokens in each mean of a zoomed-out curve; 1 if its line can be followed. */
export function meanWidth(u) {
  const tokens = u.scales.x.max - u.scales.x.min;
  return tokens > (DENSE * u.bbox.width) / devicePixelRatio ? 2 * Math.round(tokens / MEANS / 2) + 1 : 1;
}

/** Draws the mean around every token over a curve that is too dense to follow; `ink`: name of its colour. */
export function paintMean(u, values, ink) {
  const width = meanWidth(u);
  if (width === 1) {
    return;
  }
  clipped(u, (ctx, x, y) => {
    ctx.strokeStyle = colour(ink);
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.beginPath();
    runningMeans(values, width).forEach((v, i) => {
      if (!Number.isNaN(v)) {
        ctx.lineTo(x(i), y(v));
      }
    });
    ctx.stroke();
  });
}

/** Mean of the defined values among the `width` around each position. */
function runningMeans(values, width) {
  const half = (width - 1) / 2;
  const means = new Float32Array(values.length);
  let sum = 0;
  let defined = 0;
  const count = (i, sign) => {
    if (i >= 0 && i < values.length && !Number.isNaN(values[i])) {
      sum += sign * values[i];
      defined += sign;
    }
  };
  for (let i = 0; i < half; i++) {
    count(i, 1);
  }
  for (let i = 0; i < values.length; i++) {
    count(i + half, 1);
    count(i - half - 1, -1);
    means[i] = defined ? sum / defined : NaN;
  }
  return means;
}

/** Draws marks at the peaks, small dots if marks would overlap, and nothing if dots would. */
export function paintPeaks(u, values, peaks, shape) {
  const { min, max } = u.scales.x;
  const shown = peaks.filter((i) => i >= min && i <= max);
  const ratio = devicePixelRatio;
  const crowded = shown.length * 8 * ratio > u.bbox.width;
  if (shown.length * 3 * ratio > u.bbox.width) {
    return;
  }
  const ctx = u.ctx;
  ctx.fillStyle = colour('accent');
  for (const i of shown) {
    const x = u.valToPos(i, 'x', true);
    const y = u.valToPos(values[i], 'y', true);
    if (crowded) {
      ctx.beginPath();
      ctx.arc(x, y, 1.6 * ratio, 0, 2 * Math.PI);
      ctx.fill();
    } else {
      drawShape(ctx, shape, x, y, 0.85 * ratio, colour('accent'), colour('paper'));
    }
  }
}

export function paintPinned(u, values, token) {
  if (token === null) {
    return;
  }
  clipped(u, (ctx, x, y) => {
    const ratio = devicePixelRatio;
    ctx.strokeStyle = colour('ink');
    ctx.lineWidth = ratio;
    ctx.beginPath();
    ctx.moveTo(x(token), u.bbox.top);
    ctx.lineTo(x(token), u.bbox.top + u.bbox.height);
    ctx.stroke();
    if (!Number.isNaN(values[token])) {
      ctx.beginPath();
      ctx.arc(x(token), y(values[token]), 3.2 * ratio, 0, 2 * Math.PI);
      ctx.fillStyle = colour('ink');
      ctx.fill();
    }
  });
}
