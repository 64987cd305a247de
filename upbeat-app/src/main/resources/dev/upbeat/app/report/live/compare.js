// Compare: the same traces under two checkpoints, side by side, and how much their rhythm differs.

import { button, el, notify } from 'upbeat/dom.js';
import { call, CallError } from 'upbeat/live/client.js';
import { differenceTable } from 'upbeat/live/differences.js';
import { kept } from 'upbeat/live/kept.js';
import { showReport } from 'upbeat/live/reading.js';
import { count } from 'upbeat/numbers.js';

export const title = 'Compare';

const ASKED = ''; // the source of traces that Ask wrote
const LISTED = 64; // most traces of a step that can be chosen from
const CHOSEN = 8; // of them at first
const order = new Intl.Collator('en', { numeric: true }).compare; // checkpoint-9 before checkpoint-10

/** Whether the navigation offers the view. `info` is the answer of `/v1/info`. */
export const offered = (info) => info.model !== null;

/** Fills an element until `signal` aborts; `app` as in app.js. */
export async function show(host, rest, app, signal) {
  if (!app.info.model) {
    host.append(el('p', { class: 'note empty' }, 'This server has no model to compare with. Start it with upbeat serve MODEL.'));
    return;
  }
  const [{ weights }, { runs }] = await Promise.all([call('/v1/weights', { signal }), app.info.runs ? call('/v1/runs', { signal }) : { runs: [] }]);
  const traces = createChoice(runs, signal);
  const names = el('datalist', { id: 'weights' }, weights.sort(order).map((name) => el('option', { value: name })));
  const pick = (label, value) => el('label', {}, el('b', { class: `run-${label === 'A' ? 0 : 1}` }, label), ' ',
    el('input', { list: 'weights', required: true, value, 'aria-label': `Weights ${label}`, spellcheck: 'false', autocomplete: 'off' }));
  const a = pick('A', 'current');
  const b = pick('B', weights.filter((name) => name !== 'current').at(-1) ?? '');
  const start = el('button', { class: 'push', type: 'submit' }, 'Compare');
  const says = el('p', { class: 'outcome', role: 'status' });
  const form = el('form', { class: 'ask compare' },
    el('div', { class: 'tools' }, a, b, names, start, says), traces.element);
  const paper = el('div', { class: 'answer' });
  host.classList.add('asking');
  host.append(form, paper);
  if (weights.length < 2) {
    says.textContent = 'There are no other weights. Start the server with --weights-root DIR, or with --runs DIR that has checkpoints.';
  }
  let shown = null; // AbortController of the report
  signal.addEventListener('abort', () => shown?.abort());
  await traces.list();

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const chosen = traces.chosen();
    if (!chosen.length) {
      says.textContent = 'Choose at least one trace.';
      return;
    }
    const pair = [a, b].map((label) => label.querySelector('input').value.trim());
    start.disabled = true;
    says.textContent = `Measuring ${count(chosen.length, 'trace')} with both\u2026`;
    try {
      const compared = await call('/v1/compare', { body: { weights: pair, traces: chosen, report: true }, signal });
      shown?.abort();
      shown = new AbortController();
      const report = el('div', { class: 'report' });
      paper.replaceChildren(differenceTable(compared.differences, pair), report);
      says.textContent = '';
      traces.fold();
      const reading = await showReport(report, compared.report, shown.signal);
      reading?.store.set({ scale: 'difference' });
    } catch (error) {
      if (!(error instanceof CallError)) {
        throw error;
      }
      says.textContent = sentence(error);
    } finally {
      start.disabled = false;
    }
  });
}

/** What a failure means for the one who compares. */
function sentence({ status, message }) {
  if (status === 0) {
    return 'The server does not answer. Compare again when it is back.';
  }
  return status === 429 ? 'The server is busy with other requests. Compare again in a moment.' : message;
}

/** The choice of traces: those that Ask wrote, or those of a run. */
function createChoice(runs, signal) {
  const asked = kept();
  const source = el('select', { id: 'source', 'aria-label': 'Traces of' },
    asked.length ? el('option', { value: ASKED }, 'asked on this page') : null,
    runs.map((name) => el('option', { value: name }, `run ${name}`)));
  const step = el('select', { 'aria-label': 'Step', hidden: true });
  const boxes = el('div', { class: 'boxes' });
  const summary = el('summary', {});
  const all = button('all', () => check(true), { class: 'quiet' });
  const none = button('none', () => check(false), { class: 'quiet' });
  const element = el('details', { class: 'sources', open: true }, summary, el('div', { class: 'tools' }, el('label', {}, 'Traces of ', source), step, all, none), boxes);
  let rows = [];
  let reads = 0; // so that a late answer does not replace a newer one

  source.addEventListener('change', () => list().catch((error) => signal.aborted || notify(error.message)));
  step.addEventListener('change', () => read(step.value).catch((error) => signal.aborted || notify(error.message)));
  boxes.addEventListener('change', say);

  /** Lists the traces of the source. */
  async function list() {
    step.hidden = true;
    if (!source.options.length) {
      offer([]);
      boxes.replaceChildren(el('p', { class: 'note' }, 'There are no traces. Ask the model something first, or start the server with --runs DIR.'));
    } else if (source.value === ASKED) {
      reads++;
      offer(asked.map(({ id, question, trace }) => ({ id, ...trace, preview: question })));
    } else {
      const run = await ask('');
      if (run) {
        const { trace_steps: steps } = run;
        step.hidden = steps.length === 0;
        step.replaceChildren(...steps.toReversed().map((number) => el('option', { value: number }, `step ${number}`)));
        await read(steps.at(-1));
      }
    }
  }

  async function read(number) {
    const found = await ask(`/traces?limit=${LISTED}${number === undefined ? '' : `&step=${number}`}`);
    if (found) {
      offer(found.traces.map(({ id, prompt_ids, response_ids, temperature, tokens }) => ({ id, prompt_ids, response_ids, temperature, preview: tokens?.slice(0, 40).join('') ?? '' })));
    }
  }

  /** Reads a part of the chosen run; null if another has been chosen meanwhile. */
  async function ask(part) {
    const mine = (reads += 1);
    offer([]);
    summary.textContent = 'Reading the traces\u2026';
    const answer = await call(`/v1/runs/${encodeURIComponent(source.value)}${part}`, { signal });
    return mine === reads ? answer : null;
  }

  function offer(traces) {
    rows = traces;
    boxes.replaceChildren(...traces.map(({ id, preview, response_ids: ids }, i) => el('label', { class: 'box' },
      el('input', { type: 'checkbox', value: i, checked: i < CHOSEN }), el('b', {}, id), el('span', { class: 'note' }, `${count(ids.length, 'token')} \u00b7 ${preview}`))));
    say();
  }

  function check(on) {
    boxes.querySelectorAll('input').forEach((box) => {
      box.checked = on;
    });
    say();
  }

  function say() {
    summary.textContent = `${count(chosen().length, 'trace')} ${source.value === ASKED ? 'asked on this page' : `of run ${source.value}`}`;
  }

  /** The chosen traces, as `/v1/compare` takes them. */
  function chosen() {
    return [...boxes.querySelectorAll('input:checked')].map((box) => {
      const { id, prompt_ids, response_ids, temperature } = rows[Number(box.value)];
      return { id, prompt_ids, response_ids, temperature };
    });
  }

  return {
    element, list, chosen,
    fold: () => {
      element.open = false;
    },
  };
}
