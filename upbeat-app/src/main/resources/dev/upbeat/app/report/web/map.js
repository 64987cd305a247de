// The two mean attention maps of a window, as heat maps: queries as rows, keys as columns.

import { textAt } from 'upbeat/data.js';
import { el } from 'upbeat/dom.js';
import { format } from 'upbeat/numbers.js';
import { colour, onTheme, ramp, rampGradient } from 'upbeat/theme.js';
import { shown } from 'upbeat/wrap.js';

const LEAST = 3; // pixels of a cell

/** The maps in an element; a click pins the row's token. */
export function createMap(host, store) {
  const readout = el('p', { class: 'readout', 'aria-live': 'polite' });
  const says = el('p', { class: 'note' });
  const strip = el('span', { class: 'strip' });
  const most = el('span', { class: 'number' });
  const canvases = ['global', 'local'].map((group) => {
    const canvas = el('canvas', { role: 'img', 'aria-label': `Mean attention map of the ${group} heads` });
    return { group, canvas, figure: el('figure', {}, el('figcaption', {}, `${group} heads`), canvas) };
  });
  host.append(
    el('div', { class: 'map-head' }, says, el('div', { class: 'legend' }, el('span', {}, '0'), strip, most)),
    el('div', { class: 'maps' }, canvases.map(({ figure }) => figure)), readout);

  function draw() {
    const { current, view, token } = store.get();
    host.hidden = view !== 'map' || !current?.map;
    if (host.hidden) {
      return;
    }
    const { map } = current;
    const side = map.end - map.start;
    says.textContent = `Positions ${map.start} to ${map.end - 1}: a row is a token that looks back, a column is a token that `
      + 'it looks at. Colour grows with the square root of the weight.';
    strip.style.background = rampGradient('cell');
    const greatest = Math.max(...['global', 'local'].map((g) => map[g].reduce((a, b) => Math.max(a, b), 0)));
    most.textContent = `${format(greatest, 2)} weight`;
    for (const { group, canvas } of canvases) {
      const cell = Math.max(LEAST, Math.floor((canvas.parentElement.clientWidth * devicePixelRatio) / side));
      canvas.width = cell * side;
      canvas.height = cell * side;
      const ctx = canvas.getContext('2d');
      for (let q = 0, i = 0; q < side; q++) {
        for (let k = 0; k <= q; k++, i++) {
          ctx.fillStyle = ramp('cell', Math.sqrt(map[group][i] / greatest));
          ctx.fillRect(k * cell, q * cell, cell, cell);
        }
      }
      const row = token === null ? -1 : current.promptLength + token - map.start;
      if (row >= 0 && row < side) {
        ctx.strokeStyle = colour('accent');
        ctx.lineWidth = Math.max(1, devicePixelRatio);
        ctx.strokeRect(0.5, row * cell + 0.5, (row + 1) * cell - 1, cell - 1);
      }
    }
  }

  const cellAt = (canvas, event) => {
    const { map } = store.get().current;
    const box = canvas.getBoundingClientRect();
    const side = map.end - map.start;
    const k = Math.floor(((event.clientX - box.left) / box.width) * side);
    const q = Math.floor(((event.clientY - box.top) / box.height) * side);
    return k >= 0 && q < side && k <= q ? { q, k } : null;
  };
  for (const { group, canvas } of canvases) {
    canvas.addEventListener('mousemove', (event) => {
      const { current } = store.get();
      const at = cellAt(canvas, event);
      readout.textContent = '';
      if (at) {
        const name = (p) => `\u201c${shown(textAt(current, p))}\u201d (${p})`;
        const weight = current.map[group][(at.q * (at.q + 1)) / 2 + at.k];
        readout.textContent = `${name(current.map.start + at.q)} looks at ${name(current.map.start + at.k)} with weight `
          + `${format(weight, 4)} in the mean of the ${group} heads`;
      }
    });
    canvas.addEventListener('click', (event) => {
      const { current } = store.get();
      const at = cellAt(canvas, event);
      const t = at ? current.map.start + at.q - current.promptLength : -1;
      if (t >= 0) {
        store.set({ token: t });
      }
    });
  }
  store.on(['current', 'view', 'token'], draw);
  onTheme(draw);
  new ResizeObserver(draw).observe(host);
}
