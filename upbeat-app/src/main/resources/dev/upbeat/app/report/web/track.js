// A strip above the curves, on the same axis of tokens: its label, its canvas and a hint.

import { el } from 'upbeat/dom.js';

/**
 * Puts a strip before the other rows of `host`; `curves` as createCurves returns them. Returns {row, hint, begin}:
 * begin() clears the canvas and returns {ctx, x(token), left, width, min, max}, in CSS pixels and tokens, clipped to the
 * plotting area, or null while the strip is not laid out.
 */
export function createTrack(host, curves, { className, height, name, units, title, says }) {
  const canvas = el('canvas', { 'aria-hidden': 'true' });
  const hint = el('span', { class: 'hint' }, says);
  const row = el('div', { class: `curve track ${className}`, hidden: true },
    el('div', { class: 'label', title }, el('span', { class: 'name' }, name),
      el('span', { class: 'reading' }, units.map((unit) => el('span', { class: 'unit' }, unit)))),
    el('div', { class: 'plot' }, canvas, hint));
  row.style.setProperty('--height', `${height}px`);
  host.prepend(row);

  function begin() {
    if (!row.clientWidth) {
      return null;
    }
    const plot = canvas.parentElement;
    canvas.width = plot.clientWidth * devicePixelRatio;
    canvas.height = height * devicePixelRatio;
    const ctx = canvas.getContext('2d');
    ctx.scale(devicePixelRatio, devicePixelRatio);
    const { left, width, min, max } = curves.frame();
    const offset = left - (plot.getBoundingClientRect().left - host.getBoundingClientRect().left);
    ctx.beginPath();
    ctx.rect(offset, 0, width, height);
    ctx.clip();
    return { ctx, x: (t) => offset + ((t - min) / (max - min)) * width, left: offset, width, min, max };
  }

  return { row, hint, begin };
}
