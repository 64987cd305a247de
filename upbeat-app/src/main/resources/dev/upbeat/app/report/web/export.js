// Export: curves as SVG or PNG; tokens, chunks and couplings as CSV; a link to the view.

import { chunksCsv, couplingsCsv, tokensCsv } from 'upbeat/csv.js';
import { button, el, notify } from 'upbeat/dom.js';
import { curvesSvg, pngOf } from 'upbeat/figure.js';
import { tintedText } from 'upbeat/figuretext.js';
import { createMenu } from 'upbeat/menu.js';
import { METRICS } from 'upbeat/metrics.js';

const TABLES = [['Tokens', tokensCsv], ['Chunks', chunksCsv], ['Couplings', couplingsCsv]];

/** Saves some metrics of the current trace, over the zoomed range, as `svg` or `png`. */
export async function saveCurves(manifest, state, metrics, kind) {
  const title = metrics.length === 1 ? metrics[0].name : null;
  await saveFigure(manifest, state, metrics, kind, title, metrics.length === 1 ? metrics[0].file : 'curves');
}

/** Saves the tinted text and the curves of its metric, of WAAD and of FAI, over the zoomed range, as `svg` or `png`. */
async function saveText(manifest, state, kind) {
  const metrics = METRICS.filter(({ key }) => [state.by, 'waad', 'fai'].includes(key));
  await saveFigure(manifest, state, metrics, kind, null, 'text', tintedText(state, state.zoom ?? [0, state.current.length - 1]));
}

async function saveFigure(manifest, { current, zoom, axis, chunks, couplings }, metrics, kind, subject, part, text) {
  const range = zoom ?? [0, current.length - 1];
  const run = manifest.runs[current.run];
  const title = [subject, current.id, runTitle(manifest, run)].filter(Boolean).join(' \u00b7 ');
  const source = [...run.settings, ...run.provenance].map(([name, value]) => `${name}: ${value}`).join('\n');
  const svg = curvesSvg(current, metrics, range, title, source, axis === 'log', { chunks, couplings }, text);
  save(`${fileName(current.id)}-${part}.${kind}`, kind === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await pngOf(svg));
}

/** Title of a run in a picture: its model and data, and its name if there are several runs. */
function runTitle({ runs }, { name, model, data }) {
  return [runs.length > 1 ? name : null, model, data].filter(Boolean).join(' \u00b7 ');
}

/** The export menu. */
export function createExportMenu(manifest, source, store) {
  const { runs, traces } = manifest;
  const ofRun = () => traces.map((trace, i) => (trace.run === store.get().run ? source.trace(i) : null)).filter(Boolean);
  const all = (kind) => () => saveCurves(manifest, store.get(), store.get().current.metrics, kind);
  const csv = (name, text) => save(name, new Blob([text], { type: 'text/csv' }));
  const ofThis = ([noun, table]) => [`${noun} of this trace, CSV`, () => {
    const { current } = store.get();
    csv(`${fileName(current.id)}-${noun.toLowerCase()}.csv`, table([current]));
  }];
  const ofAll = ([noun, table]) => [`${noun} of all traces${runs.length > 1 ? ' of this run' : ''}, CSV`,
    async () => csv(`${noun.toLowerCase()}.csv`, table(await Promise.all(ofRun())))];
  const items = [
    ...TABLES.map(ofThis),
    ...TABLES.map(ofAll),
    ['Text and curves, SVG', () => saveText(manifest, store.get(), 'svg')],
    ['Text and curves, PNG', () => saveText(manifest, store.get(), 'png')],
    ['All curves, SVG', all('svg')],
    ['All curves, PNG', all('png')],
    ['Link to what you see', copyLink],
  ];
  return createMenu('Export', items.map(([label, act]) => (close) => button(label, () => {
    close();
    act();
  })));
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    notify('Link copied.');
  } catch {
    notify('The browser gives this page no access to the clipboard; copy the link from the address bar.');
  }
}

function save(name, blob) {
  const url = URL.createObjectURL(blob);
  el('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** An id as part of a file's name. */
function fileName(id) {
  return id.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 80) || 'trace';
}
