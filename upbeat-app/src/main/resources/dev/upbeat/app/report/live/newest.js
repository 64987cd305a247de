// The newest traces of a run: the text of one of them with its rhythm, replaced when a later step has traces.

import { sourceOf } from 'upbeat/data.js';
import { el, within } from 'upbeat/dom.js';
import { METRICS } from 'upbeat/metrics.js';
import { format, whole } from 'upbeat/numbers.js';
import { createStore, firstSeen } from 'upbeat/state.js';
import { createText } from 'upbeat/text.js';
import { call } from 'upbeat/live/client.js';
import { addressOf } from 'upbeat/live/states.js';

const LIMIT = 8;

/** The panel of a run as an element, until `signal` aborts. */
export function createNewest({ name, index, letter }, several, connection, signal) {
  const heading = el('h2', {});
  const which = el('select', { 'aria-label': `Trace of ${name}` });
  const tint = el('select', { 'aria-label': `Tint of ${name}` });
  const text = el('div', { class: 'text' });
  const panel = el('section', { class: 'newest', hidden: true },
    el('div', { class: 'newest-head' }, several ? el('b', { class: `run-${index}` }, letter) : null, heading,
      el('label', { class: 'captioned' }, el('span', { class: 'caption' }, 'trace'), which),
      el('label', { class: 'captioned' }, el('span', { class: 'caption' }, 'tint by'), tint),
      el('a', { href: addressOf([name], 'traces') }, 'All traces with their curves')),
    text);
  const store = createStore({ by: null });
  let source = null;
  within(signal, () => createText(text, store, `${letter}`, () => {}));

  async function read() {
    const { manifest, traces } = await call(`/v1/runs/${encodeURIComponent(name)}/report?limit=${LIMIT}`, { signal });
    if (!traces.length) {
      return;
    }
    source = sourceOf(manifest, (id) => traces[Number(id.split('-')[1])]);
    const listed = (await source.manifest()).traces;
    const step = listed[0].step;
    heading.textContent = step === undefined ? 'Traces' : `Newest traces, step ${whole(step)}`;
    which.replaceChildren(...listed.map((trace, i) => el('option', { value: i }, nameOf(trace))));
    store.set({ by: store.get().by ?? firstSeen(manifest.runs, listed).by });
    panel.hidden = false;
    await show(Math.max(0, Number(which.value)));
  }

  async function show(i) {
    const trace = await source.trace(i);
    const by = store.get().by in trace.series ? store.get().by : 'waad';
    tint.replaceChildren(...METRICS.filter(({ key }) => key in trace.series).map((m) => el('option', { value: m.key, selected: m.key === by }, m.name)));
    store.set({ current: trace, by, token: null, hover: null });
  }

  const tryToRead = () => read().catch(() => {}); // no traces yet, or the connection is down, and says so
  which.addEventListener('change', () => show(Number(which.value)));
  tint.addEventListener('change', () => store.set({ by: tint.value }));
  connection.on('traces', (event) => event.run === name && tryToRead(), signal);
  connection.on('up', tryToRead, signal);
  tryToRead();
  return panel;
}

/** ✓ sample 2 of problem 1 · 85 tokens. */
function nameOf({ id, reward, sample, promptIndex, length }) {
  const verdict = { 0: '\u2717 ', 1: '\u2713 ' }[reward] ?? (reward === undefined || reward === null ? '' : `${format(reward, 2)} `);
  const what = sample === undefined ? id : `problem ${promptIndex + 1}, response ${sample + 1}`;
  return `${verdict}${what} \u00b7 ${whole(length)} tokens`;
}
