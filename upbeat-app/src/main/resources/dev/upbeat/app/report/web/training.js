// The tab of a training: its curves, where it began and ended, the way to its sampled traces.

import { createCharts } from 'upbeat/charts.js';
import { button, el } from 'upbeat/dom.js';
import { runTag } from 'upbeat/findings.js';
import { format, UNDEFINED, whole } from 'upbeat/numbers.js';
import { aligned, metricsOf } from 'upbeat/steps.js';

const ENDS = 0.1; // share of the steps that "first" and "last" are means of

/** Creates the tab in an element. `open(trace)` shows a sampled trace. */
export function createTraining(host, { runs, traces }, open) {
  const trained = runs.map((run, i) => ({ ...run, index: i })).filter((run) => run.metrics?.steps.length);
  const metrics = metricsOf(trained);
  const [steps] = aligned(trained, () => null);
  const charts = createCharts(trained);
  host.append(
    el('div', { class: 'lead' }, el('h2', {}, 'What training changed'),
      el('p', {}, `Steps ${whole(steps[0])} to ${whole(steps.at(-1))}. Wheel or drag to zoom all curves, double click for all steps.${metrics.some((m) => m.ends) ? ' Vertical lines are 95 % intervals.' : ''}`)),
    charts.tools, ...samples(trained, traces, open), charts.main, charts.more,
    el('section', {}, el('h2', {}, 'Where it began and where it ended'),
      el('p', { class: 'note' }, 'Means over the first and over the last tenth of the steps.'), el('div', { class: 'scroll' }, beganAndEnded(trained, metrics))));
}

/** Table of where each run began and ended: means over the first and the last tenth of its steps. */
export function beganAndEnded(runs, metrics) {
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
