// Export: curves as SVG or PNG, tokens as CSV, a link to the view.

import { tokensCsv } from 'upbeat/csv.js';
import { button, el, notify } from 'upbeat/dom.js';
import { curvesSvg, pngOf } from 'upbeat/figure.js';
import { tintedText } from 'upbeat/figuretext.js';
import { METRICS } from 'upbeat/metrics.js';

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

async function saveFigure(manifest, { current, zoom, axis }, metrics, kind, subject, part, text) {
  const range = zoom ?? [0, current.length - 1];
  const run = manifest.runs[current.run];
  const title = [subject, current.id, runTitle(manifest, run)].filter(Boolean).join(' \u00b7 ');
  const source = [...run.settings, ...run.provenance].map(([name, value]) => `${name}: ${value}`).join('\n');
  const svg = curvesSvg(current, metrics, range, title, source, axis === 'log', text);
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
  const csv = (name, found) => save(name, new Blob([tokensCsv(found)], { type: 'text/csv' }));
  const items = [
    ['Tokens of this trace, CSV', () => csv(`${fileName(store.get().current.id)}-tokens.csv`, [store.get().current])],
    [`Tokens of all traces${runs.length > 1 ? ' of this run' : ''}, CSV`, async () => csv('tokens.csv', await Promise.all(ofRun()))],
    ['Text and curves, SVG', () => saveText(manifest, store.get(), 'svg')],
    ['Text and curves, PNG', () => saveText(manifest, store.get(), 'png')],
    ['All curves, SVG', all('svg')],
    ['All curves, PNG', all('png')],
    ['Link to what you see', copyLink],
  ];
  const menu = el('details', { class: 'menu' },
    el('summary', {}, 'Export'),
    el('div', { class: 'items' }, items.map(([label, act]) => button(label, () => {
      menu.open = false;
      act();
    }))));
  document.addEventListener('click', (event) => menu.contains(event.target) || (menu.open = false));
  menu.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && menu.open) {
      event.stopPropagation();
      menu.open = false;
      menu.firstChild.focus();
    }
  });
  return menu;
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
