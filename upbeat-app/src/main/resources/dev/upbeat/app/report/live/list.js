// The list of runs: state, progress, time left and the curve of the reward of each; two or more can be chosen for comparison.

import { el, svg } from 'upbeat/dom.js';
import { count, format } from 'upbeat/numbers.js';
import { addressOf, explanation, progress, timeLeft } from 'upbeat/live/states.js';

const SPARK = { width: 160, height: 28, edge: 2 };
const MOST = 8; // runs that a reader can tell apart

/** Fills an element with the list, until `signal` aborts. */
export function showList(host, { states, metrics }, signal) {
  const says = el('p', {});
  const none = el('p', { class: 'note' }, 'There are no runs yet. The list grows by itself.');
  const list = el('ol', { class: 'runs' });
  const compare = el('a', { class: 'push', href: '#/runs' });
  const chosen = new Set();
  const rows = new Map(); // name -> {element, fill(run), draw()}
  host.classList.add('sheet-tab');
  host.append(el('div', { class: 'lead' }, el('h2', {}, 'Runs'), says), none, list, el('p', { class: 'compare-bar' }, compare));

  function draw() {
    const runs = states.all().sort((a, b) => (b.state === 'running') - (a.state === 'running') || a.name.localeCompare(b.name));
    none.hidden = runs.length > 0;
    const running = runs.filter(({ state }) => state === 'running').length;
    says.textContent = runs.length ? `${count(runs.length, 'run')}, ${running} running. Choose two or more to compare their curves.` : '';
    runs.forEach((run) => {
      if (!rows.has(run.name)) {
        rows.set(run.name, createRow(run.name));
        metrics.read(run.name).catch(() => {}); // an analysis has none
      }
      rows.get(run.name).fill(run);
    });
    const wanted = runs.map(({ name }) => rows.get(name).element);
    if (wanted.some((element, i) => list.children[i] !== element)) {
      list.replaceChildren(...wanted);
    }
  }

  function createRow(name) {
    const choose = el('input', { type: 'checkbox', 'aria-label': `Choose ${name}`, onchange: () => {
      chosen[choose.checked ? 'add' : 'delete'](name);
      offer();
    } });
    const [state, step, left, reward] = ['state', 'step', 'left', 'reward'].map((part) => el('span', { class: part }));
    const bar = el('span', { class: 'progress', 'aria-hidden': 'true' });
    const spark = el('span', { class: 'spark', 'aria-hidden': 'true' });
    const element = el('li', { class: 'run', 'data-run': name }, choose, el('a', { href: addressOf([name]) }, name), state, bar, step, left, reward, spark);
    return {
      element,
      fill(run) {
        element.dataset.state = run.state;
        state.textContent = run.state;
        state.title = explanation(run);
        step.textContent = progress(run);
        bar.style.setProperty('--done', run.steps ? run.step / run.steps : 1);
        bar.hidden = run.kind === 'analysis';
        left.textContent = timeLeft(run);
        reward.textContent = run.reward === null ? '' : `reward ${format(run.reward, 3)}`;
        choose.hidden = run.kind === 'analysis';
      },
      draw: () => spark.replaceChildren(...sparkline(metrics.of(name))),
    };
  }

  function offer() {
    const names = [...chosen];
    compare.hidden = names.length < 2 || names.length > MOST;
    compare.textContent = `Compare ${count(names.length, 'run')}`;
    compare.href = addressOf(names);
  }

  states.onChange(draw, signal);
  metrics.onChange((name) => rows.get(name)?.draw(), signal);
  draw();
  rows.forEach((row) => row.draw());
  offer();
}

/** The curve of the rewards, or of the losses of a run without rewards. */
function sparkline({ steps, series }) {
  const values = series.reward ?? series.loss;
  const points = values ? Array.from(values, (v, i) => [steps[i], v]).filter(([, v]) => !Number.isNaN(v)) : [];
  if (points.length < 2) {
    return [];
  }
  const [low, high] = [Math.min, Math.max].map((end) => end(...points.map(([, v]) => v)));
  const [first, last] = [points[0][0], points.at(-1)[0]];
  const x = (step) => SPARK.edge + ((step - first) / (last - first)) * (SPARK.width - 2 * SPARK.edge);
  const y = (v) => SPARK.height - SPARK.edge - (high > low ? (v - low) / (high - low) : 0.5) * (SPARK.height - 2 * SPARK.edge);
  const d = points.map(([step, v], i) => `${i ? 'L' : 'M'}${x(step).toFixed(1)} ${y(v).toFixed(1)}`).join('');
  return [svg('svg', { viewBox: `0 0 ${SPARK.width} ${SPARK.height}`, preserveAspectRatio: 'none' }, svg('path', { d, fill: 'none', 'vector-effect': 'non-scaling-stroke' }))];
}
