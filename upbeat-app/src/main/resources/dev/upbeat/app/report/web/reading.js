// The traces tab: the list, the toolbar, one trace or two beside each other.

import { createBeside, several } from 'upbeat/beside.js';
import { listen, notify } from 'upbeat/dom.js';
import { createExportMenu } from 'upbeat/export.js';
import { createKeys } from 'upbeat/keys.js';
import { metric } from 'upbeat/metrics.js';
import { createPane } from 'upbeat/pane.js';
import { createSearch } from 'upbeat/search.js';
import { createToolbar } from 'upbeat/toolbar.js';
import { createTraceList } from 'upbeat/traces.js';

/** Fills the tab; returns {open}, which shows a trace. */
export function createReading(section, manifest, source, store) {
  const { traces } = manifest;
  const at = (selector) => section.querySelector(selector);
  const search = createSearch(store, (tokens) => pane.text.mark(tokens), (token) => pane.text.reveal(token));
  const tools = [search.element, createExportMenu(manifest, source, store)];
  const toolbar = createToolbar(at('#toolbar'), store, nextPeak, ({ run }) => manifest.runs[run].letter, tools);
  const pane = createPane(at('.pane'), at('.inspector'), manifest, store);
  const beside = several(manifest) ? createBeside({ section, panes: at('#panes') }, manifest, source, store, pane) : null;
  if (beside) {
    toolbar.add(beside.element);
  }
  createTraceList(at('#list'), at('#select'), manifest, store, open);
  const keys = createKeys(store, {
    move: (tokens) => pin((store.get().token ?? (tokens > 0 ? -1 : 1)) + tokens),
    line: (direction) => pin(store.get().token === null ? 0 : pane.text.neighbourLine(store.get().token, direction)),
    nextPeak,
    openNext: (direction) => {
      const next = store.get().trace + direction;
      if (traces[next]?.run === store.get().run) {
        open(next);
      }
    },
    focusSearch: search.focus,
    zoomBy: pane.zoomBy,
    available: (metric) => metric in store.get().current.series,
  });
  listen(document.getElementById('keys'), 'click', keys.showHelp);

  /**
   * Shows a trace. `asked`: further state to set; by default no token is pinned and the curves are not zoomed.
   */
  async function open(index, asked = { token: null, zoom: null }) {
    const current = await source.trace(index);
    const { by, view } = { ...store.get(), ...asked };
    if (!(by in current.series)) {
      notify(`${current.id} has no ${metric(by).name}; it is tinted by WAAD.`);
    }
    const loaded = await beside?.load(index, asked.beside, current) ?? { beside: null, other: null, rival: null };
    store.set({
      ...asked, trace: index, run: current.run, current, ...loaded, hover: null, prompt: false,
      by: by in current.series ? by : 'waad',
      view: view === 'map' && !current.map ? 'tokens' : view,
    });
    beside?.show(loaded);
  }

  function pin(token) {
    if (token >= 0 && token < store.get().current.length) {
      store.set({ token });
    }
  }

  /** Pins the next (1) or the previous (-1) peak of a metric, as seen from the pinned token or from the text in view. */
  function nextPeak(metric, direction) {
    const { current, token, inView } = store.get();
    const peaks = Array.from(current.peaks[metric]);
    const from = token ?? (inView ? inView[0] - direction : -1);
    const next = direction > 0 ? peaks.find((t) => t > from) : peaks.findLast((t) => t < from);
    if (next === undefined) {
      notify(direction > 0 ? 'No later peak in this trace.' : 'No earlier peak in this trace.');
    } else {
      pin(next);
    }
  }

  return { open };
}
