// Is the rhythm real here? Each linkage in one sentence with its chance level, then as a picture and in a table; then how the
// numbers were made.

import { comparison } from 'upbeat/comparison.js';
import { el } from 'upbeat/dom.js';
import { byKind, cells, forest, headRow, interval, KINDS, meanReward, runTag, sentence } from 'upbeat/findings.js';
import { change, count, format, percent, pValue, whole } from 'upbeat/numbers.js';

export function createSummary(host, manifest, store) {
  const { runs, traces } = manifest;
  if (runs.length > 1) {
    host.append(...comparison(manifest));
  }
  const own = el('div', {});
  host.append(own);
  const draw = ({ run }) => own.replaceChildren(...summaryOf(runs, traces, run));
  store.on(['run'], draw);
  draw(store.get());
}

/** The summary of one run. */
function summaryOf(runs, traces, index) {
  const run = runs[index];
  const linkages = byKind(run.linkages);
  return [
    el('div', { class: 'lead' }, el('h2', {}, runs.length > 1 ? ['Run ', runTag(run, index)] : 'Is the rhythm real here?'),
      el('p', {}, facts(traces.filter((trace) => trace.run === index)).join(' \u00b7 '))),
    linkages.length
      ? el('div', { class: 'findings' }, linkages.map((found) => finding(found, run.headlines)))
      : el('p', { class: 'note' }, 'The linkages were not computed for this run.'),
    ...(linkages.length ? [table(linkages)] : []),
    ...(run.beat.length ? [beat(run.beat)] : []),
    ...(run.overlaps.length ? [overlaps(run.overlaps)] : []),
    el('section', {}, el('h2', {}, 'How these numbers were made'),
      el('div', { class: 'pairs' }, pairs('Settings', run.settings), pairs('Provenance', run.provenance))),
  ];
}

function facts(traces) {
  const tokens = traces.reduce((sum, { length }) => sum + length, 0);
  const scored = traces.filter(({ reward }) => reward !== undefined);
  return [count(traces.length, 'trace'), count(tokens, 'response token'),
    traces.length ? `${format(tokens / traces.length, 1)} a trace` : null,
    scored.length ? `mean reward ${format(meanReward(scored), 3)} (${scored.length} scored)` : null].filter(Boolean);
}

function finding({ kind, variants }, headlines) {
  const k = KINDS[kind];
  const [all] = variants;
  return el('section', { class: 'finding' }, el('h3', {}, headlines[kind]), el('p', {}, sentence(k, all)), forest(variants));
}

function table(linkages) {
  const columns = ['observed', 'by chance', 'pooled', 'lift', '95% interval of the lift', 'p of a rise', 'peaks', 'of tokens'];
  const row = (kind, v, i) => {
    const k = KINDS[kind];
    const texts = [k.value(v.observed), k.value(v.chance), k.value(v.pooled), change(v.lift), interval(v), pValue(v.p), whole(v.peaks), whole(v.tokens)];
    return el('tr', {}, el('th', { scope: 'row' }, i ? '' : k.name), el('td', {}, v.label), cells(columns, texts));
  };
  const few = linkages.flatMap(({ variants }) => variants).find(({ narrow }) => narrow);
  return el('section', {}, el('h2', {}, 'The same as a table'),
    el('table', { class: 'wide' }, headRow(['', 'counted over'], columns),
      linkages.map(({ kind, variants }) => el('tbody', {}, variants.map((v, i) => row(kind, v, i))))),
    few ? el('p', { class: 'note' }, `Intervals of only ${count(few.responses, 'response')} are too narrow.`) : null);
}

function beat(sentences) {
  return el('section', {}, el('h2', {}, 'Chunks and couplings'),
    el('p', {}, 'A chunk starts where WAAD peaks. A coupled token of highest FAI follows a leap of WAAD closely, as in coupled-rhythm credit.'),
    el('ul', {}, sentences.map((sentence) => el('li', {}, sentence))));
}

function overlaps(rows) {
  const columns = ['matched', 'of', 'share', 'by chance'];
  const row = (r) => {
    const texts = [whole(r.matched), whole(r.peaks), percent(r.peaks ? r.matched / r.peaks : NaN), percent(r.chance ?? NaN)];
    return el('tr', {}, el('th', { scope: 'row' }, r.first), el('td', {}, r.second), cells(columns, texts));
  };
  return el('section', {}, el('h2', {}, 'Which peaks coincide'),
    el('p', {}, 'Peaks of the first series whose nearest peak of the second is at the same, the previous or the next position.'),
    el('table', { class: 'wide' }, headRow(['peaks of', 'near a peak of'], columns), el('tbody', {}, rows.map(row))));
}

function pairs(title, entries) {
  return el('div', {}, el('h3', {}, title), entries.length
    ? el('dl', {}, entries.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))))
    : el('p', { class: 'note' }, 'none recorded'));
}
