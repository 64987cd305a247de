// Curves as a separate figure for a paper or a slide: SVG on white, and PNG made from it.

import { isolated, logLabels, logTicks, metricEnds, ticks } from 'upbeat/axis.js';
import { figureBeat } from 'upbeat/figurebeat.js';
import { tickLabels } from 'upbeat/numbers.js';
import { undefinedRuns } from 'upbeat/paint.js';
import { SHAPES } from 'upbeat/shapes.js';

export const WIDTH = 900;
const ROW = 130;
const HEAD = 34;
const FOOT = 40;
const LEFT = 96;
const RIGHT = 16;
const GAP = 14;
export const INK = '#1b1e24';
export const MUTED = '#5b626e';
const LINE = '#1f5fa8';
export const ACCENT = '#b8400f';
const PNG_SCALE = 2;

/**
 * SVG text of some metrics of a trace over its tokens [first, last]. `title` is drawn above, `source` goes into its
 * metadata; `log`: whether attention weights have a logarithmic axis; `shown`: whether {chunks, couplings} are. `text`: what is
 * drawn between the title and the curves, {svg(top, beat), height}.
 */
export function curvesSvg(trace, metrics, [first, last], title, source, log, shown, text = { svg: () => '', height: 0 }) {
  const beat = figureBeat(trace, shown, [first, last], (WIDTH - LEFT - RIGHT) / Math.max(1, last - first));
  const strip = HEAD + text.height;
  const head = strip + beat.height;
  const height = head + metrics.length * ROW + FOOT;
  const x = (t) => LEFT + ((t - first) / Math.max(1, last - first)) * (WIDTH - LEFT - RIGHT);
  const axis = ticks(first, last, 8).filter(Number.isInteger).map((t) =>
    `<text x="${x(t).toFixed(1)}" y="${height - FOOT + 16}" text-anchor="middle">${t}</text>`).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" `
    + `font-family="system-ui, sans-serif" font-size="11" fill="${MUTED}">`
    + `<title>${escaped(title)}</title><desc>${escaped(source)}</desc>`
    + '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    + '<path d="M0 0V6" stroke="#9aa1ad" stroke-width="1.5"/></pattern></defs>'
    + `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`
    + `<text x="14" y="21" font-size="13" font-weight="600" fill="${INK}">${escaped(title)}</text>`
    + text.svg(HEAD, beat)
    + (beat.height ? `<text x="14" y="${strip + 12}" font-size="12" font-weight="600" fill="${INK}">couplings</text><text x="14" y="${strip + 27}">leap to high FAI</text>` : '')
    + beat.brackets(x, strip)
    + metrics.map((m, i) => row(trace, m, first, last, x, head + i * ROW, log && m.log, beat)).join('')
    + (beat.shaded ? `<text x="${WIDTH - RIGHT}" y="${height - 6}" text-anchor="end">grey: every other chunk</text>` : '')
    + `${axis}<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${height - 6}" text-anchor="middle">response token</text></svg>`;
}

function row(trace, metric, first, last, x, offset, log, beat) {
  const values = trace.series[metric.key];
  const seen = values.slice(first, last + 1).filter((v) => !Number.isNaN(v) && !(log && v <= 0));
  const [min, max] = metricEnds(metric, Math.min(...seen), Math.max(...seen), log);
  const top = offset + GAP;
  const bottom = offset + ROW;
  const place = (v) => (log ? Math.log10(Math.max(v, min)) : v);
  const y = (v) => bottom - ((place(v) - place(min)) / (place(max) - place(min))) * (bottom - top);
  const at = (log ? logTicks : ticks)(min, max, 3);
  const labels = log ? logLabels(at) : tickLabels(at, at[1] - at[0]);
  const grid = at.map((v, i) =>
    `<path d="M${LEFT} ${y(v).toFixed(1)}H${WIDTH - RIGHT}" stroke="#e3e6ea"/>`
    + `<text x="${LEFT - 6}" y="${(y(v) + 4).toFixed(1)}" text-anchor="end">${labels[i]}</text>`).join('');
  let d = '';
  for (let t = first; t <= last; t++) {
    if (!Number.isNaN(values[t])) {
      d += `${t > first && !Number.isNaN(values[t - 1]) ? 'L' : 'M'}${x(t).toFixed(2)} ${y(values[t]).toFixed(2)}`;
    }
  }
  const points = isolated(values).filter((t) => t >= first && t <= last).map((t) =>
    `<circle cx="${x(t).toFixed(2)}" cy="${y(values[t]).toFixed(2)}" r="2" fill="${LINE}"/>`).join('');
  const hatches = undefinedRuns(values).filter(([start, end]) => start <= last && end > first).map(([start, end]) => {
    const from = Math.max(x(start - 0.5), LEFT);
    const to = Math.min(x(end - 0.5), WIDTH - RIGHT);
    return `<rect class="undefined" x="${from.toFixed(2)}" y="${top}" width="${(to - from).toFixed(2)}" height="${bottom - top}" fill="url(#hatch)"/>`;
  }).join('');
  const shape = metric.peak && SHAPES[metric.peak.shape];
  const peaks = metric.peak ? Array.from(trace.peaks[metric.key]).filter((t) => t >= first && t <= last).map((t) =>
    `<path class="peak" d="${shape.d}" transform="translate(${x(t).toFixed(2)} ${y(values[t]).toFixed(2)})" stroke-width="${shape.width}"/>`).join('') : '';
  return `<g class="curve">${beat.bands(x, top, bottom)}<text x="14" y="${top + 12}" font-size="12" font-weight="600" fill="${INK}">${escaped(metric.name)}</text>`
    + `<text x="14" y="${top + 27}">${escaped(metric.unit)}</text>${grid}${hatches}`
    + `<path class="line" d="${d}" fill="none" stroke="${LINE}" stroke-width="1.3" stroke-linejoin="round"/>${points}`
    + `<g fill="none" stroke="${ACCENT}" stroke-linecap="round" stroke-linejoin="round">${peaks}</g></g>`;
}

/** Text for XML: escapes markup and replaces characters that XML 1.0 forbids. */
export function escaped(text) {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** A PNG of an SVG text, as a promise of a Blob. */
export async function pngOf(svgText) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width * PNG_SCALE;
  canvas.height = image.height * PNG_SCALE;
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}
