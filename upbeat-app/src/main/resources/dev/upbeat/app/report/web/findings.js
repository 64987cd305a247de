// The linkages with their chance levels: in words, as a chart and as cells of a table.

import { el, svg } from 'upbeat/dom.js';
import { change, count, format, percent, pValue, UNDEFINED } from 'upbeat/numbers.js';

const SHUFFLED = 'when they are shuffled within their response';
const nats = (v) => (Number.isFinite(v) ? `${format(v, 3)} nats` : UNDEFINED);

/** The texts of each linkage, in the paper's order. Their headlines come with the data. */
export const KINDS = {
  ENTROPY_AT_WAAD_PEAKS: {
    name: 'Entropy at preplan points',
    value: nats,
    says: (v) => `Entropy averages ${nats(v.observed)} at the ${count(v.peaks, 'preplan point')} (WAAD peaks), against `
      + `${nats(v.chance)} ${SHUFFLED} (${nats(v.pooled)} over all response tokens)`,
  },
  FAI_PEAKS_AT_RECEIVER_PEAKS: {
    name: 'Receiver-FAI peaks that are FAI peaks',
    value: percent,
    says: (v) => `${percent(v.observed)} of the ${count(v.peaks, 'peak')} of the receiver heads\u2019 FAI are FAI peaks too, against `
      + `${percent(v.chance)} ${SHUFFLED} (${percent(v.pooled)} of all response tokens)`,
  },
  FAI_PEAKS_AFTER_WAAD_PEAKS: {
    name: 'FAI peaks at or after preplan points',
    value: percent,
    says: (v) => `${percent(v.observed)} of the ${count(v.peaks, 'FAI peak')} are at a preplan point (WAAD peak) or just after one, against `
      + `${percent(v.chance)} ${SHUFFLED} (${percent(v.pooled)} of all response tokens)`,
  },
};
const FOREST = { left: 4, right: 14, row: 22, top: 6, bottom: 24, character: 6.2, gap: 16, wide: { width: 560, ticks: 6 }, narrow: { width: 330, ticks: 4 } };
const NARROW = matchMedia('(max-width: 819px)');

/** Linkages of one kind together, all tokens first: [{kind, variants}]. */
export function byKind(linkages) {
  return Object.keys(KINDS).map((kind) => ({ kind, variants: linkages.filter((result) => result.kind === kind) }))
    .filter(({ variants }) => variants.length);
}

export function sentence(kind, v) {
  if (!Number.isFinite(v.observed) || !Number.isFinite(v.chance)) {
    return `${kind.name} could not be computed from ${count(v.peaks, 'peak')}.`;
  }
  const range = Number.isFinite(v.low) && Number.isFinite(v.high)
    ? `95% interval ${change(v.low)} to ${change(v.high)}${v.narrow ? `, of ${tooNarrow(v)}` : ''}`
    : 'no interval: too few responses have these peaks';
  return `${kind.says(v)}: ${change(v.lift)} (${range}; p ${pOf(v)}).`;
}

/** A remark on an interval of few responses. */
export function tooNarrow({ responses }) {
  return `only ${count(responses, 'response')}, which makes it too narrow`;
}

function pOf({ p }) {
  return Number.isFinite(p) && p >= 0.001 ? `= ${pValue(p)}` : pValue(p);
}

/**
 * Chart of lifts with their intervals, a line for each variant, with the line of chance; a variant with a `run` has
 * that run's colour.
 */
export function forest(variants) {
  const { left, right, row, top, bottom, character, gap } = FOREST;
  const { width, ticks: about } = NARROW.matches ? FOREST.narrow : FOREST.wide;
  const labels = gap + character * Math.max(...variants.map(({ label }) => label.length)); // beside the plot, never in it
  const ends = variants.flatMap((v) => [v.lift, v.low, v.high]).filter(Number.isFinite);
  if (!ends.length) {
    return null;
  }
  const min = Math.min(-0.1, ...ends);
  const max = Math.max(0.1, ...ends);
  const x = (lift) => left + labels + ((lift - min) / (max - min)) * (width - left - right - labels);
  const height = top + variants.length * row + bottom;
  const base = top + variants.length * row;
  const step = niceStep((max - min) / about);
  const ticks = [];
  for (let t = Math.ceil(min / step) * step; t <= max + 1e-9; t += step) {
    ticks.push(Math.abs(t) < 1e-9 ? 0 : t);
  }
  return svg('svg', { class: 'forest', viewBox: `0 0 ${width} ${height}`, role: 'img',
    'aria-label': variants.map((v) => `${v.label}: ${change(v.lift)}, ${change(v.low)} to ${change(v.high)}`).join('; ') },
  ticks.map((t) => [
    svg('line', { class: t === 0 ? 'zero' : 'tick', x1: x(t), x2: x(t), y1: top - 4, y2: base }),
    svg('text', { x: x(t), y: base + 14, 'text-anchor': 'middle' }, t === 0 ? 'chance' : change(t))]).flat(),
  variants.flatMap((v, i) => {
    const y = top + (i + 0.5) * row;
    const drawn = [svg('text', { class: 'name', x: left, y: y + 4 }, v.label)];
    if (Number.isFinite(v.low) && Number.isFinite(v.high)) {
      drawn.push(svg('line', { class: v.run === undefined ? 'interval' : `interval run-${v.run}`, x1: x(v.low), x2: x(v.high), y1: y, y2: y }));
    }
    drawn.push(Number.isFinite(v.lift)
      ? svg('circle', { class: v.run !== undefined ? `dot run-${v.run}` : i ? 'dot other' : 'dot', cx: x(v.lift), cy: y, r: i && v.run === undefined ? 3.5 : 5 })
      : svg('text', { x: x(0) + 8, y: y + 4 }, UNDEFINED));
    return drawn;
  }));
}

function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((m) => m * power).find((step) => step >= rough);
}

export function interval({ low, high }) {
  return Number.isFinite(low) && Number.isFinite(high) ? `${change(low)} to ${change(high)}` : UNDEFINED;
}

export function headRow(names, columns) {
  return el('thead', {}, el('tr', {}, names.map((name) => el('th', { scope: 'col' }, name)),
    columns.map((name) => el('th', { scope: 'col', class: 'number' }, name))));
}

/** Cells of a row of numbers, each with its column's name, which is shown if the table is too narrow for columns. */
export function cells(columns, texts) {
  return texts.map((text, i) => el('td', { class: text === UNDEFINED ? 'number undefined' : 'number', 'data-name': columns[i] }, text));
}

export function meanReward(scored) {
  return scored.reduce((sum, { reward }) => sum + reward, 0) / scored.length;
}

/** A run's letter in its colour, and its name. */
export function runTag({ letter, name }, index) {
  return el('span', { class: 'run-tag' }, el('b', { class: `run-${index}` }, letter), ` ${name}`);
}
