// Curves over the steps of trainings, with one cursor and one zoom; several runs share each plot. Raw values, and the paper's
// exponential mean of peaks. The runs can grow.

import uPlot from 'uplot';
import { axisEnds, xAxis, yAxis } from 'upbeat/axis.js';
import { el } from 'upbeat/dom.js';
import { format, whole } from 'upbeat/numbers.js';
import { aligned, metricsOf, runningPeak } from 'upbeat/steps.js';
import { colour, onTheme } from 'upbeat/theme.js';
import { choice } from 'upbeat/toolbar.js';

const HEIGHT = 150; // pixels
const WHEEL = 1.25;
const NEAREST = 4; // steps

/**
 * The curves of the runs [{name, index, metrics: {steps, series}}]. Returns the elements `tools`, `main` and `more`, and
 * `update(runs)`, which shows the runs as they are now and keeps the zoom.
 */
export function createCharts(runs) {
  let trained = runs;
  let metrics = [];
  let steps = [];
  let peaksOf = 'better';
  let a = 0.1;
  let plots = [];
  let drawn = ''; // runs and metrics of the plots
  let zoomed = null; // [first, last] step, null for all

  const which = choice('Running peaks', [
    ['better', 'of rewards and accuracies', 'Where more is better: a running peak never falls, so it says nothing of a loss'],
    ['all', 'of all', 'Of every curve'],
    ['none', 'none', 'Raw curves only'],
  ], (chosen) => {
    peaksOf = chosen;
    which.show(peaksOf, () => true);
    draw();
  });
  which.show(peaksOf, () => true);
  const share = el('input', { type: 'number', min: 0.01, max: 1, step: 0.01, value: a, 'aria-label': 'a of the running peak' });
  share.addEventListener('change', () => {
    if (share.checkValidity() && share.value !== '') {
      a = Number(share.value);
      draw();
    } else {
      share.value = a;
    }
  });
  const at = el('output', { class: 'at', 'aria-live': 'off' });
  const main = el('div', { class: 'charts' });
  const others = el('div', { class: 'charts' });
  const summary = el('summary');
  const more = el('details', { class: 'more' }, summary, others);
  more.addEventListener('toggle', draw);
  const tools = el('div', { class: 'tools' },
    el('span', { class: 'caption', title: 'E_t = a max(x_t, E_t\u22121) + (1 \u2212 a) E_t\u22121' }, 'running peak E'), which.group,
    el('label', { class: 'share' }, 'a = ', share), el('span', { class: 'formula' }, 'E\u209c = a\u00b7max(x\u209c, E\u209c\u208b\u2081) + (1\u2212a)\u00b7E\u209c\u208b\u2081'),
    el('span', { class: 'spring' }), at);

  function update(now) {
    trained = now;
    metrics = metricsOf(trained);
    [steps] = aligned(trained, () => null);
    const names = JSON.stringify([trained.map(({ name, index }) => [name, index]), metrics.map(({ key }) => key)]);
    if (names !== drawn) {
      drawn = names;
      draw();
    } else {
      plots.forEach((p) => {
        fill(p);
        p.u.setData(p.data, false);
      });
      zoom();
    }
  }

  function draw() {
    plots.forEach(({ u }) => u.destroy());
    main.replaceChildren();
    others.replaceChildren();
    const rest = metrics.filter((m) => !m.main);
    more.hidden = rest.length === 0;
    summary.textContent = `${whole(rest.length)} more`;
    plots = metrics.filter((m) => m.main || more.open).map((m) => plot(m, m.main ? main : others));
    zoom();
  }

  /** Sets the values of a plot: raw, the ends of intervals, running peaks (null if they are not drawn). */
  function fill(p) {
    const { m } = p;
    const valuesOf = (key) => aligned(trained, (run) => run.metrics.series[key]).slice(1);
    p.raw = valuesOf(m.key);
    p.peaks = p.peaked ? aligned(trained, (run) => run.metrics.series[m.key] && runningPeak(run.metrics.series[m.key], a)).slice(1) : null;
    [p.lows, p.highs] = [0, 1].map((end) => valuesOf(m.ends ? m.ends[end] : null));
    p.data = [steps, ...p.raw, ...(p.peaks ?? [])];
  }

  function plot(m, place) {
    const p = { m, peaked: peaksOf === 'all' || (peaksOf === 'better' && Boolean(m.better)) };
    fill(p);
    p.readings = trained.map((run) => el('output', { class: `reading run-${run.index}`, title: run.name }));
    const figure = el('div', { class: 'plot' });
    place.append(el('figure', { class: 'chart', 'data-metric': m.key, 'aria-label': `Curve of ${m.name}` },
      el('figcaption', {}, el('b', {}, m.name), el('span', { class: 'unit' }, ` ${m.unit}`), el('span', { class: `readings${m.ends && trained.length > 1 ? ' two' : ''}` }, p.readings)), figure));
    const line = (run, i, pale) => {
      const values = () => (pale || !p.peaked ? p.raw : p.peaks)[i];
      const isSingle = () => values().reduce((found, v) => found + (v !== null), 0) === 1; // a line alone does not show it
      return {
        stroke: () => colour(`run-${run.index}`), width: pale ? 1 : 1.5, alpha: pale ? 0.38 : 1, spanGaps: true,
        points: { show: () => (m.sparse && (pale || !p.peaked)) || isSingle(), size: 5, fill: () => colour(`run-${run.index}`) },
      };
    };
    const u = new uPlot({
      width: figure.clientWidth || 300, height: HEIGHT, padding: [8, 16, 0, 0], legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false, setScale: false, dist: 5 }, sync: { key: 'steps', setSeries: false, scales: ['x', null] }, points: { show: false } },
      scales: { x: { time: false, range: (_, min, max) => (max > min ? [min, max] : [min - 0.5, max + 0.5]) }, y: { range: (_, min, max) => axisEnds(least(min, p.lows), greatest(max, p.highs), m) } },
      axes: [xAxis({ size: 22, space: 50 }), yAxis({ size: 52, space: 26 })],
      series: [{}, ...trained.map((run, i) => line(run, i, p.peaked)), ...(p.peaked ? trained.map((run, i) => line(run, i, false)) : [])],
      hooks: {
        drawSeries: [(plotted, index) => {
          if (index >= 1 && index <= trained.length && m.ends) {
            whiskers(plotted, `run-${trained[index - 1].index}`, p.lows[index - 1], p.highs[index - 1], (index - (trained.length + 1) / 2) * 5);
          }
        }],
        setCursor: [(plotted) => plotted.cursor.event && read(plotted.cursor.left >= 0 ? plotted.cursor.idx : null)],
        setSelect: [(plotted) => {
          if (plotted.select.width > 0) {
            const { left, width } = plotted.select;
            zoomTo(plotted.posToVal(left, 'x'), plotted.posToVal(left + width, 'x'));
            plotted.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          }
        }],
      },
    }, p.data, figure);
    u.over.addEventListener('wheel', (event) => {
      event.preventDefault();
      const [first, last] = zoomed ?? [steps[0], steps.at(-1)];
      const centre = u.posToVal(u.cursor.left, 'x');
      const factor = event.deltaY < 0 ? 1 / WHEEL : WHEEL;
      zoomTo(centre - (centre - first) * factor, centre + (last - centre) * factor);
    }, { passive: false });
    u.over.addEventListener('dblclick', () => zoomTo(steps[0], steps.at(-1)));
    return Object.assign(p, { u });
  }

  function zoomTo(from, to) {
    const first = Math.max(steps[0], Math.min(from, steps.at(-1) - NEAREST));
    const last = Math.min(steps.at(-1), Math.max(to, first + NEAREST));
    zoomed = first <= steps[0] && last >= steps.at(-1) ? null : [first, last];
    zoom();
  }

  function zoom() {
    const [min, max] = zoomed ?? [steps[0], steps.at(-1)];
    plots.forEach(({ u }) => u.setScale('x', { min, max }));
  }

  /** The values at a step: raw, with the ends of its interval if it has one, and in brackets the running peak. */
  function read(i) {
    at.textContent = i === null || i === undefined ? '' : `step ${whole(steps[i])}`;
    for (const { m, raw, lows, highs, peaks, readings } of plots) {
      readings.forEach((reading, r) => {
        const value = i === null || i === undefined ? null : raw[r][i];
        const peak = peaks && i !== null && i !== undefined ? peaks[r][i] : null;
        const interval = value === null || lows[r][i] === null ? null : `[${format(lows[r][i], m.digits)}, ${format(highs[r][i], m.digits)}]`;
        reading.textContent = [value === null ? null : format(value, m.digits), interval, peak === null ? null : `(E ${format(peak, m.digits)})`]
          .filter(Boolean).join(' ');
      });
    }
  }

  new ResizeObserver(() => plots.forEach(({ u }) => {
    const width = u.root.parentElement.clientWidth;
    if (width > 0 && width !== u.width) {
      u.setSize({ width, height: HEIGHT });
    }
  })).observe(main);
  onTheme(() => plots.forEach(({ u }) => u.redraw(false, true)));
  update(runs);
  return { tools, main, more, update };
}

/** The smaller of a number and the values of rows that are not null. */
const least = (min, rows) => rows.flat().reduce((found, v) => (v === null ? found : Math.min(found, v)), min);
const greatest = (max, rows) => rows.flat().reduce((found, v) => (v === null ? found : Math.max(found, v)), max);

/** Draws the 95 % interval of each value of a run as a line across it, `shift` CSS pixels to the right so that runs do not hide each other. */
function whiskers(plotted, run, lows, highs, shift) {
  const { ctx } = plotted;
  ctx.save();
  ctx.strokeStyle = colour(run);
  ctx.globalAlpha = 0.55;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  ctx.rect(plotted.bbox.left - 8 * devicePixelRatio, plotted.bbox.top, plotted.bbox.width + 16 * devicePixelRatio, plotted.bbox.height);
  ctx.clip();
  ctx.beginPath();
  lows.forEach((low, i) => {
    if (low !== null) {
      const x = plotted.valToPos(plotted.data[0][i], 'x', true) + shift * devicePixelRatio;
      ctx.moveTo(x, plotted.valToPos(low, 'y', true));
      ctx.lineTo(x, plotted.valToPos(highs[i], 'y', true));
    }
  });
  ctx.stroke();
  ctx.restore();
}
