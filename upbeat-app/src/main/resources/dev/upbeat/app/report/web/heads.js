// The heads: a layer a row, a head a column, the span as colour, the groups as shapes.

import { button, el, svg } from 'upbeat/dom.js';
import { count, format, ordinal, percent } from 'upbeat/numbers.js';
import { inkOn, onTheme, ramp, rampGradient } from 'upbeat/theme.js';

const GROUPS = [
  { key: 'local', says: 'shortest spans: WAAD is measured on their mean map' },
  { key: 'global', says: 'longest spans: FAI is measured on their mean map' },
  { key: 'receiver', says: 'narrowest attention: receiver FAI' },
];
const CHART = { width: 360, height: 150, left: 40, bottom: 22, top: 8, right: 6 };

export function createHeads(host, heads) {
  const all = flatten(heads);
  const defined = all.filter((head) => Number.isFinite(head.span)).sort((a, b) => a.span - b.span);
  defined.forEach((head, i) => Object.assign(head, { rank: i + 1 }));
  const low = defined[0]?.span ?? 0;
  const high = defined.at(-1)?.span ?? 1;
  const level = (span) => (high > low ? (span - low) / (high - low) : 0.5);
  const details = el('div', { class: 'details', 'aria-live': 'polite' });
  let picked = defined.at(-1) ?? all[0];

  const columns = Math.max(...heads.layers.map((layer) => layer.spans.length));
  const cells = new Map();
  const grid = el('div', { class: 'grid', role: 'grid', 'aria-label': 'Heads by layer', 'aria-rowcount': heads.layers.length });
  grid.style.setProperty('--columns', columns);
  grid.append(el('div', { class: 'row', role: 'row' }, el('span', { role: 'columnheader', 'aria-label': 'layer' }),
    Array.from({ length: columns }, (_, h) => el('span', { class: 'axis', role: 'columnheader' }, `h${h}`))));
  for (const { layer } of heads.layers) {
    grid.append(el('div', { class: 'row', role: 'row' }, el('span', { class: 'axis', role: 'rowheader' }, `L${layer}`),
      all.filter((head) => head.layer === layer).map((head) => {
        const cell = button(GROUPS.filter(({ key }) => head[key]).map(({ key }) => el('i', { class: `mark ${key}`, 'aria-hidden': 'true' })),
          () => pick(head), { class: 'cell', role: 'gridcell', tabindex: '-1', 'aria-label': describe(head) });
        cell.addEventListener('mouseenter', () => show(head));
        cells.set(head, cell);
        return cell;
      })));
  }
  grid.addEventListener('mouseleave', () => show(picked));
  grid.addEventListener('keydown', (event) => {
    const [dl, dh] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [0, 0];
    const rows = heads.layers.map(({ layer }) => layer);
    const layer = rows[rows.indexOf(picked.layer) + dl];
    const next = all.find((head) => head.layer === layer && head.head === picked.head + dh);
    if ((dl || dh) && next) {
      event.preventDefault();
      pick(next);
      cells.get(next).focus();
    }
  });

  const chart = el('div', { class: 'spans' });
  const strip = el('span', { class: 'strip' });
  host.append(
    el('div', { class: 'lead' }, el('h2', {}, 'Which heads see it'),
      el('p', {}, `The span of a head is how many tokens back it looks on average. Of ${count(all.length, 'head')} in `
        + `${count(heads.layers.length, 'layer')}, the ${percent(heads.rho, 0)} of shortest span are local, the ${percent(heads.rho, 0)} of longest `
        + `span global. WAAD window ${heads.window} tokens; FAI horizon ${heads.horizon} tokens.`)),
    el('div', { class: 'heads-body' },
      el('div', { class: 'grid-side' },
        el('div', { class: 'key' },
          el('div', { class: 'legend' }, el('span', { class: 'number' }, format(low, 1)), strip,
            el('span', { class: 'number' }, `${format(high, 1)} tokens`)),
          GROUPS.map(({ key, says }) => el('span', { class: 'group', title: says },
            el('i', { class: `mark ${key}`, 'aria-hidden': 'true' }), `${key} ${heads[key].length}`))),
        grid),
      el('div', { class: 'head-side' }, details, el('h3', {}, 'Spans in order'), chart)));

  function pick(head) {
    cells.get(picked).setAttribute('tabindex', '-1');
    cells.get(picked).removeAttribute('aria-selected');
    picked = head;
    cells.get(head).setAttribute('tabindex', '0');
    cells.get(head).setAttribute('aria-selected', 'true');
    show(head);
  }

  function show(head) {
    const inLayer = all.filter((other) => other.layer === head.layer && Number.isFinite(other.span));
    const mean = inLayer.reduce((sum, other) => sum + other.span, 0) / inLayer.length;
    const groups = GROUPS.filter(({ key }) => head[key]);
    details.replaceChildren(
      el('h3', {}, `Layer ${head.layer}, head ${head.head}`),
      el('table', { class: 'values' }, el('tbody', {},
        fact('span', `${format(head.span, 2)} tokens`),
        fact('place', head.rank ? `${ordinal(head.rank)} shortest of ${defined.length}` : 'undefined'),
        fact('mean span of its layer', `${format(mean, 2)} tokens`),
        fact('groups', groups.length ? groups.map(({ key }) => key).join(', ') : 'none'))),
      ...groups.map(({ key, says }) => el('p', { class: 'note' }, `${key}: ${says}`)));
    chart.replaceChildren(spanChart(head));
  }

  /** All spans in ascending order, the two groups as bands, one head marked. */
  function spanChart(head) {
    const { width, height, left, right, top, bottom } = CHART;
    const x = (i) => left + ((i + 0.5) / defined.length) * (width - left - right);
    const y = (span) => top + (1 - level(span)) * (height - top - bottom);
    const band = (n, from, name) => [
      svg('rect', { class: 'band', x: x(from - 0.5), y: top, width: x(from + n - 0.5) - x(from - 0.5), height: height - top - bottom }),
      svg('text', { x: x(from + n / 2 - 0.5), y: height - 7, 'text-anchor': 'middle' }, name)];
    const marked = defined.indexOf(head);
    return svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': 'All spans in ascending order' },
      band(heads.local.length, 0, 'local'), band(heads.global.length, defined.length - heads.global.length, 'global'),
      [low, (low + high) / 2, high].map((span) => svg('text', { x: left - 6, y: y(span) + 4, 'text-anchor': 'end' }, format(span, span < 10 ? 1 : 0))),
      svg('path', { class: 'line', d: defined.map(({ span }, i) => `${i ? 'L' : 'M'}${x(i).toFixed(1)} ${y(span).toFixed(1)}`).join('') }),
      marked >= 0 ? svg('circle', { class: 'dot', cx: x(marked), cy: y(head.span), r: 4 }) : null);
  }

  function paint() {
    strip.style.background = rampGradient('cell');
    for (const [head, cell] of cells) {
      cell.classList.toggle('undefined', !Number.isFinite(head.span));
      if (Number.isFinite(head.span)) {
        cell.style.background = ramp('cell', level(head.span));
        cell.style.color = inkOn(level(head.span));
      }
    }
  }
  onTheme(paint);
  paint();
  pick(picked);
}

function flatten(heads) {
  const member = (key, layer, head) => heads[key].some(([l, h]) => l === layer && h === head);
  return heads.layers.flatMap(({ layer, spans }) => Array.from(spans, (span, head) => ({
    layer, head, span, rank: null,
    ...Object.fromEntries(GROUPS.map(({ key }) => [key, member(key, layer, head)])),
  })));
}

function describe({ layer, head, span, ...groups }) {
  const names = GROUPS.filter(({ key }) => groups[key]).map(({ key }) => key);
  return `layer ${layer}, head ${head}: span ${format(span, 2)} tokens${names.length ? `, ${names.join(', ')}` : ''}`;
}

function fact(name, value) {
  return el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, value));
}
