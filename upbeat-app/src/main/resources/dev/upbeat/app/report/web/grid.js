// The heads of one run as a grid: layers as rows, heads as columns, the span as colour, the groups as shapes.

import { button, el } from 'upbeat/dom.js';
import { format } from 'upbeat/numbers.js';
import { inkOn, ramp } from 'upbeat/theme.js';

export const GROUPS = [
  { key: 'local', says: 'shortest spans: WAAD is measured on their mean map' },
  { key: 'global', says: 'longest spans: FAI is measured on their mean map' },
  { key: 'receiver', says: 'narrowest attention: receiver FAI' },
];

/** The heads of a run in the order of (layer, head): [{layer, head, span, rank, local, global, receiver}], rank 1 the shortest. */
export function headsOf(heads) {
  const member = (key, layer, head) => heads[key].some(([l, h]) => l === layer && h === head);
  const all = heads.layers.flatMap(({ layer, spans }) => Array.from(spans, (span, head) => ({
    layer, head, span, rank: null,
    ...Object.fromEntries(GROUPS.map(({ key }) => [key, member(key, layer, head)])),
  })));
  inOrder(all).forEach((head, i) => Object.assign(head, { rank: i + 1 }));
  return all;
}

/** The heads with a span, the shortest first. */
export function inOrder(all) {
  return all.filter((head) => Number.isFinite(head.span)).sort((a, b) => a.span - b.span);
}

/**
 * `pick(head)` is called at a click, `show(head)` with the head under the pointer or null; `level(span)`: its place on
 * the ramp.
 */
export function createGrid(all, level, pick, show) {
  const layers = [...new Set(all.map(({ layer }) => layer))];
  const columns = Math.max(...all.map(({ head }) => head)) + 1;
  const cells = new Map();
  let picked = null;
  const grid = el('div', { class: 'grid', role: 'grid', 'aria-label': 'Heads by layer', 'aria-rowcount': layers.length });
  grid.style.setProperty('--columns', columns);
  grid.append(el('div', { class: 'row', role: 'row' }, el('span', { role: 'columnheader', 'aria-label': 'layer' }),
    Array.from({ length: columns }, (_, h) => el('span', { class: 'axis', role: 'columnheader' }, `h${h}`))));
  for (const layer of layers) {
    grid.append(el('div', { class: 'row', role: 'row' }, el('span', { class: 'axis', role: 'rowheader' }, `L${layer}`),
      all.filter((head) => head.layer === layer).map((head) => {
        const cell = button(GROUPS.filter(({ key }) => head[key]).map(({ key }) => el('i', { class: `mark ${key}`, 'aria-hidden': 'true' })),
          () => pick(head), { class: 'cell', role: 'gridcell', tabindex: '-1', 'aria-label': describe(head) });
        cell.addEventListener('mouseenter', () => show(head));
        cells.set(head, cell);
        return cell;
      })));
  }
  grid.addEventListener('mouseleave', () => show(null));
  grid.addEventListener('keydown', (event) => {
    const [dl, dh] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [0, 0];
    const next = all.find(({ layer, head }) => layer === layers[layers.indexOf(picked.layer) + dl] && head === picked.head + dh);
    if ((dl || dh) && next) {
      event.preventDefault();
      pick(next);
      cells.get(next).focus();
    }
  });

  return {
    element: grid,
    mark(head) {
      cells.get(picked)?.setAttribute('tabindex', '-1');
      cells.get(picked)?.removeAttribute('aria-selected');
      picked = head;
      cells.get(head)?.setAttribute('tabindex', '0');
      cells.get(head)?.setAttribute('aria-selected', 'true');
    },
    paint() {
      for (const [head, cell] of cells) {
        cell.classList.toggle('undefined', !Number.isFinite(head.span));
        if (Number.isFinite(head.span)) {
          cell.style.background = ramp('cell', level(head.span));
          cell.style.color = inkOn(level(head.span));
        }
      }
    },
  };
}

function describe({ layer, head, span, ...groups }) {
  const names = GROUPS.filter(({ key }) => groups[key]).map(({ key }) => key);
  return `layer ${layer}, head ${head}: span ${format(span, 2)} tokens${names.length ? `, ${names.join(', ')}` : ''}`;
}
