// The heads of every run, on one scale; the details of a head are shown for all runs.

import { alike, axisEnds, ticks } from 'upbeat/axis.js';
import { el, svg } from 'upbeat/dom.js';
import { createGrid, GROUPS, headsOf, inOrder } from 'upbeat/grid.js';
import { createHeadCurves } from 'upbeat/headcurves.js';
import { count, format, ordinal, percent, tickLabels } from 'upbeat/numbers.js';
import { onTheme, rampGradient } from 'upbeat/theme.js';

const CHART = { width: 360, height: 150, left: 40, bottom: 22, top: 8, right: 6 };

/** Creates the tab in an element. `open(index)` shows another trace. */
export function createHeads(host, manifest, source, store, open) {
  const { runs } = manifest;
  const sides = runs.map(({ heads }, run) => ({ run, heads })).filter(({ heads }) => heads).map((side) => ({ ...side, all: headsOf(side.heads) }));
  if (!sides.length) {
    host.append(el('p', { class: 'note' }, 'This run has no head groups.'));
    return;
  }
  const spans = inOrder(sides.flatMap(({ all }) => all)).map(({ span }) => span);
  const low = spans[0] ?? 0;
  const high = spans.at(-1) ?? 1;
  const level = (span) => (alike(low, high) ? 0.5 : (span - low) / (high - low));
  const details = el('div', { class: 'details', 'aria-live': 'polite' });
  let picked = inOrder(sides[0].all).at(-1) ?? sides[0].all[0];
  const same = (all, { layer, head }) => all.find((other) => other.layer === layer && other.head === head);
  for (const side of sides) {
    side.grid = createGrid(side.all, level, pick, (head) => show(head ?? picked));
  }

  const chart = el('div', { class: 'spans' });
  const own = el('div', {});
  const curves = createHeadCurves(own, manifest, source, store, open);
  const strip = el('span', { class: 'strip' });
  const grids = el('div', { class: runs.length > 1 ? 'grids several' : 'grids' }, sides.map(({ run, grid }) => el('figure', {},
    runs.length > 1 ? el('figcaption', {}, el('b', { class: `run-${run}` }, runs[run].letter), ` ${runs[run].name}`) : null, grid.element)));
  grids.style.setProperty('--runs', sides.length);
  host.append(
    el('div', { class: 'lead' }, el('h2', {}, 'Local, global and receiver heads'), says()),
    el('div', { class: 'heads-body' },
      el('div', { class: 'grid-side' },
        el('div', { class: 'key' },
          el('div', { class: 'legend' }, el('span', { class: 'number' }, format(low, 1)), strip,
            el('span', { class: 'number' }, `${format(high, 1)} tokens`)),
          GROUPS.map(({ key, says: meaning }) => el('span', { class: 'group', title: meaning },
            el('i', { class: `mark ${key}`, 'aria-hidden': 'true' }), `${key} ${sides.map(({ heads }) => heads[key].length).join(' | ')}`))),
        grids),
      el('div', { class: 'head-side' }, details, own, el('h3', {}, 'Spans in order'), chart)));

  /** The introduction: one sentence if it is the same for all runs, else one per run. */
  function says() {
    const sentences = sides.map(({ heads, all }) => `Of ${count(all.length, 'head')} in ${count(heads.layers.length, 'layer')}, the ${percent(heads.rho, 0)} of shortest span are local, `
      + `the ${percent(heads.rho, 0)} of longest span global${heads.receiver.length ? `, the ${percent(heads.receiverRho, 0)} of narrowest attention receivers` : ''}. WAAD window ${heads.window} tokens; FAI horizon ${heads.horizon} tokens.${heads.weights === 'value-norm' ? ' Weights by value norm.' : ''}`);
    return new Set(sentences).size === 1
      ? el('p', {}, `The span of a head is how many tokens back it looks on average. ${sentences[0]}`)
      : sentences.map((sentence, i) => el('p', {}, el('b', { class: `run-${sides[i].run}` }, runs[sides[i].run].letter), ` ${sentence}`));
  }

  function pick(head) {
    picked = head;
    sides.forEach(({ all, grid }) => grid.mark(same(all, head)));
    show(head);
    curves.of(head);
  }

  function show(head) {
    const there = sides.map(({ all }) => same(all, head));
    const fact = (name, value) => el('tr', {}, el('th', { scope: 'row' }, name),
      there.map((own, i) => el('td', {}, own ? value(own, sides[i].all) : '\u2013')));
    const groups = (own) => GROUPS.filter(({ key }) => own[key]);
    details.replaceChildren(
      el('h3', {}, `Layer ${head.layer}, head ${head.head}`),
      el('table', { class: 'values' },
        runs.length > 1 ? el('thead', {}, el('tr', {}, el('th', {}, ''), sides.map(({ run }) =>
          el('th', { title: runs[run].name }, el('b', { class: `run-${run}` }, runs[run].letter))))) : null,
        el('tbody', {},
          fact('span', (own) => `${format(own.span, 2)} tokens`),
          fact('place', (own, all) => (own.rank ? `${ordinal(own.rank)} shortest of ${inOrder(all).length}` : 'undefined')),
          fact('mean span of its layer', (own, all) => `${format(meanSpan(all, own.layer), 2)} tokens`),
          fact('groups', (own) => groups(own).map(({ key }) => key).join(', ') || 'none'))),
      ...GROUPS.filter(({ key }) => there.some((own) => own?.[key])).map(({ key, says: meaning }) => el('p', { class: 'note' }, `${key}: ${meaning}`)));
    chart.replaceChildren(spanChart(there));
  }

  /** All spans in ascending order, a line for each run, one head marked; for a single run its two groups as bands. */
  function spanChart(there) {
    const { width, height, left, right, top, bottom } = CHART;
    const x = (i, n) => left + ((i + 0.5) / n) * (width - left - right);
    const [least, most] = axisEnds(low, high, { least: 1 });
    const y = (span) => top + ((most - span) / (most - least)) * (height - top - bottom);
    const at = ticks(least, most, 3);
    const band = (members, from, n, name) => [
      svg('rect', { class: 'band', x: x(from - 0.5, n), y: top, width: x(from + members - 0.5, n) - x(from - 0.5, n), height: height - top - bottom }),
      svg('text', { x: x(from + members / 2 - 0.5, n), y: height - 7, 'text-anchor': 'middle' }, name)];
    const lines = sides.flatMap(({ run, all }, i) => {
      const defined = inOrder(all);
      const marked = defined.indexOf(there[i]);
      return [
        svg('path', { class: `line run-${run}`, d: defined.map(({ span }, at) => `${at ? 'L' : 'M'}${x(at, defined.length).toFixed(1)} ${y(span).toFixed(1)}`).join('') }),
        marked >= 0 ? svg('circle', { class: `dot run-${run}`, cx: x(marked, defined.length), cy: y(defined[marked].span), r: 4 }) : null];
    });
    const [{ heads, all }] = sides;
    const n = inOrder(all).length;
    return svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': 'All spans in ascending order' },
      runs.length > 1 ? [] : [band(heads.local.length, 0, n, 'local'), band(heads.global.length, n - heads.global.length, n, 'global')].flat(),
      tickLabels(at, at[1] - at[0]).map((label, i) => svg('text', { x: left - 6, y: y(at[i]) + 4, 'text-anchor': 'end' }, label)),
      lines);
  }

  function paint() {
    strip.style.background = rampGradient('cell');
    sides.forEach(({ grid }) => grid.paint());
  }
  onTheme(paint);
  paint();
  pick(picked);
}

function meanSpan(all, layer) {
  const inLayer = all.filter((head) => head.layer === layer && Number.isFinite(head.span));
  return inLayer.reduce((sum, { span }) => sum + span, 0) / inLayer.length;
}
