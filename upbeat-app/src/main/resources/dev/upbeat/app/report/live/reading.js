// Traces that come from the server, shown as in the report: list, toolbar, text, curves, details; two beside each other.

import { createReading } from 'upbeat/reading.js';
import { sourceOf } from 'upbeat/data.js';
import { el, notify, within } from 'upbeat/dom.js';
import { createStore, firstSeen } from 'upbeat/state.js';

/**
 * Shows traces in an element, which it empties, until `signal` aborts. `report` is the answer of `/v1/runs/{name}/report`, or of
 * `/v1/observe` with `report: true`: {manifest, traces}. With two runs in it, the traces of the second are beside those of the
 * first. Resolves to {open(index), store} when the trace `first` is shown.
 */
export async function showReport(host, { manifest, traces }, signal, first = 0) {
  const source = sourceOf(manifest, (id) => traces[Number(id.split('-')[1])]);
  await source.manifest();
  if (!traces.length) {
    host.replaceChildren(el('p', { class: 'note' }, 'There are no traces yet.'));
    return null;
  }
  const section = layout();
  host.replaceChildren(section);
  const store = createStore({ by: firstSeen(manifest.runs, manifest.traces).by });
  const reading = within(signal, () => createReading(section, manifest, source, store));
  const keys = document.getElementById('keys');
  keys.hidden = false;
  signal.addEventListener('abort', () => {
    keys.hidden = true;
    section.remove();
  });
  await reading.open(first).catch((error) => notify(error.message));
  return { open: reading.open, store };
}

/** The elements that createReading fills, as in the report's page. */
function layout() {
  return el('section', { id: 'traces', 'aria-label': 'Traces' },
    el('nav', { id: 'list', 'aria-label': 'Traces' }),
    el('div', { class: 'centre' },
      el('div', { id: 'toolbar', class: 'tools' }, el('label', { class: 'select' }, 'Trace ', el('select', { id: 'select' }))),
      el('div', { id: 'panes' }, el('div', { class: 'pane' }))),
    el('aside', { class: 'inspector', 'aria-label': 'Details' }));
}
