// The curves, one under the other: one shared cursor, one shared zoom.

import uPlot from 'uplot';
import { ARCS } from 'upbeat/arcs.js';
import { isolated, metricEnds, xAxis, yAxis } from 'upbeat/axis.js';
import { COUPLINGS } from 'upbeat/couplings.js';
import { FLOW } from 'upbeat/flow.js';
import { button, el, listen } from 'upbeat/dom.js';
import { format, UNDEFINED } from 'upbeat/numbers.js';
import { meanWidth, paintChunks, paintMean, paintPeaks, paintPinned, paintUndefined, undefinedRuns } from 'upbeat/paint.js';
import { colour, onTheme } from 'upbeat/theme.js';

const SHARE = 0.42; // of the window's height, for all curves, their axis and the arcs
const HEIGHT = { least: 48, most: 92, mostOfSpare: 150 }; // of a curve, pixels
const GAP = 6; // below a plot
const X_AXIS = 22;
const FOOT = 14; // the line below the axis; curves.css
const MARGIN = 12; // around all rows; layout.css
const Y_AXIS = 46;
const WHEEL = 1.25; // zoom of one notch
const NEAREST = 8; // tokens; no closer than this
let created = 0;

/**
 * The stack of curves in an element; `letterOf(trace)`: letter of its run, for the curve of differences, null for no such
 * curve; `exporting(metric, kind)` saves one as svg or png. If the state has a `rival`,
 * another run's measurement of the same response, its curves are drawn too. `spare()`: the height that the text above leaves,
 * pixels.
 */
