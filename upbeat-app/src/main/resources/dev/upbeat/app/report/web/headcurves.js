// One head's own WAAD and FAI over a response, beside the means of the groups that the metrics are taken over.

import uPlot from 'uplot';
import { metricEnds, xAxis, yAxis } from 'upbeat/axis.js';
import { button, el } from 'upbeat/dom.js';
import { metric } from 'upbeat/metrics.js';
import { count, format } from 'upbeat/numbers.js';
import { colour, onTheme } from 'upbeat/theme.js';
import { shown } from 'upbeat/wrap.js';

const HEIGHT = 118; // pixels
const AXIS = 24;
const CURVES = ['waad', 'fai'];

/** Creates the curves in an element; they are those of the store's trace. `open(index)` shows another trace. */
export function createHeadCurves(host, manifest, source, store, open) {
  const { runs, traces } = manifest;
  let plots = [];
  let head = null;
  const title = el('h3', {});
  const note = el('p', { class: 'note' });
  const figures = el('div', { class: 'head-curves' });
  const reading = el('p', { class: 'reading note', 'aria-live': 'polite' });
  host.append(title, note, figures, reading);

  async function draw() {
    const { current, trace: index } = store.get();
    const own = current && head ? await source.heads(index) : null;
    if (current !== store.get().current) {
      return; // another trace was opened meanwhile
    }
    plots.forEach(({ u }) => u.destroy());
    plots = [];
    figures.replaceChildren();
    reading.textContent = '';
    const { run } = store.get();
    const kept = traces.map((trace, i) => (trace.run === run && trace.heads ? i : -1)).filter((i) => i >= 0);
    host.hidden = !current;
    title.textContent = current ? `Its curves in ${current.id}` : '';
    if (!own) {
      sayWhereThereAre(current, kept);
      return;
    }
    const at = own.index(head);
    note.replaceChildren(at < 0 ? 'This run did not observe this head.' : 'Solid: this head. Dashed: the metric, the mean of the local heads for WAAD and of the global heads for FAI. '
      + `The head\u2019s values are in steps of 1/254 of its maximum${kept.length > 1 ? `; ${count(kept.length, 'trace')} of this page have them` : ''}.`);
    plots = at < 0 ? [] : CURVES.map((key, i) => plot(current, key, own[key](at), i === CURVES.length - 1));
  }

  /** Says why there is nothing to draw, and which traces have curves. */
  function sayWhereThereAre(current, kept) {
    if (!current) {
      return;
    }
    note.replaceChildren(...(kept.length
      ? ['Not kept for this trace, but for ', ...kept.flatMap((i, n) => [n ? ', ' : '', button(traces[i].id, () => open(i), { class: 'go' })]), '.']
      : ['This run has no curves of single heads: analyze --head-series N keeps them for the first N traces.']));
  }

  function plot(trace, key, { values, max }, last) {
    const m = metric(key);
    const log = m.log && store.get().axis === 'log';
    const mean = trace.series[key];
    const figure = el('div', { class: 'plot', 'data-metric': key });
    const row = el('figure', { 'aria-label': `${m.name} of this head` },
      el('figcaption', {}, el('b', {}, m.name), ` ${m.unit} \u00b7 this head at most ${format(max, m.digits)}`), figure);
    figures.append(row);
    const ends = { min: Infinity, max: -Infinity };
    for (const series of [values, mean]) {
      series.forEach((v) => {
        if (!Number.isNaN(v) && !(log && v <= 0)) {
          ends.min = Math.min(ends.min, v);
          ends.max = Math.max(ends.max, v);
        }
      });
    }
    const defined = (series) => Array.from(series, (v) => (Number.isNaN(v) ? null : v));
    const u = new uPlot({
      width: figure.clientWidth || 320, height: HEIGHT + (last ? AXIS : 0), padding: [7, 16, last ? 0 : 6, 0], legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false, setScale: true }, sync: { key: 'head curves', setSeries: false, scales: ['x', null] } },
      scales: { x: { time: false }, y: { distr: log ? 3 : 1, range: () => metricEnds(m, ends.min, ends.max, log) } },
      axes: [xAxis({ show: last, size: AXIS, space: 50 }), yAxis({ log, size: 46, space: 22 })],
      series: [{},
        { stroke: () => colour('muted'), width: 1, dash: [3, 3], points: { show: false } },
        { stroke: () => colour(`run-${trace.run}`), width: 1.3, points: { show: false } }],
      hooks: { setCursor: [(plotted) => plotted.cursor.event && read(trace, plotted.cursor.idx)] },
    }, [Array.from(values, (_, t) => t), defined(mean), defined(values)], figure);
    u.over.addEventListener('click', () => store.set({ token: u.cursor.idx ?? null }));
    return { u, key, values, mean };
  }

  /** Shows the token at the pointer, and both values of both metrics. */
  function read(trace, t) {
    if (t === null || t === undefined) {
      reading.textContent = '';
      return;
    }
    const values = plots.map(({ key, values: own, mean }) => {
      const { name, digits } = metric(key);
      return `${name} ${format(own[t], digits)} (mean ${format(mean[t], digits)})`;
    });
    reading.textContent = `token ${t} \u201c${shown(trace.tokens[t])}\u201d \u00b7 ${values.join(' \u00b7 ')}`;
  }

  new ResizeObserver(() => plots.forEach(({ u }) => {
    const width = u.root.parentElement.clientWidth;
    if (width > 0 && width !== u.width) {
      u.setSize({ width, height: u.height });
    }
  })).observe(figures);
  store.on(['current', 'axis'], draw);
  onTheme(() => plots.forEach(({ u }) => u.redraw(false, true)));
  return {
    /** Draws the curves of a head, {layer, head}. */
    of(next) {
      head = next;
      draw();
    },
  };
}
