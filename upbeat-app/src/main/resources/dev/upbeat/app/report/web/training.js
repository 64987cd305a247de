// The curves of a training over its steps, with one cursor and one zoom; several runs share each plot. Raw values, and
// the paper's exponential mean of peaks.

import uPlot from 'uplot';
import { axisEnds, xAxis, yAxis } from 'upbeat/axis.js';
import { button, el } from 'upbeat/dom.js';
import { runTag } from 'upbeat/findings.js';
import { format, UNDEFINED, whole } from 'upbeat/numbers.js';
import { aligned, metricsOf, runningPeak } from 'upbeat/steps.js';
import { colour, onTheme } from 'upbeat/theme.js';
import { choice } from 'upbeat/toolbar.js';

const HEIGHT = 150; // pixels
const WHEEL = 1.25;
const NEAREST = 4; // steps
const ENDS = 0.1; // share of the steps that "first" and "last" are means of

/** Creates the tab in an element. `open(trace)` shows a sampled trace. */
export function createTraining(host, { runs, traces }, open) {
  const trained = runs.map((run, i) => ({ ...run, index: i })).filter((run) => run.metrics?.steps.length);
  const metrics = metricsOf(trained);
  const [steps] = aligned(trained, () => null);
  let peaksOf = 'better';
  let a = 0.1;
  let plots = [];
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
  const rest = metrics.filter((m) => !m.main);
  const more = el('details', { class: 'more' }, el('summary', {}, `${whole(rest.length)} more`), others);
  more.addEventListener('toggle', draw);
  host.append(
    el('div', { class: 'lead' }, el('h2', {}, 'What training changed'),
      el('p', {}, `Steps ${whole(steps[0])} to ${whole(steps.at(-1))}. Wheel or drag to zoom all curves, double click for all steps.${metrics.some((m) => m.ends) ? ' Vertical lines are 95 % intervals.' : ''}`)),
    el('div', { class: 'tools' },
      el('span', { class: 'caption', title: 'E_t = a max(x_t, E_t\u22121) + (1 \u2212 a) E_t\u22121' }, 'running peak E'), which.group,
      el('label', { class: 'share' }, 'a = ', share), el('span', { class: 'formula' }, 'E\u209c = a\u00b7max(x\u209c, E\u209c\u208b\u2081) + (1\u2212a)\u00b7E\u209c\u208b\u2081'),
      el('span', { class: 'spring' }), at),
    ...samples(trained, traces, open), main, ...(rest.length ? [more] : []),
    el('section', {}, el('h2', {}, 'Where it began and where it ended'),
      el('p', { class: 'note' }, 'Means over the first and over the last tenth of the steps.'), el('div', { class: 'scroll' }, table(trained, metrics))));

  function draw() {
    plots.forEach(({ u }) => u.destroy());
    main.replaceChildren();
    others.replaceChildren();
    plots = metrics.filter((m) => m.main || more.open).map((m) => plot(m, m.main ? main : others));
    zoom();
  }

  function plot(m, place) {
    const own = trained.filter((run) => m.key in run.metrics.series);
    const peaked = peaksOf === 'all' || (peaksOf === 'better' && m.better);
    const [, ...raw] = aligned(trained, (run) => run.metrics.series[m.key]);
    const [, ...peaks] = peaked ? aligned(trained, (run) => run.metrics.series[m.key] && runningPeak(run.metrics.series[m.key], a)) : [null];
    const [lows, highs] = [0, 1].map((end) => aligned(trained, (run) => m.ends && run.metrics.series[m.ends[end]]).slice(1));
    const readings = trained.map((run) => el('output', { class: `reading run-${run.index}`, title: run.name }));
    const figure = el('div', { class: 'plot' });
    place.append(el('figure', { class: 'chart', 'data-metric': m.key, 'aria-label': `Curve of ${m.name}` },
      el('figcaption', {}, el('b', {}, m.name), el('span', { class: 'unit' }, ` ${m.unit}`), el('span', { class: `readings${m.ends && trained.length > 1 ? ' two' : ''}` }, readings)), figure));
    const line = (run, values, pale) => {
      const defined = values.flatMap((v, i) => (v === null ? [] : [i]));
      const points = defined.length === 1 || (m.sparse && (pale || !peaked)); // a line alone does not show a single value
      return {
        stroke: () => colour(`run-${run.index}`), width: pale ? 1 : 1.5, alpha: pale ? 0.38 : 1, spanGaps: true,
        points: { show: points, size: 5, fill: () => colour(`run-${run.index}`) },
      };
    };
    const u = new uPlot({
      width: figure.clientWidth || 300, height: HEIGHT, padding: [8, 16, 0, 0], legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false, setScale: false, dist: 5 }, sync: { key: 'steps', setSeries: false, scales: ['x', null] }, points: { show: false } },
      scales: { x: { time: false, range: (_, min, max) => (max > min ? [min, max] : [min - 0.5, max + 0.5]) }, y: { range: (_, min, max) => axisEnds(least(min, lows), greatest(max, highs), m) } },
      axes: [xAxis({ size: 22, space: 50 }), yAxis({ size: 52, space: 26 })],
      series: [{}, ...trained.map((run, i) => line(run, raw[i], peaked)), ...(peaked ? trained.map((run, i) => line(run, peaks[i], false)) : [])],
      hooks: {
        drawSeries: [(plotted, index) => {
          if (index >= 1 && index <= trained.length && m.ends) {
            whiskers(plotted, `run-${trained[index - 1].index}`, lows[index - 1], highs[index - 1], (index - (trained.length + 1) / 2) * 5);
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
    }, [steps, ...raw, ...(peaked ? peaks : [])], figure);
    u.over.addEventListener('wheel', (event) => {
      event.preventDefault();
      const [first, last] = zoomed ?? [steps[0], steps.at(-1)];
      const centre = u.posToVal(u.cursor.left, 'x');
      const factor = event.deltaY < 0 ? 1 / WHEEL : WHEEL;
      zoomTo(centre - (centre - first) * factor, centre + (last - centre) * factor);
    }, { passive: false });
    u.over.addEventListener('dblclick', () => zoomTo(steps[0], steps.at(-1)));
    return { u, m, own, raw, lows, highs, peaks: peaked ? peaks : null, readings };
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
  })).observe(host);
  onTheme(() => plots.forEach(({ u }) => u.redraw(false, true)));
  draw();
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

/** Table of where each run began and ended: means over the first and the last tenth of its steps. */
function table(runs, metrics) {
  const rows = metrics.filter((m) => m.main).map((m) => [`${m.name}${m.unit ? `, ${m.unit}` : ''}`, ...runs.map((run) => {
    const values = run.metrics.series[m.key];
    const defined = values ? Array.from(values).filter((v) => !Number.isNaN(v)) : [];
    if (!defined.length) {
      return UNDEFINED;
    }
    const few = Math.max(1, Math.round(ENDS * defined.length));
    const mean = (some) => some.reduce((sum, v) => sum + v, 0) / some.length;
    const ends = `${format(mean(defined.slice(0, few)), m.digits)} \u2192 ${format(mean(defined.slice(-few)), m.digits)}`;
    return m.better ? `${ends}, best ${format(Math.max(...defined), m.digits)}` : ends;
  })]);
  return el('table', { class: 'versus' },
    runs.length > 1 ? el('thead', {}, el('tr', {}, el('td', {}), runs.map((run) => el('th', { scope: 'col' }, runTag(run, run.index))))) : null,
    el('tbody', {}, rows.map(([name, ...values]) => el('tr', {}, el('th', { scope: 'row' }, name),
      values.map((value) => el('td', { class: value === UNDEFINED ? 'undefined' : null }, value))))));
}

/** Buttons to the sampled traces, one per step. */
function samples(runs, traces, open) {
  return runs.map((run) => {
    const own = [...new Set(traces.filter((trace) => trace.run === run.index && trace.step !== undefined).map(({ step }) => step))];
    const first = (step) => traces.findIndex((trace) => trace.run === run.index && trace.step === step);
    return own.length === 0 ? null : el('p', { class: 'samples' },
      runs.length > 1 ? el('b', { class: `run-${run.index}` }, `${run.letter} `) : null, 'Sampled traces of step ',
      own.map((step) => button(whole(step), () => open(first(step)), { class: 'go' })));
  }).filter(Boolean);
}
