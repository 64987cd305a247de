// The page: gets the data, puts the panels in their places, keeps the address in step with what is seen.

import { createArcs } from 'upbeat/arcs.js';
import { createCurves } from 'upbeat/curves.js';
import { embeddedSource } from 'upbeat/data.js';
import { notify } from 'upbeat/dom.js';
import { createExportMenu, saveCurves } from 'upbeat/export.js';
import { createHeads } from 'upbeat/heads.js';
import { createInspector } from 'upbeat/inspector.js';
import { createKeys } from 'upbeat/keys.js';
import { createMap } from 'upbeat/map.js';
import { metric } from 'upbeat/metrics.js';
import { count } from 'upbeat/numbers.js';
import { createSearch } from 'upbeat/search.js';
import { publishShapes } from 'upbeat/shapes.js';
import { createStore, fromHash, LINKED, toHash } from 'upbeat/state.js';
import { createSummary } from 'upbeat/summary.js';
import { createText } from 'upbeat/text.js';
import { toggleTheme } from 'upbeat/theme.js';
import { createToolbar } from 'upbeat/toolbar.js';
import { createTraceList } from 'upbeat/traces.js';

const ADDRESS_DELAY = 60; // milliseconds
const TABS = ['traces', 'heads', 'summary'];
const at = (id) => document.getElementById(id);

const source = embeddedSource(document);
const manifest = await source.manifest();
const { traces } = manifest;
const store = createStore(fromHash(location.hash, traces, notify));

publishShapes();
header();
if (traces.length) {
  tracesTab();
  const { trace, token, zoom } = store.get();
  await open(trace, { token, zoom });
} else {
  at('traces').replaceChildren('This run has no traces.');
  at('keys').hidden = true;
}
const drawOnce = {
  heads: once(() => createHeads(at('heads'), manifest.heads)),
  summary: once(() => createSummary(at('summary'), manifest)),
};
store.on(['tab'], showTab);
showTab(store.get());
store.on(LINKED, writeAddress);
addEventListener('hashchange', async () => {
  const asked = fromHash(location.hash, traces, notify);
  if (traces.length && asked.trace !== store.get().trace) {
    await open(asked.trace, asked);
  } else {
    store.set(asked);
  }
});
document.documentElement.dataset.ready = 'true';

/** Once things have come to rest: browsers refuse pages that change the address all the time. */
function writeAddress() {
  clearTimeout(writeAddress.timer);
  writeAddress.timer = setTimeout(() => history.replaceState(null, '', toHash(store.get())), ADDRESS_DELAY);
}

/** Shows a trace. `asked`: what else is to change; by default nothing is pinned and the curves are whole. */
async function open(index, asked = { token: null, zoom: null }) {
  const current = await source.trace(index);
  const { by, view } = { ...store.get(), ...asked };
  if (!(by in current.series)) {
    notify(`${current.id} has no ${metric(by).name}; it is tinted by WAAD.`);
  }
  store.set({
    ...asked, trace: index, current, hover: null, prompt: false,
    by: by in current.series ? by : 'waad',
    view: view === 'map' && !current.map ? 'tokens' : view,
  });
}

function header() {
  const preset = manifest.settings.find(([name]) => name === 'preset');
  document.title = `${manifest.model} \u00b7 ${manifest.data} \u00b7 Upbeat`;
  at('model').textContent = manifest.model;
  at('run').textContent = [manifest.data, count(traces.length, 'trace'), preset && `preset ${preset[1]}`].filter(Boolean).join(' \u00b7 ');
  at('theme').addEventListener('click', toggleTheme);
  const tabs = TABS.map((tab) => at(`tab-${tab}`));
  tabs.forEach((tab, i) => {
    tab.addEventListener('click', () => store.set({ tab: TABS[i] }));
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step) {
        const next = (i + step + TABS.length) % TABS.length;
        store.set({ tab: TABS[next] });
        tabs[next].focus();
      }
    });
  });
}

function tracesTab() {
  const search = createSearch(store, (tokens) => text.mark(tokens), (token) => text.reveal(token));
  createToolbar(at('toolbar'), store, nextPeak, [search.element, createExportMenu(manifest, source, store)]);
  // The curves first: the text gets the room they leave, and must know it to bring a token into view.
  const curves = createCurves(at('curves'), store, (metric, kind) => saveCurves(manifest, store.get(), [metric], kind));
  createArcs(at('curves'), store, curves);
  const text = createText(at('text'), store);
  createMap(at('map'), store);
  createInspector(at('inspector'), manifest.heads, store, goTo);
  createTraceList(at('list'), at('select'), traces, store, open);
  store.on(['view', 'current'], ({ view }) => {
    at('text').hidden = view === 'map';
  });
  const keys = createKeys(store, {
    move: (tokens) => pin((store.get().token ?? (tokens > 0 ? -1 : 1)) + tokens),
    line: (direction) => pin(store.get().token === null ? 0 : text.neighbourLine(store.get().token, direction)),
    nextPeak,
    openNext: (direction) => {
      const next = store.get().trace + direction;
      if (next >= 0 && next < traces.length) {
        open(next);
      }
    },
    focusSearch: search.focus,
    zoomBy: curves.zoomBy,
    available: (metric) => metric in store.get().current.series,
  });
  at('keys').addEventListener('click', keys.showHelp);

  function goTo(position) {
    const token = position - store.get().current.promptLength;
    if (token >= 0) {
      pin(token);
    } else {
      store.set({ prompt: true });
      text.mark([token]);
      text.reveal(token);
    }
  }
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
    notify(direction > 0 ? 'None after this one.' : 'None before this one.');
  } else {
    pin(next);
  }
}

function showTab({ tab }) {
  for (const name of TABS) {
    at(name).hidden = name !== tab;
    at(`tab-${name}`).setAttribute('aria-selected', String(name === tab));
    at(`tab-${name}`).tabIndex = name === tab ? 0 : -1;
  }
  drawOnce[tab]?.();
}

function once(draw) {
  let done = false;
  return () => {
    if (!done) {
      done = true;
      draw();
    }
  };
}