export function createCurves(host, store, exporting, letterOf, spare) {
  const cursors = `cursors ${(created += 1)}`; // the plots of this stack share one
  let plots = []; // {u, metric, values} and the elements value, row, band
  let pinnedBefore = null; // the token to restore at a double click
  const note = el('p', { class: 'note', hidden: true });
  host.append(el('div', { class: 'foot' }, el('span', {}, 'response token'), note));
  const listeners = [sayMean, shade];
  const fit = () => plots.forEach(resize);
  new ResizeObserver(fit).observe(host);
  listen(window, 'resize', fit); // the height of the window does not change that of the host

  function rebuild({ current, rival }) {
    plots.forEach(({ u, row }) => {
      u.destroy();
      row.remove();
    });
    const differences = rival && letterOf ? differencesOf(current, rival, store.get().by) : [];
    const metrics = [...current.metrics, ...differences.map(({ metric }) => metric)];
    plots = metrics.map((metric, i) => {
      const own = differences.find((difference) => difference.metric === metric);
      return createPlot(own?.trace ?? current, own ? null : rival, metric, i === metrics.length - 1);
    });
    fit();
    zoom(store.get());
  }

  /** The other run's values minus this one's, of the metric of the tint: {metric, trace with the series}, or none. */
  function differencesOf(current, rival, by) {
    const m = current.metrics.find(({ key }) => key === by);
    const theirs = rival.series[by];
    return theirs ? [{
      metric: {
        ...m, key: 'difference', name: `${letterOf(rival)} \u2212 ${letterOf(current)}`, unit: `${m.name}, ${m.unit}`, low: false, free: false, log: false,
        signed: true, peak: null, says: `${m.name} of ${letterOf(rival)} minus that of ${letterOf(current)}, token by token`,
      },
      trace: { ...current, series: { difference: Float32Array.from(current.series[by], (v, t) => theirs[t] - v) } },
    }] : [];
  }

  function createPlot(trace, rival, metric, last) {
    const value = el('output', { class: 'value', 'aria-label': `${metric.name} at the cursor` });
    const rivalValue = el('output', { class: rival ? `rival run-${rival.run}` : 'rival', 'aria-label': `${metric.name} of the other run at the cursor` });
    const save = ['svg', 'png'].map((kind) =>
      button(kind.toUpperCase(), () => exporting(metric, kind), {
        class: 'quiet', 'aria-label': `Save ${metric.name} as ${kind.toUpperCase()}`,
      }));
    const label = el('div', { class: 'label' },
      el('span', { class: 'name', title: metric.says }, metric.name), metric.log ? logSwitch(metric) : null, metric.signed ? null : el('span', { class: 'save' }, save),
      el('span', { class: 'reading' }, value, rivalValue, el('span', { class: 'unit' }, metric.unit)));
    const figure = el('div', { class: 'plot' });
    const row = el('div', { class: 'curve', role: 'group', 'aria-label': `Curve of ${metric.name}`, 'data-metric': metric.key },
      label, figure);
    note.parentElement.before(row);
    const values = trace.series[metric.key];
    const rivalValues = rival ? rival.series[metric.key] ?? new Float32Array(trace.length).fill(NaN) : null;
    const u = new uPlot(options(trace, rival, rivalValues, metric, last), alignedData(values, rivalValues), figure);
    u.over.addEventListener('click', (event) => {
      if (event.detail === 1) {
        pinnedBefore = store.get().token;
      }
      store.set({ token: u.cursor.idx ?? null });
    });
    u.over.addEventListener('wheel', (event) => wheel(u, event), { passive: false });
    u.over.addEventListener('dblclick', () => store.set({ zoom: null, token: pinnedBefore }));
    const band = el('div', { class: 'in-view' });
    u.under.append(band);
    return { u, metric, value, rivalValue, row, values, rivalValues, band };
  }

  /** Switches the axes of attention weights between linear and logarithmic. */
  function logSwitch({ key }) {
    const log = store.get().axis === 'log';
    return button('log', () => {
      store.set({ axis: log ? 'linear' : 'log' });
      host.querySelector(`[data-metric=${key}] .log`).focus(); // the curves were made again
    }, {
      class: 'quiet log', 'aria-label': 'Logarithmic axis', 'aria-pressed': String(log), title: 'Logarithmic axis of FAI and answer flow',
    });
  }

  function options(trace, rival, rivalValues, metric, last) {
    const log = metric.log && store.get().axis === 'log';
    const values = trace.series[metric.key];
    const ink = `run-${trace.run}`;
    const { other } = store.get();
    const shared = other && !rival && metric.key in other.series ? commonRange(values, other.series[metric.key], log) : null; // a rival is in the same plot
    const runs = undefinedRuns(values);
    const peaks = metric.peak ? Array.from(trace.peaks[metric.key]) : [];
    return {
      width: 100,
      height: 100,
      padding: [7, 18, last ? 0 : GAP, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false, dist: 5 },
        sync: { key: cursors, setSeries: false, scales: ['x', null] },
        points: { size: 7, stroke: () => colour('paper'), fill: () => colour('line') },
      },
      scales: {
        x: { time: false, range: (u, min, max) => [min - 0.5, max + 0.5] },
        y: { distr: log ? 3 : 1, range: (u, min, max) => metricEnds(metric, ...(shared ?? [min ?? NaN, max ?? NaN]), log) },
      },
      axes: [xAxis({ show: last, size: X_AXIS, space: 60 }), yAxis({ log, size: Y_AXIS, space: 16 })],
      series: [{}, {
        stroke: (u) => colour(meanWidth(u) > 1 ? 'line-soft' : ink), width: 1.25, fill: metric.free || log ? null : () => colour('area'), points: points(values, ink), fillTo: 0,
      }, ...(rival ? [{ stroke: () => colour(`run-${rival.run}`), width: 1.1, dash: [4, 3], points: points(rivalValues, `run-${rival.run}`) }] : [])],
      hooks: {
        drawClear: [(u) => store.get().chunks && paintChunks(u, trace.chunks)],
        draw: [
          (u) => paintUndefined(u, runs),
          (u) => paintMean(u, values, ink),
          (u) => paintPeaks(u, values, peaks, metric.peak?.shape),
          (u) => paintPinned(u, values, store.get().token),
          () => last && listeners.forEach((listener) => listener()),
        ],
        setCursor: [(u) => {
          if (u.cursor.event) {
            store.set({ hover: u.cursor.left >= 0 ? u.cursor.idx : null });
          }
        }],
        setSelect: [(u) => {
          if (u.select.width > 0) {
            const at = (x) => Math.round(u.posToVal(x, 'x'));
            store.set({ zoom: bounded(at(u.select.left), at(u.select.left + u.select.width)) });
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          }
        }],
      },
    };
  }

  function resize({ u, row }) {
    const last = row === plots.at(-1).row;
    const rows = plots.filter(({ metric }) => !metric.signed).length; // as in the pane beside
    const each = (all) => (all - X_AXIS - FOOT - ARCS - (store.get().couplings ? COUPLINGS : 0) - (store.get().flow && store.get().current?.flowEdges ? FLOW : 0)) / rows;
    const usual = Math.min(HEIGHT.most, Math.max(HEIGHT.least, each(innerHeight * SHARE)));
    const height = Math.round(Math.max(usual, Math.min(HEIGHT.mostOfSpare, each(spare() - MARGIN))));
    const width = row.querySelector('.plot').clientWidth;
    if (width > 0) {
      u.setSize({ width, height: height + (last ? X_AXIS - GAP : 0) }); // so that the last plot is as high as the others
    }
  }

  /**
   * Shades the part of the text in view, if there is more text; an element, because scrolling moves it all the time.
   */
  function shade() {
    const { current, inView } = store.get();
    for (const { u, band } of plots) {
      band.hidden = !inView || inView[1] - inView[0] >= current.length - 1;
      if (!band.hidden) {
        const left = u.valToPos(inView[0] - 0.5, 'x');
        band.style.transform = `translateX(${left}px)`;
        band.style.width = `${u.valToPos(inView[1] + 0.5, 'x') - left}px`;
      }
    }
  }

  /** A range of tokens that lies within the response and is not too narrow to see. */
  function bounded(from, to) {
    const end = store.get().current.length - 1;
    const width = Math.min(end, Math.max(NEAREST, to - from));
    const first = Math.min(Math.max(0, Math.round((from + to - width) / 2)), end - width);
    return width >= end ? null : [first, first + width];
  }

  function wheel(u, event) {
    event.preventDefault();
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const [min, max] = shownRange();
      const move = ((max - min) / 10) * Math.sign(event.deltaX || event.deltaY);
      store.set({ zoom: bounded(min + move, max + move) });
    } else {
      zoomBy(event.deltaY < 0 ? 1 / WHEEL : WHEEL, u.posToVal(u.cursor.left, 'x'));
    }
  }

  function shownRange() {
    const { zoom: range, current } = store.get();
    return range ?? [0, current.length - 1];
  }

  /** Zooms in (factor < 1) or out around a token: the given one, else the pinned one if it is shown, else the middle. */
  function zoomBy(factor, around = store.get().token) {
    const [min, max] = shownRange();
    const centre = around !== null && around >= min && around <= max ? around : (min + max) / 2;
    store.set({ zoom: bounded(centre - (centre - min) * factor, centre + (max - centre) * factor) });
  }

  function zoom({ current }) {
    const [min, max] = shownRange();
    plots.forEach(({ u }) => u.setScale('x', { min, max: Math.min(max, current.length - 1) }));
  }

  function sayMean() {
    const width = meanWidth(plots.at(-1).u);
    note.hidden = width === 1;
    note.textContent = `Pale: every token. Dark: the mean of the ${width} around each. Zoom in for the peaks.`;
  }

  /** The values at the pointer, or else at the pinned token. */
  function read({ hover, token }) {
    const t = hover ?? token;
    for (const { value, values, rivalValue, rivalValues, metric } of plots) {
      value.textContent = t === null ? '' : format(values[t], metric.digits);
      value.classList.toggle('undefined', value.textContent === UNDEFINED);
      rivalValue.textContent = t === null || !rivalValues ? '' : format(rivalValues[t], metric.digits);
    }
  }

  function point({ hover }) {
    for (const { u } of plots) {
      u.setCursor(hover === null ? { left: -10, top: -10 } : { left: u.valToPos(hover, 'x'), top: 0 }, false);
    }
  }

  const redraw = () => plots.forEach(({ u }) => u.redraw(false, false));
  store.on(['current', 'rival', 'other', 'axis'], (state) => state.current && rebuild(state));
  store.on(['by'], (state) => state.rival && letterOf && rebuild(state));
  store.on(['zoom'], (state) => state.current && zoom(state));
  store.on(['hover'], point);
  store.on(['hover', 'token', 'current'], read);
  store.on(['token', 'chunks'], redraw);
  store.on(['inView'], shade);
  onTheme(() => plots.forEach(({ u }) => u.redraw(false, true)));
  return {
    zoomBy,
    fit,
    /** Adds a listener that is called when all curves are drawn: only then has uPlot the new sizes and ranges. */
    onDraw: (listener) => listeners.push(listener),
    /**
     * Left edge and width of the plotting area within the host, and the range of tokens, for elements aligned with the
     * curves.
     */
    frame() {
      const { u } = plots[0];
      const left = u.over.getBoundingClientRect().left - host.getBoundingClientRect().left;
      return { left, width: u.over.clientWidth, min: u.scales.x.min, max: u.scales.x.max };
    },
  };
}

/** Least and greatest of the defined values of two traces; for a logarithmic axis, of those above zero. */
function commonRange(a, b, log) {
  const values = [...a, ...b].filter((v) => !Number.isNaN(v) && !(log && v <= 0));
  return values.reduce(([min, max], v) => [Math.min(min, v), Math.max(max, v)], [Infinity, -Infinity]);
}

/** Only the values that a line alone would not show. */
function points(values, ink) {
  const alone = isolated(values);
  return { show: false, filter: () => alone, size: 4, fill: () => colour(ink), stroke: () => colour(ink) };
}

function alignedData(...series) {
  const [values] = series;
  const plotted = series.filter(Boolean).map((all) => Array.from(all, (v) => (Number.isNaN(v) ? null : v)));
  return [Array.from(values, (_, i) => i), ...plotted];
}
