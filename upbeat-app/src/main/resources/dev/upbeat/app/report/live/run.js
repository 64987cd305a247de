// One run, or several over each other: state, curves that grow, the newest traces; or all traces of a step.

import { createCharts } from 'upbeat/charts.js';
import { el, within } from 'upbeat/dom.js';
import { metricsOf } from 'upbeat/steps.js';
import { beganAndEnded } from 'upbeat/training.js';
import { createNewest } from 'upbeat/live/newest.js';
import { addressOf, explanation, progress, timeLeft } from 'upbeat/live/states.js';
import { showTraces } from 'upbeat/live/steptraces.js';

const LETTERS = 'ABCDEFGH';

/** Fills an element with the page of some runs, until `signal` aborts. `tab`: curves | traces. */
export async function showRuns(host, names, tab, app, signal) {
  const runs = names.slice(0, LETTERS.length).map((name, index) => ({ name, index, letter: LETTERS[index] }));
  const body = el('div', { class: tab === 'traces' ? 'fill' : 'sheet-tab' });
  host.classList.add('run-view');
  host.append(createHead(runs, tab, app, signal), body);
  if (tab === 'traces') {
    await showTraces(body, runs.map(({ name }) => name), app, signal);
  } else {
    await showCurves(body, runs, app, signal);
  }
}

/** The line above: the runs with their states, the run to compare with, the tabs. */
function createHead(runs, tab, { states }, signal) {
  const names = runs.map(({ name }) => name);
  const items = runs.map(({ name, index, letter }) => {
    const [state, facts] = ['state', 'note'].map((part) => el('span', { class: part }));
    const bar = el('span', { class: 'progress', 'aria-hidden': 'true' });
    const others = names.filter((other) => other !== name);
    const element = el('div', { class: 'run-line', 'data-run': name },
      runs.length > 1 ? el('b', { class: `run-${index}` }, letter) : null, el('h2', {}, name), state, bar, facts,
      runs.length > 1 ? el('a', { class: 'quiet', href: addressOf(others, tab), 'aria-label': `Leave out ${name}`, title: 'Leave out' }, '\u00d7') : null);
    const why = el('p', { class: 'why' });
    return {
      elements: [element, why],
      fill() {
        const run = states.of(name) ?? { state: 'missing', kind: 'training', step: 0, steps: 0, seconds_left: null };
        const missing = run.state === 'missing';
        element.dataset.state = run.state;
        state.textContent = missing ? 'not there yet' : run.state;
        facts.textContent = missing ? '' : [progress(run), timeLeft(run)].filter(Boolean).join(' \u00b7 ');
        bar.style.setProperty('--done', run.steps ? run.step / run.steps : 1);
        bar.hidden = run.steps === 0;
        why.textContent = missing ? 'There is no run of this name. The page shows it when it appears.' : explanation(run);
      },
    };
  });
  const add = el('select', { 'aria-label': 'Compare with', onchange: () => {
    location.hash = addressOf([...names, add.value], tab);
  } });
  const adding = el('label', { class: 'captioned' }, el('span', { class: 'caption' }, 'compare with'), add);
  const tabs = el('nav', { class: 'tabs', 'aria-label': 'Parts' }, [['curves', 'Curves'], ['traces', 'Traces']].map(([key, says]) =>
    el('a', { href: addressOf(names, key), 'aria-current': key === tab ? 'page' : null }, says)));

  function fill() {
    items.forEach((item) => item.fill());
    const rest = states.all().map(({ name }) => name).filter((name) => !names.includes(name)).sort();
    adding.hidden = rest.length === 0 || names.length === LETTERS.length;
    const offered = ['', ...rest];
    if (offered.join() !== Array.from(add.options, ({ value }) => value).join()) {
      add.replaceChildren(...offered.map((name) => el('option', { value: name }, name || 'nothing')));
    }
  }

  states.onChange(fill, signal);
  fill();
  return el('div', { class: 'run-head' },
    el('div', { class: 'run-lines' }, items.flatMap(({ elements }) => elements)), el('div', { class: 'run-tools' }, adding, tabs));
}

async function showCurves(host, runs, { states, metrics, connection }, signal) {
  const waiting = el('p', { class: 'note' }, 'There are no metrics yet. The curves begin with the first step.');
  const ends = el('div', { class: 'scroll' });
  const about = el('section', {}, el('h2', {}, 'Where it began and where it stands'),
    el('p', { class: 'note' }, 'Means over the first and over the last tenth of the steps.'), ends);
  const charts = within(signal, () => createCharts([]));
  const newest = runs.map((run) => createNewest(run, runs.length > 1, connection, signal));
  const curves = el('div', {}, charts.tools, charts.main, charts.more);
  host.append(waiting, curves, el('div', { class: runs.length > 1 ? 'newest-pair' : 'newest-one' }, newest), about);

  function draw() {
    const trained = runs.map((run) => ({ ...run, metrics: metrics.of(run.name) })).filter((run) => run.metrics.steps.length);
    curves.hidden = trained.length === 0;
    about.hidden = trained.length === 0;
    waiting.hidden = trained.length > 0 || runs.every(({ name }) => states.of(name)?.kind === 'analysis');
    charts.update(trained);
    ends.replaceChildren(beganAndEnded(trained, metricsOf(trained)));
  }

  metrics.onChange((name) => runs.some((run) => run.name === name) && draw(), signal);
  states.onChange(() => runs.forEach(({ name }) => states.of(name) && metrics.of(name).steps.length === 0 && metrics.read(name).catch(() => {})), signal);
  await Promise.all(runs.map(({ name }) => metrics.read(name).catch(() => {}))); // a run that is not there yet has none
  draw();
}
