// How much two checkpoints differ: for each series the mean over the traces, with its interval, as a table and as a picture.

import { el, svg } from 'upbeat/dom.js';
import { METRICS } from 'upbeat/metrics.js';
import { count, signed, UNDEFINED } from 'upbeat/numbers.js';

const WIDTH = 160; // of the picture, pixels
const HEIGHT = 18;

/** The table. `differences`: those of `/v1/compare`, of the second of the `names` minus the first. */
export function differenceTable(differences, [a, b]) {
  const metrics = METRICS.filter(({ file }) => differences[file]?.traces > 0);
  const intervals = metrics.some(({ file }) => differences[file].low !== undefined);
  const rows = metrics.map((metric) => row(metric, differences[metric.file], intervals));
  const most = Math.max(...Object.values(differences).map(({ traces }) => traces));
  return el('section', { class: 'differences', 'aria-label': 'Differences' },
    el('p', {}, 'Mean of ', el('b', { class: 'run-1' }, 'B'), ` ${b} minus `, el('b', { class: 'run-0' }, 'A'), ` ${a} over the tokens of a trace, then over ${count(most, 'trace')}. `,
      most > 1 ? 'Intervals: 95%, by bootstrap over the traces.' : 'One trace has no interval.'),
    el('div', { class: 'scroll' }, el('table', {},
      el('thead', {}, el('tr', {}, ['', 'B \u2212 A', ...(intervals ? ['95% interval', ''] : [])].map((head) => el('th', { scope: 'col' }, head)))),
      el('tbody', {}, rows))));
}

function row({ name, unit, digits, says }, { mean, low, high }, intervals) {
  const known = low !== undefined;
  return el('tr', {}, el('th', { scope: 'row', title: says }, name, ' ', el('span', { class: 'note' }, unit)),
    el('td', { class: 'number' }, signed(mean, digits)),
    ...(intervals ? [
      el('td', { class: known ? 'number' : 'number undefined' }, known ? `${signed(low, digits)} to ${signed(high, digits)}` : UNDEFINED),
      el('td', {}, known ? picture(mean, low, high) : null),
    ] : []));
}

/** The interval beside zero. */
function picture(mean, low, high) {
  const reach = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const x = (value) => WIDTH / 2 + (value / reach) * (WIDTH / 2 - 6);
  const middle = HEIGHT / 2;
  return svg('svg', { class: 'interval', width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true' },
    svg('line', { class: 'zero', x1: x(0), x2: x(0), y1: 0, y2: HEIGHT }),
    svg('line', { class: 'range', x1: x(low), x2: x(high), y1: middle, y2: middle }),
    svg('circle', { cx: x(mean), cy: middle, r: 3.5 }));
}
