// The page: loads the data, creates the panels and keeps the address up to date with the view.

import { several } from 'upbeat/beside.js';
import { embeddedSource } from 'upbeat/data.js';
import { notify } from 'upbeat/dom.js';
import { createHeads } from 'upbeat/heads.js';
import { count } from 'upbeat/numbers.js';
import { createReading } from 'upbeat/reading.js';
import { publishShapes } from 'upbeat/shapes.js';
import { createStore, fromHash, LINKED, tabsOf, toHash } from 'upbeat/state.js';
import { createSummary } from 'upbeat/summary.js';
import { toggleTheme } from 'upbeat/theme.js';
import { choice } from 'upbeat/toolbar.js';
import { createTraining } from 'upbeat/training.js';

const ADDRESS_DELAY = 60; // milliseconds
const at = (id) => document.getElementById(id);

const source = embeddedSource(document);
const manifest = await source.manifest();
const { runs, traces } = manifest;
const tabs = tabsOf(runs);
const asked = fromHash(location.hash, manifest, notify);
const store = createStore({ tab: asked.tab, run: asked.run, by: asked.by, scale: asked.scale, view: asked.view, axis: asked.axis });
let reading = null;

publishShapes();
header();
if (traces.length) {
  reading = createReading(at('traces'), manifest, source, store);
  await reading.open(asked.trace, asked);
} else {
  at('traces').replaceChildren('This run has no traces.');
  at('keys').hidden = true;
}
const drawOnce = {
  run: once(() => createTraining(at('run-tab'), manifest, (trace) => {
    store.set({ tab: 'traces' });
    reading.open(trace);
  })),
  heads: once(() => createHeads(at('heads'), manifest, source, store, (index) => reading.open(index))),
  summary: once(() => createSummary(at('summary'), manifest, store)),
};
store.on(['tab'], showTab);
showTab(store.get());
store.on(LINKED, writeAddress);
addEventListener('hashchange', async () => {
  const { trace, ...others } = fromHash(location.hash, manifest, notify);
  if (reading && (trace !== store.get().trace || (others.beside !== undefined && others.beside !== store.get().beside))) {
    await reading.open(trace, others);
  } else {
    delete others.beside;
    store.set(others);
  }
});
document.documentElement.dataset.ready = 'true';

/** Writes the address after a pause, because browsers limit how often a page changes it. */
function writeAddress() {
  clearTimeout(writeAddress.timer);
  writeAddress.timer = setTimeout(() => history.replaceState(null, '', toHash(store.get(), several(manifest), tabs)), ADDRESS_DELAY);
}

function header() {
  at('theme').addEventListener('click', toggleTheme);
  const buttons = tabs.map((tab) => at(`tab-${tab}`));
  at('tab-run').hidden = !tabs.includes('run');
  buttons.forEach((tab, i) => {
    tab.addEventListener('click', () => store.set({ tab: tabs[i] }));
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step) {
        const next = (i + step + tabs.length) % tabs.length;
        store.set({ tab: tabs[next] });
        buttons[next].focus();
      }
    });
  });
  if (runs.length > 1) {
    const which = choice('Run', runs.map((run, i) => [i, `${run.letter} ${run.name}`, `${run.model} \u00b7 ${run.data}`]), switchRun);
    at('runs').append(which.group);
    at('runs').hidden = false;
    store.on(['run'], ({ run }) => which.show(run, () => true));
    which.show(store.get().run, () => true);
  }
  store.on(['run'], title);
  title(store.get());
}

function title({ run }) {
  const { model, data, settings } = runs[run];
  const preset = settings.find(([name]) => name === 'preset');
  const shown = traces.filter((trace) => trace.run === run).length;
  document.title = runs.length > 1 ? `${runs.map(({ name }) => name).join(' | ')} \u00b7 Upbeat` : `${model} \u00b7 ${data} \u00b7 Upbeat`;
  const facts = [data, count(shown, 'trace'), preset && `preset ${preset[1]}`].filter(Boolean).join(' \u00b7 ');
  for (const [id, text] of [['model', model], ['run', facts]]) {
    at(id).textContent = text;
    at(id).title = text; // in a narrow window it is cut
  }
}

/** Switches to the same trace of another run, or to that run's first trace if it does not have it. */
function switchRun(run) {
  const { trace, current } = store.get();
  const named = traces.findIndex((other) => other.run === run && other.id === current?.id);
  const next = named < 0 ? traces.findIndex((other) => other.run === run) : named;
  if (next < 0) {
    store.set({ run });
  } else if (next !== trace) {
    reading.open(next);
  }
}

function showTab({ tab }) {
  for (const name of tabs) {
    at(name === 'run' ? 'run-tab' : name).hidden = name !== tab;
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
