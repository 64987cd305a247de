// Curves that grow to the right, one under the other.

import uPlot from 'uplot';
import { metricEnds, xAxis, yAxis } from 'upbeat/axis.js';
import { el } from 'upbeat/dom.js';
import { colour, onTheme } from 'upbeat/theme.js';

const HEIGHT = 72; // of a plotting area, pixels
const X_AXIS = 22;
const SHORTEST = 64; // tokens of the axis at the start

/** Curves of metrics in an element; draw(series) shows arrays of numbers, one for each metric, NaN where undefined. */
export function createGrowing(host, metrics) {
  const plots = metrics.map((metric, i) => {
    const last = i === metrics.length - 1;
    const figure = el('div', { class: 'plot' });
    host.append(el('div', { class: 'curve', role: 'img', 'aria-label': `Curve of ${metric.name}` },
      el('div', { class: 'label' }, el('span', { class: 'name', title: metric.says }, metric.name), el('span', { class: 'unit' }, metric.unit)), figure));
    return new uPlot({
      width: figure.clientWidth || 100, height: HEIGHT + (last ? X_AXIS : 0), padding: [7, 18, last ? 0 : 6, 0],
      legend: { show: false }, cursor: { show: false },
      scales: {
        x: { time: false, range: (u, min, max) => [-0.5, Math.max(SHORTEST, max ?? 0) + 0.5] },
        y: { range: (u, min, max) => metricEnds(metric, min ?? NaN, max ?? NaN) },
      },
      axes: [xAxis({ show: last, size: X_AXIS, space: 60 }), yAxis({ size: 46, space: 16 })],
      series: [{}, { stroke: () => colour('line'), width: 1.25, points: { show: false } }],
    }, [[], []], figure);
  });
  new ResizeObserver(() => plots.forEach((u) => {
    const width = u.root.parentElement.clientWidth;
    if (width && width !== u.width) {
      u.setSize({ width, height: u.height });
    }
  })).observe(host);
  onTheme(() => plots.forEach((u) => u.redraw(false, true)));

  return {
    draw(series) {
      series.forEach((values, i) => plots[i].setData([values.map((_, t) => t), values.map((v) => (Number.isNaN(v) ? null : v))]));
    },
  };
}
