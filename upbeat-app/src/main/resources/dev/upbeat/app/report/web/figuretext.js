// The tinted text of a figure, above its curves: tokens with their marks, and the scale of the tint.

import { ACCENT, escaped, INK, MUTED, WIDTH } from 'upbeat/figure.js';
import { metric, METRICS, scaleOf } from 'upbeat/metrics.js';
import { format } from 'upbeat/numbers.js';
import { SHAPES } from 'upbeat/shapes.js';
import { lightRamp } from 'upbeat/theme.js';
import { levelOf } from 'upbeat/token.js';
import { breakLines, rulerOf, shown } from 'upbeat/wrap.js';

const FONT = "ui-monospace, Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace";
const MARGIN = 14;
const LEGEND = 30; // height of the scale
const LINE = 32;
const BOX = 19; // height of a token
const LETTER = 6.2; // approximate width in the font of words

/** The tokens [first, last] as `curvesSvg` takes them; the tint and the marks are those of the page's state. */
export function tintedText(state, [first, last]) {
  const { current } = state;
  const measure = rulerOf(`13px ${FONT}`);
  const lines = breakLines(current.tokens, first, last + 1, WIDTH - 2 * MARGIN, measure);
  const colours = lightRamp('text');
  return {
    height: LEGEND + lines.length * LINE,
    svg: (top, beat) => legend(state, colours, top + 8)
      + lines.map((line, i) => lineSvg(state, line, top + LEGEND + i * LINE, measure, colours, beat)).join(''),
  };
}

function lineSvg(state, { start, end }, top, measure, colours, beat) {
  const { current, by, marks } = state;
  const leftwards = current.rightToLeft?.[start] === 1;
  let x = leftwards ? WIDTH - MARGIN : MARGIN;
  let drawn = '';
  for (let t = start; t < end; t++) {
    const width = measure(current.tokens[t]);
    x -= leftwards ? width : 0;
    const value = current.series[by][t];
    const fill = Number.isNaN(value) ? 'url(#hatch)' : colours[Math.round(levelOf(state, value) * (colours.length - 1))];
    drawn += `${beat.textBand(t, x, top, width - 1, BOX)}<rect x="${x.toFixed(1)}" y="${top}" width="${(width - 1).toFixed(1)}" height="${BOX}" fill="${fill}"/>`
      + `<text class="token" x="${x.toFixed(1)}" y="${top + 14}" textLength="${(width - 1).toFixed(1)}" lengthAdjust="spacingAndGlyphs" font-family="${FONT}"`
      + ` font-size="13" fill="${INK}" xml:space="preserve">${escaped(shown(current.tokens[t]))}</text>`
      + (marks && current.isPeak.waad.has(t) ? mark('waad', x + width / 2, top - 4) : '')
      + (marks && current.isPeak.fai.has(t) ? mark('fai', x + width / 2, top + BOX + 4) : '');
    x += leftwards ? 0 : width;
  }
  return drawn;
}

function mark(key, x, y) {
  const { d, width } = SHAPES[metric(key).peak.shape];
  return `<path class="mark" d="${d}" transform="translate(${x.toFixed(1)} ${y.toFixed(1)})" fill="none" stroke="${ACCENT}" stroke-width="${width}"`
    + ' stroke-linecap="round" stroke-linejoin="round"/>';
}

function legend({ current, other, by, scale, marks }, colours, y) {
  const m = metric(by);
  const { from, to } = scaleOf(by, current, other);
  const ends = scale === 'rank' ? ['lowest', 'highest'] : [from, to].map((v) => format(v, Math.min(m.digits, 4)));
  const low = `tint: ${m.name}, ${m.low && scale === 'rank' ? ends[1] : ends[0]}`;
  const strip = MARGIN + 12 + LETTER * low.length;
  const words = (x, text) => `<text x="${x.toFixed(1)}" y="${y}" fill="${MUTED}">${escaped(text)}</text>`;
  let x = strip + 240;
  return words(MARGIN, low)
    + [0, 8, 16, 24, 32, 40, 48, 56, 63].map((i, n) => `<rect x="${(strip + 11 * n).toFixed(1)}" y="${y - 9}" width="11.2" height="10" fill="${colours[i]}"/>`).join('')
    + words(strip + 106, `${m.low && scale === 'rank' ? ends[0] : ends[1]}${scale === 'rank' ? '' : ` ${m.unit}`}`)
    + (marks ? METRICS.filter(({ key }) => key === 'waad' || key === 'fai').map(({ key, name, peak }) => {
      const legend = key === 'waad' ? `${peak.noun}, peak of ${name}` : peak.noun;
      const drawn = mark(key, x, y - 4) + words(x + 10, legend);
      x += 34 + LETTER * legend.length;
      return drawn;
    }).join('') : '');
}
