// The couplings as square brackets above the curves, on the same axis: up from the intro, down with an arrow to the token
// of high FAI. Arcs are links; brackets are couplings. Those of the pinned token are drawn in full ink.

import { createTrack } from 'upbeat/track.js';
import { colour } from 'upbeat/theme.js';

/** Height of the strip, pixels. */
export const COUPLINGS = 42;
const BASE = 37; // distance of the feet from the top, pixels
const LEAST = 7; // height of a bracket over one token
const MOST = 31;
const STEP = 2.6; // a bracket is this much higher for each token that it spans, so that nested brackets are apart
const ARROW = 3;
const DENSEST = 3; // pixels per token; if tokens are narrower, brackets are not drawn

/** The strip of couplings in an element, above `curves`. */
export function createCouplings(host, store, curves) {
  const { row, hint, begin } = createTrack(host, curves, {
    className: 'couplings', height: COUPLINGS, name: 'couplings', units: ['leap to high FAI'],
    title: 'From a leap of WAAD to a token that follows closely and is among the 40% of highest FAI, as in coupled-rhythm credit', says: '',
  });

  function draw() {
    const { current, token, couplings } = store.get();
    row.hidden = !couplings || !current;
    const drawing = row.hidden ? null : begin();
    if (!drawing) {
      return;
    }
    const { ctx, x, width, min, max } = drawing;
    const dense = width / (max - min) < DENSEST;
    hint.textContent = current.couplings.length === 0 ? 'This response has none.' : dense ? 'Zoom in to see them.' : '';
    if (dense) {
      return;
    }
    const shown = current.couplings.filter(({ intro, anchor }) => anchor >= min && intro <= max);
    const pinned = ({ intro, anchor }) => token === intro || token === anchor;
    for (const [strong, group] of [[false, shown.filter((each) => !pinned(each))], [true, shown.filter(pinned)]]) {
      ctx.strokeStyle = colour(strong ? 'ink' : 'faint');
      ctx.fillStyle = colour(strong ? 'ink' : 'muted');
      ctx.lineWidth = strong ? 2 : 1.2;
      group.forEach(({ intro, anchor }) => bracket(ctx, x(intro), x(anchor), anchor - intro));
    }
  }

  curves.onDraw(draw);
  store.on(['couplings'], draw);
}

function bracket(ctx, from, to, tokens) {
  const top = BASE - Math.min(MOST, LEAST + STEP * (tokens - 1));
  ctx.beginPath();
  ctx.moveTo(from, BASE);
  ctx.lineTo(from, top);
  ctx.lineTo(to, top);
  ctx.lineTo(to, BASE - ARROW);
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(to, BASE + 1);
  ctx.lineTo(to - ARROW, BASE - 1.6 * ARROW);
  ctx.lineTo(to + ARROW, BASE - 1.6 * ARROW);
  ctx.fill();
}
