// Several runs in one table with a column for each; then each linkage with a line for each run; then the settings that
// differ.

import { el } from 'upbeat/dom.js';
import { byKind, forest, interval, KINDS, meanReward, runTag, tooNarrow } from 'upbeat/findings.js';
import { change, format, pValue, UNDEFINED, whole } from 'upbeat/numbers.js';

const GROUPS = ['local', 'global', 'receiver'];

export function comparison({ runs, traces }) {
  return [
    el('div', { class: 'lead' }, el('h2', {}, 'Side by side'),
      el('p', {}, 'Linkages are over all traces of a run; lengths and rewards over the traces on this page.')),
    table(['', ...runs.map(runTag)], [...facts(runs, traces), ...linkages(runs), ...sharedHeads(runs)]),
    el('div', { class: 'findings' }, Object.entries(KINDS).map(([kind, says]) => finding(kind, says, runs)).filter(Boolean)),
    differences(runs),
  ];
}

function facts(runs, traces) {
  const own = runs.map((_, run) => traces.filter((trace) => trace.run === run));
  const scored = own.map((all) => all.filter(({ reward }) => reward !== undefined));
  const tokens = own.map((all) => all.reduce((sum, { length }) => sum + length, 0));
  const ids = new Set(own[0].map(({ id }) => id));
  return [
    ['model', ...runs.map(({ model }) => model)],
    ['data', ...runs.map(({ data }) => data)],
    ['traces', ...own.map((all) => whole(all.length))],
    ['traces with an id that A also has', '', ...own.slice(1).map((all) => whole(all.filter(({ id }) => ids.has(id)).length))],
    ['response tokens per trace', ...own.map((all, run) => (all.length ? format(tokens[run] / all.length, 1) : UNDEFINED))],
    ...(scored.some((all) => all.length) ? [['mean reward', ...scored.map((all) => (all.length ? format(meanReward(all), 3) : UNDEFINED))]] : []),
  ];
}

function linkages(runs) {
  return Object.entries(KINDS).map(([kind, says]) => [says.name, ...runs.map((run) => {
    const all = ofAllTokens(run, kind);
    return all
      ? [`${says.value(all.observed)} against ${says.value(all.chance)}`, el('br'), el('b', {}, change(all.lift)), ` (${interval(all)}; p ${pValue(all.p)}${all.narrow ? `; interval of ${tooNarrow(all)}` : ''})`,
        ...controls(run, kind).map((v) => [el('br'), `${v.label} ${change(v.lift)} (${interval(v)})`]).flat()]
      : UNDEFINED;
  })]);
}

/** How many heads of each group are in the same group of the first run. */
function sharedHeads(runs) {
  const keys = (run, group) => new Set((run.heads?.[group] ?? []).map(String));
  return GROUPS.filter((group) => runs.some((run) => keys(run, group).size)).map((group) => {
    const first = keys(runs[0], group);
    return [`${group} heads`, ...runs.map((run, i) => {
      const own = [...keys(run, group)];
      return `${own.length}${i ? `, ${own.filter((head) => first.has(head)).length} of them also in A` : ''}`;
    })];
  });
}

function finding(kind, says, runs) {
  const variants = runs.map((run, i) => ({ ...ofAllTokens(run, kind), label: `${run.letter} ${short(run.name)}`, run: i }))
    .filter(({ kind: known }) => known);
  return variants.length < 2 ? null : el('section', { class: 'finding' },
    el('h3', {}, says.name), el('p', {}, 'Lift over chance with its 95% interval, all tokens.'), forest(variants));
}

function ofAllTokens(run, kind) {
  return byKind(run.linkages).find((found) => found.kind === kind)?.variants[0];
}

/** The same linkage over other tokens. */
function controls(run, kind) {
  return byKind(run.linkages).find((found) => found.kind === kind).variants.slice(1);
}

function short(name) {
  return name.length > 20 ? `\u2026${name.slice(-19)}` : name;
}

function differences(runs) {
  const names = [...new Set(runs.flatMap(({ settings }) => settings.map(([name]) => name)))];
  const rows = names.map((name) => [name, ...runs.map(({ settings }) => settings.find(([other]) => other === name)?.[1] ?? '\u2013')])
    .filter(([, ...values]) => new Set(values).size > 1);
  return el('section', {}, el('h2', {}, 'Settings that differ'), rows.length
    ? table(['', ...runs.map(runTag)], rows)
    : el('p', { class: 'note' }, 'None: the runs have the same settings.'));
}

function table([corner, ...heads], rows) {
  return el('div', { class: 'scroll' }, el('table', { class: 'versus' },
    el('thead', {}, el('tr', {}, el('td', {}, corner), heads.map((head) => el('th', { scope: 'col' }, head)))),
    el('tbody', {}, rows.map(([name, ...values]) => el('tr', {}, el('th', { scope: 'row' }, name),
      values.map((value) => el('td', { class: value === UNDEFINED ? 'undefined' : null }, value)))))));
}
